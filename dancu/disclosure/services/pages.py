"""A whole person: facts with provenance, history, conflicts, timeline, family, household."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dancu.access.types import Actor
from dancu.catalogue import attribute, groups
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Grant, Request
from dancu.disclosure.internal.kinship import (
    IsInside,
    Onlooker,
    cards_of,
    entries_of,
    family_of,
    household_of,
    named_by,
    numbers_in_full,
)
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import (
    Showing,
    addresses_of,
    seen_in,
)
from dancu.disclosure.masking import mask_number
from dancu.disclosure.services.disclosing import asked_of, reachable
from dancu.disclosure.types import (
    Conflict,
    Event,
    Fact,
    Group,
    Happening,
    PersonPage,
    PidEntry,
    Span,
    Subject,
)
from dancu.operation import metrics
from dancu.population import reading
from dancu.population.reading import ConflictRow, Held, Record
from dancu.population.search import IndexCard


def disclose_page(
    *,
    actor: Actor,
    purpose: str,
    case: str,
    subject: Subject,
    at: datetime,
    as_of: date | None = None,
    known_at: datetime | None = None,
    for_print: bool = False,
    before: Callable[[PersonPage], None] | None = None,
) -> PersonPage:
    """Return everything about one person that the purpose permits, in about ten queries.

    ``as_of`` a day and ``known_at`` a moment turn the page back; conflicts, family and household
    are those of today. Relatives inside the actor's area can be opened. Of those outside it only
    what the subject's own facts say of them is shown (parents, spouse, guardian: name and masked
    PID), of others the initials. Everybody shown gets an access record; ``for_print`` says that
    the page goes to paper. ``before`` gets the page before it is recorded, to make of it what will
    be handed out: when it raises, nothing is recorded, and nothing of the page may be told. Raises
    as ``disclose`` does.
    """
    with metrics.timed(metrics.disclosure_seconds):
        kind = Kind.PRINT if for_print else Kind.LOOK
        request = Request(actor, purpose, case, at, kind, asked=asked_of([subject]))
        grant = gate.enter(request, action="people.view")
        card = reachable(grant, [subject])[0]
        return page_of(grant, card, as_of=as_of, known_at=known_at, before=before)


def page_of(
    grant: Grant,
    card: IndexCard,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    before: Callable[[PersonPage], None] | None = None,
) -> PersonPage:
    """Put the page of somebody together who may be seen, and record it."""
    record = reading.record(card)
    permitted = grant.everything()
    values = _values(record)
    named = cards_of(values, permitted)
    showing = Showing(
        permitted,
        grant.request.day,
        can_reveal=bool(grant.request.case.strip()),
        addresses=addresses_of(values, permitted),
        numbers=numbers_in_full(grant, named),
    )
    held = record.at(as_of=as_of, known_at=known_at)
    facts = showing.facts(held, record)
    history = _history(record, showing, known_at)
    onlooker = Onlooker(showing, _inside(grant), is_own=grant.purpose.scope == "own")
    family = family_of(card.person_id, held, onlooker)
    household = household_of(card, held, onlooker, family)
    pids = _pids(record, showing)
    shown = (showing.event(row) for row in record.events.values())
    events = tuple(event for event in shown if event is not None)
    others = entries_of(
        (*family, *household), card.person_id, named=named_by(values, named, showing)
    )
    page = PersonPage(
        header=showing.header(card, facts),
        groups=_groups(facts),
        facts=facts,
        history=history,
        conflicts=_conflicts(record, showing, known_at),
        timeline=_timeline(history, events, pids),
        pids=pids,
        family=tuple(shown.relative for shown in family),
        household=tuple(shown.relative for shown in household),
        as_of=as_of,
        known_at=known_at,
        first_day=min((s.day for s in record.statements.values()), default=None),
        record=0,
    )
    if before is not None:
        before(page)
    number = grant.record([Entry(card.person_id, grant.request.kind, seen_in(facts)), *others])
    return replace(page, record=number)


def _values(record: Record) -> list[tuple[int, object]]:
    said = [(n, claim.value) for n, claims in record.claims.items() for claim in claims]
    return said + [(n, held.value) for n, held in record.held.items()]


def _inside(grant: Grant) -> IsInside:
    """Return whether a relative can be opened by this actor for this purpose."""
    request = grant.request

    def is_inside(card: IndexCard) -> bool:
        if grant.purpose.scope != "jurisdiction":
            return False
        return gate.is_within(request.actor, card, request.day)

    return is_inside


def _groups(facts: Mapping[str, Fact]) -> tuple[Group, ...]:
    found = (Group(g.name, tuple(f for f in facts.values() if f.group == g.name)) for g in groups())
    return tuple(group for group in found if group.facts)


def _history(
    record: Record, showing: Showing, known_at: datetime | None
) -> dict[str, tuple[Span, ...]]:
    """Return the spans of each attribute; of hidden ones none, for changes tell something too."""
    found: dict[str, tuple[Span, ...]] = {}
    for number in sorted(record.claims):
        entry = attribute(number)
        if entry.name not in showing.permitted.all:
            continue
        if entry.mask == "hide" and entry.name in showing.permitted.masked:
            continue
        spans = [
            Span(
                entry.name,
                *showing.value(entry, span.claim.value),
                start=span.start,
                end=span.end,
                origin=showing.origin_in(entry, record, span.claim.statement_id),
                confirmations=tuple(
                    showing.origin_in(entry, record, claim.statement_id)
                    for claim in span.confirmations
                ),
            )
            for span in record.history(number, known_at=known_at)
        ]
        if spans:
            found[entry.name] = tuple(spans)
    return found


def _conflicts(record: Record, showing: Showing, known_at: datetime | None) -> tuple[Conflict, ...]:
    rows = (row for row in record.conflicts if known_at is None or row.opened_at <= known_at)
    shown = (_conflict(row, record, showing) for row in rows)
    return tuple(conflict for conflict in shown if conflict is not None)


def _conflict(row: ConflictRow, record: Record, showing: Showing) -> Conflict | None:
    entry = attribute(row.attribute)
    claims = {c.statement_id: c for c in record.claims.get(row.attribute, ())}
    claim = claims.get(row.statement_id)
    if entry.name not in showing.permitted.all or claim is None:
        return None
    against = claims.get(row.against_id or 0)
    holds: Held | None = record.held.get(row.attribute)
    held_value = against.value if against else holds.value if holds else None
    value, is_masked = showing.value(entry, claim.value)
    return Conflict(
        attribute=entry.name,
        value=value,
        is_masked=is_masked,
        origin=showing.origin_in(entry, record, row.statement_id),
        against_value=showing.value(entry, held_value)[0],
        against=showing.origin_in(entry, record, against.statement_id) if against else None,
        opened_at=row.opened_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        outcome=row.outcome,
        reason=None if is_masked else row.reason,
        statement_id=row.statement_id,
    )


def _pids(record: Record, showing: Showing) -> tuple[PidEntry, ...]:
    if "pid" not in showing.permitted.all:
        return ()
    hide = "pid" in showing.permitted.masked
    return tuple(
        PidEntry(
            mask_number(row.pid) if hide else row.pid,
            row.valid_from,
            row.cancelled_on,
            row.cancel_reason,
        )
        for row in record.pids
    )


def _timeline(
    history: Mapping[str, Sequence[Span]], events: Iterable[Event], pids: Iterable[PidEntry]
) -> tuple[Happening, ...]:
    """Return what happened, the newest first; on one day events before the facts they caused."""
    found = [Happening(event.happened_on, "event", event=event) for event in events]
    found += [Happening(pid.valid_from, "pid", pid=pid) for pid in pids]
    found += [
        Happening(span.start, "fact", span=span) for spans in history.values() for span in spans
    ]
    order = {"event": 0, "pid": 1, "fact": 2}
    found.sort(key=lambda h: (-h.day.toordinal(), order[h.kind]))
    return tuple(found)
