"""The engine in SQL says what the plain functions say, and finds what was planted."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from dancu.bench import linkage_people
from dancu.kernel.linkage import engine, types
from dancu.kernel.linkage.errors import BadRecords
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.scoring import explain
from dancu.kernel.linkage.types import Pair, Record

pytest.importorskip("duckdb")

SHIPPED = Path(__file__).resolve().parents[3] / "catalogue" / "linkage" / "register.json"
RECORDS = 2_000


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(SHIPPED)


@pytest.fixture(scope="module")
def planted() -> linkage_people.Planted:
    return linkage_people.make(RECORDS, 5)


@pytest.fixture(scope="module")
def by_key(planted: linkage_people.Planted) -> dict[str, Record]:
    return {row["key"]: Record(**row) for row in planted.records.to_pylist()}


def options(least: float | None = None) -> engine.Options:
    return engine.Options(
        context=linkage_people.context(), memory="500MB", threads=1, least_probability=least
    )


def ends(pairs: list[Pair]) -> set[tuple[str, str]]:
    return {(min(one.left, one.right), max(one.left, one.right)) for one in pairs}


def test_every_pair_weighs_the_same_in_sql_and_in_python(
    model: Model, planted: linkage_people.Planted, by_key: dict[str, Record]
) -> None:
    pairs = list(engine.duplicates(planted.records, model, options(least=1e-12)))
    assert len(pairs) > len(planted.pairs)
    for pair in pairs:
        told = explain(by_key[pair.left], by_key[pair.right], model, linkage_people.context())
        assert [(one.comparison, one.level) for one in pair.evidence] == [
            (one.comparison, one.level) for one in told.evidence
        ]
        assert pair.weight == pytest.approx(told.weight, abs=1e-6)
        assert pair.probability == pytest.approx(told.probability, abs=1e-6)
        assert pair.weight == pytest.approx(
            model.prior_weight + sum(one.weight for one in pair.evidence), abs=1e-6
        )


def test_planted_duplicates_are_found_and_twins_are_left_apart(
    model: Model, planted: linkage_people.Planted
) -> None:
    found = ends(list(engine.duplicates(planted.records, model, options())))
    right = found & planted.pairs
    assert len(right) / len(found) >= 0.98
    assert len(right) / len(planted.pairs) >= 0.93


def test_the_order_of_the_records_does_not_matter(
    model: Model, planted: linkage_people.Planted
) -> None:
    places = [(place * 7 + 3) % RECORDS for place in range(RECORDS)]
    turned = planted.records.take(places)
    assert ends(list(engine.duplicates(turned, model, options()))) == ends(
        list(engine.duplicates(planted.records, model, options()))
    )


def test_two_files_are_linked_across_and_never_within(
    model: Model, planted: linkage_people.Planted, tmp_path: Path
) -> None:
    half = RECORDS // 2
    left, right = planted.records.slice(0, half), planted.records.slice(half - 200)
    right = right.set_column(0, "key", pa.array([f"R{key}" for key in right["key"].to_pylist()]))
    path = tmp_path / "right.parquet"
    import pyarrow.parquet as pq

    pq.write_table(right, path)
    pairs = list(engine.link(left, path, model, options()))
    assert all(pair.right.startswith("R") and not pair.left.startswith("R") for pair in pairs)
    same = {pair.left for pair in pairs if pair.right == f"R{pair.left}"}
    assert len(same) >= 195


def test_a_table_without_usable_keys_is_refused(model: Model) -> None:
    with pytest.raises(BadRecords):
        list(engine.duplicates(pa.table({"full_name": ["Lê Văn Tám"]}), model, options()))
    with pytest.raises(BadRecords):
        list(engine.duplicates(pa.table({"key": ["a", "a"]}), model, options()))


def test_an_empty_table_has_no_pairs(model: Model) -> None:
    empty = pa.table({name: pa.array([], pa.string()) for name in types.COLUMNS})
    assert list(engine.duplicates(empty, model, options())) == []
