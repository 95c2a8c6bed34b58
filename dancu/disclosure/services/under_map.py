"""A disclosed address under the map of any day. Whoever was shown it has their access record."""

from __future__ import annotations

from datetime import date

from dancu.disclosure.types import Address
from dancu.places import queries
from dancu.places.history import MapHistory, history_on


def address_under_map(address: Address, day: date) -> MapHistory | None:
    """Return where an address that was disclosed in full lies under the map of the day, and why.

    It says nothing of anybody: only what became of the units that the address names. ``None`` when
    the address is not stored.
    """
    stored = queries.addresses([address.id]).get(address.id)
    return history_on(stored, day) if stored else None
