"""link-one: one record against a register of a million, as a desk asks before it enters somebody.

In one process, with an index of the register's keys in its memory (``kernel.linkage.index``), built
once; the time to build it and what it holds are in the detail. Asked are the planted second records
and people who are not in the register. The reference is a plain look-up of the same people by their
number in a dictionary of the records.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil

from dancu.bench import linkage_people
from dancu.bench.linkage_train import SHIPPED
from dancu.bench.people import milliseconds, p95
from dancu.bench.types import Benchmark, Line, Options
from dancu.kernel.linkage.index import Index
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.options import Options as EngineOptions
from dancu.kernel.linkage.types import Record

RECORDS = 1_000_000
QUESTIONS = 1_000
LIMIT_MS = 50.0


def measure(options: Options) -> Iterator[Line]:
    """Build the index, ask, and count how often the right record came."""
    count = options.people or RECORDS
    planted = linkage_people.make(count, options.seed)
    companions: dict[str, str] = {}
    for one, other in sorted(planted.pairs):
        companions.setdefault(other, one)
    asked_keys = sorted(companions)[: (options.records or QUESTIONS) // 2]
    asked = [Record(**row) for row in planted.records.take(list(map(int, asked_keys))).to_pylist()]
    strangers = linkage_people.make(len(asked) * 2, options.seed + 1).records.to_pylist()
    before = psutil.Process().memory_info().rss
    begin = time.perf_counter()
    index = Index(
        planted.records, Model.load(SHIPPED), EngineOptions(context=linkage_people.context())
    )
    built = time.perf_counter() - begin
    held = (psutil.Process().memory_info().rss - before) / 2**20
    right = sum(companions[one.key] in {pair.right for pair in index.find(one)} for one in asked)
    questions = asked + [Record(**row) for row in strangers[: len(asked)]]
    taken = milliseconds(index.find, questions)
    by_pid = dict(zip(planted.records["pid"].to_pylist(), range(count), strict=True))
    plain = milliseconds(lambda one: by_pid.get(one.pid), questions)
    yield Line(
        name="link-one",
        value=p95(taken),
        unit="ms",
        reference="p95 of a look-up by the exact number in a dictionary, ms",
        reference_value=p95(plain),
        run=f"{len(questions):,} records one by one against {count:,}, index in the process",
        limit=LIMIT_MS,
        at_most=True,
        detail={
            "found": f"{right / max(len(asked), 1):.4f} of {len(asked)} planted",
            "p50_ms": round(sorted(taken)[len(taken) // 2], 2),
            "built_in_s": round(built, 1),
            "index_mib": round(held),
        },
    )


BENCHMARK = Benchmark("link-one", "one record against a million, p95", measure)
