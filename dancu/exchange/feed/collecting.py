"""From statements to events: read behind the horizon, written for every contract that may know.

One collector works at a time (an advisory lock). Each portion of statements, the events that come
of it and how far was read are one transaction: killed at any moment, nothing is read twice or left
out. Memory is bounded by the portion.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from dancu.catalogue.contracts import Contract, contracts
from dancu.disclosure.changes import Change, Mark, Noticed, Reach
from dancu.disclosure.services import changing, telling
from dancu.exchange.feed.models import FeedEvent, FeedState, Subscription
from dancu.kernel.clock import Clock, today

#: Statements read at once.
PORTION = 20_000
#: From so many unread statements on the index is brought up to date first.
_SUMMARISE_FROM = 50_000
_LOCK = 0x64616E6375_FEED
_STEP_SECONDS = 0.1

_FOLLOWED_OF = """
SELECT p.id FROM unnest(%s::bigint[]) AS p (id)
WHERE EXISTS (
    SELECT FROM exchange_subscription s
    WHERE s.person_id = p.id AND s.ended_at IS NULL AND s.contract = ANY (%s::text[]))
"""
_FOLLOWED = """
SELECT n.place, s.contract, s.id, s.is_away
FROM unnest(%(places)s::int[], %(people)s::bigint[], %(changes)s::text[])
    AS n (place, person_id, change)
CROSS JOIN LATERAL (
    SELECT id, contract, is_away FROM exchange_subscription s
    WHERE s.person_id = n.person_id AND s.ended_at IS NULL OFFSET 0
) s
JOIN unnest(%(contracts)s::text[], %(allowed)s::text[]) AS a (contract, change)
    ON a.contract = s.contract AND a.change = n.change
"""
# Positions are drawn in the order of the rows, so one person's events keep their order.
_WRITE = """
INSERT INTO exchange_feedevent
    (event, contract, subscription_id, person_id, change, nature, statement, former,
     leaves, noticed_at)
SELECT gen_random_uuid(), contract, subscription, person, change, nature, statement, former,
       leaves, %s
FROM (
    SELECT * FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
                         %s::bigint[], %s::bigint[], %s::boolean[])
        AS e (place, contract, subscription, person, change, nature, statement, former, leaves)
    ORDER BY place, contract
) ordered
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A contract that is to be told of a change: its place among those noticed, and by whom.

    ``is_away``: it was told already that the person has left its area. ``leaves``: it is to be now.
    """

    place: int
    contract: str
    subscription: int | None
    is_away: bool = False
    leaves: bool = False


def collect(*, clock: Clock, seconds: float = 20.0) -> int:
    """Read what has settled, at most for so long; return how many events were written.

    What has not settled when time is over is read by the next call.
    """
    written, deadline = 0, time.monotonic() + seconds
    while _is_marked(clock):
        found = _read(clock)
        written += found or 0
        if time.monotonic() >= deadline:
            break
        if found is None:
            time.sleep(_STEP_SECONDS)
    return written


def read_up_to() -> Reach:
    """Return how far the statements have been read."""
    state = FeedState.objects.filter(pk=1).first()
    return Reach(state.statement, state.annulment) if state else Reach(0, 0)


def begin(*, at: datetime) -> None:
    """Begin to read with what comes from now on, unless it was begun already."""
    if FeedState.objects.filter(pk=1).exists():
        return
    marked = changing.mark()
    FeedState.objects.bulk_create(
        [
            FeedState(
                statement=marked.reach.statement,
                annulment=marked.reach.annulment,
                marked_statement=marked.reach.statement,
                marked_annulment=marked.reach.annulment,
                marked_transaction=marked.transaction,
                marked_at=at,
                read_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def hold() -> None:
    """Be the only one who writes events until the transaction ends.

    Positions are drawn before they are committed; who draws them in turn commits them in turn.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def catch_up(contract: Contract, people: Sequence[int], since: Reach, *, at: datetime) -> None:
    """Write for one contract what changed between ``since`` and what has been read; see ``hold``.

    For people whom it follows only now: everybody else was told of them by the collector.
    """
    reached, real = read_up_to(), [person for person in people if person > 0]
    if reached != since and real:
        write(changing.noticed(since, reached, people=real), [contract], at=at)


def _is_marked(clock: Clock) -> bool:
    """Say whether something is marked and unread, after a look at what has come in."""
    begin(at=clock.now())
    state = FeedState.objects.get(pk=1)
    if _reach(state) != _marked_reach(state):
        return True
    marked = changing.mark()
    if marked.reach == _reach(state):
        FeedState.objects.filter(pk=1).update(read_at=clock.now())
        return False
    # Only if nobody else has marked or read meanwhile.
    FeedState.objects.filter(
        pk=1,
        marked_statement=state.marked_statement,
        marked_annulment=state.marked_annulment,
    ).update(
        marked_statement=marked.reach.statement,
        marked_annulment=marked.reach.annulment,
        marked_transaction=marked.transaction,
        marked_at=clock.now(),
    )
    return True


def _read(clock: Clock) -> int | None:
    """Read one portion; ``None`` when what is marked has not settled."""
    with transaction.atomic():
        hold()
        state = FeedState.objects.get(pk=1)
        settled = changing.is_settled(Mark(_marked_reach(state), state.marked_transaction))
        if not settled:
            if settled is None:
                _mark_again(clock)
            return None
        at, begun, end = clock.now(), _reach(state), _next(state)
        written = 0
        if _anybody_follows(at):
            if state.marked_statement - state.statement >= _SUMMARISE_FROM:
                changing.summarise()
            written = write(_noticed(begun, end, at), feeding(at), at=at)
        else:
            end = _marked_reach(state)
        FeedState.objects.filter(pk=1).update(
            statement=end.statement, annulment=end.annulment, read_at=at
        )
    return written


def _mark_again(clock: Clock) -> None:
    """Give a mark of the server that a backup was made of a transaction number of this one."""
    following = changing.mark().transaction
    FeedState.objects.filter(pk=1).update(marked_transaction=following, marked_at=clock.now())


def _noticed(begun: Reach, end: Reach, at: datetime) -> list[Noticed]:
    """Return what changed for anybody who is followed; the rest are not looked at any further."""
    told = feeding(at)
    if any(one.feed_people == "everyone" for one in told):
        return changing.noticed(begun, end)
    names = [one.name for one in told]
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED_OF, [changing.spoken_of(begun, end), names])
        people = [row[0] for row in cursor.fetchall()]
    return changing.noticed(begun, end, people=people) if people else []


def _next(state: FeedState) -> Reach:
    """Return how far the next portion goes; withdrawals are read with the last one."""
    until = min(state.statement + PORTION, state.marked_statement)
    is_last = until == state.marked_statement
    return Reach(until, state.marked_annulment if is_last else state.annulment)


def _reach(state: FeedState) -> Reach:
    return Reach(state.statement, state.annulment)


def _marked_reach(state: FeedState) -> Reach:
    return Reach(state.marked_statement, state.marked_annulment)


def feeding(at: datetime) -> list[Contract]:
    """Return the contracts in force that are told of people's changes, the sandbox aside."""
    return [one for one in contracts(today(at)) if "feed" in one.modes and not one.is_sandbox]


def _anybody_follows(at: datetime) -> bool:
    told = feeding(at)
    if any(one.feed_people == "everyone" for one in told):
        return True
    names = [one.name for one in told]
    return Subscription.objects.filter(contract__in=names, ended_at=None).exists()


def write(changes: Sequence[Noticed], told: Sequence[Contract], *, at: datetime) -> int:
    """Write an event for each of the contracts that may be told of a change; return how many."""
    if not changes:
        return 0
    everybody = [*_followers(changes, told), *_of_everyone(changes, told)]
    targets = _of_area(everybody, changes, told, at)
    if not targets:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                at,
                [one.place for one in targets],
                [one.contract for one in targets],
                [one.subscription for one in targets],
                [changes[one.place].person_id for one in targets],
                [str(changes[one.place].change) for one in targets],
                [str(changes[one.place].nature) for one in targets],
                [changes[one.place].statement for one in targets],
                [changes[one.place].former for one in targets],
                [one.leaves for one in targets],
            ],
        )
    return len(targets)


def _of_area(
    targets: Sequence[Target],
    changes: Sequence[Noticed],
    told: Iterable[Contract],
    at: datetime,
) -> list[Target]:
    """Return what may be told: of people outside a contract's area only the move that left it.

    An event that is hidden from its agency would still show in the feed that there was one.
    """
    kept: list[Target] = []
    for contract in told:
        own = [one for one in targets if one.contract == contract.name]
        if contract.scope is None or not own:
            kept += own
            continue
        people = sorted({changes[one.place].person_id for one in own})
        inside = telling.people_within(people, contract.scope, at=at)
        here = [one for one in own if changes[one.place].person_id in inside]
        leaving = [
            replace(one, leaves=True)
            for one in own
            if one.subscription
            and not one.is_away
            and changes[one.place].person_id not in inside
            and changes[one.place].change is Change.MOVE
        ]
        _note_away([one for one in here if one.is_away], is_away=False)
        _note_away(leaving, is_away=True)
        kept += [*here, *leaving]
    return kept


def _note_away(targets: Iterable[Target], *, is_away: bool) -> None:
    keys = [one.subscription for one in targets if one.subscription]
    if keys:
        Subscription.objects.filter(pk__in=keys).update(is_away=is_away)


def _followers(changes: Sequence[Noticed], told: Iterable[Contract]) -> list[Target]:
    allowed = [
        (one.name, change)
        for one in told
        if one.feed_people == "subscribed"
        for change in sorted(one.feed_events)
    ]
    values: dict[str, Any] = {
        "places": list(range(len(changes))),
        "people": [one.person_id for one in changes],
        "changes": [str(one.change) for one in changes],
        "contracts": [name for name, _ in allowed],
        "allowed": [change for _, change in allowed],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED, values)
        return [Target(*row) for row in cursor.fetchall()]


def _of_everyone(changes: Sequence[Noticed], told: Iterable[Contract]) -> list[Target]:
    return [
        Target(place, contract.name, None)
        for contract in told
        if contract.feed_people == "everyone"
        for place, one in enumerate(changes)
        if one.change in contract.feed_events
    ]


def write_sandbox(subscription: Subscription, changes: Iterable[str], *, at: datetime) -> None:
    """Let an invented person change in every way that the contract tells, to try it out."""
    FeedEvent.objects.bulk_create(
        FeedEvent(
            event=uuid4(),
            contract=subscription.contract,
            subscription_id=subscription.pk,
            person_id=subscription.person_id,
            change=change,
            nature="happened",
            statement=0,
            former=0,
            noticed_at=at,
        )
        for change in changes
    )
