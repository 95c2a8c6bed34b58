"""Files that are small and would take all memory are refused, and the process lives on."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from dancu.catalogue.contracts import Contract, contract
from dancu.exchange.batches import bounds, output
from dancu.exchange.batches.bounds import Bound
from dancu.exchange.batches.errors import (
    NotATable,
    TooLarge,
    TooManyCells,
    TooManyColumns,
    TooManySheets,
)
from dancu.exchange.batches.sheets import sheets_of
from dancu.exchange.batches.table import open_table

#: Reads a file as a table, with so little memory that laying it out would end the process.
_READ = """
import resource, sys
from datetime import date
from pathlib import Path
from dancu.catalogue.contracts import contract
from dancu.exchange.batches.errors import UnreadableTable
from dancu.exchange.batches.table import open_table
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
try:
    table = open_table(Path(sys.argv[1]), contract("student-check", date(2026, 11, 22)))
    print(len(list(table.rows)))
except UnreadableTable as error:
    print(type(error).__name__)
"""
_CELL = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'


@pytest.fixture(scope="module")
def schools() -> Contract:
    found = contract("student-check", date(2026, 11, 22))
    assert found is not None
    return found


def workbook(path: Path, rows: str, *, sheets: int = 1, declared: int | None = None) -> Path:
    parts = {name: output._XML + text for name, text in output._PARTS.items()}
    listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, sheets + 1))
    one = '<sheet name="1" sheetId="1" r:id="rId1"/>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(one, listed)
    sheet = f"{output._SHEET_BEGIN}{rows}{output._SHEET_END}"
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
        file.writestr("xl/worksheets/sheet1.xml", sheet)
        if declared is not None:
            file.infolist()[-1].file_size = declared
    return path


def far_apart(row: str = "1048576", column: str = "XFD") -> str:
    first, last = _CELL.format("A1"), _CELL.format(f"{column}{row}")
    return f'<row r="1">{first}</row><row r="{row}">{last}</row>'


def read_apart(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "rows",
    [
        far_apart(),
        far_apart(row="900000000", column="A"),
        far_apart().replace('r="XFD1048576"', "\n r = 'xfd1048576'"),
        f"<row><c><v>1</v></c></row>{far_apart()}",
        far_apart().replace("<c ", "<x:c ").replace("</c>", "</x:c>"),
    ],
)
def test_two_cells_in_opposite_corners_do_not_end_the_process(tmp_path: Path, rows: str) -> None:
    path = workbook(tmp_path / "a.sent", rows)
    assert path.stat().st_size < 4_000
    assert read_apart(path) == "TooManyCells"


def test_what_a_part_says_of_its_size_is_not_believed(tmp_path: Path, schools: Contract) -> None:
    path = workbook(tmp_path / "a.sent", far_apart(), declared=600)
    with pytest.raises((TooManyCells, NotATable)):
        open_table(path, schools)


def test_a_part_that_unpacks_to_more_than_it_says_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LARGEST_UNPACKED", 1 << 20)
    path = workbook(tmp_path / "a.sent", " " * (2 << 20), declared=10)
    with pytest.raises(TooLarge):
        list(sheets_of(path))


def test_a_sheet_listed_many_times_is_refused(tmp_path: Path, schools: Contract) -> None:
    path = workbook(tmp_path / "a.sent", far_apart("9", "C"), sheets=200)
    with pytest.raises(TooManySheets):
        open_table(path, schools)


def test_what_spreads_far_but_can_be_borne_is_read_after_a_trial(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.sent", far_apart("4000", "Z"))
    ((_name, lines),) = sheets_of(path, Bound(cells=100, memory=1 << 30))
    assert next(lines).cells[0] == "x"


def test_a_workbook_of_our_own_is_read_again(tmp_path: Path) -> None:
    row = "<row>" + _CELL.replace(' r="{}"', "") * 3 + "</row>"
    path = workbook(tmp_path / "a.sent", row * 3)
    ((_name, lines),) = sheets_of(path)
    assert [len(line.cells) for line in lines] == [3, 3, 3]


def test_an_ordinary_workbook_needs_no_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "_try_apart", lambda *_: pytest.fail("it was tried"))
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row in range(3_000):
            sheet.write_row(row, 0, ["Nguyễn Văn A", row, f"n{row}"])
    ((_name, lines),) = sheets_of(path)
    assert len(list(lines)) == 3_000


def test_a_value_that_a_million_rows_refer_to_is_measured_first(tmp_path: Path) -> None:
    path = tmp_path / "a.sent"
    value = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), ["x" * (1 << 20)])
    parquet.write_table(pa.table({"Họ và tên": value}), path)
    assert path.stat().st_size < 1 << 20
    assert read_apart(path) == "TooLarge"


def test_parquet_of_too_many_columns_is_refused_by_what_it_says(
    tmp_path: Path, schools: Contract
) -> None:
    path = tmp_path / "a.sent"
    parquet.write_table(pa.table({f"c{n}": [1] for n in range(101)}), path)
    with pytest.raises(TooManyColumns):
        open_table(path, schools)


def test_columns_of_lists_are_left_out(tmp_path: Path, schools: Contract) -> None:
    path = tmp_path / "a.sent"
    columns = {
        "Họ và tên": ["Lê Văn Nam", None],
        "Ngày sinh": [date(2012, 9, 2), None],
        "Lớp": [["6A", "7A"], []],
        "Ghi chú": [None, None],
        "Điểm": [1.5, 2.0],
    }
    parquet.write_table(pa.table(columns), path)
    table = open_table(path, schools)
    assert [one.title for one in table.columns] == ["Họ và tên", "Ngày sinh", "Ghi chú", "Điểm"]
    assert next(table.rows).cells == ["Lê Văn Nam", "2012-09-02", "", "1.5"]
