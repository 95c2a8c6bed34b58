"""The shipped model: read, written, refused when it is none, and what it says of clear cases."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dancu.kernel.linkage.comparisons import COMPARISONS
from dancu.kernel.linkage.errors import BadModel
from dancu.kernel.linkage.frequencies import count
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.scoring import explain
from dancu.kernel.linkage.types import Record

SHIPPED = Path(__file__).resolve().parents[3] / "catalogue" / "linkage" / "register.json"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(SHIPPED)


PERSON = Record(
    "a", "Quách Thị Mộc Lan", "1985-03-02", "F", "079185001234", "", "Quách Văn Tám", "Võ Thị Bảy",
    "26734", "26734", "45/2 Đinh Tiên Hoàng", "0912345678",
)  # fmt: skip


def test_what_is_written_reads_the_same(model: Model, tmp_path: Path) -> None:
    model.dump(tmp_path / "model.json")
    assert Model.load(tmp_path / "model.json") == model


def test_the_training_is_kept(model: Model) -> None:
    assert {"made_on", "seed", "records", "sessions", "splink", "duckdb"} <= set(model.training)
    assert "full_name.other_name" in model.fixed


@pytest.mark.parametrize("damage", ["format", "odds", "text", "share"])
def test_a_file_that_is_no_model_is_refused(damage: str, tmp_path: Path) -> None:
    value = json.loads(SHIPPED.read_text(encoding="utf-8"))
    if damage == "format":
        value["format"] = "dancu-linkage-0"
    elif damage == "odds":
        value["odds"]["sex"].pop("same")
    elif damage == "share":
        value["odds"]["sex"]["same"]["u"] = 0
    path = tmp_path / "model.json"
    path.write_text("{" if damage == "text" else json.dumps(value), encoding="utf-8")
    with pytest.raises(BadModel):
        Model.load(path)


def test_evidence_has_the_order_of_the_comparisons_and_sums_to_the_weight(model: Model) -> None:
    pair = explain(PERSON, replace(PERSON, key="b", pid="", phone=""), model)
    assert [one.comparison for one in pair.evidence] == [one.name for one in COMPARISONS]
    assert pair.weight == pytest.approx(
        model.prior_weight + sum(one.weight for one in pair.evidence)
    )
    assert pair.probability > 0.99


def test_the_order_of_two_records_does_not_matter(model: Model) -> None:
    other = replace(PERSON, key="b", full_name="Quách Lan", birth_date="1985", commune="00001")
    one, back = explain(PERSON, other, model), explain(other, PERSON, model)
    assert (one.weight, one.evidence) == (back.weight, back.evidence)
    assert (one.left, one.right) == (back.right, back.left)


def test_a_twin_is_another_person(model: Model) -> None:
    twin = replace(PERSON, key="b", full_name="Quách Thị Mộc Huệ", pid="079185777666", phone="")
    assert explain(PERSON, twin, model).probability < 0.1


def test_a_rare_name_says_more_than_a_common_one(model: Model) -> None:
    def weight(name: str) -> float:
        one = Record("a", full_name=name)
        return explain(one, replace(one, key="b"), model).evidence[0].weight

    assert weight("Quách Thị Mộc Lan") > weight("Nguyễn Thị Hương") + 2


def test_namesakes_of_one_year_are_not_one_person(model: Model) -> None:
    one = Record("a", full_name="Nguyễn Văn Hùng", birth_date="1970", sex="M")
    assert explain(one, replace(one, key="b"), model).probability < 0.5


def test_names_are_counted_whole_and_in_parts() -> None:
    names = count(["nguyen van hung"] * 6 + ["nguyen thi lan"] * 2 + ["tran thi lan"] * 2)
    whole, ends, given = names.bits("nguyen van hung")
    assert whole == pytest.approx(0.74, abs=0.01)
    assert ends == pytest.approx(0.32 + 0.74, abs=0.01)
    assert given == pytest.approx(0.74, abs=0.01)
    assert names.bits("quach moc lan")[0] > 28
    assert names.bits("") == (0.0, 0.0, 0.0)
