"""Finding the pairs of a whole file, or of two.

Records become keys once (``table``), the blocking rules propose pairs, one query weighs them all by
the levels of ``comparisons``, and those from the model's threshold on come back with their
evidence. The queries (``sql``) are the same wherever they run: in DuckDB in this process, or on
Spark where one machine is too small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from math import log2
from typing import Any, Protocol

from dancu.kernel.linkage import duck, spark, sql
from dancu.kernel.linkage.comparisons import COMPARISONS, UNKNOWN
from dancu.kernel.linkage.frequencies import Frequencies
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.options import USUAL, Options
from dancu.kernel.linkage.scoring import probability
from dancu.kernel.linkage.table import Records
from dancu.kernel.linkage.types import Evidence, Pair


class Backend(Protocol):
    """Where the queries of ``sql`` run."""

    def load(self, tables: Sequence[Records], names: Frequencies) -> None:
        """Make the table ``people`` of one table or two, in keys. Raises ``BadRecords``."""

    def propose(self, *, between: bool) -> None:
        """Make the table ``candidates`` of the pairs of all rules."""

    def rows(self, query: str, where: str, order: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query that fulfil a condition, in an order."""


def duplicates(records: Records, model: Model, options: Options = USUAL) -> Iterator[Pair]:
    """Yield the pairs of records that are taken to be one person, heaviest first.

    ``records`` has the columns of ``Record`` (Arrow, or a Parquet file); only ``key`` must be
    there. The smaller key of a pair is on the left. Raises ``BadRecords`` and, when the backend
    cannot be had, ``AnalyticsMissing``, ``SparkMissing`` or ``JavaMissing``.
    """
    return _pairs((records,), model, options)


def link(left: Records, right: Records, model: Model, options: Options = USUAL) -> Iterator[Pair]:
    """Yield the pairs of a record on the left and one on the right that are one person."""
    return _pairs((left, right), model, options)


def _pairs(tables: Sequence[Records], model: Model, options: Options) -> Iterator[Pair]:
    between = len(tables) > 1
    with _backend(options) as backend:
        backend.load(tables, model.frequencies)
        backend.propose(between=between)
        heavy = sql.heavy_enough(_least(model, options))
        for row in backend.rows(sql.scoring(model, between=between), heavy, sql.HEAVIEST_FIRST):
            yield _pair(model, row)


def require(options: Options) -> None:
    """Raise what says how to install a backend that cannot be had: before people are read."""
    (spark if options.backend == "spark" else duck).require()


def _backend(options: Options) -> AbstractContextManager[Backend]:
    if options.backend == "spark":
        return spark.opened(options)
    return duck.opened(options)


def _least(model: Model, options: Options) -> float:
    if options.least_probability is None:
        return model.least_weight
    return log2(options.least_probability / (1 - options.least_probability))


def _pair(model: Model, row: tuple[Any, ...]) -> Pair:
    one, other, weight, name_weight, *places = row
    evidence = []
    for comparison, place in zip(COMPARISONS, places, strict=True):
        if place < 0:
            evidence.append(Evidence(comparison.name, UNKNOWN, 0.0))
            continue
        level = comparison.levels[place]
        is_name = comparison is COMPARISONS[0]
        own = name_weight if is_name else model.weight(comparison.name, level)
        evidence.append(Evidence(comparison.name, level.name, own))
    return Pair(one, other, weight, probability(weight), tuple(evidence))
