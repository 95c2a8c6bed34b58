"""Giving an agency the values that its contract names, for a numbered case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import NoReturn

from dancu.catalogue import attribute
from dancu.disclosure.case_registers import is_case_of
from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.internal import agency_ledger, invented, leads
from dancu.disclosure.internal.agency_ledger import AgencyEntry
from dancu.disclosure.internal.ledger import Kind, digest
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.operation import metrics
from dancu.places import queries as places
from dancu.places.types import AddressValue
from dancu.population import dictionary, reading
from dancu.population import verification_reading as numbers
from dancu.population.reading import Held


@dataclass(frozen=True, slots=True)
class Told:
    """A value, the code of the source that it rests on, and the day from which it holds.

    An address is ``{"text", "unit", "unit_name"}``.
    """

    value: object
    source: str
    since: date


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What was told of one person; ``record`` is the number of the access record."""

    record: int
    facts: Mapping[str, Told]


def look_up_person(
    inquiry: Inquiry,
    names: Sequence[str],
    *,
    at: datetime,
    within: Callable[[ToldOf], None] | None = None,
) -> ToldOf | None:
    """Return what the register holds of these attributes; ``None`` for a refusal, now recorded.

    The claims must hold the present PID, and name or birth date must fit; else, and for somebody
    out of scope or a case that is not about the person, ``NotFoundOrNotYours`` is raised. The
    access record is on disk before this returns. Must not be called inside a transaction.
    ``within`` gets what is told in the transaction that records it; when it raises, nothing is
    recorded.
    """
    [number] = agency_ledger.numbers.take(1)
    if inquiry.refusal:
        _record(number, inquiry, None, names, at, refusal=inquiry.refusal)
        return None
    day = today(at)
    led = leads.follow(inquiry, leads.lead_of(inquiry.claims), _hits(inquiry), day)
    known = led.people[0] if len(led.people) == 1 and not led.is_cancelled else None
    person = known.person_id if known and not inquiry.is_sandbox else 0
    held = reading.held([person], {attribute(name).facet for name in names})[person]
    # The case is looked at whoever is meant, so that the time it takes tells nothing.
    is_of_case = not inquiry.case or is_case_of(inquiry.case, person)
    if known is None or not leads.supports(known, inquiry.claims) or not is_of_case:
        _refuse(number, inquiry, person or led.hidden, names, at)
    facts = _invented(known, names) if inquiry.is_sandbox else _told(held, names)
    told = ToldOf(number, facts)
    _record(number, inquiry, person or None, facts, at, within=within and partial(within, told))
    metrics.disclosures_total.labels("disclosed", inquiry.purpose).inc()
    return told


def _hits(inquiry: Inquiry) -> Mapping[str, Sequence[numbers.Hit]]:
    lead = leads.lead_of(inquiry.claims)
    pids = [one.text for one in lead.pids]
    return invented.by_numbers(pids, []) if inquiry.is_sandbox else numbers.by_numbers(pids, [])


def _invented(known: numbers.Known, names: Sequence[str]) -> dict[str, Told]:
    values = invented.told(known.person_id, names)
    return {name: Told(value, "C06", invented.SINCE) for name, value in values.items()}


def _told(held: Mapping[int, Held], names: Sequence[str]) -> dict[str, Told]:
    """Return the values that are held, addresses in words, in the order asked."""
    entries = [attribute(name) for name in names]
    shown = [(one, held[one.number]) for one in entries if one.number in held]
    keys = [fact.value for one, fact in shown if one.type == "address"]
    addresses = places.addresses([key for key in keys if isinstance(key, int)])
    sources = dictionary.sources_by_id()
    return {
        one.name: Told(
            value=value_in_words(fact.value, addresses) if one.type == "address" else fact.value,
            source=sources[fact.source_id].code if fact.source_id in sources else "",
            since=fact.day,
        )
        for one, fact in shown
    }


def value_in_words(held: object, addresses: Mapping[int, AddressValue]) -> object:
    """Return an address as agencies are told it; ``None`` for one that is not known."""
    found = addresses.get(held) if isinstance(held, int) else None
    if found is None:
        return None
    name = places.unit_name(found.unit_now, places.tree().newest_day) if found.unit_now else ""
    return {"text": found.text, "unit": found.unit_now, "unit_name": name}


def _refuse(
    number: int, inquiry: Inquiry, person: int | None, names: Sequence[str], at: datetime
) -> NoReturn:
    _record(number, inquiry, person, names, at, refusal=NotFoundOrNotYours.code)
    metrics.disclosures_total.labels("refused", inquiry.purpose).inc()
    raise NotFoundOrNotYours


def _record(
    number: int,
    inquiry: Inquiry,
    person: int | None,
    names: Iterable[str],
    at: datetime,
    *,
    refusal: str = "",
    within: Callable[[], None] | None = None,
) -> None:
    asked = str(inquiry.claims.get("pid") or "")
    entry = AgencyEntry(
        number=number,
        inquiry=inquiry,
        person_id=person,
        kind=Kind.LOOKUP,
        attributes=tuple(sorted(attribute(name).number for name in names)),
        refusal=refusal,
        asked=digest("".join(asked.split())) if person is None else None,
    )
    agency_ledger.write([entry], at=at, within=within)
