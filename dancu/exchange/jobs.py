"""Background jobs of the exchange. Every part keeps its own; the queue finds them here."""

from __future__ import annotations

from dancu.exchange.api.jobs import forget_used
from dancu.exchange.batches.jobs import forget_batches, run_batches, wake_batches

__all__ = ["forget_batches", "forget_used", "run_batches", "wake_batches"]
