"""The backend for what one machine is too small for: the same queries on Spark.

Records are read and brought into keys by Spark's workers, which need this project too; pairs are
proposed and weighed in Spark's SQL; only pairs from the threshold on come to this process. Without
a master, Spark is started on this machine, within its loopback and with a folder that goes
afterwards; elsewhere its own configuration holds (``spark-defaults.conf``).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dancu.kernel.linkage import sql, types
from dancu.kernel.linkage.blocking import RULES
from dancu.kernel.linkage.errors import BadRecords, JavaMissing, SparkMissing
from dancu.kernel.linkage.frequencies import Frequencies
from dancu.kernel.linkage.options import Options
from dancu.kernel.linkage.prepared import COLUMNS, FLAGS, Context
from dancu.kernel.linkage.table import BITS, Records, prepare

if TYPE_CHECKING:
    import pyarrow as pa

#: Parts of the data for each thread: so many that one that takes longer holds nobody up.
_PARTS_A_THREAD = 4
#: What the queries of ``sql`` and the levels call, as Spark says it. Its edit distance counts
#: letters, so texts are read byte for byte; and it knows no letters that changed places.
_LETTERS_A, _LETTERS_B = (f"decode(encode({text}, 'UTF-8'), 'ISO-8859-1')" for text in "ab")
_TURNED = f"""
    octet_length(a) = octet_length(b) AND exists(sequence(1, octet_length(a)), at ->
        substr({_LETTERS_A}, at + 2) = substr({_LETTERS_B}, at + 2)
        AND concat(substr({_LETTERS_A}, 1, at - 1), substr({_LETTERS_A}, at + 1, 1),
                   substr({_LETTERS_A}, at, 1))
            = substr({_LETTERS_B}, 1, at + 1))
"""
_FUNCTIONS = (
    "key_hash(words STRING) RETURNS BIGINT RETURN xxhash64(words)",
    f"""within_one(a STRING, b STRING) RETURNS BOOLEAN RETURN
        abs(octet_length(a) - octet_length(b)) <= 1
        AND (levenshtein({_LETTERS_A}, {_LETTERS_B}, 1) >= 0 OR ({_TURNED}))""",
    """has_words(a STRING, b STRING) RETURNS BOOLEAN RETURN
        size(array_except(split(b, ' '), split(a, ' '))) = 0""",
)


#: The levels are expressions of a hundred branches, for which Java compiles no method.
_PLANNING = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


class Spark:
    """The engine's tables as views of a session."""

    def __init__(self, session: Any, options: Options) -> None:
        # Views, functions and settings of our own, whoever else uses the session.
        self.session = session.newSession()
        self._options = options
        self._held: list[Any] = []
        for name, value in _PLANNING.items():
            self.session.conf.set(name, value)
        for function in _FUNCTIONS:
            self.session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")

    def load(self, tables: Sequence[Records], names: Frequencies) -> None:
        """Bring the tables into keys, the first as side 0.

        What is numbered must be numbered alike when a worker is lost and its part made again:
        records are dealt out by their key and sorted within each part.
        """
        from pyspark.sql import functions

        keyed = [
            self._keyed(self._read(records), names).withColumn("side", functions.lit(side))
            for side, records in enumerate(tables)
        ]
        people = reduce(lambda one, other: one.union(other), keyed)
        people = people.withColumn("id", functions.monotonically_increasing_id())
        self._kept(people).createOrReplaceTempView("people")

    def _read(self, records: Records) -> Any:
        """Return the records as they are, every column of a record there, absent ones empty."""
        from pyspark.sql import functions

        if isinstance(records, Path):
            found = self.session.read.parquet(str(records))
        else:
            found = self.session.createDataFrame(records)
        if "key" not in found.columns:
            raise BadRecords
        columns = [
            functions.coalesce(found[name].cast("string"), functions.lit("")).alias(name)
            if name in found.columns
            else functions.lit("").alias(name)
            for name in types.COLUMNS
        ]
        found = found.select(*columns)
        rows, keys = found.agg(functions.count("key"), functions.countDistinct("key")).first()
        if rows != keys:
            raise BadRecords
        return found

    def _keyed(self, records: Any, names: Frequencies) -> Any:
        parts = int(self.session.conf.get("spark.sql.shuffle.partitions"))
        dealt = records.repartition(parts, "key").sortWithinPartitions("key")
        keys = partial(_keys, names=names, context=self._options.context)
        return dealt.mapInArrow(keys, _SCHEMA)

    def propose(self, *, between: bool) -> None:
        """Make ``candidates`` a view of all rules together, dealt out once."""
        query = sql.candidates(RULES, between=between)
        self.session.sql(query).createOrReplaceTempView("candidates")

    def rows(self, query: str, where: str, order: str) -> Iterator[tuple[Any, ...]]:
        """Yield rows of a query, part by part.

        Sorting looks twice, so they are kept. A column of chance keeps the condition above what it
        speaks of: below, every mention of a level would be the level worked out again.
        """
        from pyspark.sql import functions

        every = self.session.sql(query).withColumn("chance", functions.rand())
        self._kept(every.where(where)).createOrReplaceTempView("found")
        for row in self.session.sql(f"SELECT * FROM found ORDER BY {order}").toLocalIterator():
            yield tuple(row)[:-1]

    def _kept(self, frame: Any) -> Any:
        self._held.append(frame.persist())
        return frame

    def forget(self) -> None:
        """Give back what was kept, for a session that goes on."""
        for frame in self._held:
            frame.unpersist()


_SCHEMA = ", ".join(
    [f"{name} {'BOOLEAN' if name in FLAGS else 'STRING'}" for name in COLUMNS]
    + [f"{name} DOUBLE" for name in BITS]
)


def _keys(
    batches: Iterable[pa.RecordBatch], *, names: Frequencies, context: Context
) -> Iterator[pa.RecordBatch]:
    """Bring records into keys, on a worker."""
    import pyarrow as pa

    for batch in batches:
        yield from prepare(pa.Table.from_batches([batch]), names, context).to_batches()


@contextmanager
def opened(options: Options) -> Iterator[Spark]:
    """Give the backend on the session that is running, else on one of its own.

    Raises ``SparkMissing`` and ``JavaMissing``.
    """
    require()
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        backend = Spark(running, options)
        try:
            yield backend
        finally:
            backend.forget()
        return
    with tempfile.TemporaryDirectory(prefix="dancu-linkage-") as folder:
        # The workers run what this process runs.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("dancu linkage")
        for name, value in settings(options, folder).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            yield Spark(session, options)
        finally:
            session.stop()


def settings(options: Options, folder: str) -> dict[str, str]:
    """Return what a session is told; on other machines no more than its master and its parts."""
    parts = options.partitions
    if options.master:
        found = {"spark.master": options.master}
    else:
        parts = parts or _PARTS_A_THREAD * options.threads
        found = {
            "spark.master": f"local[{options.threads}]",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": _heap(options.memory),
            "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:-UsePerfData",
            "spark.local.dir": folder,
            "spark.log.level": "ERROR",
            # Planning anew after every step takes longer than the steps of one machine.
            "spark.sql.adaptive.enabled": "false",
            "spark.ui.enabled": "false",
        }
    found["spark.sql.catalogImplementation"] = "in-memory"
    found["spark.sql.warehouse.dir"] = str(Path(folder) / "warehouse")
    if parts:
        found["spark.sql.shuffle.partitions"] = str(parts)
    return found


def _heap(memory: str) -> str:
    """Return an amount of memory as Java writes it: 3g for 3GB."""
    return re.sub(r"\s*([kKmMgGtT])[iI]?[bB]?$", lambda unit: unit[1].lower(), memory)


def require() -> None:
    """Raise ``SparkMissing`` or ``JavaMissing`` when Spark cannot be started."""
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise SparkMissing from error
    require_java()


def require_java() -> None:
    """Raise ``JavaMissing`` when there is no Java to start Spark with."""
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / "java" if home else shutil.which("java")
    if java is None or not Path(java).exists():
        raise JavaMissing
