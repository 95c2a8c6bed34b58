"""Sending events to webhooks: at least once, in order, signed, tried again until given up.

A webhook is *held* by one worker for a while, not locked: no transaction stands open while somebody
outside takes their time, and whoever dies lets go by the clock. What is being sent is fixed before
it is sent (``delivery``, ``telling``) and only then recorded and signed, so the same delivery goes
out again whatever happens in between, under the same number. Only what was taken moves ``told``.

The order is that of the contract's feed: the next delivery waits for the one before.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import uuid4

import orjson
from django.db import DatabaseError, connection, transaction

from dancu.audit import services as audit
from dancu.catalogue.contracts import contract as contract_of
from dancu.exchange.feed import serving
from dancu.exchange.feed.guard import Answered, CallFailed, Rules, call
from dancu.exchange.feed.models import FeedEvent, Webhook
from dancu.exchange.feed.settings import origin, rules
from dancu.exchange.feed.signing import signed_headers
from dancu.exchange.oauth.models import Client
from dancu.exchange.types import Caller
from dancu.kernel.clock import Clock, today
from dancu.operation.logs import logger

#: Events in one delivery: few, so that a failing receiver is sent little again.
BATCH = 50
#: A worker that has not let go by then is taken for dead. Longer than any call.
HELD_FOR = timedelta(seconds=60)
GIVEN_UP_AFTER = timedelta(days=7)
#: How often a receiver that has not agreed, or has withdrawn, is asked before it is given up.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
_LONGEST_ASKED = timedelta(days=1)
_GONE, _TOO_MANY, _UNAVAILABLE, _MINUTE = 410, 429, 503, 60
_OK = frozenset({200, 201, 202, 204})
#: Requests a minute for which a receiver is asked.
_RATE = 600
#: When to look again where nothing may be told.
_PAUSE = timedelta(seconds=10)
_DUE = """
    SELECT w.id FROM exchange_webhook w
    WHERE w.state IN ('unconfirmed', 'active') AND w.next_at <= %(at)s AND w.held_until <= %(at)s
      AND (w.state = 'unconfirmed' OR EXISTS (
          SELECT FROM exchange_feedevent e
          WHERE e.contract = w.contract AND e.position > w.told))
    ORDER BY w.next_at LIMIT 1
"""
_HOLD = f"""
UPDATE exchange_webhook SET holder = %(holder)s, held_until = %(until)s
WHERE id = ({_DUE} FOR UPDATE SKIP LOCKED) RETURNING id
"""
State = Webhook.State
Send = Callable[..., Answered]
_log = logger("dancu.exchange.feed")


def work(*, clock: Clock, seconds: float, send: Send = call) -> int:
    """Send what is due until nothing is, at most for so long; return how many were tried."""
    tried, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        webhook = _hold(clock.now())
        if webhook is None:
            break
        _try(webhook, clock, send)
        tried += 1
    return tried


def is_due(*, at: datetime) -> bool:
    """Say whether any webhook is due that nobody has in hand."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at})
        return cursor.fetchone() is not None


def _hold(at: datetime) -> Webhook | None:
    """Take one webhook in hand that is due, so that nobody else does."""
    holder = uuid4().hex
    values: dict[str, Any] = {"holder": holder, "until": at + HELD_FOR, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, values)
        found = cursor.fetchone()
    return Webhook.objects.get(pk=found[0]) if found else None


def _try(webhook: Webhook, clock: Clock, send: Send) -> None:
    at = clock.now()
    contract = contract_of(webhook.contract, today(at))
    if contract is None or "feed" not in contract.modes:
        _keep(webhook, state=State.ENDED, why="contract", ended_at=at)
        return
    client = webhook.client_id or 0
    if not Client.objects.filter(pk=client, revoked_at=None).exists():
        _keep(webhook, state=State.ENDED, why="client", ended_at=at)
        return
    caller = Caller(webhook.client_id, webhook.client, contract, request_id=webhook.delivery)
    try:
        if webhook.state == State.UNCONFIRMED:
            _confirm(webhook, at, send)
        else:
            _deliver(webhook, caller, at, send)
    except CallFailed as failure:
        _failed(webhook, clock.now(), problem=failure.code)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - one webhook must not hold up the others
        _log.exception("webhook could not be served", webhook=webhook.key, exc_info=error)
        _failed(webhook, clock.now(), problem="internal")


# -- Asking whether the receiver agrees --------------------------------------------------------


def _confirm(webhook: Webhook, at: datetime, send: Send) -> None:
    """Ask as CloudEvents' HTTP Webhook 1.0.2 §4 has it; a status alone is no consent."""
    asked = {"WebHook-Request-Origin": origin(), "WebHook-Request-Rate": str(_RATE)}
    answer = send("OPTIONS", webhook.address, headers=asked, rules=rules())
    allowed = answer.headers.get("webhook-allowed-origin", "").strip().lower()
    if answer.status == _GONE:
        _end_by_receiver(webhook, at)
    elif allowed not in {"*", origin().lower()}:
        _failed(webhook, at, status=answer.status, problem="consent")
    else:
        _keep(
            webhook,
            state=State.ACTIVE,
            rate=_rate(answer.headers.get("webhook-allowed-rate", "")),
            attempts=0,
            failing_since=None,
            last_status=answer.status,
            last_problem="",
            last_tried_at=at,
            next_at=at,
        )


def _rate(given: str) -> int:
    text = given.strip()
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() else 0


# -- Sending ------------------------------------------------------------------------------------


def _deliver(webhook: Webhook, caller: Caller, at: datetime, send: Send) -> None:
    rows = _fixed(webhook, caller, at)
    if not rows:
        # Nothing that may be told; whether there is anything else, nobody is to see.
        _keep(webhook, delivery="", telling=0, record=0, next_at=at + _PAUSE)
        return
    wanted = [row for row in rows if not webhook.changes or row.change in webhook.changes]
    batch = serving.told(caller, wanted, at=at, again=webhook.record)
    if not batch.events:
        _taken(webhook, at, status=None)
        return
    if not _keep_in_hand(webhook, record=batch.record):
        return
    body = orjson.dumps(list(batch.events))
    headers = {
        "Content-Type": serving.MEDIA,
        "Origin": origin(),
        "User-Agent": "dancu-feed/1",
        **signed_headers(body, delivery=webhook.delivery, address=webhook.address, at=at),
    }
    answer = send("POST", webhook.address, headers=headers, body=body, rules=rules())
    if answer.status in _OK:
        _taken(webhook, at, status=answer.status)
    elif answer.status == _GONE:
        _end_by_receiver(webhook, at)
    else:
        wait = _asked_wait(answer, at)
        _failed(webhook, at, status=answer.status, problem="status", wait=wait)


def _fixed(webhook: Webhook, caller: Caller, at: datetime) -> list[FeedEvent]:
    """Return the events of the delivery: those of the last try, else the next, noted first."""
    rows, _, _ = serving.look(caller, webhook.told, BATCH, at=at)
    if webhook.delivery:
        return [row for row in rows if row.position <= webhook.telling]
    if rows:
        webhook.delivery, webhook.telling, webhook.record = uuid4().hex, rows[-1].position, 0
        fixed = {"delivery": webhook.delivery, "telling": webhook.telling, "record": 0}
        if not _keep_in_hand(webhook, **fixed):
            return []
    return rows


def _taken(webhook: Webhook, at: datetime, *, status: int | None) -> None:
    pause = timedelta(seconds=_MINUTE / webhook.rate) if webhook.rate and status else timedelta()
    seen = {"last_status": status, "last_tried_at": at, "last_taken_at": at} if status else {}
    _keep(
        webhook,
        told=webhook.telling,
        delivery="",
        telling=0,
        record=0,
        attempts=0,
        failing_since=None,
        last_problem="",
        next_at=at + pause,
        **seen,
    )


def _end_by_receiver(webhook: Webhook, at: datetime) -> None:
    _keep(
        webhook,
        state=State.ENDED,
        why="gone",
        ended_at=at,
        last_status=_GONE,
        last_tried_at=at,
    )
    _event("webhook-ended-by-receiver", webhook, at)


def _failed(
    webhook: Webhook,
    at: datetime,
    *,
    problem: str,
    status: int | None = None,
    wait: timedelta | None = None,
) -> None:
    """Note a try that failed, and when to try again; after days of it give up."""
    since = webhook.failing_since or at
    is_over = at - since >= GIVEN_UP_AFTER
    _keep(
        webhook,
        attempts=webhook.attempts + 1,
        failing_since=since,
        last_status=status,
        last_problem=problem,
        last_tried_at=at,
        next_at=at + max(_wait(webhook.attempts), wait or timedelta()),
        **({"state": State.OFF, "why": "failing"} if is_over else {}),
    )
    if is_over:
        _event("webhook-switched-off", webhook, at)
    _log.warning("webhook failed", webhook=webhook.key, problem=problem, status=status)


def _wait(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: twice as long each time, and not in step."""
    full = min(FIRST_WAIT * float(2 ** min(attempts, 20)), LONGEST_WAIT)
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret hangs on it


def _asked_wait(answer: Answered, at: datetime) -> timedelta | None:
    """Return how long the receiver asks to be left alone (RFC 9110 §10.2.3), a day at most."""
    given = answer.headers.get("retry-after", "").strip()
    if not given or answer.status not in {_TOO_MANY, _UNAVAILABLE}:
        return None
    if given.isascii() and given.isdigit():
        return min(timedelta(seconds=min(int(given), 10**6)), _LONGEST_ASKED)
    try:
        moment = parsedate_to_datetime(given)
        return min(max(moment - at, timedelta()), _LONGEST_ASKED)
    except (TypeError, ValueError, OverflowError):
        return None


# -- Keeping what came of it ----------------------------------------------------------------------


def _keep(webhook: Webhook, **columns: object) -> bool:
    """Write what came of a try and let go, unless somebody else has it in hand by now."""
    return _keep_in_hand(webhook, **columns, held_until=webhook.created_at, holder="")


def _keep_in_hand(webhook: Webhook, **columns: object) -> bool:
    """Write something; false when the agency has ended it or somebody else has it in hand."""
    with transaction.atomic():
        return bool(
            Webhook.objects.filter(pk=webhook.pk, holder=webhook.holder)
            .exclude(state=State.ENDED)
            .update(**columns)
        )


def _event(what: str, webhook: Webhook, at: datetime) -> None:
    detail = {"webhook": webhook.key, "contract": webhook.contract, "problem": webhook.last_problem}
    audit.record(event=f"exchange.{what}", actor=None, at=at, detail=detail)


__all__ = ["BATCH", "Rules", "work"]
