"""Webhooks: where a contract's events are sent, as its agency arranges it.

Nothing outside is called here: the background job asks the receiver whether it agrees, and sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction

from dancu.audit import services as audit
from dancu.catalogue.contracts import exchange_rules
from dancu.exchange.errors import ClauseRefused
from dancu.exchange.feed import cursors, serving
from dancu.exchange.feed.errors import (
    CursorTooOld,
    TooManyWebhooks,
    WebhookAbsent,
    WebhookStands,
    WebhookTaken,
)
from dancu.exchange.feed.gate import require_feed
from dancu.exchange.feed.guard import CallFailed, target_of
from dancu.exchange.feed.models import FeedEvent, Webhook
from dancu.exchange.feed.settings import rules
from dancu.exchange.feed.types import WebhookView
from dancu.exchange.feed.words import address_problem
from dancu.exchange.types import Caller
from dancu.kernel.errors import FieldError, Invalid

MOST = 10
#: Events that are counted as waiting, at most.
_COUNTED = 1_000
#: Ended ones are shown for the agency to see why, the newest of them.
_SHOWN_ENDED = 20
State = Webhook.State
_LIVE = (State.UNCONFIRMED, State.ACTIVE, State.OFF)


def register(
    *,
    caller: Caller,
    address: str,
    at: datetime,
    changes: Sequence[str] = (),
    cursor: str = "",
) -> WebhookView:
    """Have events sent to an address, from the cursor on, without one from now on.

    Nothing is sent before the receiver has agreed. Raises ``ClauseRefused``, ``Invalid`` naming
    ``address``, ``WebhookTaken``, ``TooManyWebhooks``, ``CursorUnknown`` and ``CursorTooOld``.
    """
    contract = caller.contract
    require_feed(contract, at)
    if contract.is_sandbox:
        # Anybody gets a key of the sandbox: nothing is sent where a stranger says.
        raise ClauseRefused(
            contract=contract.name,
            clause="feed.webhooks",
            asked="webhook",
            remedy="Nothing is sent from the sandbox. Read its feed with a cursor.",
        )
    require_address(address)
    told = (
        cursors.position_of(cursor, contract=contract.name, at=at)
        if cursor
        else serving.newest(caller, at=at)
    )
    standing = Webhook.objects.filter(contract=contract.name, state__in=_LIVE)
    if standing.count() >= MOST:
        raise TooManyWebhooks(most=MOST)
    try:
        with transaction.atomic():
            made = Webhook.objects.create(
                key=uuid4().hex,
                contract=contract.name,
                client_id=caller.client_id,
                client=caller.client[:120],
                address=address,
                changes=sorted(set(changes)),
                told=told,
                next_at=at,
                held_until=at,
                created_at=at,
            )
            _event("webhook-registered", made, at, by=caller.client)
    except IntegrityError:
        raise WebhookTaken from None
    return _view(caller, made, at)


def require_address(address: str) -> None:
    """Raise ``Invalid`` unless webhooks may go to an address of this form."""
    try:
        target_of(address, rules().networks)
    except CallFailed as failure:
        message, remedy = address_problem(failure.code)
        raise Invalid([FieldError("address", failure.code, message, remedy)]) from None


def listed(*, caller: Caller, at: datetime) -> list[WebhookView]:
    """Return the contract's webhooks, those that stand first, then the last that have ended."""
    own = Webhook.objects.filter(contract=caller.contract.name)
    live = own.filter(state__in=_LIVE).order_by("id")
    ended = own.filter(state=State.ENDED).order_by("-ended_at", "-id")[:_SHOWN_ENDED]
    return [_view(caller, one, at) for one in (*live, *ended)]


def end(*, caller: Caller, key: str, at: datetime) -> None:
    """Send nothing more to a webhook. Raises ``WebhookAbsent``."""
    with transaction.atomic():
        found = _own(caller, key)
        Webhook.objects.filter(pk=found.pk).update(state=State.ENDED, why="agency", ended_at=at)
        _event("webhook-ended", found, at, by=caller.client)


def resume(*, caller: Caller, key: str, at: datetime) -> WebhookView:
    """Try a webhook again that was switched off, from where it stopped.

    Raises ``WebhookAbsent``, ``WebhookStands``, and ``CursorTooOld`` when events that it was not
    sent are not kept any more.
    """
    require_feed(caller.contract, at)
    with transaction.atomic():
        found = _own(caller, key)
        if found.state != State.OFF:
            raise WebhookStands
        _require_kept(found, at)
        Webhook.objects.filter(pk=found.pk).update(
            state=State.UNCONFIRMED,
            why="",
            attempts=0,
            failing_since=None,
            next_at=at,
            held_until=at,
        )
        _event("webhook-resumed", found, at, by=caller.client)
    return _view(caller, Webhook.objects.get(pk=found.pk), at)


def _require_kept(webhook: Webhook, at: datetime) -> None:
    """Raise ``CursorTooOld`` when the event that it was sent last is not kept any more.

    Whoever was sent none has missed some as soon as any is older than events are kept.
    """
    kept_days = exchange_rules().feed_kept_days
    own = FeedEvent.objects.filter(contract=webhook.contract)
    if webhook.told:
        is_kept = own.filter(position=webhook.told).exists()
    else:
        is_kept = not own.filter(noticed_at__lt=at - timedelta(days=kept_days)).exists()
    if not is_kept:
        raise CursorTooOld(days=kept_days)


def _cursor(webhook: Webhook) -> str:
    """Return behind which event it is; too old for ever when that is not kept any more."""
    if not webhook.told:
        return cursors.start(webhook.created_at)
    event = FeedEvent.objects.filter(contract=webhook.contract, position=webhook.told).first()
    return cursors.cursor_of(event) if event else cursors.FORGOTTEN


def _own(caller: Caller, key: str) -> Webhook:
    found = (
        Webhook.objects.select_for_update()
        .filter(contract=caller.contract.name, key=key, state__in=_LIVE)
        .first()
    )
    if found is None:
        raise WebhookAbsent
    return found


def _event(what: str, webhook: Webhook, at: datetime, **more: object) -> None:
    detail = {"webhook": webhook.key, "contract": webhook.contract, **more}
    audit.record(event=f"exchange.{what}", actor=None, at=at, detail=detail)


def _view(caller: Caller, one: Webhook, at: datetime) -> WebhookView:
    is_over = one.state == State.ENDED
    waiting = [] if is_over else serving.look(caller, one.told, _COUNTED, at=at)[1]
    is_live = one.state in {State.UNCONFIRMED, State.ACTIVE}
    return WebhookView(
        key=one.key,
        address=one.address,
        changes=tuple(one.changes),
        state=one.state,
        why=one.why,
        cursor=_cursor(one),
        waiting=len(waiting),
        attempts=one.attempts,
        failing_since=one.failing_since,
        last_status=one.last_status,
        last_problem=one.last_problem,
        last_taken_at=one.last_taken_at,
        next_at=one.next_at if is_live and one.attempts else None,
        created_at=one.created_at,
    )
