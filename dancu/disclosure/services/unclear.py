"""The ward's list of addresses that a split of a unit left open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dancu.access.types import Actor
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Request
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.population import unclear

#: The same as for conflicts: both are settled by whoever cleans the ward's data.
CLEANING, SETTLE = "data_cleaning", "conflict.settle"
SHOWN = ("permanent_residence",)


@dataclass(frozen=True, slots=True)
class UnclearAddress:
    """An address to settle. ``text`` is empty where the purpose does not show it."""

    address_id: int
    text: str
    street: str
    people: int
    was: str
    split_on: date
    #: Code and full name of the units that it may lie in.
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UnclearList:
    """A window of the list."""

    lines: tuple[UnclearAddress, ...]
    window: int
    has_next: bool


def unclear_addresses(*, actor: Actor, at: datetime, window: int = 1) -> UnclearList:
    """Return a window of the unclear addresses of the actor's area, street by street.

    Everybody who lives at one of them gets an access record.
    """
    grant = gate.enter(Request(actor, CLEANING, "", at, Kind.LOOK), action=SETTLE)
    rows, has_next = unclear.unclear_addresses(grant.area() or (), window=window)
    permitted = grant.permitted(SHOWN)
    may_see = bool(permitted.full)
    lines = tuple(
        UnclearAddress(
            address_id=row.address.id,
            text=row.address.text if may_see else "",
            street=row.address.parts.get("street", "") if may_see else "",
            people=len(row.person_ids),
            was=row.split.unit.full_name,
            split_on=row.split.on,
            candidates=tuple((one.code, one.full_name) for one in row.split.candidates),
        )
        for row in rows
    )
    seen = gate.numbers(permitted, permitted.full)
    people = dict.fromkeys(person for row in rows for person in row.person_ids)
    entries = [Entry(person, Kind.LOOK, seen) for person in people]
    grant.record(entries or [Entry(None, Kind.LOOK)])
    return UnclearList(lines, max(window, 1), has_next)
