"""What the database says of itself, for the metrics: size, connections, age, cache, dead rows."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from time import monotonic

from django.db import DatabaseError, connection
from prometheus_client.core import GaugeMetricFamily, Metric

from dancu.operation import metrics

#: Seconds for which an answer is kept, however often metrics are asked for.
KEPT_FOR = 10.0
_PREFIX = "dancu_database_"
#: Name → what it is, and its label.
_GAUGES = {
    "size_bytes": ("Size of the database on disk.", ""),
    "connections": ("Connections to the database.", "state"),
    "connections_allowed": ("Connections that the server allows at most.", ""),
    "oldest_transaction_seconds": ("Age of the oldest open transaction of others.", ""),
    "cache_hit_ratio": ("Blocks found in memory, of all blocks read.", ""),
    "live_rows": ("Rows of the largest tables, as estimated.", "table"),
    "dead_rows": ("Dead rows of the largest tables that wait for a vacuum.", "table"),
}
_READ = """
WITH tables AS MATERIALIZED (
    SELECT relname::text AS name, n_live_tup, n_dead_tup FROM pg_stat_user_tables
    WHERE schemaname = current_schema()
    ORDER BY n_live_tup + n_dead_tup DESC, relname LIMIT 12
), sessions AS MATERIALIZED (
    SELECT coalesce(state, 'unknown') AS state, xact_start, pid FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
)
SELECT 'size_bytes', '', pg_database_size(current_database())::float8
UNION ALL SELECT 'connections', state, count(*) FROM sessions GROUP BY state
UNION ALL SELECT 'connections_allowed', '', current_setting('max_connections')::float8
UNION ALL
SELECT 'oldest_transaction_seconds', '',
       coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8
FROM sessions WHERE pid <> pg_backend_pid()
UNION ALL
SELECT 'cache_hit_ratio', '', coalesce(blks_hit / nullif(blks_hit + blks_read, 0)::float8, 1)
FROM pg_stat_database WHERE datname = current_database()
UNION ALL SELECT 'live_rows', name, n_live_tup FROM tables
UNION ALL SELECT 'dead_rows', name, n_dead_tup FROM tables
"""


class DatabaseGauges:
    """Reads all gauges in one query and keeps the answer for ten seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: tuple[Metric, ...] = ()
        self._until = 0.0

    def __call__(self) -> Iterator[Metric]:
        """Return the gauges; nothing when the database does not answer."""
        with self._lock:
            if monotonic() >= self._until:
                self._kept = _read()
                self._until = monotonic() + KEPT_FOR if self._kept else 0.0
            kept = self._kept
        yield from kept


def install() -> None:
    """Register the gauges of the database."""
    metrics.add_gauges(DatabaseGauges())


def _read() -> tuple[Metric, ...]:
    found = {
        name: GaugeMetricFamily(_PREFIX + name, text, labels=[label] if label else [])
        for name, (text, label) in _GAUGES.items()
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            rows = cursor.fetchall()
    except DatabaseError:
        return ()
    for name, label, value in rows:
        found[name].add_metric([label] if label else [], value)
    return tuple(found.values())
