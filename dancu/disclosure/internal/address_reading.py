"""Reading addresses for comparisons: what is the same for a whole ward is parsed once.

Before its first unit an address has a house with its street and numbered neighbourhoods. Millions
of houses stand in a few thousand wards, so the rest is parsed alone, behind a house that stands for
all of them, and kept.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from dancu.kernel.text import accent_key, fold
from dancu.places import queries as places
from dancu.places.addresses import parse
from dancu.places.types import AddressParts, ParsedAddress

_HOUSE = "1"
#: Words that may announce a unit, folded: where one stands, all of the address is parsed.
_UNIT_WORDS = "tinh t thanh tp quan q huyen h thi tx phuong ph p f xa x tt ttr dac dk"
_ANNOUNCING = frozenset(_UNIT_WORDS.split())
_GLUED = re.compile(r"[qpf]\d")
_NUMBERED = re.compile(
    r"(?:khu pho|kp|to dan pho|tdp|to|ap|thon|xom|ban|buon|khom)\W*\d+[a-z]?", re.ASCII
)
_OTHER_BREAKS = (";", "\n")


class ReadAddress(NamedTuple):
    """What an address says: units of the day's map that it may mean, and what stands before them.

    ``is_one_unit``: it names one unit, of this map or of an older one (``is_old``), which several
    may have followed. ``detail``: house and street, else the neighbourhood.
    """

    codes: tuple[str, ...]
    is_one_unit: bool
    is_old: bool
    detail: str


def read_address(text: str, day: date) -> ReadAddress:
    """Read an address as the map of the day understands it."""
    streets, neighbourhoods, rest = _parted(text)
    if not rest:
        return _whole(text, day)
    units, street = _rest(rest, day)
    if units is None:
        return _whole(text, day)
    line = ", ".join(filter(None, [*streets, street]))
    return units._replace(detail=line or ", ".join(neighbourhoods))


def _parted(text: str) -> tuple[list[str], list[str], str]:
    """Part a house with its street and numbered neighbourhoods from the rest; no rest: not sure."""
    streets: list[str] = []
    neighbourhoods: list[str] = []
    if any(sign in text for sign in _OTHER_BREAKS):
        return streets, neighbourhoods, ""
    head, comma, rest = text.partition(",")
    while comma:
        piece = head.strip()
        if not streets and not neighbourhoods and piece[:1].isdigit():
            if not _is_bare(piece):
                return streets, neighbourhoods, ""
            streets.append(piece)
        elif _is_numbered(piece):
            neighbourhoods.append(piece)
        else:
            return streets, neighbourhoods, f"{head},{rest}" if streets or neighbourhoods else ""
        head, comma, rest = rest.partition(",")
    return streets, neighbourhoods, head if streets or neighbourhoods else ""


def _is_bare(piece: str) -> bool:
    """Say whether nothing in a piece may be taken for a unit."""
    words = fold(piece).replace(".", " ").split()
    return _ANNOUNCING.isdisjoint(words) and not any(map(_GLUED.match, words))


@lru_cache(maxsize=8_192)
def _is_numbered(piece: str) -> bool:
    return _NUMBERED.fullmatch(fold(piece)) is not None


@lru_cache(maxsize=65_536)
def _rest(rest: str, day: date) -> tuple[ReadAddress | None, str]:
    """Read what stands behind house and neighbourhood; also what more of a street is in it."""
    parsed = parse(f"{_HOUSE}, {rest}", on=day)
    parts = parsed.parts
    if parts.house != _HOUSE or parts.neighbourhood:
        return None, ""
    return _read(parsed, day), parts.street


@lru_cache(maxsize=8_192)
def _whole(text: str, day: date) -> ReadAddress:
    return _read(parse(text, on=day), day)


def _read(parsed: ParsedAddress, day: date) -> ReadAddress:
    codes = tuple(candidate.code for candidate in parsed.candidates)
    is_old = bool(parsed.candidates) and parsed.candidates[0].why == "succession"
    if len(codes) > 1 and not is_old:
        # The parser takes no notice of accents; a name that is written with them is one name.
        wanted = accent_key(parsed.parts.commune)
        very = tuple(code for code in codes if f" {wanted}".endswith(_name(code, day)))
        codes = very or codes
    is_one_unit = bool(parsed.unit_code) or len(codes) == 1
    return ReadAddress(codes, is_one_unit, is_old, _detail(parsed.parts))


def _detail(parts: AddressParts) -> str:
    return f"{parts.house} {parts.street}".strip() or parts.neighbourhood


@lru_cache(maxsize=8_192)
def _name(code: str, day: date) -> str:
    """Return the name of a unit behind a blank, with its accents and without its kind."""
    unit = places.unit(code, day)
    return f" {accent_key(unit.name)}" if unit else "?"
