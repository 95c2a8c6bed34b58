"""On Spark the same queries find the same pairs, of the same weight, as in DuckDB.

Spark runs in a process of its own, which takes its Java with it when it ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dancu.bench import linkage_people
from dancu.kernel.linkage import duck, engine, spark
from dancu.kernel.linkage.clusters import Clusters, update
from dancu.kernel.linkage.comparisons import within_one
from dancu.kernel.linkage.errors import AnalyticsMissing, JavaMissing, LinkageError, SparkMissing
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.options import Options
from dancu.kernel.linkage.types import Evidence, Pair

SHIPPED = Path(__file__).resolve().parents[3] / "catalogue" / "linkage" / "register.json"
RECORDS = 1_000
#: Low enough that pairs of every level are weighed, not only those that are found.
LEAST = 1e-7
TEXTS = [
    "", "a", "b", "ab", "ba", "abc", "acb", "cab", "bac", "abd", "xabc", "nguyen van an",
    "nguyen van na", "nguyen vna an", "ngyuen van an", "nugyen van na", "é", "e", "éa", "aé",
    "đỗ", "đố", "1985-03-02", "1985-03-20", "1985-30-02",
]  # fmt: skip

# What runs beside this process: the same calls, on Spark.
_SCRIPT = """
import json, sys
from dataclasses import asdict
from pathlib import Path
import pyarrow.parquet as pq
from dancu.bench import linkage_people
from dancu.kernel.linkage import engine, spark
from dancu.kernel.linkage.errors import BadRecords
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.options import Options

asked = json.loads(sys.stdin.read())
folder, model = Path(asked["folder"]), Model.load(Path(asked["model"]))
options = Options(
    context=linkage_people.context(), memory="1GB", partitions=2, backend="spark",
    least_probability=asked["least"],
)
files = folder / "left.parquet", folder / "right.parquet"
table = pq.read_table(folder / "all.parquet")
with spark.opened(options) as backend:
    near = [
        list(row) for row in backend.session.createDataFrame(asked["texts"], "a STRING, b STRING")
        .selectExpr("a", "b", "within_one(a, b)").collect()
    ]
    # What follows uses the session that is running.
    found = {
        "near": near,
        "duplicates": [asdict(one) for one in engine.duplicates(table, model, options)],
        "link": [asdict(one) for one in engine.link(*files, model, options)],
    }
    try:
        list(engine.duplicates(table.drop_columns(["key"]), model, options))
    except BadRecords as error:
        found["refused"] = error.code
(folder / "found.json").write_text(json.dumps(found), encoding="utf-8")
"""


def require_spark() -> None:
    """Skip where Spark or Java cannot be had, and say which."""
    try:
        engine.require(Options(backend="spark"))
    except (AnalyticsMissing, SparkMissing, JavaMissing) as error:
        pytest.skip(f"the engine was NOT held against Spark: {error}")


@pytest.fixture(scope="module")
def planted() -> linkage_people.Planted:
    return linkage_people.make(RECORDS, 8)


@pytest.fixture(scope="module")
def tables(planted: linkage_people.Planted) -> dict[str, pa.Table]:
    records, half = planted.records, RECORDS // 2
    right = records.slice(half - 100)
    right = right.set_column(0, "key", pa.array([f"R{key}" for key in right["key"].to_pylist()]))
    return {"all": records, "left": records.slice(0, half), "right": right}


@pytest.fixture(scope="module")
def on_spark(
    tables: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    require_spark()
    folder = tmp_path_factory.mktemp("spark")
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    before = sorted(one.name for one in folder.iterdir())
    asked = {
        "folder": str(folder),
        "model": str(SHIPPED),
        "least": LEAST,
        "texts": [(one, other) for one in TEXTS for other in TEXTS],
    }
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        input=json.dumps(asked),
        cwd=folder,
        env=os.environ | {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert sorted(one.name for one in folder.iterdir()) == sorted([*before, "found.json"])
    found: dict[str, Any] = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return found


def options() -> Options:
    return Options(
        context=linkage_people.context(), memory="500MB", threads=1, least_probability=LEAST
    )


def pairs(told: list[dict[str, Any]]) -> list[Pair]:
    return [
        Pair(**one | {"evidence": tuple(Evidence(**part) for part in one["evidence"])})
        for one in told
    ]


def require_same(found: list[Pair], expected: list[Pair]) -> None:
    """The same pairs in the same order; weights may differ by what adding up loses."""
    by_keys = {(one.left, one.right): one for one in expected}
    assert {(one.left, one.right) for one in found} == set(by_keys)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    for one in found:
        other = by_keys[one.left, one.right]
        assert one.weight == pytest.approx(other.weight, abs=1e-9)
        assert [(e.comparison, e.level) for e in one.evidence] == [
            (e.comparison, e.level) for e in other.evidence
        ]


def test_duplicates_are_the_same_on_spark_and_in_duckdb(
    tables: dict[str, pa.Table], planted: linkage_people.Planted, on_spark: dict[str, Any]
) -> None:
    model = Model.load(SHIPPED)
    here = list(engine.duplicates(tables["all"], model, options()))
    there = pairs(on_spark["duplicates"])
    require_same(there, here)
    levels = {(e.comparison, e.level) for one in here for e in one.evidence}
    assert len(levels) > 25
    held = [one for one in there if one.weight >= model.least_weight]
    assert {(one.left, one.right) for one in held} & planted.pairs
    same = [one for one in here if one.weight >= model.least_weight]
    assert update(Clusters(), held)[0] == update(Clusters(), same)[0]


def test_two_files_are_linked_on_spark_as_in_duckdb(
    tables: dict[str, pa.Table], on_spark: dict[str, Any]
) -> None:
    here = list(engine.link(tables["left"], tables["right"], Model.load(SHIPPED), options()))
    require_same(pairs(on_spark["link"]), here)
    assert len(here) > 100


def test_one_edit_is_the_same_everywhere(on_spark: dict[str, Any]) -> None:
    expected = {(one, other): within_one(one, other) for one in TEXTS for other in TEXTS}
    assert {(one, other): near for one, other, near in on_spark["near"]} == expected
    with duck.database(Options(memory="200MB", threads=1)) as base:
        for (one, other), near in expected.items():
            assert base.execute("SELECT within_one(?, ?)", [one, other]).fetchall() == [(near,)]


def test_records_without_a_key_are_refused_on_spark(on_spark: dict[str, Any]) -> None:
    assert on_spark["refused"] == "bad-linkage-records"


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(JavaMissing, match="Java 17"):
        spark.require_java()


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(LinkageError, match="scripts/setup --spark"):
        engine.require(Options(backend="spark"))


def test_a_session_elsewhere_is_told_its_master_alone() -> None:
    told = spark.settings(Options(master="spark://one:7077", partitions=400), "folder")
    assert told["spark.master"] == "spark://one:7077"
    assert told["spark.sql.shuffle.partitions"] == "400"
    assert not {name for name in told if name.startswith(("spark.driver", "spark.local"))}
    here = spark.settings(Options(memory="500MB", threads=3), "folder")
    assert here["spark.master"] == "local[3]"
    assert here["spark.driver.memory"] == "500m"
    assert here["spark.driver.host"] == here["spark.driver.bindAddress"] == "127.0.0.1"
