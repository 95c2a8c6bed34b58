"""Rows of one file that are the same person by equal keys: a number, or name and date of birth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

from dancu.cleaning.types import Cleaned, Column, Row
from dancu.exchange.batches.cleaning import date_of
from dancu.exchange.batches.meanings import FAMILY, GIVEN
from dancu.kernel import pid
from dancu.kernel.text import match_key

#: More pairs than this are counted and not listed.
MOST_LISTED = 20_000
_FULL_DATE = len("yyyy-mm-dd")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the place of its sheet and its number."""

    sheet: int
    row: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A row that seems to be the same person as an earlier one.

    ``why``: ``number`` (the same), ``name_and_birth`` (the same, numbers missing or equal),
    ``numbers_differ`` (name and date are the same, the numbers are not), or ``linked`` (found by
    weighing all that is known; ``probability`` and ``because`` say how sure and why). ``names`` are
    those of both rows, as the files have them.
    """

    first: Place
    second: Place
    why: Literal["number", "name_and_birth", "numbers_differ", "linked"]
    probability: float = 1.0
    because: tuple[str, ...] = ()
    names: tuple[str, str] = ("", "")


class Twins:
    """Notes the keys of rows as they go by."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """Begin with none."""
        self._at = {column.meaning: column.place for column in columns if column.meaning}
        self._numbers: dict[int, tuple[int, int]] = {}
        self._people: dict[bytes, tuple[int, int, int]] = {}
        self.found: list[Twin] = []
        self.count = 0

    def add(self, one: Cleaned) -> None:
        """Note a row; a row met before by number or by name and date is a twin."""
        here = (one.row.sheet, one.row.number)
        text = best_value(one, self._at.get("pid"))
        number = int(text) if pid.is_valid(text) else 0
        if number:
            first = self._numbers.setdefault(number, here)
            if first != here:
                self._keep(Twin(Place(*first), Place(*here), "number"))
                return
        key = self._person(one)
        if not key:
            return
        sheet, row, other = self._people.setdefault(key, (*here, number))
        if (sheet, row) != here:
            is_other = bool(number and other and number != other)
            why: Literal["numbers_differ", "name_and_birth"]
            why = "numbers_differ" if is_other else "name_and_birth"
            self._keep(Twin(Place(sheet, row), Place(*here), why))

    def _keep(self, twin: Twin) -> None:
        self.count += 1
        if len(self.found) < MOST_LISTED:
            self.found.append(twin)

    def _person(self, one: Cleaned) -> bytes:
        name = name_in(one, self._at)
        iso, _, _ = date_of(best_value(one, self._at.get("birth_date")), False)
        if len(iso) != _FULL_DATE or iso.endswith("-01-01") or " " not in name:
            return b""
        return blake2b(f"{match_key(name)}|{iso}".encode(), digest_size=8).digest()


def best_value(one: Cleaned, place: int | None) -> str:
    """Return the value of a cell as proposed at last, whether it was accepted or not."""
    if place is None:
        return ""
    proposed = [c.after for c in one.changes if c.column == place and c.after and not _is_code(c)]
    return proposed[-1] if proposed else one.cells[place]


def _is_code(change: object) -> bool:
    return getattr(change, "kind", "").startswith("UNIT_")


def name_in(one: Cleaned, at: dict[str, int]) -> str:
    """Return the whole name of a row, from one column or two."""
    if "full_name" in at:
        return best_value(one, at["full_name"])
    parts = (best_value(one, at.get(part)) for part in (FAMILY, GIVEN))
    return " ".join(part for part in parts if part)


def names_at(
    places: Collection[Place], rows: Iterable[Row], columns: Sequence[Column]
) -> dict[Place, str]:
    """Return the names that stand in some rows, as they stand there; reads up to the last one."""
    at = {column.meaning: column.place for column in columns}
    cells = [at[one] for one in ("full_name", FAMILY, GIVEN) if one in at]
    left, found = set(places), {}
    for row in rows if cells else ():
        if not left:
            break
        place = Place(row.sheet, row.number)
        if place in left:
            left.discard(place)
            found[place] = " ".join(" ".join(row.cells[cell] for cell in cells).split())
    return found


def named(
    twins: Sequence[Twin], firsts: Mapping[Place, str], seconds: Mapping[Place, str]
) -> list[Twin]:
    """Return pairs with the names of their rows."""
    return [
        replace(one, names=(firsts.get(one.first, ""), seconds.get(one.second, "")))
        for one in twins
    ]
