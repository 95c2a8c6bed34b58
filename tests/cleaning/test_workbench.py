"""A file on the bench: what is found in it, what is changed, and what is written."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import orjson
import pytest
import python_calamine
import xlsxwriter

from dancu.cleaning import findings, linking
from dancu.cleaning.errors import BadRecipe, FileChanged, RecipeFitsNot, UnknownKind
from dancu.cleaning.export import files_of, write
from dancu.cleaning.kinds import KINDS
from dancu.cleaning.outcome import Outcome
from dancu.cleaning.recipe import Decisions, accepting, read_recipe, recipe_of
from dancu.cleaning.types import Change
from dancu.cleaning.workbench import Analysis, Workbench
from dancu.synthesis.dirty.encodings import to_tcvn3

TODAY = date(2026, 11, 22)
LIST = """SỞ GIÁO DỤC VÀ ĐÀO TẠO;;;;;
DANH SÁCH HỌC SINH;;;;;
STT;Mã định danh;Họ và tên;Ngày sinh;Giới tính;SĐT
1;79315000016;NGUYỄN  THỊ AN;8/11/2015;Nữ;912345678
2;079215000017;Nguyeãn Vaên Huøng;42316;nam;0123 456 7890
3;7.9215000018E+10;Trần Văn B\u00ecnh\u200b;25/08/2015;Nam;
LỚP 6B;;;;;
STT;Mã định danh;Họ và tên;Ngày sinh;Giới tính;SĐT
4;;Lê Thị Hòa - 01/02/2015;;Nữ;
5;7.92E+10;Nguyen Van Binh;31/02/2015;Nam;091234
6;079315000016;Nguyễn Thị An;08/11/2015;Nữ;
;Cộng: 6;;;;
HIỆU TRƯỞNG;;;;;
"""


def bench_of(path: Path, content: str | bytes = LIST) -> Workbench:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Workbench(path, today=TODAY)


@pytest.fixture(autouse=True)
def keys_alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Find duplicates by equal keys: linkage takes a second for each file."""
    monkeypatch.setattr(linking, "is_possible", lambda: False)
    return monkeypatch


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return bench_of(tmp_path / "hoc-sinh.csv")


def cleaned(bench: Workbench, *accepted: str) -> tuple[Outcome, Path, Analysis]:
    found = bench.analyse()
    files = files_of(bench.path, bench.layout.kind)
    outcome = write(
        bench=bench,
        analysis=found,
        decisions=accepting(accepted, Decisions()),
        files=files,
        language="en",
    )
    return outcome, files.cleaned, found


def sheet(path: Path, name: str) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return [list(row) for row in book.get_sheet_by_name(name).iter_rows()]


def test_everything_that_is_wrong_is_found_and_told_where(bench: Workbench) -> None:
    found = bench.analyse()
    assert [column.meaning for column in bench.columns] == [
        "", "pid", "full_name", "birth_date", "sex", "phone",
    ]  # fmt: skip
    changes = {
        (change.row, code): (change.before, change.after)
        for code, one in found.kinds.items()
        for change in one.samples
    }
    assert changes[4, "NUMBER_ZERO_LOST"] == ("79315000016", "079315000016")
    assert changes[4, "SPACES"] == ("NGUYỄN  THỊ AN", "NGUYỄN THỊ AN")
    assert changes[4, "NAME_CASE"] == ("NGUYỄN THỊ AN", "Nguyễn Thị An")
    assert changes[4, "DATE_FORM"] == ("8/11/2015", "08/11/2015")
    assert changes[4, "PHONE_ZERO_LOST"] == ("912345678", "0912345678")
    assert changes[5, "TEXT_VNI"] == ("Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng")
    assert changes[5, "DATE_SERIAL"] == ("42316", "08/11/2015")
    assert changes[5, "SEX_WORD"] == ("nam", "Nam")
    assert changes[5, "PHONE_ELEVEN"] == ("0123 456 7890", "0834567890")
    assert changes[6, "NUMBER_SCIENTIFIC"] == ("7.9215000018E+10", "079215000018")
    assert changes[6, "INVISIBLE"][1] == "Trần Văn Bình"
    assert changes[7, "ROW_NOTE"][0] == "LỚP 6B"
    assert (8, "ROW_HEAD") in changes
    assert changes[9, "TWO_IN_ONE"] in {
        ("Lê Thị Hòa - 01/02/2015", "Lê Thị Hòa"), ("", "01/02/2015"),
    }  # fmt: skip
    assert changes[9, "NUMBER_MISSING"] == ("", None)
    assert changes[10, "NUMBER_LOST"] == ("7.92E+10", None)
    assert changes[10, "NAME_NO_ACCENTS"] == ("Nguyen Van Binh", None)
    assert changes[10, "DATE_WRONG"] == ("31/02/2015", None)
    assert changes[10, "PHONE_WRONG"] == ("091234", None)
    assert (12, "ROW_TOTAL") in changes
    assert (13, "ROW_NOTE") in changes
    assert [(twin.first.row, twin.second.row, twin.why) for twin in found.twins] == [
        (4, 11, "number")
    ]
    assert (found.rows, found.nobody) == (10, 4)
    number = found.profiles[1]
    assert ("999999999999", 2) in number.shapes


def test_only_what_is_safe_is_done_unasked(bench: Workbench) -> None:
    outcome, path, _found = cleaned(bench)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert len(rows) == 11
    assert rows[1][1:4] == ["79315000016", "NGUYỄN THỊ AN", "8/11/2015"]
    assert rows[2][2] == "Nguyễn Văn Hùng"
    assert all(KINDS[code].level == "safe" for code in outcome.made)
    assert outcome.waiting["NAME_CASE"] == 1


def test_what_is_accepted_is_done_and_recorded(bench: Workbench) -> None:
    outcome, path, _found = cleaned(bench, "all")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0][1] == "Mã định danh"
    assert rows[1] == ["1", "079315000016", "Nguyễn Thị An", "08/11/2015", "Nữ", "0912345678"]
    assert rows[2][1:] == ["079215000017", "Nguyễn Văn Hùng", "08/11/2015", "Nam", "0834567890"]
    assert rows[4][2:4] == ["Lê Thị Hòa", "01/02/2015"]
    assert (outcome.rows, outcome.kept, outcome.dropped, outcome.above) == (10, 6, 4, 2)
    assert outcome.ready == 2
    report = path.with_name("hoc-sinh.report.xlsx")
    lines = sheet(report, "What was changed")
    assert lines[0][:5] == ["Row in the file sent", "Row in the cleaned file", "Column",
                            "Before", "After"]  # fmt: skip
    assert ["4", "2", "Mã định danh", "79315000016", "079315000016"] in [row[:5] for row in lines]
    assert any(row[0] == "10" and "31/02/2015" in row for row in sheet(report, "To be looked at"))
    assert len(sheet(report, "Rows left out")) == 5
    assert "Of 6 rows, 2 (33%)" in str(sheet(report, "Summary")[1][0])
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert sorted(one.name for one in path.parent.iterdir()) == [
        "hoc-sinh.cleaned.csv", "hoc-sinh.csv", "hoc-sinh.recipe.json", "hoc-sinh.report.xlsx",
    ]  # fmt: skip


def test_a_row_and_a_value_can_be_refused(bench: Workbench) -> None:
    found = bench.analyse()
    decisions = Decisions(
        {"NAME_CASE": "yes", "NUMBER_ZERO_LOST": "yes"},
        {("NAME_CASE", "Họ và tên", "NGUYỄN THỊ AN"): False},
        {(0, 4, 1, "NUMBER_ZERO_LOST"): False},
    )
    outcome = write(
        bench=bench, analysis=found, decisions=decisions, files=files_of(bench.path, "text")
    )
    assert outcome.made["NAME_CASE"] == outcome.made["NUMBER_ZERO_LOST"] == 0
    assert outcome.waiting["NAME_CASE"] == 1


def test_a_workbook_comes_back_as_one_with_its_zeros(tmp_path: Path) -> None:
    path = tmp_path / "lop.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name in ("6A", "6B"):
            page = book.add_worksheet(name)
            page.write(0, 0, "TRƯỜNG THCS LÊ LỢI")
            page.write_row(2, 0, ["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Điểm"])
            page.merge_range(3, 0, 4, 0, name)
            page.write_row(3, 1, [79215000018, "Trần Văn Bình"])
            page.write_datetime(3, 3, date(2015, 8, 25), day)
            page.write(3, 4, 7.5)
            page.write_row(4, 1, ["079315000016", "Nguyễn Thị An", "8/11/2015", 8])
        book.add_worksheet("Ghi chú").write_row(0, 0, ["Việc", "Người làm"])
    bench = Workbench(path, today=TODAY)
    assert bench.layout.sheets == ("6A", "6B")
    assert bench.layout.left_out == ("Ghi chú",)
    outcome, made, _found = cleaned(bench, "all")
    assert outcome.kept == 4
    assert sheet(made, "6B") == [
        ["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Điểm"],
        ["6B", "079215000018", "Trần Văn Bình", "25/08/2015", 7.5],
        ["6B", "079315000016", "Nguyễn Thị An", "08/11/2015", 8.0],
    ]
    changed = sheet(made, "What was changed")
    assert ["6A: 4", "2", "Mã định danh", "79215000018", "079215000018"] in [
        row[:5] for row in changed
    ]


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16", "tcvn3"])
def test_old_encodings_are_read(
    tmp_path: Path, encoding: str, to_bytes: Callable[[str, str], bytes]
) -> None:
    text = "Mã định danh;Họ và tên;Ngày sinh\n" + "".join(
        f"07921500{n:04d};Nguyễn Thị Hồng Ngọc;0{n % 9 + 1}/08/2015\n" for n in range(30)
    )
    bench = bench_of(tmp_path / "cu.csv", to_bytes(text, encoding))
    _outcome, path, _found = cleaned(bench)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Mã định danh;Họ và tên;Ngày sinh"
    assert lines[1] == "079215000000;Nguyễn Thị Hồng Ngọc;01/08/2015"


@pytest.fixture
def to_bytes() -> Callable[[str, str], bytes]:
    def encoded(text: str, encoding: str) -> bytes:
        if encoding == "tcvn3":
            return to_tcvn3(text).encode("latin-1", "replace")
        if encoding == "cp1258":
            return b"".join(sign.encode("cp1258") for sign in _by_1258(text))
        return text.encode(encoding)

    return encoded


def _by_1258(text: str) -> list[str]:
    """Take letters apart as Windows-1258 has them: the base with its mark, then the tone."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    found: list[str] = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        found += [base, *(c for c in parts if c in tones)]
    return found


def test_a_recipe_decides_next_month_and_names_nobody(bench: Workbench, tmp_path: Path) -> None:
    _outcome, path, _found = cleaned(bench, "name_case", "number-zero-lost")
    recipe = path.with_name("hoc-sinh.recipe.json").read_bytes()
    assert b"079" not in recipe
    assert b"An" not in recipe
    known = read_recipe(recipe)
    assert known.decisions.kinds == {"NAME_CASE": "yes", "NUMBER_ZERO_LOST": "yes"}
    later = bench_of(tmp_path / "thang-12.csv", LIST.replace("Mã định danh", "Ma dinh danh"))
    later.columns = known.columns_for(later.columns)
    outcome = write(
        bench=later, analysis=later.analyse(), decisions=known.decisions,
        files=files_of(later.path, "text"),
    )  # fmt: skip
    assert outcome.made["NUMBER_ZERO_LOST"] == 1
    other = bench_of(tmp_path / "khac.csv", "Tên hàng;Giá\nBút;5000\nVở;7000\n")
    with pytest.raises(RecipeFitsNot):
        known.columns_for(other.columns)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"format": "dancu-cleaning-recipe", "version": 9}',
        b'{"format": "dancu-cleaning-recipe", "version": 1}',
        b'{"format": "dancu-cleaning-recipe", "version": 1, "columns": [], "kinds": {"X": "yes"}}',
        b'{"format": "dancu-cleaning-recipe", "version": 1, "columns": [{"title": "a"}]}',
    ],
)
def test_a_recipe_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(BadRecipe):
        read_recipe(content)


def test_a_recipe_keeps_values_of_nobody_only(bench: Workbench) -> None:
    decisions = Decisions(
        values={("SEX_WORD", "Giới tính", "nam"): True, ("NAME_CASE", "Họ và tên", "AN"): True}
    )
    stored = orjson.loads(recipe_of(bench.columns, decisions))
    assert [one["before"] for one in stored["values"]] == ["nam"]


def test_kinds_are_named_as_they_are_written() -> None:
    assert accepting(["sure"], Decisions()).kinds["NAME_CASE"] == "sure"
    assert accepting(["all"], Decisions()).kinds["NAME_ORDER"] == "yes"
    with pytest.raises(UnknownKind):
        accepting(["name_missing"], Decisions())


def test_interrupted_nothing_is_left_and_nothing_is_lost(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _outcome, path, found = cleaned(bench)
    before = {one: one.read_bytes() for one in path.parent.iterdir()}

    def interrupted(change: Change) -> bool:
        if change.row > 8:
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(Decisions, "decide", lambda *_: interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(bench=bench, analysis=found, decisions=Decisions(),
              files=files_of(bench.path, "text"))  # fmt: skip
    assert {one: one.read_bytes() for one in path.parent.iterdir()} == before


def test_a_file_that_grows_meanwhile_is_not_written(bench: Workbench) -> None:
    found = bench.analyse()
    with bench.path.open("a", encoding="utf-8") as file:
        file.write("7;079215000099;Đỗ Văn Em;01/01/2015;Nam;\n")
    with pytest.raises(FileChanged):
        write(bench=bench, analysis=found, decisions=Decisions(),
              files=files_of(bench.path, "text"))  # fmt: skip
    assert [one.name for one in bench.path.parent.iterdir()] == ["hoc-sinh.csv"]


def test_month_first_is_told_by_the_column(tmp_path: Path) -> None:
    rows = "".join(f"Nguyễn Văn An {'ABC'[n % 3]};{n % 12 + 1:02d}/{n + 10}/2012\n"
                   for n in range(18))  # fmt: skip
    bench = bench_of(tmp_path / "my.csv", f"Họ và tên;Ngày sinh\n{rows}")
    outcome, path, _found = cleaned(bench, "all")
    assert "10/01/2012" in path.read_text(encoding="utf-8-sig")
    assert "27/06/2012" in path.read_text(encoding="utf-8-sig")
    assert not outcome.look["DATE_WRONG"]


def test_names_in_two_columns_are_one_person(tmp_path: Path) -> None:
    text = "Họ đệm;Tên;Ngày sinh;CCCD\n"
    text += "NGUYỄN THỊ;AN;01/02/2015;\nNguyễn Thị;An;1/2/2015;\nTrần;Bình;03/04/2015;\n"
    bench = bench_of(tmp_path / "hai-cot.csv", text)
    outcome, path, found = cleaned(bench, "all")
    assert [(twin.first.row, twin.second.row, twin.why) for twin in found.twins] == [
        (2, 3, "name_and_birth")
    ]
    assert "Nguyễn Thị;An;01/02/2015" in path.read_text(encoding="utf-8-sig")
    assert outcome.look["NUMBER_MISSING"] == 3


def test_values_in_anothers_column_are_offered_back(tmp_path: Path) -> None:
    text = (
        "CCCD;CMND;Họ và tên;Ngày sinh;SĐT\n"
        "079215000017;;Nguyễn Văn An;01/02/2015;0912345678\n"
        "0912345679;;Trần Văn Bình;01/03/2015;079215000018\n"
        "024680135;;Lê Văn Chi;01/04/1985;\n"
        "079215000020;;05/06/2015;Phạm Văn Dũng;\n"
    )
    _outcome, path, _found = cleaned(bench_of(tmp_path / "lech.csv", text), "all")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[2].split(";")[0] == "079215000018"
    assert lines[2].split(";")[4] == "0912345679"
    assert lines[3].startswith(";024680135;")
    assert lines[4].startswith("079215000020;;Phạm Văn Dũng;05/06/2015")


def test_similar_rows_and_those_of_another_file_are_found(
    tmp_path: Path, keys_alone: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb")
    keys_alone.undo()
    head = "Mã định danh;Họ và tên;Ngày sinh;Giới tính;SĐT\n"
    one = bench_of(
        tmp_path / "mot.csv",
        f"{head}079315000016;Nguyễn Thị Quỳnh Chi;08/11/2015;Nữ;0912345678\n"
        "079215000017;Trần Văn Bình;09/11/2015;Nam;0912345679\n"
        ";Nguyen Thi Quynh Chi;11/08/2015;Nữ;912345678\n",
    )
    other = bench_of(
        tmp_path / "hai.csv", f"{head}79215000017;TRẦN VĂN BÌNH;9/11/2015;Nam;0912345679\n"
    )
    found = one.analyse(against=other)
    assert [(twin.first.row, twin.second.row, twin.why) for twin in found.twins] == [
        (2, 4, "linked")
    ]
    assert [(twin.first.row, twin.second.row) for twin in found.against] == [(3, 2)]
    assert [twin.names for twin in (*found.twins, *found.against)] == [
        ("Nguyễn Thị Quỳnh Chi", "Nguyen Thi Quynh Chi"),
        ("Trần Văn Bình", "TRẦN VĂN BÌNH"),
    ]
    assert findings.twins_of(findings.as_json(found))[0].names == found.twins[0].names
    outcome = write(
        bench=one, analysis=found, decisions=Decisions(), files=files_of(one.path, "text"),
        language="en",
    )  # fmt: skip
    assert (outcome.twins, outcome.against, outcome.linked) == (1, 1, True)
    lines = sheet(tmp_path / "mot.report.xlsx", "Duplicate rows")
    assert lines[2][2:4] == ["the other file: 2", "TRẦN VĂN BÌNH"]
    assert "name" in str(lines[1][4])
