"""Events as CloudEvents: read from the table, told through the door out.

CloudEvents 1.0.2 in the JSON batch format, with its extensions ``partitionkey`` (what the order
holds for: one subscription) and ``sequence`` (sorts as text).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dancu.catalogue.contracts import Contract, exchange_rules
from dancu.disclosure.changes import Change, Telling, ToTell
from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.services.telling import tell_changes
from dancu.exchange.feed import cursors
from dancu.exchange.feed.gate import feed_of, require_feed
from dancu.exchange.feed.models import FeedEvent, Subscription
from dancu.exchange.feed.types import Page
from dancu.exchange.pace import pace
from dancu.exchange.types import Caller

MEDIA = "application/cloudevents-batch+json"
#: Events examined for one page, whatever of them is told.
_EXAMINED = 1_000
_SEQUENCE_DIGITS = 19


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

    The cursor of the page is behind everything that was examined, told or not; it stays the same
    when there is nothing new. Raises ``ClauseRefused``, ``CursorUnknown`` and ``CursorTooOld``.
    Must not be called inside a transaction: what is told is recorded first.
    """
    contract = caller.contract
    require_feed(contract, at)
    pace.require(caller, at=at)
    behind = cursors.position_of(cursor, contract=feed_of(caller), at=at) if cursor else 0
    rows = after(feed_of(caller), behind, _EXAMINED + 1)
    examined, wanted = _until(rows[:_EXAMINED], limit, changes)
    batch = told(caller, wanted, at=at)
    if examined:
        last = examined[-1]
        following = cursors.cursor_of(last.position, last.event)
    else:
        following = cursor if behind else cursors.start(at)
    return Page(batch.events, following, len(rows) > len(examined))


def after(contract: str, position: int, most: int) -> list[FeedEvent]:
    """Return the contract's events behind a position, in order."""
    own = FeedEvent.objects.filter(contract=contract, position__gt=position)
    return list(own.order_by("position")[:most])


def _until(
    rows: Sequence[FeedEvent], limit: int, changes: Collection[str]
) -> tuple[list[FeedEvent], list[FeedEvent]]:
    """Return the events examined until so many are wanted, and those that are."""
    wanted: list[FeedEvent] = []
    for place, row in enumerate(rows):
        if len(wanted) == limit:
            return list(rows[:place]), wanted
        if not changes or row.change in changes:
            wanted.append(row)
    return list(rows), wanted


def told(caller: Caller, rows: Sequence[FeedEvent], *, at: datetime, again: int = 0) -> Batch:
    """Return events as the contract of this day lets them be told.

    Left out is what it does not allow any more, and whoever is not followed any more. ``again``:
    the number of the records of an earlier try. Must not be called inside a transaction.
    """
    contract = caller.contract
    followed = Subscription.objects.in_bulk({r.subscription_id for r in rows if r.subscription_id})
    chosen: list[tuple[FeedEvent, Subscription | None, ToTell]] = []
    for row in rows:
        subscription = followed.get(row.subscription_id) if row.subscription_id else None
        if _is_allowed(contract, row, subscription):
            purpose = subscription.purpose if subscription else contract.feed_purpose
            chosen.append((row, subscription, _to_tell(caller, row, purpose)))
    if not chosen:
        return Batch((), again)
    found = tell_changes([one for _, _, one in chosen], at=at, again=again)
    events = tuple(
        _event(contract, row, subscription, telling, found.record)
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
        "sequence": f"{row.position:0{_SEQUENCE_DIGITS}d}",
        "data": data,
    }
    return event | {"subject": subject, "partitionkey": subject} if subject else event
