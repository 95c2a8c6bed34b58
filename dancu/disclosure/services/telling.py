"""Telling agencies of changes: the values of today, for people whom they may follow.

Each delivery leaves an access record of every person in it, on disk before anything goes out. The
same delivery sent again, because nobody knows whether it arrived, is the same access: its records
are looked for and not written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dancu.catalogue import attribute
from dancu.disclosure.changes import Change, Telling, Told, ToldFact, ToTell
from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.internal import agency_ledger, invented, leads
from dancu.disclosure.internal.agency_ledger import AgencyEntry
from dancu.disclosure.internal.ledger import Kind
from dancu.disclosure.internal.people import REGISTER, SANDBOX
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.looking_up import value_in_words
from dancu.kernel.clock import today
from dancu.operation import metrics
from dancu.places import queries as places
from dancu.places.types import AddressValue
from dancu.population import dictionary, reading
from dancu.population.models import Statement
from dancu.population.reading import Held
from dancu.population.search import IndexCard

#: What an agency learns from the mere kind of a change.
_LEARNT = {
    Change.DEATH: "life_status",
    Change.NAME_CHANGE: "full_name",
    Change.MOVE: "permanent_residence",
    Change.PID_CANCELLED: "pid",
    Change.CARD_ISSUED: "card_issue_date",
}


def whom_to_follow(inquiries: Sequence[Inquiry], *, at: datetime) -> list[int | None]:
    """Return the keys of the people to whom numbers lead, ``None`` where not to one for sure.

    For those only of whom the same facts have just been found to agree. Keys below zero are
    invented people of the sandbox.
    """
    day = today(at)
    found: list[int | None] = []
    ways = [leads.lead_of(one.claims) for one in inquiries]
    hits = {}
    for people in (REGISTER, SANDBOX):
        numbers = [
            number.text
            for one, way in zip(inquiries, ways, strict=True)
            for number in way.pids
            if one.is_sandbox == (people is SANDBOX)
        ]
        hits[people is SANDBOX] = people.by_numbers(numbers, []) if numbers else {}
    for inquiry, way in zip(inquiries, ways, strict=True):
        led = leads.follow(inquiry, way, hits[inquiry.is_sandbox], day)
        is_sure = len(led.people) == 1 and led.by is not None and not led.is_old_number
        is_present = not led.is_cancelled and not led.is_merged
        found.append(led.people[0].person_id if is_sure and is_present else None)
    return found


def record_followed(followed: Iterable[tuple[int, Inquiry]], *, at: datetime) -> None:
    """Record that an agency follows people, in the transaction that records its verification."""
    entries = [
        AgencyEntry(number, inquiry, person if person > 0 else None, Kind.FOLLOW, ())
        for (person, inquiry), number in _numbered(list(followed))
    ]
    agency_ledger.add(entries, at=at)


def _numbered(
    followed: Sequence[tuple[int, Inquiry]],
) -> Iterable[tuple[tuple[int, Inquiry], int]]:
    return zip(followed, agency_ledger.numbers.take(len(followed)), strict=True)


def people_within(
    person_ids: Sequence[int], scope: frozenset[str], *, at: datetime
) -> frozenset[int]:
    """Return those of the people who live or stay in the units."""
    day = today(at)
    found = reading.cards(person_ids)
    cards = {key: found[key] for key in person_ids if key in found}
    return frozenset(key for key, card in cards.items() if leads.is_in_scope(card, scope, day))


def may_be_told(asked: Sequence[ToTell], *, at: datetime) -> list[bool]:
    """Say of each change whether anything of it may be told now. Tells nothing, records nothing."""
    cards = reading.cards({one.person_id for one in asked if one.person_id > 0})
    day = today(at)
    return [_may_be_told(one, cards.get(one.person_id), day) for one in asked]


def _may_be_told(one: ToTell, card: IndexCard | None, day: date) -> bool:
    if one.person_id < 0:
        return True
    if card is None:
        return False
    return one.leaves or leads.is_in_scope(card, one.inquiry.scope, day)


def tell_changes(asked: Sequence[ToTell], *, at: datetime, again: int = 0) -> Told:
    """Return what may be told of each change, in the order asked; records first.

    Everything that the agency learns is in the records: the attributes told, and that which the
    kind of change gives away. ``again`` is the number of the records of an earlier try of the same
    delivery. Must not be called inside a transaction.
    """
    known = _read(asked, today(at))
    tellings = tuple(
        _of_sandbox(one) if one.person_id < 0 else _telling(one, known) for one in asked
    )
    record = _record(asked, tellings, at, again)
    for one, telling in zip(asked, tellings, strict=True):
        if telling is not None:
            metrics.disclosures_total.labels("disclosed", one.inquiry.purpose).inc()
    return Told(record, tellings)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of everybody at once; ``former``: cancelled numbers by person and statement."""

    day: date
    cards: Mapping[int | str, IndexCard]
    held: Mapping[int, Mapping[int, Held]]
    addresses: Mapping[int, AddressValue]
    former: Mapping[tuple[int, int], str]


def _read(asked: Sequence[ToTell], day: date) -> _Known:
    real = [one.person_id for one in asked if one.person_id > 0]
    held = reading.held(real, {attribute(name).facet for one in asked for name in one.attributes})
    return _Known(day, reading.cards(real), held, _addresses(asked, held), _former_pids(asked))


def _telling(one: ToTell, known: _Known) -> Telling | None:
    card = known.cards.get(one.person_id)
    if card is None or not _may_be_told(one, card, known.day):
        return None
    if not leads.is_in_scope(card, one.inquiry.scope, known.day):
        # Whoever follows them learns that they have left, and not where to.
        return Telling(is_elsewhere=True)
    pid, successor = card.pid, None
    if one.change is Change.PID_CANCELLED:
        cancelled = known.former.get((one.person_id, one.former))
        # Without one, a number is back in force whose record was merged for a time.
        if cancelled:
            successor, pid = card.pid not in (None, cancelled), cancelled
    return Telling(
        facts=_facts(known.held.get(one.person_id, {}), one.attributes, known.addresses),
        successor=successor,
        pid=pid if one.tells_pid else None,
    )


def _facts(
    held: Mapping[int, Held], names: Iterable[str], addresses: Mapping[int, AddressValue]
) -> dict[str, ToldFact]:
    sources = dictionary.sources_by_id()
    facts = {}
    for name in names:
        entry = attribute(name)
        fact = held.get(entry.number)
        if fact is None:
            continue
        is_address = entry.type == "address"
        value = value_in_words(fact.value, addresses) if is_address else fact.value
        source = sources[fact.source_id].code if fact.source_id in sources else ""
        facts[name] = ToldFact(value, source, fact.day)
    return facts


def _addresses(
    asked: Sequence[ToTell], held: Mapping[int, Mapping[int, Held]]
) -> Mapping[int, AddressValue]:
    numbers = {
        attribute(name).number
        for one in asked
        for name in one.attributes
        if attribute(name).type == "address"
    }
    keys = {
        held[one.person_id][number].value
        for one in asked
        for number in numbers
        if number in held.get(one.person_id, {})
    }
    return places.addresses({key for key in keys if isinstance(key, int)})


def _former_pids(asked: Sequence[ToTell]) -> dict[tuple[int, int], str]:
    """Return the numbers that were cancelled, by person and the statement that had given them."""
    wanted = {
        (one.person_id, one.former)
        for one in asked
        if one.change is Change.PID_CANCELLED and one.former
    }
    if not wanted:
        return {}
    rows = Statement.objects.filter(
        person_id__in=[person for person, _ in wanted], id__in=[former for _, former in wanted]
    )
    key = dictionary.key("pid")
    return {(row.person_id, row.id): str(row.claims.get(key) or "") for row in rows}


def _of_sandbox(one: ToTell) -> Telling:
    values = invented.told(one.person_id, one.attributes)
    facts = {name: ToldFact(value, "C06", invented.SINCE) for name, value in values.items()}
    return Telling(facts, True if one.change is Change.PID_CANCELLED else None)


# -- Access records --------------------------------------------------------------------------------


def _record(
    asked: Sequence[ToTell], tellings: Sequence[Telling | None], at: datetime, again: int
) -> int:
    learnt: dict[tuple[int, str], set[int]] = {}
    inquiries: dict[tuple[int, str], Inquiry] = {}
    for one, telling in zip(asked, tellings, strict=True):
        if telling is None:
            continue
        place = (one.person_id, one.inquiry.purpose)
        names = {*telling.facts, _LEARNT[one.change]} | ({"pid"} if telling.pid else set())
        learnt.setdefault(place, set()).update(attribute(name).number for name in names)
        inquiries[place] = one.inquiry
    if not learnt:
        return again
    if again and _stand(again, learnt):
        return again
    [number] = agency_ledger.numbers.take(1)
    agency_ledger.write(
        [
            AgencyEntry(
                number,
                inquiries[place],
                place[0] if place[0] > 0 else None,
                Kind.TOLD,
                tuple(sorted(seen)),
            )
            for place, seen in sorted(learnt.items())
        ],
        at=at,
    )
    return number


def _stand(number: int, learnt: Mapping[tuple[int, str], set[int]]) -> bool:
    """Say whether records of this number say all that is told now."""
    people = {person for person, _ in learnt}
    if any(person < 0 for person in people):
        return False
    rows = AccessRecord.objects.filter(
        person_id__in=people, disclosure=number, kind=Kind.TOLD, refusal=""
    ).values_list("person_id", "purpose", "attributes")
    known = {(person, purpose): set(seen or ()) for person, purpose, seen in rows}
    return all(seen <= known.get(place, set()) for place, seen in learnt.items())
