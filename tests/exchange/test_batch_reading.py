"""Tables as agencies have them: any encoding, with and without titles, damaged by spreadsheets."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from dancu.catalogue.contracts import Contract, contract
from dancu.exchange.batches import output
from dancu.exchange.batches.cleaning import Cleaner, Prepared
from dancu.exchange.batches.errors import NotATable, TooManyColumns, UnreadableTable
from dancu.exchange.batches.hints import hints_of, twice_in
from dancu.exchange.batches.table import Table, open_table
from dancu.synthesis.dirty.encodings import to_tcvn3, to_vni

HEAD = "STT;Mã định danh;Họ và tên;Ngày sinh;Giới tính;Lớp"
LINES = (
    "1;079215000016;Nguyễn Thị Hồng Hạnh;08/11/2015;Nữ;6A1",
    "2;001214306296;Đỗ Phúc Ân;19/09/2014;Nam;7A8",
    "3;079210069045;Trần Đình Trường;26/03/2010;Nam;11A6",
    "4;079213069046;Lê Thị Thuỳ Dương;06/12/2013;Nữ;8A2",
    "5;079216069047;Phạm Quốc Khánh;02/09/2016;Nam;5A3",
)


@pytest.fixture(scope="module")
def schools() -> Contract:
    found = contract("student-check", date(2026, 11, 22))
    assert found is not None
    return found


def read(tmp_path: Path, content: bytes, schools: Contract, name: str = "a.csv") -> Table:
    path = tmp_path / name
    path.write_bytes(content)
    return open_table(path, schools)


def meanings(table: Table) -> list[str]:
    return [one.meaning for one in table.columns]


def prepared(table: Table) -> list[Prepared]:
    rows = [[*line.cells, line.fault] for line in table.rows]
    cleaner = Cleaner(meanings(table), hints_of(rows, meanings(table)))
    return [cleaner.prepare(row) for row in rows]


def text(*lines: str, head: str = HEAD) -> str:
    return "\n".join([*([head] if head else []), *lines]) + "\n"


KNOWN = ["", "pid", "full_name", "birth_date", "sex", ""]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_unicode_in_any_form(tmp_path: Path, schools: Contract, encoding: str, found: str) -> None:
    table = read(tmp_path, text(*LINES).encode(encoding), schools)
    assert (table.encoding, meanings(table)) == (found, KNOWN)
    names = [row.claims["full_name"] for row in prepared(table)]
    assert names[0] == "Nguyễn Thị Hồng Hạnh"
    assert len(names) == len(LINES)


def test_windows_1258_is_read_and_its_marks_are_joined(tmp_path: Path, schools: Contract) -> None:
    import unicodedata

    def to_1258(written: str) -> bytes:
        apart = {}
        for letter in set(written):
            try:
                letter.encode("cp1258")
            except UnicodeEncodeError:
                base, *marks = unicodedata.normalize("NFD", letter)
                shape = [m for m in marks if m in "\u0302\u0306\u031b"]
                tones = [m for m in marks if m not in shape]
                apart[letter] = unicodedata.normalize("NFC", base + "".join(shape)) + "".join(tones)
        return "".join(apart.get(letter, letter) for letter in written).encode("cp1258")

    table = read(tmp_path, to_1258(text(*LINES)), schools)
    assert (table.encoding, meanings(table)) == ("cp1258", KNOWN)
    rows = prepared(table)
    assert rows[0].claims["full_name"] == "Nguyễn Thị Hồng Hạnh"
    assert not rows[0].repairs


@pytest.mark.parametrize(("write", "code"), [(to_tcvn3, "TEXT_TCVN3"), (to_vni, "TEXT_VNI")])
def test_old_fonts_are_proposed_and_never_applied_in_silence(
    tmp_path: Path, schools: Contract, write: object, code: str
) -> None:
    head, *lines = [";".join(map(write, line.split(";"))) for line in (HEAD, *LINES)]
    written = text(*lines, head=head)
    for content in (written.encode("cp1252"), written.encode()):
        rows = prepared(read(tmp_path, content, schools))
        assert rows[0].claims["full_name"] == "Nguyễn Thị Hồng Hạnh"
        assert rows[0].repairs["full_name"].code == code
        assert rows[0].claims["sex"] in {"F", "M"}


def test_a_table_without_titles_is_recognised_by_its_cells(
    tmp_path: Path, schools: Contract
) -> None:
    table = read(tmp_path, text(*LINES, head="").encode(), schools)
    assert not table.has_head
    assert meanings(table)[1:5] == ["pid", "full_name", "birth_date", "sex"]
    assert all(one.by_content for one in table.columns[1:5])
    assert len(list(table.rows)) == len(LINES)


def test_unknown_titles_are_recognised_by_their_cells(tmp_path: Path, schools: Contract) -> None:
    head = "Số;Mã của cháu;Cháu tên gì;Cháu sinh hôm nào;Trai hay gái;Học lớp"
    table = read(tmp_path, text(*LINES, head=head).encode(), schools)
    assert table.has_head
    assert meanings(table)[1:5] == ["pid", "full_name", "birth_date", "sex"]


def test_the_head_may_stand_below_a_letterhead_and_in_english(
    tmp_path: Path, schools: Contract
) -> None:
    above = "SỞ GIÁO DỤC VÀ ĐÀO TẠO;;;;;\nDANH SÁCH HỌC SINH;;;;;\n;;;;;\n"
    table = read(tmp_path, (above + text(*LINES)).encode(), schools)
    assert (meanings(table), table.skipped) == (KNOWN, 2)
    english = "No,PID,Full name,Date of birth,Sex,Class"
    table = read(
        tmp_path, text(*(x.replace(";", ",") for x in LINES), head=english).encode(), schools
    )
    assert meanings(table) == KNOWN


def test_names_and_birth_dates_in_parts(tmp_path: Path, schools: Contract) -> None:
    head = "Số CCCD,Họ và tên đệm,Tên,Ngày,Tháng,Năm,Nữ"
    table = read(
        tmp_path, text("079215000016,Nguyễn Thị,An,8,11,2015,x", head=head).encode(), schools
    )
    row = prepared(table)[0]
    assert row.claims == {
        "pid": "079215000016",
        "full_name": "Nguyễn Thị An",
        "birth_date": "2015-11-08",
        "sex": "F",
    }


@pytest.mark.parametrize(
    ("cells", "attribute", "proposed", "code"),
    [
        ("79215000016;An Nguyễn;08/11/2015;Nam", "pid", "079215000016", "LEADING_ZERO_LOST"),
        ("'079215000016;An Nguyễn;08/11/2015;Nam", "pid", "079215000016", "APOSTROPHE"),
        ("079 215 000 016;An Nguyễn;08/11/2015;Nam", "pid", "079215000016", "SPACES"),
        ("079215OOOO16;An Nguyễn;08/11/2015;Nam", "pid", "079215000016", "NONDIGIT"),
        ("079215000016;An Nguyễn;42316;Nam", "birth_date", "2015-11-08", "DATE_SERIAL"),
        ("079215000016;An Nguyễn;11/28/2015;Nam", "birth_date", "2015-11-28", "DAY_MONTH_SWAP"),
        ("079215000016;An Nguyễn;08/11/15;Nam", "birth_date", "2015-11-08", "TWO_DIGIT_YEAR"),
        ("079215000016;Ðinh An;08/11/2015;Nam", "full_name", "Đinh An", "ETH_FOR_D"),
    ],
)
def test_damage_is_repaired_by_proposal(  # noqa: PLR0917
    tmp_path: Path, schools: Contract, cells: str, attribute: str, proposed: str, code: str
) -> None:
    head = "Mã định danh;Họ và tên;Ngày sinh;Giới tính"
    row = prepared(read(tmp_path, text(cells, head=head).encode(), schools))[0]
    assert row.repairs[attribute].proposed == proposed
    assert row.repairs[attribute].code == code
    is_asked_repaired = code == "DATE_SERIAL"
    assert (row.claims[attribute] == proposed) is is_asked_repaired


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ("7.9215E+10;An Nguyễn;08/11/2015;Nam", ("pid", "NONDIGIT")),
        ("0792150000;An Nguyễn;08/11/2015;Nam", ("pid", "LEADING_ZERO_LOST")),
        ("079215000016;An Nguyễn;30/02/2015;Nam", ("birth_date", "DATE_INVALID")),
        ("079215000016;An Nguyễn;08/11/2015;?", ("sex", "SEX_UNKNOWN")),
        (";An Nguyễn;;Nam", ("", "NOBODY")),
        ("079215000016;An Nguyễn;08/11/2015;Nam;thừa", ("", "CELLS")),
        ('079215000016;"An Nguyễn;08/11/2015;Nam', ("", "QUOTATION")),
    ],
)
def test_what_cannot_be_repaired_is_named_for_its_row_alone(
    tmp_path: Path, schools: Contract, cells: str, fault: tuple[str, str]
) -> None:
    head = "Mã định danh;Họ và tên;Ngày sinh;Giới tính"
    good = "079215000016;An Nguyễn;08/11/2015;Nam"
    rows = prepared(read(tmp_path, text(good, cells, good, head=head).encode(), schools))
    assert len(rows) == 3
    assert rows[1].faults[fault[0]] == fault[1]
    assert not rows[0].faults
    assert not rows[2].faults


def test_a_cut_file_loses_its_last_row_only(tmp_path: Path, schools: Contract) -> None:
    content = text(*LINES).encode()
    rows = prepared(read(tmp_path, content[: -len("02/09/2016;Nam;5A3\n")], schools))
    assert rows[-1].faults == {"": "CUT"}
    assert all(not row.faults for row in rows[:-1])
    whole = prepared(read(tmp_path, content.rstrip(b"\n"), schools))
    assert not any(row.faults for row in whole)


def test_codes_of_the_sexes_are_learnt_from_the_numbers(tmp_path: Path, schools: Contract) -> None:
    lines = [f"079{2 + n % 2}15{n:06d};Nguyễn An;08/11/2015;{n % 2}" for n in range(80)]
    head = "Mã định danh;Họ và tên;Ngày sinh;Giới tính"
    rows = prepared(read(tmp_path, text(*lines, head=head).encode(), schools))
    assert [row.claims["sex"] for row in rows[:2]] == ["M", "F"]


def test_workbooks_of_several_sheets_and_typed_cells(tmp_path: Path, schools: Contract) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name in ("6A1", "6A2"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["TRƯỜNG THCS"])
            sheet.write_row(2, 0, HEAD.split(";"))
            sheet.write_row(3, 0, [1, 79215000016, "Nguyễn An"])
            sheet.write_datetime(3, 3, datetime(2015, 11, 8), day)  # noqa: DTZ001
            sheet.write_row(3, 4, ["Nam", "6A1"])
        book.add_worksheet("Ghi chú").write_row(0, 0, ["Danh sách nộp", "ngày 5"])
    table = open_table(path, schools)
    rows = prepared(table)
    assert len(rows) == 2
    assert table.left_out == ["Ghi chú"]
    assert rows[1].claims["birth_date"] == "2015-11-08"
    assert rows[1].repairs["pid"].code == "LEADING_ZERO_LOST"
    assert "birth_date" not in rows[1].repairs


def test_parquet(tmp_path: Path, schools: Contract) -> None:
    path = tmp_path / "a.parquet"
    columns = {
        "pid": [79215000016, 1214306296],
        "full_name": ["Nguyễn An", "Đỗ Phúc Ân"],
        "birth_date": [date(2015, 11, 8), None],
    }
    parquet.write_table(pa.table(columns), path)
    table = open_table(path, schools)
    assert meanings(table) == ["pid", "full_name", "birth_date"]
    rows = prepared(table)
    assert rows[0].claims["birth_date"] == "2015-11-08"
    assert rows[0].repairs["pid"].proposed == "079215000016"
    assert "birth_date" not in rows[1].claims


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04" + b"x" * 500, NotATable),
        (b"%PDF-1.7 ...", NotATable),
        (b"<html><table></table></html>", NotATable),
        (b"MZ\x00\x01\x02\x03" * 500, NotATable),
        (b"PAR1" + b"\x00" * 100, NotATable),
        ((";".join("abcdefghij"[n % 10] for n in range(101)) + "\n1\n").encode(), TooManyColumns),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, schools: Contract, content: bytes, error: type[UnreadableTable]
) -> None:
    with pytest.raises(error):
        list(read(tmp_path, content, schools).rows)


def test_rows_that_stand_there_twice_are_found(tmp_path: Path, schools: Contract) -> None:
    rows = [["079215000016"], [""], ["79215000016"], ["001214306296"]]
    assert twice_in(rows, ["pid"]) == {2: 0}
    assert twice_in(rows, ["full_name"]) == {}


@pytest.mark.parametrize(
    "cell", ["-1+cmd|' /C calc'!A0", "+ HYPERLINK(1)", "=1", "@x", "-x", "+1 a"]
)
def test_what_a_spreadsheet_would_run_is_kept_from_it(cell: str) -> None:
    assert output._line(["a", cell]) == f'"a","\'{cell}"'


@pytest.mark.parametrize("cell", ["-", "-1", "+84 (0) 912-345.678", "- 1,5", "a=1", "1/2"])
def test_numbers_with_a_sign_stay_as_they_are(cell: str) -> None:
    assert output._line(["a", cell]) == f'"a","{cell}"'
