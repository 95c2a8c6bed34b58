"""Raw files: what is read, and what is said of one that was cut, garbled or computed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from dancu.population import batches, deliveries, files, sheets
from tests.population.conftest import AT, actor, new_person, pid_for

DAY = date(2026, 10, 1)
HEAD = "pid,occupation\n"
PID = "001199000015"


def a_file(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def a_workbook(folder: Path, rows: list[list[object]], formula: str = "") -> Path:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if formula:
            sheet.write_formula(len(rows), 1, formula)
        book.add_worksheet().write_formula(0, 0, "=1+1")
    return path


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_head(tmp_path, sign):
    text = f"pid{sign}occupation\n{PID}{sign}Thợ may\n"
    assert list(sheets.lines_of(a_file(tmp_path, text)))[1] == [PID, "Thợ may"]


@pytest.mark.parametrize(
    ("content", "error", "line"),
    [
        ((HEAD + f"{PID},Thợ\n{PID},K").encode() + b"\xe1\xbb", sheets.CutFile, 3),
        ((HEAD + f"{PID},Thợ\n").encode("utf-16"), sheets.WrongEncoding, 1),
        (HEAD.encode() + PID.encode() + b",Th\xee may\n", sheets.WrongEncoding, 2),
        ((HEAD + f"{PID},Thợ\n{PID}").encode(), sheets.CutFile, 3),
        ((HEAD + f'{PID},"Thợ\n{PID},x\n').encode(), sheets.OpenQuotation, 2),
        ((HEAD + f'{PID},x\n{PID},"Thợ" may\n').encode(), sheets.StrayQuotation, 3),
        ((HEAD + f"{PID},Thợ, bậc 3\n").encode(), sheets.TooManyCells, 2),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, content, error, line):
    path = a_file(tmp_path, content)
    with pytest.raises(error) as raised:
        list(sheets.lines_of(path))
    assert raised.value.params["line"] == line
    assert raised.value.remedy


def test_the_last_line_may_lack_its_end(tmp_path):
    assert len(list(sheets.lines_of(a_file(tmp_path, HEAD + f"{PID},x")))) == 2


def test_a_cell_of_many_megabytes_is_refused_with_its_line_alone(tmp_path):
    long = "Nguyễn " * 1_000_000
    path = a_file(tmp_path, f"pid,full_name,other_names,hometown\n{PID},{long},{long},{long}\n")
    (row,) = files.read_rows(path, day=DAY)
    assert len(row.claims["full_name"]) == sheets.LONGEST_CELL + 1
    assert len(row.claims["other_names"]) == 1
    assert row.claims["hometown"].unit_code == ""


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04 and nothing more", sheets.DamagedWorkbook),
        (b"\xd0\xcf\x11\xe0", sheets.DamagedWorkbook),
        (b"<html></html>", sheets.DamagedWorkbook),
    ],
)
def test_a_workbook_that_is_none_is_told(tmp_path, content, error):
    with pytest.raises(error):
        list(sheets.lines_of(a_file(tmp_path, content, "a.xlsx")))


def test_formulas_of_the_first_sheet_are_counted(tmp_path):
    assert len(list(sheets.lines_of(a_workbook(tmp_path, [["pid"], [PID]])))) == 2
    with pytest.raises(sheets.FormulasInside) as raised:
        list(sheets.lines_of(a_workbook(tmp_path, [["pid"], [PID]], "=A1")))
    assert raised.value.params["count"] == 1


def test_a_workbook_that_unpacks_without_end_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "LARGEST_WORKBOOK", 100)
    with pytest.raises(sheets.LargeWorkbook):
        list(sheets.lines_of(a_workbook(tmp_path, [["pid"], [PID]])))


def test_an_inspection_tells_columns_and_how_full_they_are(tmp_path):
    path = a_file(tmp_path, f"Số CCCD;occupation;Ghi chú\n{PID};Thợ;\n\n{PID};;x\n")
    found = files.inspect(path)
    assert found.rows == 2
    assert [(h.title, h.meaning, h.filled) for h in found.headings] == [
        ("Số CCCD", "pid", 2),
        ("occupation", "occupation", 1),
        ("Ghi chú", "", 1),
    ]


def test_columns_may_be_named_by_whoever_loads(tmp_path):
    path = a_file(tmp_path, f"A,B,C\n{PID},x,Thợ\n")
    columns = files.columns_of(["pid", "", "occupation"])
    (row,) = files.read_rows(path, day=DAY, columns=columns, name="danh-sach.csv")
    assert row.claims == {"occupation": "Thợ"}
    assert row.evidence_reference == "danh-sach.csv"
    with pytest.raises(files.NoPidColumn):
        files.columns_of(["occupation"])
    with pytest.raises(files.ColumnTwice):
        files.columns_of(["pid", "occupation", "occupation"])


@pytest.mark.parametrize("written", ["0912 345 678", "+84 912345678", "912345678", "84912345678"])
def test_a_telephone_number_comes_in_one_form(tmp_path, written):
    path = a_file(tmp_path, f"pid,phone\n{PID},{written}\n")
    (row,) = files.read_rows(path, day=DAY)
    assert row.claims == {"phone": "+84912345678"}


@pytest.mark.usefixtures("sources")
def test_a_delivery_is_listed_while_it_loads_and_when_it_is_done(tmp_path):
    pid = pid_for()
    new_person(pid=pid)
    path = a_file(tmp_path, f"pid,occupation\n{pid},Thợ may\n{pid},=1+1\n{pid},@x\n{pid},-\n")
    number = batches.begin(source="BHXH", key="a", actor=actor("BHXH"), at=AT, total=4)
    assert batches.begin(source="BHXH", key="a", actor=actor("BHXH"), at=AT) == number
    seen = []

    def told(_progress: object) -> None:
        seen.append(deliveries.delivery(batch_id=number))

    report = batches.load(
        source="BHXH",
        key="a",
        rows=files.read_rows(path, day=DAY),
        actor=actor("BHXH"),
        at=AT,
        workers=0,
        progress=told,
    )
    assert [(d.is_done, d.is_running, d.rows, d.total) for d in seen] == [(False, True, 4, 4)]
    assert [(r.row_number, r.code) for r in report.rejections] == [(2, "formula"), (3, "formula")]
    (listed,), more = deliveries.listed()
    assert (listed.batch_id, listed.is_done, listed.is_running, listed.rows) == (
        number,
        True,
        False,
        4,
    )
    assert not more
    assert deliveries.find(source="BHXH", key="a") == listed
    assert deliveries.find(source="BHXH", key="b") is None
