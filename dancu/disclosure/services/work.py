"""What waits for an officer's decision, and what a citizen asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from dancu.access import policy
from dancu.access.policy import Permitted
from dancu.access.types import Actor
from dancu.catalogue import attribute, purposes, roles
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Grant, Request
from dancu.disclosure.internal.kinship import cards_of, entries_of, named_by, numbers_in_full
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import Showing, addresses_of, masked_pid
from dancu.disclosure.masking import HIDDEN, initials
from dancu.disclosure.services.disclosing import HEADER, reachable
from dancu.disclosure.types import LARGEST_KEY, Fact
from dancu.disclosure.waiting import (
    ConflictLine,
    ConflictList,
    Duty,
    OwnRequest,
    RequestLine,
    RequestList,
    RequestPage,
    Said,
    State,
    WaitingCounts,
    case_of_request,
)
from dancu.population import dictionary, reading
from dancu.population import work as lists
from dancu.population.reading import Held, Record
from dancu.population.search import IndexCard
from dancu.population.work import OpenConflictRow, RequestRow, SaidRow

#: Requests are decided for this purpose, conflicts are worked off for the other: the one needs a
#: case number, which each request brings along; the other is that of all who settle conflicts.
CORRECTION, CLEANING = "data_correction", "data_cleaning"
DECIDE, SETTLE = "correction.decide", "conflict.settle"
#: What a line of a list shows of a person, and so what is recorded.
LINE = ("full_name", "pid")
#: How many of the first duties the counts come with.
FIRST = 5
_HEAD = (*HEADER, "permanent_residence", "temporary_residence", "current_residence")
_STATES: dict[str, State] = {"accepted": "accepted", "declined": "declined"}
_AN_INSTANT = timedelta(microseconds=1)


def waiting_requests(*, actor: Actor, at: datetime, window: int = 1) -> RequestList:
    """Return a window of the requests that wait in the actor's area, the one due first at its head.

    Everybody on it gets an access record, each for the case of their own request.
    """
    request = Request(actor, CORRECTION, "YC", at, Kind.LOOK)
    grant = gate.enter(request, action=DECIDE)
    rows, has_next = lists.waiting_requests(_area(grant), window=window)
    cards = reading.cards({row.person_id for row in rows})
    permitted = grant.permitted(LINE)
    found = tuple(
        RequestLine(
            attribute=attribute(row.attribute).name,
            request_id=row.id,
            person_id=row.person_id,
            **_who(cards.get(row.person_id), permitted),
            asked_at=row.asked_at,
            due_at=row.due_at,
        )
        for row in rows
    )
    seen = _line_seen(permitted)
    entries = [Entry(row.person_id, Kind.LOOK, seen, case=case_of_request(row.id)) for row in rows]
    grant.record(entries or [Entry(None, Kind.LOOK)])
    return RequestList(found, max(window, 1), has_next)


def request_page(*, actor: Actor, request_id: int, at: datetime) -> RequestPage:
    """Return one request, waiting or decided, beside what the register holds.

    The number of a relative elsewhere stands in full only as the citizen wrote it to this office.

    Raises ``NotFoundOrNotYours`` alike for a request that there is not and for one about somebody
    outside the actor's area.
    """
    number = request_id if request_id <= LARGEST_KEY else 0
    case = case_of_request(number)
    request = Request(actor, CORRECTION, case, at, Kind.LOOK, asked=case)
    grant = gate.enter(request, action=DECIDE)
    row = lists.request(number)
    card = reachable(grant, [row.person_id if row else 0])[0]
    assert row is not None  # noqa: S101
    return _page(grant, card, row)


def open_conflicts(*, actor: Actor, at: datetime, window: int = 1) -> ConflictList:
    """Return a window of the open conflicts in the actor's area, the newest first.

    Everybody on it gets an access record.
    """
    request = Request(actor, CLEANING, "", at, Kind.LOOK)
    grant = gate.enter(request, action=SETTLE)
    numbers = [attribute(name).number for name in grant.everything().all]
    rows, has_next = lists.open_conflicts(_area(grant), numbers, window=window)
    cards = reading.cards({row.person_id for row in rows})
    permitted = grant.permitted(LINE)
    found = tuple(_conflict(row, cards.get(row.person_id), permitted) for row in rows)
    seen = _line_seen(permitted)
    people = dict.fromkeys(row.person_id for row in rows)
    entries = [Entry(person, Kind.LOOK, seen) for person in people]
    grant.record(entries or [Entry(None, Kind.LOOK)])
    return ConflictList(found, max(window, 1), has_next)


def own_requests(*, actor: Actor, at: datetime) -> list[OwnRequest]:
    """Return the citizen's requests, those that wait first. Raises ``NoOwnRecord``."""
    request = Request(actor, "own_data", "", at, Kind.OWN)
    grant = gate.enter(request, action="correction.request")
    card = reachable(grant, [actor.person_id or 0])[0]
    rows = lists.requests_of(card.person_id)
    permitted = grant.permitted({attribute(row.attribute).name for row in rows})
    values = [(row.attribute, row.value) for row in rows]
    showing = Showing(
        permitted,
        request.day,
        can_reveal=False,
        addresses=addresses_of(values, permitted),
        numbers=None,
    )
    grant.record([Entry(card.person_id, Kind.OWN, gate.numbers(permitted, permitted.all))])
    return [_asked(row, showing) for row in rows]


def waiting_counts(*, actor: Actor, at: datetime) -> WaitingCounts:
    """Return how much waits for the actor and which duties come first; shows nobody.

    Never refuses: of work that the roles do not permit there is no number.
    """
    requests = _grant(actor, CORRECTION, DECIDE, at)
    conflicts = _grant(actor, CLEANING, SETTLE, at)
    found = WaitingCounts()
    if requests is not None:
        area = _area(requests)
        count, overdue = lists.count_requests(area, at=at)
        rows = lists.waiting_requests(area)[0][:FIRST] if count.number else []
        first = tuple(Duty(attribute(row.attribute).name, row.id, row.due_at) for row in rows)
        found = WaitingCounts(count, overdue, first)
    if conflicts is None:
        return found
    numbers = [attribute(name).number for name in conflicts.everything().all]
    disputes = lists.count_conflicts(_area(conflicts), numbers)
    return WaitingCounts(found.requests, found.overdue, found.first, disputes)


def _grant(actor: Actor, purpose: str, action: str, at: datetime) -> Grant | None:
    """Return what the actor may do for a purpose, without a trace: only for numbers."""
    request = Request(actor, purpose, "", at, Kind.LOOK)
    entry = purposes()[purpose]
    usable = policy.purposes_of(actor, purposes=purposes(), roles=roles(), day=request.day)
    if entry not in usable or not policy.is_allowed(actor, action, roles=roles()):
        return None
    return Grant(request, entry, gate.role_for(actor, purpose))


def _area(grant: Grant) -> frozenset[str]:
    return grant.area() or frozenset()


def _line_seen(permitted: Permitted) -> tuple[int, ...]:
    """Return what a line shows, as it is recorded: of a PID only the masked form."""
    full = permitted.full - {"pid"}
    return gate.numbers(Permitted(full=full, masked=permitted.all - full), permitted.all)


def _who(card: IndexCard | None, permitted: Permitted) -> Mapping[str, str]:
    if card is None:
        return {"name": "", "pid": ""}
    name = card.name or ""
    shown = initials(name) if "full_name" in permitted.masked else name
    return {
        "name": shown if "full_name" in permitted.all else "",
        "pid": masked_pid(card.pid) if "pid" in permitted.all else "",
    }


def _conflict(row: OpenConflictRow, card: IndexCard | None, permitted: Permitted) -> ConflictLine:
    source = dictionary.sources_by_id().get(row.source_id)
    return ConflictLine(
        attribute=attribute(row.attribute).name,
        person_id=row.person_id,
        **_who(card, permitted),
        statement_id=row.statement_id,
        source=source.code if source else "",
        opened_at=row.opened_at,
        said=_said(row.said),
        against=_said(row.against) if row.against else None,
    )


def _said(row: SaidRow) -> Said:
    source = dictionary.sources_by_id().get(row.source_id)
    code, kind = (source.code, source.kind) if source else ("", "")
    return Said(code, kind, row.day, row.paper)


def _page(grant: Grant, card: IndexCard, row: RequestRow) -> RequestPage:
    entry = attribute(row.attribute)
    record = reading.record(card)
    permitted = grant.permitted({*_HEAD, entry.name})
    values = list(_values(record, row))
    named = cards_of(values, permitted)
    inside = numbers_in_full(grant, named) or frozenset()
    showing = Showing(
        permitted,
        grant.request.day,
        can_reveal=False,
        addresses=addresses_of(values, permitted),
        numbers=inside | {str(row.value)},
    )
    facts = showing.facts(record.held, record)
    is_hidden = entry.name not in permitted.all
    seen = {*facts, *([] if is_hidden else [entry.name])}
    own = Entry(card.person_id, grant.request.kind, gate.numbers(permitted, seen))
    others = entries_of((), card.person_id, named=named_by(values, named, showing))
    number = grant.record([own, *others])
    return RequestPage(
        asked=_asked(row, showing),
        header=showing.header(card, facts),
        present=facts.get(entry.name),
        before=None if is_hidden else _before(row, record, showing),
        is_hidden=is_hidden,
        decided_by=row.decided_by,
        case=grant.request.case,
        record=number,
    )


def _values(record: Record, row: RequestRow) -> Iterable[tuple[int, object]]:
    """Return every value that the page may show: what holds, what was held, what is asked."""
    yield from ((number, held.value) for number, held in record.held.items())
    yield from ((row.attribute, claim.value) for claim in record.claims.get(row.attribute, ()))


def _before(row: RequestRow, record: Record, showing: Showing) -> Fact | None:
    """Return what the register held at the instant before the decision."""
    if row.decided_at is None:
        return None
    known: Mapping[int, Held] = record.at(as_of=None, known_at=row.decided_at - _AN_INSTANT)
    held = known.get(row.attribute)
    return showing.fact(attribute(row.attribute), held, record) if held else None


def _asked(row: RequestRow, showing: Showing) -> OwnRequest:
    entry = attribute(row.attribute)
    value: object = HIDDEN
    is_masked = True
    if entry.name in showing.permitted.all:
        value, is_masked = showing.value(entry, row.value)
    return OwnRequest(
        attribute=entry.name,
        request_id=row.id,
        value=value,
        is_masked=is_masked,
        reason=row.reason,
        state=_STATES.get(row.state, "waiting"),
        asked_at=row.asked_at,
        due_at=row.due_at,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason or "",
    )
