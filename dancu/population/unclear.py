"""Addresses that a split left open, or will, for the door out only: reading leaves no trace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from django.db import connection

from dancu.places import queries, under_map
from dancu.places.settling import StreetRule, house_order, street_of
from dancu.places.types import AddressValue
from dancu.places.under_map import OpenSplit
from dancu.population.internal import door

WINDOW = 50
#: Streets of one area that are looked at together; an area with more asks commune by commune.
MOST_STREETS = 2_000


@dataclass(frozen=True, slots=True)
class UnclearRow:
    """One address that people live at, the split that is open, and their keys."""

    address: AddressValue
    split: OpenSplit
    person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StreetKey:
    """A street in a unit that was split on a day; ``street`` as streets are compared, or empty."""

    street: str
    unit_code: str
    on: date


@dataclass(frozen=True, slots=True)
class UnclearStreet:
    """How much is unclear along one street. ``low`` and ``high``: the house numbers that occur."""

    key: StreetKey
    split: OpenSplit
    spellings: tuple[str, ...]
    homes: int
    people: int
    low: int | None
    high: int | None
    without_number: int

    @property
    def name(self) -> str:
        """Return the street as it is written."""
        return max(self.spellings, key=len)


def unclear_addresses(
    area: Collection[str], *, window: int = 1, street: UnclearStreet | None = None
) -> tuple[list[UnclearRow], bool]:
    """Return a window of the unclear addresses, street by street; and if there are more.

    ``area`` are communes of the newest map.
    """
    offset = (max(window, 1) - 1) * WINDOW
    found = _found(area, street, limit=WINDOW + 1, offset=offset)
    rows = _rows(found[:WINDOW], street)
    return rows, len(found) > WINDOW


def unclear_streets(area: Collection[str]) -> tuple[list[UnclearStreet], bool]:
    """Return what is unclear, by street and split; and whether there are more streets than that."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("restructure_streets"), {**_asked(area), "limit": MOST_STREETS + 1})
        found = cursor.fetchall()
    more, found = len(found) > MOST_STREETS, found[:MOST_STREETS]
    addresses = queries.addresses(row[0] for row in found)
    splits = under_map.open_splits(addresses.values())
    streets: dict[StreetKey, UnclearStreet] = {}
    for number, spelling, *counted in found:
        if number not in splits:
            continue
        split = splits[number]
        key = StreetKey(street_of({"street": spelling}), split.unit.code, split.on)
        one = UnclearStreet(key, split, (spelling,), *counted)
        streets[key] = _together(streets[key], one) if key in streets else one
    return sorted(streets.values(), key=lambda s: (not s.key.street, s.name.casefold())), more


def _together(one: UnclearStreet, other: UnclearStreet) -> UnclearStreet:
    lows = [n for n in (one.low, other.low) if n is not None]
    highs = [n for n in (one.high, other.high) if n is not None]
    return UnclearStreet(
        one.key,
        one.split,
        (*one.spellings, *other.spellings),
        one.homes + other.homes,
        one.people + other.people,
        min(lows, default=None),
        max(highs, default=None),
        one.without_number + other.without_number,
    )


def unclear_street(area: Collection[str], key: StreetKey) -> UnclearStreet | None:
    """Return what is unclear along one street; ``None`` when nothing is."""
    streets, _more = unclear_streets(area)
    return next((one for one in streets if one.key == key), None)


def unclear_by_rule(
    area: Collection[str], street: UnclearStreet, rule: StreetRule
) -> list[UnclearRow]:
    """Return every unclear address of a street that the rule means, by house number."""
    rows = _rows(_found(area, street, limit=None), street)
    meant = [row for row in rows if rule.holds(row.address.parts)]
    return sorted(meant, key=lambda row: (house_order(row.address.parts), row.address.text))


def digest_of(rows: Sequence[UnclearRow]) -> str:
    """Return a text that is the same as long as the same addresses are meant."""
    numbers = ",".join(map(str, sorted(row.address.id for row in rows)))
    return blake2b(numbers.encode(), digest_size=8).hexdigest()


def _found(
    area: Collection[str], street: UnclearStreet | None, *, limit: int | None, offset: int = 0
) -> list[tuple[int, list[int]]]:
    asked: dict[str, Any] = {
        **_asked(area),
        "streets": list(street.spellings) if street else None,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(_sql("restructure_unclear"), asked)
        found: list[tuple[int, list[int]]] = cursor.fetchall()
    return found


def _rows(found: Sequence[tuple[int, list[int]]], street: UnclearStreet | None) -> list[UnclearRow]:
    addresses = queries.addresses(number for number, _people in found)
    splits = under_map.open_splits(addresses.values())
    return [
        UnclearRow(addresses[number], splits[number], tuple(people))
        for number, people in found
        if number in splits
        and (street is None or (splits[number].unit, splits[number].on) == _of(street))
    ]


def _of(street: UnclearStreet) -> tuple[object, date]:
    return street.split.unit, street.split.on


def _asked(area: Collection[str]) -> dict[str, Any]:
    waiting = queries.tree().waiting_splits()
    return {
        "area": sorted(area),
        "waiting": [code for code, _on in waiting],
        "days": [on for _code, on in waiting],
    }


def _sql(name: str) -> str:
    return door.sql(name).replace("{open}", door.sql("restructure_open"))
