"""Finding the pairs of a whole file, or of two, with DuckDB.

Records become keys once (``table``), the blocking rules propose pairs, one query weighs them all by
the levels of ``comparisons``, and those from the model's threshold on come back with their
evidence. Memory is bounded: DuckDB spills to a folder of its own beyond ``memory``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dancu.kernel.linkage.blocking import LARGEST_BLOCK, RULES, Rule
from dancu.kernel.linkage.comparisons import COMPARISONS, UNKNOWN, Comparison
from dancu.kernel.linkage.errors import AnalyticsMissing
from dancu.kernel.linkage.model import MOST_ADJUSTED, Model
from dancu.kernel.linkage.prepared import COLUMNS, FLAGS, NOTHING_KNOWN, Context
from dancu.kernel.linkage.scoring import probability
from dancu.kernel.linkage.table import BITS, prepare, read
from dancu.kernel.linkage.types import Evidence, Pair

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_A_TIME = 20_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the engine may use, and what the caller knows.

    ``least_probability`` lowers the model's threshold, for lists that people look through.
    """

    context: Context = field(default_factory=lambda: NOTHING_KNOWN)
    memory: str = "3GB"
    threads: int = 2
    least_probability: float | None = None


USUAL = Options()


def duplicates(records: pa.Table | Path, model: Model, options: Options = USUAL) -> Iterator[Pair]:
    """Yield the pairs of records that are taken to be one person, heaviest first.

    ``records`` has the columns of ``Record`` (Arrow, or a Parquet file); only ``key`` must be
    there. Raises ``BadRecords`` and ``AnalyticsMissing``.
    """
    with database(options) as base:
        load(base, prepare(read(records), model.frequencies, options.context), side=0)
        yield from _pairs(base, model, options, between=False)


def link(
    left: pa.Table | Path, right: pa.Table | Path, model: Model, options: Options = USUAL
) -> Iterator[Pair]:
    """Yield the pairs of a record on the left and one on the right that are one person."""
    with database(options) as base:
        load(base, prepare(read(left), model.frequencies, options.context), side=0)
        load(base, prepare(read(right), model.frequencies, options.context), side=1)
        yield from _pairs(base, model, options, between=True)


@contextmanager
def database(options: Options) -> Iterator[Any]:
    """Give a DuckDB in memory that spills to a folder that goes with it."""
    try:
        import duckdb
    except ImportError as error:
        raise AnalyticsMissing from error
    with tempfile.TemporaryDirectory(prefix="dancu-linkage-") as folder:
        base = duckdb.connect(
            config={
                "memory_limit": options.memory,
                "threads": options.threads,
                "temp_directory": folder,
                "preserve_insertion_order": False,
            }
        )
        try:
            base.execute(_table_sql("people"))
            yield base
        finally:
            base.close()


def _table_sql(name: str) -> str:
    """Return the statement that makes the empty table of records in keys."""
    kinds = [
        f"{column} {'BOOLEAN' if column in FLAGS else 'VARCHAR'} NOT NULL" for column in COLUMNS
    ]
    kinds += [f"{column} DOUBLE NOT NULL" for column in BITS]
    return f"CREATE TABLE {name} (id INTEGER NOT NULL, side TINYINT NOT NULL, {', '.join(kinds)})"


def load(base: Any, keys: pa.Table, *, side: int) -> None:
    """Add records in keys to the table ``people`` of a database."""
    import pyarrow as pa

    (before,) = base.execute("SELECT count(*) FROM people").fetchall()[0]
    ids = pa.array(range(before, before + keys.num_rows), pa.int32())
    base.register("incoming", keys.append_column("id", ids))
    columns = ", ".join((*COLUMNS, *BITS))
    base.execute(f"INSERT INTO people SELECT id, {side}, {columns} FROM incoming")
    base.unregister("incoming")


def _pairs(base: Any, model: Model, options: Options, *, between: bool) -> Iterator[Pair]:
    base.execute("CREATE TABLE candidates (one INTEGER NOT NULL, other INTEGER NOT NULL)")
    for rule in RULES:
        base.execute(_candidates_sql(rule, between=between))
    least = model.least_weight
    if options.least_probability is not None:
        from math import log2

        least = log2(options.least_probability / (1 - options.least_probability))
    found = base.execute(scoring_sql(model, least))
    while rows := found.fetchmany(_ROWS_AT_A_TIME):
        for row in rows:
            yield _pair(model, row)


def _candidates_sql(rule: Rule, *, between: bool) -> str:
    """Return the statement that adds the pairs of a rule.

    The records of a block are joined by the hash of its key; should two keys share a hash, a few
    pairs more are weighed.
    """
    carried = ", birth, birth_turned" if rule.also else ""
    sides = " AND l.side < r.side" if between else ""
    also = f" AND {rule.also}" if rule.also else ""
    return f"""
    INSERT INTO candidates
    WITH keyed AS (
        SELECT {rule.hash_sql} AS block, id, side{carried} FROM people
        WHERE {rule.known_sql}
    ), blocks AS (
        SELECT block FROM keyed GROUP BY block
        HAVING count(*) BETWEEN 2 AND {LARGEST_BLOCK}
    ), shared AS (SELECT keyed.* FROM keyed SEMI JOIN blocks USING (block))
    SELECT l.id, r.id FROM shared l JOIN shared r
    ON l.block = r.block AND l.id < r.id{sides}{also}
    """


# -- Weighing --------------------------------------------------------------------------------------


def scoring_sql(model: Model, least: float) -> str:
    """Return the query that weighs the candidates: keys, weight, weight of the name, levels."""
    levels = ",\n".join(
        f"{_level_sql(comparison)} AS level_{place}" for place, comparison in enumerate(COMPARISONS)
    )
    weights = " + ".join(
        ["name_weight"]
        + [_weight_sql(model, place) for place in range(1, len(COMPARISONS))]
    )  # fmt: skip
    places = ", ".join(f"level_{place}" for place in range(len(COMPARISONS)))
    return f"""
    WITH pairs AS (SELECT DISTINCT one, other FROM candidates),
    compared AS (
        SELECT l.key AS one_key, r.key AS other_key, {levels},
               least(l.whole_bits, r.whole_bits) AS whole_bits,
               least(l.ends_bits, r.ends_bits) AS ends_bits,
               least(l.given_bits, r.given_bits) AS given_bits
        FROM pairs JOIN people l ON l.id = pairs.one JOIN people r ON r.id = pairs.other
    ),
    named AS (SELECT *, {_name_sql(model)} AS name_weight FROM compared),
    weighed AS (SELECT *, {model.prior_weight!r} + {weights} AS weight FROM named)
    SELECT one_key, other_key, weight, name_weight, {places}
    FROM weighed WHERE weight >= {least!r}
    ORDER BY weight DESC, one_key, other_key
    """


def _level_sql(comparison: Comparison) -> str:
    """Return the expression of the place of the level that holds; -1 for unknown."""
    cases = [f"WHEN {comparison.unknown.sql} THEN -1"]
    cases += [f"WHEN {level.sql} THEN {place}" for place, level in enumerate(comparison.levels)]
    return f"CASE {' '.join(cases)} END"


def _weight_sql(model: Model, place: int) -> str:
    comparison = COMPARISONS[place]
    cases = [
        f"WHEN {number} THEN {model.weight(comparison.name, level)!r}::DOUBLE"
        for number, level in enumerate(comparison.levels)
    ]
    return f"CASE level_{place} {' '.join(cases)} ELSE 0 END"


def _name_sql(model: Model) -> str:
    """Return the weight of the name, the rarity of what agrees included."""
    name = COMPARISONS[0]
    cases = []
    for number, level in enumerate(name.levels):
        weight = f"{model.weight(name.name, level)!r}::DOUBLE"
        if level.frequency:
            rarity = f"{level.frequency}_bits - {model.usual(level.frequency)!r}::DOUBLE"
            weight += f" + greatest(-{MOST_ADJUSTED!r}, least({MOST_ADJUSTED!r}, {rarity}))"
        cases.append(f"WHEN {number} THEN {weight}")
    return f"CASE level_0 {' '.join(cases)} ELSE 0 END"


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
