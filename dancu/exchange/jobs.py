"""Background jobs of the exchange. Every part keeps its own; the queue finds them here."""

from __future__ import annotations

from dancu.exchange.api.jobs import forget_used
from dancu.exchange.batches.jobs import forget_batches, run_batches, wake_batches
from dancu.exchange.feed.jobs import collect_changes, forget_changes, send_webhooks

__all__ = [
    "collect_changes",
    "forget_batches",
    "forget_changes",
    "forget_used",
    "run_batches",
    "send_webhooks",
    "wake_batches",
]
