"""Addresses: parsing their text, numbering them by content, and entering them in bulk."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import orjson
from django.db import connection, transaction

from dancu.kernel.text import nfc
from dancu.places import queries
from dancu.places.errors import AddressCollision
from dancu.places.internal.known_parts import known_parts
from dancu.places.internal.parsing import AddressParser, edition_on
from dancu.places.internal.words import unit_words
from dancu.places.types import AddressEntry, ParsedAddress

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from dancu.places.tree import UnitTree

_CHUNK = 20_000
_63_BITS = (1 << 63) - 1
_COLUMNS = "id, text, parts, unit_code, code_date, unit_now, unit_now_is_sure, folded"
# In the order of the numbers, so that two writers wait for each other instead of locking crosswise.
_INSERT = f"""
INSERT INTO places_address ({_COLUMNS}) SELECT {_COLUMNS} FROM incoming_address ORDER BY id
ON CONFLICT (id) DO NOTHING
"""
_KNOWN = "SELECT id, text, unit_code, code_date FROM places_address WHERE id = ANY(%s)"
_COLLISIONS = """
SELECT count(*) FROM incoming_address i JOIN places_address a USING (id)
 WHERE (a.text, a.unit_code, a.code_date) IS DISTINCT FROM (i.text, i.unit_code, i.code_date)
"""

#: Text, unit code and day of the edition: what an address is.
_Content: TypeAlias = tuple[str, str, "dt.date"]

_parser: tuple[UnitTree, AddressParser] | None = None


def parse(text: str, *, on: dt.date) -> ParsedAddress:
    """Return the parts of an address text and the units it may mean under the map of the day.

    Abbreviations, missing accents, old districts and old provinces are understood. A unit is given
    only when one alone fits; otherwise there are candidates, and a person has to choose.
    """
    global _parser  # noqa: PLW0603
    tree = queries.tree()
    if _parser is None or _parser[0] is not tree:
        _parser = (tree, AddressParser(tree))
    return _parser[1].parse(text, on)


def clean_text(text: str) -> str:
    """Return the text as it is stored: NFC, single spaces, nothing else changed."""
    return " ".join(nfc(text).split())


def map_day(day: dt.date) -> dt.date:
    """Return the day that names the map of communes in force on the day.

    That is the day of the edition, or of the last decision in force since that changed communes.
    """
    return max(edition_on(day).as_of, queries.tree().communes_changed(day))


def named_day(unit_code: str, day: dt.date) -> dt.date:
    """Return the day that a stored address keeps with the code of its unit.

    That is the day of the edition, as long as the code means today what it meant then; else the
    day on which the unit began.
    """
    return _named_day(queries.tree(), unit_code, day)


@lru_cache(maxsize=65_536)
def _named_day(tree: UnitTree, unit_code: str, day: dt.date) -> dt.date:
    edition = edition_on(day).as_of
    unit = tree.unit(unit_code, day)
    if unit is None or unit.valid_from <= edition:
        return edition
    followers = tree.successors(unit_code, edition, day)
    is_the_same = (
        len(followers) == 1
        and followers[0].code == unit_code
        and (len(tree.predecessors(unit_code, day, edition)) == 1)
    )
    return edition if is_the_same else unit.valid_from


def address_id(text: str, unit_code: str, code_date: dt.date) -> int:
    """Return the number of an address: 63 bits of a hash of its content.

    The same text under the same unit of the same edition of the map has the same number, whoever
    asks and on whatever machine that knows the map.
    """
    return _numbered(text, unit_code, named_day(unit_code, code_date))


@lru_cache(maxsize=131_072)
def _numbered(text: str, unit_code: str, edition: dt.date) -> int:
    return _number((_clean(text), unit_code, edition))


def _content(text: str, unit_code: str, code_date: dt.date) -> _Content:
    return _clean(text), unit_code, named_day(unit_code, code_date)


def entry_of(text: str, *, on: dt.date) -> AddressEntry:
    """Return the entry of an address text; without a unit when the text leaves it open."""
    parsed = parse(text, on=on)
    return AddressEntry(parsed.text, parsed.unit_code, parsed.code_date, parsed.parts)


def enter_address(entry: AddressEntry) -> int:
    """Enter one address and return its number; entering it again changes nothing."""
    return enter_addresses([entry])[0]


def enter_addresses(entries: Iterable[AddressEntry]) -> list[int]:
    """Enter addresses and return their numbers in the same order.

    Idempotent. Raises ``AddressCollision``, having entered nothing, in the unheard-of case that two
    different addresses have the same number.
    """
    ids: list[int] = []
    wanted: dict[int, tuple[_Content, AddressEntry]] = {}
    with transaction.atomic():
        for entry in entries:
            written = entry.text, entry.unit_code, entry.code_date
            content, number = _content(*written), address_id(*written)
            ids.append(number)
            if wanted.setdefault(number, (content, entry))[0] != content:
                raise AddressCollision
            if len(wanted) >= _CHUNK:
                _enter(wanted)
                wanted = {}
        _enter(wanted)
    return ids


_clean = lru_cache(maxsize=131_072)(clean_text)


def _number(content: _Content) -> int:
    text, unit_code, edition = content
    written = f"{text}\x1f{unit_code}\x1f{edition.isoformat()}"
    digest = hashlib.blake2b(written.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _63_BITS


def _enter(wanted: Mapping[int, tuple[_Content, AddressEntry]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(wanted)])
        known = {row[0]: row[1:] for row in cursor.fetchall()}
    if any(wanted[number][0] != content for number, content in known.items()):
        raise AddressCollision
    unknown = {number: new for number, new in wanted.items() if number not in known}
    if not unknown:
        return
    with connection.cursor() as cursor:
        # From here on no decision on the map can come into force before these are stored; what this
        # process knows of the map may be older.
        cursor.execute("LOCK TABLE places_address IN ROW EXCLUSIVE MODE")
    queries.forget()
    tree = queries.tree()
    rows = [_row(tree, number, *new) for number, new in unknown.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS incoming_address (LIKE places_address) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE incoming_address")
        with cursor.copy(f"COPY incoming_address ({_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_INSERT)
        if cursor.rowcount < len(rows):
            cursor.execute(_COLLISIONS)
            if cursor.fetchone()[0]:
                raise AddressCollision


def _row(tree: UnitTree, number: int, content: _Content, entry: AddressEntry) -> tuple[object, ...]:
    text, unit_code, code_date = content
    parts = (
        entry.parts
        or (known_parts(tree, text, unit_code, code_date) if unit_code else None)
        or parse(text, on=entry.code_date).parts
    )
    placed = tree.newest(unit_code, code_date)
    return (
        number,
        text,
        orjson.dumps(parts.as_dict()).decode(),
        unit_code,
        code_date,
        placed.code,
        placed.is_sure,
        _folded(tree, text, placed.code),
    )


def _folded(tree: UnitTree, text: str, unit_now: str) -> str:
    """Return the words to search by: the text, and today's units where it lacks them."""
    words = " ".join(filter(None, map(_piece_words, text.split(","))))
    for name, full_name in unit_words(tree, unit_now):
        if name not in words:
            words = f"{words} {full_name}"
    return words


@lru_cache(maxsize=65_536)
def _piece_words(piece: str) -> str:
    """Return the words of what stands between two commas; most pieces come again."""
    return queries.search_words(piece)
