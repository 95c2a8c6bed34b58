"""How many jobs wait, run and have failed, read from the queue for each scrape."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily, Metric

from dancu.operation import metrics

_STATES = ("todo", "doing", "failed")


def install() -> None:
    """Register the gauges of the queue."""
    metrics.add_gauges(read)


def read() -> Iterator[Metric]:
    """Jobs by queue and state; nothing when the database does not answer."""
    found = GaugeMetricFamily("dancu_jobs", "Jobs in the queue.", labels=["queue", "state"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs "
                "WHERE status::text = ANY(%s) GROUP BY 1, 2",
                [list(_STATES)],
            )
            for queue, state, count in cursor.fetchall():
                found.add_metric([queue, state], count)
    except DatabaseError:
        return
    yield found
