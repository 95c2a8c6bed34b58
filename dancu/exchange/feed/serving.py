"""Events as CloudEvents: read from the table, told through the door out.

CloudEvents 1.0.2 in the JSON batch format, with its extension ``partitionkey`` (what the order
holds for: one subscription). Events that may not be told are as if they were not there: neither a
page nor its cursor depends on them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dancu.catalogue.contracts import Contract, exchange_rules
from dancu.disclosure.changes import Change, Telling, ToTell
from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.services.telling import may_be_told, tell_changes
from dancu.exchange.feed import cursors
from dancu.exchange.feed.gate import feed_of, require_feed
from dancu.exchange.feed.models import FeedEvent, Subscription
from dancu.exchange.feed.types import Page
from dancu.exchange.pace import pace
from dancu.exchange.types import Caller

MEDIA = "application/cloudevents-batch+json"
#: Events that may be told, looked through for one page whatever kind is wanted.
_EXAMINED = 1_000
#: Events looked at together, and how often for one page.
_AT_ONCE, _ROUNDS = 200, 50


@dataclass(frozen=True, slots=True)
class Batch:
    """Events as told, and the number of their access records."""

    events: tuple[Mapping[str, Any], ...]
    record: int


def page(
    caller: Caller,
    *,
    at: datetime,
    cursor: str = "",
    limit: int = 100,
    changes: Collection[str] = (),
) -> Page:
    """Return the events behind a cursor, the oldest first; without one, all that are kept.

    The cursor of the page is behind everything that may be told up to there, of whatever kind; it
    stays the same when there is nothing new. Raises ``ClauseRefused``, ``CursorUnknown`` and
    ``CursorTooOld``. Must not be called inside a transaction: what is told is recorded first.
    """
    contract = caller.contract
    require_feed(contract, at)
    pace.require(caller, at=at)
    behind = cursors.position_of(cursor, contract=feed_of(caller), at=at) if cursor else 0
    seen, wanted, has_more = look(caller, behind, limit, at=at, changes=changes)
    batch = told(caller, wanted, at=at)
    begin = cursor if behind else cursors.start(at)
    return Page(batch.events, cursors.cursor_of(seen[-1]) if seen else begin, has_more)


def look(
    caller: Caller, behind: int, limit: int, *, at: datetime, changes: Collection[str] = ()
) -> tuple[list[FeedEvent], list[FeedEvent], bool]:
    """Return the events behind a position that may be told, until so many are wanted.

    Then those that are wanted, and whether there are more. Nothing is told by it. Only behind ten
    thousand that may not be told, one after the other, the last of them is returned, to go on.
    """
    own = FeedEvent.objects.filter(contract=feed_of(caller)).order_by("position")
    seen: list[FeedEvent] = []
    wanted: list[FeedEvent] = []
    rows: list[FeedEvent] = []
    for _round in range(_ROUNDS):
        rows = list(own.filter(position__gt=rows[-1].position if rows else behind)[:_AT_ONCE])
        for row in visible(caller, rows, at=at):
            if len(wanted) == limit or len(seen) == _EXAMINED:
                return seen, wanted, True
            seen.append(row)
            if not changes or row.change in changes:
                wanted.append(row)
        if len(rows) < _AT_ONCE:
            return seen, wanted, False
    return seen or rows[-1:], wanted, True


def newest(caller: Caller, *, at: datetime) -> int:
    """Return the position of the newest event that may be told, or 0."""
    own = FeedEvent.objects.filter(contract=feed_of(caller)).order_by("-position")
    rows: list[FeedEvent] = []
    for _round in range(_ROUNDS):
        older = own.filter(position__lt=rows[-1].position) if rows else own
        rows = list(older[:_AT_ONCE])
        found = visible(caller, rows, at=at)
        if found or len(rows) < _AT_ONCE:
            return found[0].position if found else 0
    return rows[-1].position


def visible(caller: Caller, rows: Sequence[FeedEvent], *, at: datetime) -> list[FeedEvent]:
    """Return those of the events that may be told now, as the contract of this day has it."""
    chosen = _chosen(caller, rows)
    may_be = may_be_told([one for _, _, one in chosen], at=at)
    return [row for (row, _, _), may in zip(chosen, may_be, strict=True) if may]


def _chosen(
    caller: Caller, rows: Sequence[FeedEvent]
) -> list[tuple[FeedEvent, Subscription | None, ToTell]]:
    contract = caller.contract
    followed = Subscription.objects.in_bulk({r.subscription_id for r in rows if r.subscription_id})
    chosen = []
    for row in rows:
        subscription = followed.get(row.subscription_id) if row.subscription_id else None
        if _is_allowed(contract, row, subscription):
            purpose = subscription.purpose if subscription else contract.feed_purpose
            chosen.append((row, subscription, _to_tell(caller, row, purpose)))
    return chosen


def told(caller: Caller, rows: Sequence[FeedEvent], *, at: datetime, again: int = 0) -> Batch:
    """Return events as the contract of this day lets them be told.

    Left out is what it does not allow any more, and whoever is not followed any more. ``again``:
    the number of the records of an earlier try. Must not be called inside a transaction.
    """
    chosen = _chosen(caller, rows)
    if not chosen:
        return Batch((), again)
    found = tell_changes([one for _, _, one in chosen], at=at, again=again)
    events = tuple(
        _event(caller.contract, row, subscription, telling, found.record)
        for (row, subscription, _), telling in zip(chosen, found.tellings, strict=True)
        if telling is not None
    )
    return Batch(events, found.record)


def _is_allowed(contract: Contract, row: FeedEvent, subscription: Subscription | None) -> bool:
    if row.change not in contract.feed_events:
        return False
    if row.subscription_id is None:
        return contract.feed_people == "everyone"
    return (
        subscription is not None
        and subscription.ended_at is None
        and subscription.purpose in contract.purposes
    )


def _to_tell(caller: Caller, row: FeedEvent, purpose: str) -> ToTell:
    contract = caller.contract
    allowed = exchange_rules().feed_events[row.change].attributes & contract.feed_attributes
    inquiry = Inquiry(
        claims={},
        questions=(),
        purpose=purpose,
        office=contract.agency,
        source=contract.source,
        contract=contract.name,
        client_id=caller.client_id,
        user=caller.user,
        request_id=caller.request_id,
        scope=contract.scope,
        is_sandbox=contract.is_sandbox,
    )
    return ToTell(
        row.person_id,
        Change(row.change),
        row.former,
        inquiry,
        tuple(sorted(allowed)),
        tells_pid=row.subscription_id is None,
        leaves=row.leaves,
    )


def _event(
    contract: Contract,
    row: FeedEvent,
    subscription: Subscription | None,
    telling: Telling,
    record: int,
) -> dict[str, Any]:
    data: dict[str, Any] = {"change": row.change, "nature": row.nature, "record": str(record)}
    if subscription is not None and subscription.reference:
        data["reference"] = subscription.reference
    if telling.pid is not None:
        data["pid"] = telling.pid
    if telling.successor is not None:
        data["successor"] = telling.successor
    if telling.is_elsewhere:
        data["left_area"] = True
    data["attributes"] = {
        name: {"value": fact.value, "source": fact.source, "since": fact.since}
        for name, fact in telling.facts.items()
    }
    subject = subscription.key if subscription else (telling.pid or "")
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(row.event),
        "source": f"urn:dancu:feed:{contract.name}",
        "type": f"vn.dancu.person.{row.change}.v1",
        "time": row.noticed_at,
        "datacontenttype": "application/json",
        "data": data,
    }
    return event | {"subject": subject, "partitionkey": subject} if subject else event
