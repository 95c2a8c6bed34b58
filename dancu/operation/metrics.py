"""Prometheus metrics of the platform, added up over all its processes.

The doors count through the functions here; labels are few and never personal. ``dancu up`` gives
its processes one directory (``PROMETHEUS_MULTIPROC_DIR``) in which each keeps its numbers, so that
any of them can answer for all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from dancu.operation.health import answers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_JOB_SECONDS = (0.05, 0.25, 1, 5, 15, 60, 300, 1800)

requests_total = Counter(
    "dancu_requests_total", "Requests answered.", ["method", "route", "status"]
)
request_seconds = Histogram(
    "dancu_request_seconds", "Time to answer a request.", ["route"], buckets=_SECONDS
)
errors_total = Counter("dancu_errors_total", "Errors shown to users.", ["code"])

claims_accepted_total = Counter(
    "dancu_claims_accepted_total", "Claims taken in by the door in.", ["source"]
)
claims_rejected_total = Counter(
    "dancu_claims_rejected_total", "Claims refused by the door in.", ["source", "reason"]
)
statements_total = Counter(
    "dancu_statements_total", "Statements taken in by the door in.", ["source"]
)
conflicts_opened_total = Counter(
    "dancu_conflicts_opened_total", "Claims that lost and are kept as conflicts.", ["source"]
)
batch_rows_total = Counter(
    "dancu_batch_rows_total", "Rows of batches by what became of them.", ["source", "outcome"]
)
disclosures_total = Counter(
    "dancu_disclosures_total",
    "Answers of the door out: disclosed, refused or failed.",
    ["outcome", "purpose"],
)
disclosure_seconds = Histogram(
    "dancu_disclosure_seconds",
    "Time of the door out, its access record included.",
    buckets=_SECONDS,
)
search_seconds = Histogram(
    "dancu_search_seconds", "Time of a search for persons.", ["kind"], buckets=_SECONDS
)
pids_issued_total = Counter("dancu_pids_issued_total", "Personal numbers issued.")
sign_ins_total = Counter("dancu_sign_ins_total", "Attempts to sign in.", ["outcome"])

jobs_total = Counter("dancu_jobs_total", "Background jobs ended.", ["task", "outcome"])
job_seconds = Histogram(
    "dancu_job_seconds", "Running time of background jobs.", ["task"], buckets=_JOB_SECONDS
)

Gauges = Callable[[], Iterable[Metric]]
_gauges: list[Gauges] = []


def add_gauges(read: Gauges) -> Gauges:
    """Register a function that reads gauges from the database whenever metrics are asked for.

    It runs once for each scrape: keep it to a few milliseconds.
    """
    _gauges.append(read)
    return read


class _Gauges(Collector):
    def collect(self) -> Iterator[Metric]:
        up = answers()
        yield gauge("dancu_database_up", "Whether the database answers.", float(up))
        # Without a database each of them would wait for one.
        for read in _gauges if up else ():
            yield from read()


@contextmanager
def timed(histogram: Histogram, **labels: str) -> Iterator[None]:
    """Observe how long a block takes, also when it raises."""
    begin = perf_counter()
    try:
        yield
    finally:
        target = histogram.labels(**labels) if labels else histogram
        target.observe(perf_counter() - begin)


def gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    """One gauge without labels."""
    return GaugeMetricFamily(name, text, value=value)


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        registry.register(_Gauges())
        return generate_latest(registry)
    from prometheus_client import REGISTRY

    registry.register(_Gauges())
    return generate_latest(REGISTRY) + generate_latest(registry)
