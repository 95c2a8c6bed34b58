"""dedupe: the duplicates among a million people found, how many of them, and how rightly.

Timed is the engine from the table of records in memory to clusters with ids: keys, candidates,
weights, evidence of every pair found, clusters. It runs in a process of its own, whose memory at
its highest is ``dedupe-memory``. ``precision`` and ``recall`` are counted over pairs, against the
duplicates that were planted (``linkage_people``). In the same run the peers find the duplicates of
a smaller sample (``linkage_peers``), and ours those of FEBRL (``linkage_febrl``).

With the backend ``spark`` both backends find the duplicates of the same records instead, and Spark
is held against DuckDB. Its time holds the start of Spark.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dancu.bench import linkage_febrl, linkage_peers, linkage_people
from dancu.bench.linkage_people import Planted
from dancu.bench.types import Benchmark, Line, Options, against_promise

RECORDS = 1_000_000
SAMPLE = 10_000
SECONDS_FOR_A_MILLION = 120.0
LIMIT_MIB = 6_144.0
#: Starting takes its time however few the records.
SMALLEST = 0.1
PRECISION, RECALL = 0.99, 0.97


@dataclass(frozen=True, slots=True)
class Found:
    """What one run said: pairs of keys, the smaller first, seconds and MiB."""

    pairs: frozenset[tuple[str, str]]
    seconds: float
    mib: float
    clusters: int


def measure(options: Options) -> Iterator[Line]:
    """Plant, find, compare with the truth; then the peers on a sample, then FEBRL."""
    count = options.people or RECORDS
    options.say(f"Making {count:,} records")
    planted = linkage_people.make(count, options.seed)
    options.say(f"  {planted.people:,} people, {len(planted.pairs):,} pairs to find")
    if options.backend == "spark":
        yield _spark(planted, count)
        return
    found = find(planted)
    options.say(f"  {len(found.pairs):,} pairs found in {found.seconds:.1f} s")
    yield from _lines(planted, found, count)
    yield from linkage_peers.measure(
        linkage_people.make(min(options.records or SAMPLE, count), options.seed + 1), options.say
    )
    yield from linkage_febrl.measure()


def _spark(planted: Planted, count: int) -> Line:
    here, there = find(planted), find(planted, "spark")
    return Line(
        name="dedupe-spark",
        value=there.seconds,
        unit="s",
        reference="DuckDB on the same records, s",
        reference_value=here.seconds,
        run=f"{count:,} records, local Spark, its start included",
        detail={
            "pairs": len(there.pairs),
            "pairs of one backend alone": len(there.pairs ^ here.pairs),
            "clusters": there.clusters,
        },
    )


def find(planted: Planted, backend: str = "duckdb") -> Found:
    """Find the duplicates in a process of its own. Raises ``CalledProcessError``."""
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(prefix="dancu-bench-") as name:
        source, target = Path(name) / "records.parquet", Path(name) / "found.json"
        pq.write_table(planted.records, source)
        subprocess.run(  # noqa: S603 - our own module
            [
                sys.executable,
                "-m",
                "dancu.bench.linkage_run",
                str(source),
                str(target),
                "--backend",
                backend,
            ],
            check=True,
            env=os.environ | {"PYTHONHASHSEED": "0"},
        )
        told = json.loads(target.read_text(encoding="utf-8"))
    pairs = frozenset((min(pair), max(pair)) for pair in told["pairs"])
    return Found(pairs, told["seconds"], told["mib"], told["clusters"])


def _lines(planted: Planted, found: Found, count: int) -> Iterator[Line]:
    right = len(found.pairs & planted.pairs)
    run = f"{count:,} records of {planted.people:,} people, {len(planted.pairs):,} pairs planted"
    limit = SECONDS_FOR_A_MILLION * max(count / RECORDS, SMALLEST)
    yield against_promise(
        name="dedupe",
        value=found.seconds,
        unit="s",
        run=run,
        limit=limit,
        at_most=True,
        detail={"pairs": len(found.pairs), "clusters": found.clusters},
    )
    yield against_promise(
        name="dedupe-memory",
        value=found.mib,
        unit="MiB",
        run=run,
        limit=LIMIT_MIB,
        at_most=True,
    )
    yield _share("precision", right / max(len(found.pairs), 1), PRECISION, run)
    yield _share("recall", right / max(len(planted.pairs), 1), RECALL, run)


def _share(name: str, value: float, limit: float, run: str) -> Line:
    return against_promise(
        name=name,
        value=value,
        unit="of pairs",
        run=run,
        limit=limit,
    )


BENCHMARK = Benchmark("dedupe", "the duplicates among a million people, and the peers", measure)
