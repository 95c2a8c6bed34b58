"""The ward's list of addresses that a split of a unit left open, or will leave open on its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dancu.access.types import Actor
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Grant, Request
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.places.settling import Settled, StreetRule, settlings
from dancu.population import unclear
from dancu.population.unclear import StreetKey, UnclearRow, UnclearStreet

#: The same as for conflicts: both are settled by whoever cleans the ward's data.
CLEANING, SETTLE = "data_cleaning", "conflict.settle"
SHOWN = ("permanent_residence",)
#: Homes shown of what a rule means: from both ends, where a mistake in the numbers shows.
SAMPLES = 6
#: Acts of settling that are listed; all are in the log of events.
LATEST = 10


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


@dataclass(frozen=True, slots=True)
class UnclearStreets:
    """What is unclear in an area, counted by street; and what was settled there lately."""

    streets: tuple[UnclearStreet, ...]
    has_more: bool
    settled: tuple[Settled, ...]


@dataclass(frozen=True, slots=True)
class RuleShown:
    """What a rule means: how many homes and people, a few of the homes, and what it leaves."""

    homes: int
    people: int
    left: int
    samples: tuple[UnclearAddress, ...]
    digest: str


def unclear_streets(*, actor: Actor, at: datetime) -> UnclearStreets:
    """Return what is unclear in the actor's area, counted by street. Nobody is shown."""
    grant = _enter(actor, at)
    area = grant.area() or frozenset()
    streets, has_more = unclear.unclear_streets(area)
    grant.record([Entry(None, Kind.LOOK)])
    return UnclearStreets(tuple(streets), has_more, tuple(settlings(area, most=LATEST)))


def unclear_addresses(
    *, actor: Actor, at: datetime, window: int = 1, street: StreetKey | None = None
) -> UnclearList:
    """Return a window of the unclear addresses of the actor's area, or of one street there.

    Everybody who lives at one of them gets an access record.
    """
    grant = _enter(actor, at)
    area = grant.area() or frozenset()
    along = unclear.unclear_street(area, street) if street else None
    rows: Sequence[UnclearRow] = ()
    has_next = False
    if along or street is None:
        rows, has_next = unclear.unclear_addresses(area, window=window, street=along)
    return UnclearList(_shown(grant, rows), max(window, 1), has_next)


def street_by_rule(
    *, actor: Actor, at: datetime, street: StreetKey, rule: StreetRule
) -> RuleShown | None:
    """Return what a rule means along a street; ``None`` when nothing is unclear there.

    Everybody who lives at one of the homes shown gets an access record.
    """
    grant = _enter(actor, at)
    area = grant.area() or frozenset()
    along = unclear.unclear_street(area, street)
    if along is None:
        grant.record([Entry(None, Kind.LOOK)])
        return None
    rows = unclear.unclear_by_rule(area, along, rule)
    half = SAMPLES // 2
    few = rows if len(rows) <= SAMPLES else [*rows[:half], *rows[-half:]]
    return RuleShown(
        homes=len(rows),
        people=len({person for row in rows for person in row.person_ids}),
        left=along.homes - len(rows),
        samples=_shown(grant, few),
        digest=unclear.digest_of(rows),
    )


def _enter(actor: Actor, at: datetime) -> Grant:
    return gate.enter(Request(actor, CLEANING, "", at, Kind.LOOK), action=SETTLE)


def _shown(grant: Grant, rows: Iterable[UnclearRow]) -> tuple[UnclearAddress, ...]:
    """Return the lines of some rows, with an access record for everybody who lives there."""
    rows = list(rows)
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
    return lines
