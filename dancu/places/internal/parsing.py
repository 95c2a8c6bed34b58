"""Vietnamese address text to parts and candidate units. Pure: no database, no guess."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from dancu.kernel.text import nfc
from dancu.places.internal.declared import editions
from dancu.places.internal.gazetteer import Gazetteer, kind_words, word_keys
from dancu.places.internal.reading import Reading, Token, read, tokens_of, unglue
from dancu.places.types import AddressParts, Candidate, ParsedAddress

if TYPE_CHECKING:
    from dancu.places.tree import UnitTree
    from dancu.places.types import Edition

_HOUSE = re.compile(
    r"^(?:(?:số nhà|nhà số|số|sn|nhà)\b[\s.:]*)?(\d[\w/.\-]*|[A-Za-z]\d[\w/.\-]*)(?:\s+|$)(.*)$",
    re.IGNORECASE,
)
_MOST_CANDIDATES = 20


def edition_on(day: dt.date) -> Edition:
    """Return the edition of the map that was in force on the day; the oldest for earlier days."""
    return _edition_on(editions(), day)


@lru_cache(maxsize=4096)
def _edition_on(known: tuple[Edition, ...], day: dt.date) -> Edition:
    return next((e for e in reversed(known) if e.valid_from <= day), known[0])


def maps_of(tree: UnitTree) -> tuple[Edition, ...]:
    """Return the declared editions, and the maps that decisions on communes made of the newest."""
    found = list(editions())
    for day in reversed(tree.commune_days):
        last = found[-1]
        if day > last.valid_from:
            found[-1] = replace(last, valid_to=day)
            found.append(replace(last, as_of=day, valid_from=day))
    return tuple(found)


class AddressParser:
    """Parses under the maps of one tree; making one costs about 0.2 s, so keep it with its tree."""

    def __init__(self, tree: UnitTree) -> None:
        """Index the names of every edition."""
        self._tree = tree
        self._editions = maps_of(tree)
        self._gazetteers: dict[dt.date, Gazetteer] = {}
        past: dt.date | None = None
        for edition in self._editions:
            day = edition.valid_from if past else edition.as_of
            self._gazetteers[edition.as_of] = Gazetteer(tree, day, past=past)
            past = edition.as_of

    def parse(self, text: str, on: dt.date) -> ParsedAddress:
        """Return the parts of the text, and the units that it may mean under the map of the day."""
        written = " ".join(nfc(text).split())
        spaced = unglue(written)
        tokens = tokens_of(spaced)
        if not tokens:
            return ParsedAddress(written, AddressParts(), "", edition_on(on).as_of, ())
        asked = _edition_on(self._editions, on)
        reading = read(tokens, self._gazetteers[asked.as_of])
        of = asked
        for earlier in reversed([e for e in self._editions if e.as_of < asked.as_of]):
            old = read(tokens, self._gazetteers[earlier.as_of])
            if _is_older_address(reading, old):
                reading, of = old, earlier
                break
        parts = _parts(spaced, tokens, reading)
        return self._result(written, parts, reading, of=of, asked=asked)

    def _result(
        self, text: str, parts: AddressParts, reading: Reading, *, of: Edition, asked: Edition
    ) -> ParsedAddress:
        codes = tuple(dict.fromkeys(n.code for n in reading.units))
        if reading.deepest == "district" and of is asked and not _has_districts(of):
            codes = tuple(dict.fromkeys(n.province for n in reading.units))
        unit_code = codes[0] if len(codes) == 1 else ""
        if of is asked:
            found = tuple(Candidate(c, len(codes) == 1, "written") for c in codes)
        else:
            found = self._took_over(codes, of, asked)
        return ParsedAddress(text, parts, unit_code, of.as_of, found[:_MOST_CANDIDATES])

    def _took_over(
        self, codes: tuple[str, ...], of: Edition, asked: Edition
    ) -> tuple[Candidate, ...]:
        day = asked.valid_from
        found: dict[str, Candidate] = {}
        for code in codes:
            for after in self._tree.successors(code, of.as_of, day):
                default = after.is_default and len(codes) == 1
                found.setdefault(after.code, Candidate(after.code, default, "succession"))
        if not found and len(codes) == 1:
            placed = self._tree.newest(codes[0], of.as_of)
            if placed.code:
                return (Candidate(placed.code, placed.is_sure, "succession"),)
        return tuple(sorted(found.values(), key=lambda c: (not c.is_default, c.code)))


def _is_older_address(new: Reading, old: Reading) -> bool:
    """Say whether the text is better read on the older map.

    It is when it names a commune there together with a district; or a district or commune with a
    province that has ended; or when the newer map knows no such commune.
    """
    if old.deepest not in {"district", "commune"}:
        return False
    if new.deepest != "commune":
        return True
    if new.names_past_province and old.score >= new.score:
        return True
    return old.deepest == "commune" and old.names_district


def _has_districts(edition: Edition) -> bool:
    """Say whether the edition is one of the three-tier maps (until 30/06/2025)."""
    return edition.valid_to is not None and edition.valid_to <= dt.date(2025, 7, 1)


def _parts(text: str, tokens: list[Token], reading: Reading) -> AddressParts:
    spans = {
        level: text[tokens[begin].start : tokens[end - 1].end]
        for level, begin, end in reading.spans
    }
    house, street, neighbourhood = before_units(_pieces(text, tokens[: reading.left]))
    return AddressParts(
        house=house,
        street=street,
        neighbourhood=neighbourhood,
        commune=spans.get("commune", ""),
        district=spans.get("district", ""),
        province=spans.get("province", ""),
    )


def _pieces(text: str, tokens: list[Token]) -> list[str]:
    """Return what the commas part, as written."""
    pieces = []
    for part in dict.fromkeys(t.part for t in tokens):
        members = [t for t in tokens if t.part == part]
        pieces.append(text[members[0].start : members[-1].end])
    return pieces


def before_units(pieces: list[str]) -> tuple[str, str, str]:
    """Part what stands before the units into house, street and neighbourhood."""
    streets: list[str] = []
    neighbourhoods: list[str] = []
    for written in pieces:
        (neighbourhoods if _is_neighbourhood(written) else streets).append(written)
    if not streets:
        return "", "", ", ".join(neighbourhoods)
    match = _HOUSE.match(streets[0])
    if match is None:
        return "", ", ".join(streets), ", ".join(neighbourhoods)
    rest = [s for s in (match.group(2), *streets[1:]) if s]
    return match.group(1), ", ".join(rest), ", ".join(neighbourhoods)


def _is_neighbourhood(written: str) -> bool:
    # A number first is a house, and there are as many as houses: nothing to remember.
    return not written[:1].isdigit() and _has_neighbourhood_word(written)


@lru_cache(maxsize=32_768)
def _has_neighbourhood_word(written: str) -> bool:
    keys = tuple(word_keys(written))
    return any(
        w.level == "neighbourhood" and keys[: len(w.keys)] == w.keys and len(keys) > len(w.keys)
        for w in kind_words()
    )
