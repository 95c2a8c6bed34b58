"""Whom and what the benchmarks ask for: samples of the city, and an officer who may ask."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from dancu.access.types import Actor

AT = datetime(2026, 11, 2, 3, tzinfo=UTC)
PURPOSE = "residence_registration"
CASE = "BENCH-1"

_Q = TypeVar("_Q")


def officer() -> Actor:
    """Return an officer of both cities, who may search all of the synthetic city."""
    return Actor(
        kind="officer",
        name="bench",
        account_id=1,
        officer_id=1,
        office_code="PC06-79",
        office_name="bench",
        source="C06",
        roles=frozenset({"province_officer"}),
        jurisdictions=frozenset({"79", "01"}),
        session="bench",
    )


def sample(sql: str, count: int, seed: int) -> list[tuple[object, ...]]:
    """Return up to ``count`` rows of a query, the same for the same seed and city."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall()
    random.Random(seed).shuffle(rows)  # noqa: S311 - no secret
    return list(rows[:count])


def milliseconds(ask: Callable[[_Q], object], questions: Iterable[_Q]) -> list[float]:
    """Return how long each question took."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
