"""What the benchmarks of linkage stand on: the planted truth, and how it is counted."""

from __future__ import annotations

from dancu.bench import linkage_febrl, linkage_people
from dancu.bench.linkage_peers import best


def test_the_same_seed_plants_the_same_people() -> None:
    one, again = linkage_people.make(800, 3), linkage_people.make(800, 3)
    assert one.records.equals(again.records)
    assert one.pairs == again.pairs
    assert linkage_people.make(800, 4).records != one.records


def test_planted_pairs_are_records_of_the_table_and_differ() -> None:
    planted = linkage_people.make(800, 3)
    rows = {row["key"]: row for row in planted.records.to_pylist()}
    assert len(rows) == 800
    assert 20 <= len(planted.pairs) <= 80
    assert all(one < other and {one, other} <= set(rows) for one, other in planted.pairs)
    same = [rows[one] | {"key": ""} == rows[other] | {"key": ""} for one, other in planted.pairs]
    assert sum(same) < len(same) / 4


def test_the_best_threshold_is_the_one_with_the_best_f1() -> None:
    truth = frozenset({("a", "b"), ("c", "d")})
    found = [("a", "b", 9.0), ("c", "d", 5.0), ("a", "c", 4.0), ("a", "d", 5.5)]
    score = best(found, truth, 1.0)
    assert (score.recall, round(score.precision, 3)) == (1.0, 0.667)
    assert best([], truth, 1.0).f1 == 0.0


def test_febrl_is_whole() -> None:
    records, pairs = linkage_febrl.read()
    assert records.num_rows == 1000
    assert len(pairs) == 500
