"""The measured process of ``dedupe``: ``python -m dancu.bench.linkage_run RECORDS FOUND``.

What is measured begins with the records in memory, and with the programs that are used loaded: the
peers (``linkage_peer_run``) begin there too.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq

from dancu.bench import linkage_people
from dancu.bench.linkage_train import SHIPPED
from dancu.kernel.linkage import engine
from dancu.kernel.linkage.clusters import Clusters, update
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.options import BACKENDS, Options


def main(arguments: list[str]) -> int:
    """Find the duplicates of a Parquet file and write them with the time and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--backend", choices=BACKENDS, default="duckdb")
    given = parser.parse_args(arguments)
    options = Options(context=linkage_people.context(), backend=given.backend)
    model = Model.load(SHIPPED)
    records = pq.read_table(given.source)
    if given.backend == "duckdb":
        import duckdb  # noqa: F401 - loaded before the clock starts
    begin = time.perf_counter()
    pairs = list(engine.duplicates(records, model, options))
    clusters, _ = update(Clusters(), pairs)
    seconds = time.perf_counter() - begin
    told = {
        "seconds": seconds,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "clusters": len(clusters.members()),
        "pairs": [(pair.left, pair.right) for pair in pairs],
    }
    given.target.write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
