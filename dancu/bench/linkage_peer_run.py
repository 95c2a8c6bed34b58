"""One peer on one sample: ``python linkage_peer_run.py PEER RECORDS FOUND``.

Runs under a Python that may have nothing of this project, so it imports nothing of it. Writes the
pairs with their weights and the seconds from the records in memory to the pairs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

Weighed = list[tuple[str, str, float]]
FIELDS = ("full_name", "birth_date", "sex", "pid", "father_name", "mother_name", "commune", "phone")
LABELS = 400


def splink(source: Path) -> tuple[Weighed, float]:
    """Let Splink find the pairs with its stock comparisons of names and dates."""
    import pyarrow.parquet as pq
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rows = [
        {"unique_id": row["key"]} | {name: row[name] or None for name in FIELDS}
        for row in pq.read_table(source).to_pylist()
    ]
    import pyarrow as pa

    table = pa.Table.from_pylist(rows)
    begin = time.perf_counter()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("full_name").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("pid", [1, 2]),
            cl.NameComparison("father_name"),
            cl.NameComparison("mother_name"),
            cl.ExactMatch("commune"),
            cl.ExactMatch("phone"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("full_name"), block_on("birth_date"), block_on("pid"), block_on("phone"),
            block_on("father_name", "mother_name"),
        ],
    )  # fmt: skip
    linker = Linker(DuckDBAPI().register(table), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("pid"), block_on("full_name", "birth_date")], recall=0.6
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("birth_date"), block_on("full_name")):
        training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01).as_record_list()
    seconds = time.perf_counter() - begin
    return [
        (str(one["unique_id_l"]), str(one["unique_id_r"]), float(one["match_weight"]))
        for one in found
    ], seconds


def recordlinkage(source: Path) -> tuple[Weighed, float]:
    """Let recordlinkage find the pairs: Jaro-Winkler, and its unsupervised classifier."""
    import pandas as pd
    import recordlinkage as rl

    frame = pd.read_parquet(source).set_index("key")
    frame = frame.where(frame != "", None)
    begin = time.perf_counter()
    index = rl.Index()
    for columns in ("full_name", "birth_date", "pid", "phone", ["father_name", "mother_name"]):
        index.block(columns)
    pairs = index.index(frame)
    compare = rl.Compare()
    for name in ("full_name", "father_name", "mother_name"):
        compare.string(name, name, method="jarowinkler", threshold=0.9, label=name)
    for name in ("birth_date", "pid", "sex", "commune", "phone"):
        compare.exact(name, name, label=name)
    features = compare.compute(pairs, frame)
    classifier = rl.ECMClassifier(binarize=0.5)
    classifier.fit(features)
    odds = classifier.prob(features)
    seconds = time.perf_counter() - begin
    kept = odds[odds > 0.01]
    return [(str(one), str(other), float(p)) for (one, other), p in kept.items()], seconds


def dedupe(source: Path) -> tuple[Weighed, float]:
    """Let dedupe find the pairs after it was told the truth about some."""
    import io
    import random

    import dedupe as program
    import pyarrow.parquet as pq

    rows = pq.read_table(source).to_pylist()
    data = {row["key"]: {name: row[name] or None for name in FIELDS} for row in rows}
    truth = [tuple(pair) for pair in json.loads(source.with_name("truth.json").read_text())]
    rng = random.Random(1)  # noqa: S311 - a sample
    same = rng.sample(truth, min(LABELS, len(truth)))
    keys = sorted(data)
    distinct = [tuple(sorted(rng.sample(keys, 2))) for _ in range(LABELS)]
    known = {
        "match": [{"__class__": "tuple", "__value__": [data[a], data[b]]} for a, b in same],
        "distinct": [{"__class__": "tuple", "__value__": [data[a], data[b]]} for a, b in distinct],
    }
    begin = time.perf_counter()
    strings = ("full_name", "birth_date", "pid", "father_name", "mother_name")
    exact = ("sex", "commune", "phone")
    model = program.Dedupe(
        [program.variables.String(name, has_missing=True) for name in strings]
        + [program.variables.Exact(name, has_missing=True) for name in exact],
        num_cores=2,
        in_memory=True,
    )
    model.prepare_training(data, training_file=io.StringIO(json.dumps(known)), sample_size=2000)
    model.train(recall=1.0)
    found = model.partition(data, 0.5)
    seconds = time.perf_counter() - begin
    return [
        (one, other, float(min(scores)))
        for members, scores in found
        for one, other in combinations(sorted(members), 2)
    ], seconds


RUNS: dict[str, Callable[[Path], tuple[Weighed, float]]] = {
    "splink": splink,
    "recordlinkage": recordlinkage,
    "dedupe": dedupe,
}


def main(arguments: list[str]) -> int:
    """Run the peer and write what it found."""
    peer, source, target = arguments
    pairs, seconds = RUNS[peer](Path(source))
    told: dict[str, Any] = {"pairs": pairs, "seconds": seconds}
    Path(target).write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
