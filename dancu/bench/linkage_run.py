"""The measured process of ``dedupe``: ``python -m dancu.bench.linkage_run RECORDS FOUND``."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from dancu.bench import linkage_people
from dancu.bench.linkage_train import SHIPPED
from dancu.kernel.linkage import engine
from dancu.kernel.linkage.clusters import Clusters, update
from dancu.kernel.linkage.model import Model


def main(arguments: list[str]) -> int:
    """Find the duplicates of a Parquet file and write them with the time and the memory."""
    source, target = map(Path, arguments)
    context = linkage_people.context()
    model = Model.load(SHIPPED)
    begin = time.perf_counter()
    pairs = list(engine.duplicates(source, model, engine.Options(context=context)))
    clusters, _ = update(Clusters(), pairs)
    seconds = time.perf_counter() - begin
    told = {
        "seconds": seconds,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "clusters": len(clusters.members()),
        "pairs": [(pair.left, pair.right) for pair in pairs],
    }
    target.write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
