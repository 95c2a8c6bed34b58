"""The usual backend: DuckDB in the process, within bounds of memory, spilling to a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dancu.kernel.linkage import sql
from dancu.kernel.linkage.blocking import RULES
from dancu.kernel.linkage.errors import AnalyticsMissing
from dancu.kernel.linkage.frequencies import Frequencies
from dancu.kernel.linkage.options import Options
from dancu.kernel.linkage.prepared import COLUMNS, FLAGS
from dancu.kernel.linkage.table import BITS, Records, prepare, read

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_A_TIME = 20_000
#: So few records have room for the keys of all rules at once.
_FEW = 50_000
#: What the queries of ``sql`` and the levels call, as DuckDB says it.
_FUNCTIONS = (
    "key_hash(words) AS md5_number_lower(words)",
    "within_one(a, b) AS abs(strlen(a) - strlen(b)) <= 1 AND damerau_levenshtein(a, b) <= 1",
    "has_words(a, b) AS list_has_all(string_split(a, ' '), string_split(b, ' '))",
)


class DuckDB:
    """The engine's tables in a database of this process."""

    def __init__(self, base: Any, options: Options) -> None:
        self._base = base
        self._options = options

    def load(self, tables: Sequence[Records], names: Frequencies) -> None:
        """Bring the tables into keys, the first as side 0."""
        for side, records in enumerate(tables):
            load(self._base, prepare(read(records), names, self._options.context), side=side)

    def propose(self, *, between: bool) -> None:
        """Fill ``candidates``; of many records one rule at a time, which bounds the memory."""
        self._base.execute("CREATE TABLE candidates (one INTEGER NOT NULL, other INTEGER NOT NULL)")
        (people,) = self._base.execute("SELECT count(*) FROM people").fetchall()[0]
        steps = [RULES] if people <= _FEW else [[rule] for rule in RULES]
        for rules in steps:
            self._base.execute(f"INSERT INTO candidates {sql.candidates(rules, between=between)}")

    def rows(self, query: str, where: str, order: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query that fulfil a condition, in an order."""
        found = self._base.execute(f"SELECT * FROM ({query}) WHERE {where} ORDER BY {order}")
        while rows := found.fetchmany(_ROWS_AT_A_TIME):
            yield from rows


@contextmanager
def opened(options: Options) -> Iterator[DuckDB]:
    """Give the backend. Raises ``AnalyticsMissing``."""
    with database(options) as base:
        yield DuckDB(base, options)


@contextmanager
def database(options: Options) -> Iterator[Any]:
    """Give a DuckDB in memory that spills to a folder that goes with it."""
    require()
    import duckdb

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
            for function in _FUNCTIONS:
                base.execute(f"CREATE MACRO {function}")
            base.execute(_table_sql("people"))
            yield base
        finally:
            base.close()


def require() -> None:
    """Raise ``AnalyticsMissing`` when DuckDB is not installed."""
    try:
        import duckdb  # noqa: F401
    except ImportError as error:
        raise AnalyticsMissing from error


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
