"""``dancu clean``: what it says, what it writes, and how it ends."""

from __future__ import annotations

import argparse
from pathlib import Path

import orjson
import pytest

from dancu.cleaning.errors import UnknownKind
from dancu.cli import clean
from dancu.exchange.batches.errors import MeaningUnknown

pytestmark = pytest.mark.django_db

LIST = """Mã định danh;Họ và tên;Ngày sinh;Giới tính
79315000016;NGUYỄN  THỊ AN;8/11/2015;Nữ
079215000017;Trần Văn Bình;31/02/2015;Nam
"""


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    clean.add_arguments(parser)
    return clean.run(parser.parse_args(list(arguments)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hoc-sinh.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_it_tells_what_it_found_and_writes_beside_the_file(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(file), "--accept", "sure") == 0
    said = capsys.readouterr().out
    assert "Viết hoa trong họ tên" in said
    assert "[name_case]" in said
    assert "hoc-sinh.cleaned.csv" in said
    cleaned = file.with_name("hoc-sinh.cleaned.csv").read_text(encoding="utf-8-sig")
    assert "079315000016;Nguyễn Thị An;08/11/2015;Nữ" in cleaned


def test_programs_get_figures_and_scripts_may_be_strict(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = file.with_name("sach.csv")
    assert run(str(file), "--json", "--strict", "--offline", "--out", str(out)) == 3
    said = orjson.loads(capsys.readouterr().out)
    assert (said["rows"], said["for_people"]) == (2, 1)
    assert said["look"]["DATE_WRONG"] == 1
    assert said["files"] == [str(file.with_name(one)) for one in (
        "sach.csv", "sach.report.xlsx", "sach.recipe.json")]  # fmt: skip


def test_the_recipe_of_one_month_cleans_the_next(file: Path) -> None:
    assert run(str(file), "--accept", "name_case", "--json") == 0
    later = file.with_name("thang-12.csv")
    later.write_text(LIST, encoding="utf-8")
    assert run(str(later), "--recipe", str(file.with_name("hoc-sinh.recipe.json")), "--json") == 0
    cleaned = file.with_name("thang-12.cleaned.csv").read_text(encoding="utf-8-sig")
    assert "79315000016;Nguyễn Thị An;8/11/2015" in cleaned


def test_what_contradicts_itself_is_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(file), "--offline", "--contract", "student-check") == 2
    assert run(str(file), "--review") == 2
    assert "--review" in capsys.readouterr().err
    with pytest.raises(UnknownKind):
        run(str(file), "--accept", "everything")
    assert [one.name for one in file.parent.iterdir()] == ["hoc-sinh.csv"]


def test_what_is_read_is_not_written_over_and_no_purpose_is_guessed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for wrong, said in (
        (["--out", str(file)], "would be written over"),
        (["--contract", "student-check"], "say --purpose, one of"),
        (["--column", "9=pid"], "there is no column 9"),
    ):
        with pytest.raises(SystemExit, match=said):
            run(str(file), *wrong)
    with pytest.raises(MeaningUnknown):
        run(str(file), "--column", "2=pdi")
    for missing in (["nofile.csv"], [str(file), "--against", "nofile.csv"]):
        with pytest.raises(SystemExit):
            run(*missing)
        assert "there is no file nofile.csv" in capsys.readouterr().err
    assert [one.name for one in file.parent.iterdir()] == ["hoc-sinh.csv"]
    assert file.read_text(encoding="utf-8") == LIST
