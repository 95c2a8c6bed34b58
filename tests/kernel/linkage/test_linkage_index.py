"""One record against a register: the index proposes what the engine would."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dancu.bench import linkage_people
from dancu.kernel.linkage import duck, engine
from dancu.kernel.linkage.blocking import RULES
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.prepared import prepare
from dancu.kernel.linkage.types import Record

pytest.importorskip("duckdb")

from dancu.kernel.linkage.index import Index

SHIPPED = Path(__file__).resolve().parents[3] / "catalogue" / "linkage" / "register.json"


@pytest.fixture(scope="module")
def planted() -> linkage_people.Planted:
    return linkage_people.make(1_500, 6)


@pytest.fixture(scope="module")
def index(planted: linkage_people.Planted) -> Index:
    options = engine.Options(context=linkage_people.context(), memory="500MB", threads=1)
    return Index(planted.records, Model.load(SHIPPED), options)


def test_a_key_has_the_same_hash_in_sql_and_in_python(planted: linkage_people.Planted) -> None:
    context = linkage_people.context()
    rows = [Record(**row) for row in planted.records.slice(0, 60).to_pylist()]
    keyed = [prepare(row, context) for row in rows]
    with duck.database(engine.Options(memory="200MB", threads=1)) as base:
        from dancu.kernel.linkage.table import prepare as prepare_table

        names = Model.load(SHIPPED).frequencies
        duck.load(base, prepare_table(planted.records.slice(0, 60), names, context), side=0)
        for rule in RULES:
            found = base.execute(
                f"SELECT key, {rule.hash_sql} FROM people WHERE {rule.known_sql}"
            ).fetchall()
            assert dict(found) == {
                one.key: rule.hash_of(one) for one in keyed if rule.hash_of(one) is not None
            }


def test_planted_records_lead_to_the_first_record(
    planted: linkage_people.Planted, index: Index
) -> None:
    rows = {row["key"]: Record(**row) for row in planted.records.to_pylist()}
    found = 0
    for one, other in planted.pairs:
        pairs = index.find(rows[other])
        assert all(pair.left == other != pair.right for pair in pairs)
        found += one in {pair.right for pair in pairs}
    assert found / len(planted.pairs) >= 0.93


def test_a_stranger_leads_to_nobody(planted: linkage_people.Planted, index: Index) -> None:
    stranger = Record("s", "Quách Thị Mộc Lan", "1985-03-02", "F", "079185001234", commune="26734")
    assert index.find(stranger) == []
    assert index.find(Record("nobody")) == []
    row = Record(**planted.records.slice(0, 1).to_pylist()[0])
    (same,) = [pair for pair in index.find(replace(row, key="again")) if pair.right == row.key]
    assert same.probability > 0.99
