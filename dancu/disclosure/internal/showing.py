"""Turning what the register holds into what may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dancu.access.policy import Permitted
from dancu.catalogue import attribute
from dancu.catalogue.types import Attribute
from dancu.disclosure.internal.papers import Paper, evidence_shown, number_shown
from dancu.disclosure.masking import HIDDEN, initials, mask_number, masked
from dancu.disclosure.types import Address, Event, Fact, Header, Origin, Status
from dancu.kernel.dates import PartialDate, parse_iso
from dancu.kernel.errors import Invalid
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.population.reading import EventRow, Held, Record
from dancu.population.search import IndexCard

if TYPE_CHECKING:
    from dancu.places.types import AddressValue

_STATUS: dict[int, Status] = {1: "alive", 2: "dead", 3: "missing", 4: "merged", 5: "cancelled"}
_RESIDENCES = ("permanent_residence", "temporary_residence", "current_residence")


@dataclass(frozen=True, slots=True)
class Showing:
    """How values look to one actor for one purpose. ``addresses`` are those that values name.

    ``numbers`` are the PIDs of relatives that stand in full, ``None`` for all of them. Of others
    only a part is shown, also where the purpose masks nothing: they belong to somebody elsewhere.
    """

    permitted: Permitted
    day: date
    can_reveal: bool
    addresses: Mapping[int, Address]
    numbers: frozenset[str] | None = frozenset()

    def value(self, entry: Attribute, value: object) -> tuple[object, bool]:
        """Return a value as it may be shown, and whether it is masked."""
        shown = self.address(value) if entry.type == "address" else value
        if entry.name not in self.permitted.masked:
            if names_relative(entry) and isinstance(value, str) and not self.tells(value):
                return mask_number(value), True
            return shown, False
        if isinstance(shown, Address):
            return masked(entry.mask, shown.text, area=shown.unit_name or HIDDEN), True
        return masked(entry.mask, shown), True

    def tells(self, pid: str) -> bool:
        """Say whether the PID of a relative stands in full."""
        return self.numbers is None or pid in self.numbers

    def address(self, value: object) -> object:
        """Return the address under a key; anything else as it is."""
        return self.addresses.get(value, str(value)) if isinstance(value, int) else value

    def fact(self, entry: Attribute, held: Held, record: Record | None) -> Fact:
        """Return a fact with its provenance; without the record, only its source and day."""
        value, is_masked = self.value(entry, held.value)
        confirmed = record.confirmed_on(entry.number, held.value) if record else held.day
        fresh = timedelta(days=entry.freshness_days or 0)
        is_stale = bool(fresh) and self.day - (confirmed or held.day) > fresh
        return Fact(
            attribute=entry.name,
            value=value,
            is_masked=is_masked,
            origin=self._origin_of(entry, held, record),
            confirmed_on=confirmed,
            is_stale=is_stale,
            has_conflict=held.is_disputed,
            can_reveal=is_masked and self.can_reveal,
        )

    def facts(self, held: Mapping[int, Held], record: Record | None = None) -> dict[str, Fact]:
        """Return the facts that may be shown, by name, in the order of the data dictionary."""
        return {
            entry.name: self.fact(entry, held[entry.number], record)
            for entry in sorted(map(attribute, self.permitted.all), key=lambda e: e.number)
            if entry.number in held
        }

    def header(self, card: IndexCard, facts: Mapping[str, Fact]) -> Header:
        """Return who this is, as far as the purpose permits."""
        allowed, hidden = self.permitted.all, self.permitted.masked
        name = facts["full_name"].text() if "full_name" in facts else ""
        pid = (facts["pid"].text() if "pid" in facts else "") or ""
        residence = next(
            (facts[n].text() for n in _RESIDENCES if n in facts and facts[n].value is not None), ""
        )
        return Header(
            person_id=card.person_id,
            name=name,
            pid=pid,
            pid_is_masked="pid" in hidden,
            sex=(card.sex or "") if "sex" in allowed else "",
            birth_date=date_of(facts.get("birth_date")),
            residence=residence,
            status=_STATUS[card.status] if "life_status" in allowed else "",
            death_date=date_of(facts.get("death_date")),
        )

    def _origin_of(self, entry: Attribute, held: Held, record: Record | None) -> Origin:
        """Return whence a held value comes; with the record, its evidence and who entered it."""
        if record is not None and held.statement_id in record.statements:
            return self.origin_in(entry, record, held.statement_id, held.day)
        known = dictionary.sources_by_id().get(held.source_id)
        return Origin(
            statement_id=held.statement_id,
            source=known.code if known else "",
            evidence_kind="",
            evidence="",
            since=held.day,
        )

    def origin_in(
        self, entry: Attribute, record: Record, statement_id: int, since: date | None = None
    ) -> Origin:
        """Return the statement on which a value rests; its evidence as the value may be shown."""
        said = record.statements[statement_id]
        event = record.events.get(said.event_id) if said.event_id else None
        paper = Paper(said.evidence_kind, said.evidence)
        return Origin(
            statement_id=said.id,
            source=said.source,
            since=since or said.day,
            recorded_at=said.recorded_at,
            entered_by=said.entered_by,
            event=self.event(event) if event else None,
            **evidence_shown(paper, self.permitted, is_masked=entry.name in self.permitted.masked),
        )

    def event(self, row: EventRow) -> Event | None:
        """Return a civil event as it may be shown; none when the purpose does not show it."""
        number = number_shown(row.kind, row.number, self.permitted)
        if number is None:
            return None
        return Event(
            row.id,
            row.kind,
            number,
            row.office,
            row.happened_on,
            row.registered_at,
            row.registered_by,
        )

    def name(self, by: str, name: str) -> str:
        """Return a relative's name as the attribute that names the relative may be shown."""
        return initials(name) if by in self.permitted.masked else name


def status_of(card: IndexCard) -> Status:
    """Return the status of an index card in words of the code."""
    return _STATUS[card.status]


def masked_pid(pid: str | None) -> str:
    """Return a PID as lists show it."""
    return mask_number(pid) if pid else ""


def date_of(fact: Fact | None) -> PartialDate | None:
    """Return the date that a fact holds, if it does."""
    if fact is None or fact.is_masked or not isinstance(fact.value, str):
        return None
    try:
        return parse_iso(fact.value)
    except Invalid:
        return None


def names_relative(entry: Attribute) -> bool:
    """Say whether values of the attribute are the PIDs of other people."""
    return entry.type == "pid" and entry.name != "pid"


def seen_in(facts: Mapping[str, Fact]) -> tuple[int, ...]:
    """Return the attribute numbers of shown facts, the masked ones negative."""
    found = (-fact.entry.number if fact.is_masked else fact.entry.number for fact in facts.values())
    return tuple(sorted(found))


def addresses_of(values: Iterable[tuple[int, object]], permitted: Permitted) -> dict[int, Address]:
    """Return, in one query, the addresses that permitted values (number, value) name."""
    wanted = {
        value
        for number, value in values
        if isinstance(value, int)
        and not isinstance(value, bool)
        and (entry := attribute(number)).type == "address"
        and entry.name in permitted.all
    }
    if not wanted:
        return {}
    return {key: _address(found) for key, found in places.addresses(wanted).items()}


def _address(found: AddressValue) -> Address:
    tree = places.tree()
    name = ", ".join(u.full_name for u in reversed(tree.path(found.unit_now, tree.newest_day)))
    return Address(
        id=found.id,
        text=found.text,
        unit_code=found.unit_code,
        unit_now=found.unit_now,
        unit_name=name,
        is_sure=found.unit_now_is_sure,
    )
