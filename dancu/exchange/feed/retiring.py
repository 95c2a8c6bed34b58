"""What ends with a contract, and what is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from dancu.catalogue.contracts import contracts, exchange_rules
from dancu.exchange.clients import SANDBOX_LIVES
from dancu.exchange.feed.models import Subscription, Webhook
from dancu.kernel.clock import today

#: How long it stays known that somebody was followed, or that a webhook has ended.
_KEPT = timedelta(days=365)
_AT_ONCE = 10_000
# Of each contract the newest of the old events stays: a cursor of a quiet feed may rest on it.
_FORGET = """
DELETE FROM exchange_feedevent WHERE position IN (
    SELECT e.position FROM exchange_feedevent e
    WHERE e.noticed_at < %(before)s AND EXISTS (
        SELECT FROM exchange_feedevent l
        WHERE l.contract = e.contract AND l.position > e.position AND l.noticed_at < %(before)s)
    ORDER BY e.position LIMIT %(most)s)
"""


def retire(*, at: datetime) -> int:
    """End subscriptions and webhooks of ended contracts, delete old events; return how many."""
    _end_with_contracts(at)
    Subscription.objects.filter(ended_at__lt=at - _KEPT).delete()
    Webhook.objects.filter(state=Webhook.State.ENDED, ended_at__lt=at - _KEPT).delete()
    before = at - timedelta(days=exchange_rules().feed_kept_days)
    forgotten = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_FORGET, {"before": before, "most": _AT_ONCE})
            count: int = cursor.rowcount
            forgotten += count
            if count < _AT_ONCE:
                return forgotten


def _end_with_contracts(at: datetime) -> None:
    having = [one for one in contracts(today(at)) if "feed" in one.modes]
    over = ended = ~Q(contract__in=[one.name for one in having])
    for sandbox in (one for one in having if one.is_sandbox):
        # There every client has a feed of its own (``feed_of``), and none lives longer.
        over &= ~Q(contract__startswith=f"{sandbox.name}/", begun_at__gte=at - SANDBOX_LIVES)
    Subscription.objects.filter(over, ended_at=None).update(ended_at=at, ended_by="contract")
    live = Webhook.objects.filter(ended).exclude(state=Webhook.State.ENDED)
    live.update(state=Webhook.State.ENDED, why="contract", ended_at=at)
