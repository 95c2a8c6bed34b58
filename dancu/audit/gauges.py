"""The size and the age of the sealed log, read for each scrape of the metrics."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client.core import Metric

from dancu.kernel.clock import system_clock
from dancu.operation import metrics
from dancu.operation.metrics import gauge


def install() -> None:
    """Register the gauges of the seal."""
    metrics.add_gauges(read)


def read() -> Iterator[Metric]:
    """Size and age; nothing when the database does not answer, no age before the first head."""
    from dancu.audit.state import last_sealed

    try:
        last = last_sealed()
    except DatabaseError:
        return
    yield gauge("dancu_seal_size", "Records sealed in the log.", float(last[1] if last else 0))
    if last:
        age = max(0.0, (system_clock.now() - last[0]).total_seconds())
        yield gauge("dancu_seal_age_seconds", "Age of the last signed head of the log.", age)
