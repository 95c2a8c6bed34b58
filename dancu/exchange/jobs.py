"""Background jobs of the exchange. Every part keeps its own; the queue finds them here."""

from __future__ import annotations

from dancu.exchange.batches.jobs import forget_batches, run_batches, wake_batches

__all__ = ["forget_batches", "run_batches", "wake_batches"]
