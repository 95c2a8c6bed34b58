"""Addresses that a split left open, for the door out only; reading leaves no trace here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from dancu.places import queries, under_map
from dancu.places.types import AddressValue
from dancu.places.under_map import OpenSplit
from dancu.population.internal import door

WINDOW = 50


@dataclass(frozen=True, slots=True)
class UnclearRow:
    """One address that people live at, the split that is open, and their keys."""

    address: AddressValue
    split: OpenSplit
    person_ids: tuple[int, ...]


def unclear_addresses(area: Collection[str], *, window: int = 1) -> tuple[list[UnclearRow], bool]:
    """Return a window of the unclear addresses, street by street; and if there are more.

    ``area`` are communes of the newest map.
    """
    offset = (max(window, 1) - 1) * WINDOW
    with connection.cursor() as cursor:
        cursor.execute(
            door.sql("restructure_unclear"),
            {"area": sorted(area), "limit": WINDOW + 1, "offset": offset},
        )
        found: list[tuple[int, list[int]]] = cursor.fetchall()
    shown = found[:WINDOW]
    addresses = queries.addresses(number for number, _people in shown)
    splits = under_map.open_splits(addresses.values())
    rows = [
        UnclearRow(addresses[number], splits[number], tuple(people))
        for number, people in shown
        if number in splits
    ]
    return rows, len(found) > WINDOW
