"""How far the feed is behind, and how its webhooks stand, read for each scrape of the metrics."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily, Metric

from dancu.kernel.clock import system_clock
from dancu.operation import metrics
from dancu.operation.metrics import gauge

_READ = """
SELECT s.marked_statement - s.statement,
       CASE WHEN s.marked_statement > s.statement OR s.marked_annulment > s.annulment
            THEN s.marked_at ELSE s.read_at END
FROM exchange_feedstate s WHERE s.id = 1
"""
_WEBHOOKS = """
SELECT w.state, count(*), count(*) FILTER (WHERE w.failing_since IS NOT NULL),
       min(w.failing_since)
FROM exchange_webhook w WHERE w.state <> 'ended' GROUP BY w.state
"""
_STATES = ("unconfirmed", "active", "off")


def install() -> None:
    """Register the gauges of the feed."""
    metrics.add_gauges(read)


def read() -> Iterator[Metric]:
    """Lag and webhooks; nothing when the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            state = cursor.fetchone()
            cursor.execute(_WEBHOOKS)
            rows = cursor.fetchall()
    except DatabaseError:
        return
    now = system_clock.now()
    if state is not None:
        lag = max(0.0, (now - state[1]).total_seconds())
        yield gauge("dancu_feed_unread", "Statements seen that the feed has not read.", state[0])
        yield gauge("dancu_feed_lag_seconds", "How far the feed is behind.", lag)
    counted = {name: count for name, count, _failing, _since in rows}
    family = GaugeMetricFamily("dancu_webhooks", "Webhooks by their state.", labels=["state"])
    for name in _STATES:
        family.add_metric([name], counted.get(name, 0))
    yield family
    oldest = min((since for *_, since in rows if since), default=None)
    failing = float(sum(row[2] for row in rows))
    yield gauge("dancu_webhooks_failing", "Webhooks whose last deliveries failed.", failing)
    since = (now - oldest).total_seconds() if oldest else 0.0
    yield gauge(
        "dancu_webhook_failing_seconds", "Since when the longest failing one fails.", max(since, 0)
    )
