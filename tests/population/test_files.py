"""Files of agencies: what is read, and what is said of a file that cannot be."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from dancu.cli import load
from dancu.population import batches, files
from dancu.population.models import Batch
from dancu.population.sheets import NoLines
from tests.population.conftest import AT, actor, new_person, pid_for

DAY = date(2026, 10, 1)
pytestmark = pytest.mark.usefixtures("sources")


def csv_file(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "bhxh.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_vietnamese_headings_and_lost_zeros_are_understood(tmp_path):
    path = csv_file(
        tmp_path,
        "Số CCCD,health_insurance_number,health_insurance_expiry_date\n"
        "1199000015,0123456789,31/12/2026\n",
    )
    (row,) = files.read_rows(path, day=DAY)
    assert row.pid == "001199000015"
    assert row.claims == {
        "health_insurance_number": "0123456789",
        "health_insurance_expiry_date": "2026-12-31",
    }


def test_a_spreadsheet_keeps_leading_zeros_and_whole_numbers(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["pid", "vaccination_count", "occupation"])
    sheet.write_row(1, 0, ["001199000015", 3, "Thợ may"])
    book.close()
    (row,) = files.read_rows(path, day=DAY)
    assert (row.pid, row.claims["vaccination_count"]) == ("001199000015", 3)
    assert files.count_rows(path) == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", files.UnreadableFile),
        ("pid,nonsense\n", files.UnknownColumns),
        ("occupation\nx\n", files.NoPidColumn),
        ("pid,occupation\n", NoLines),
        ("pid,occupation\n,\n\n", NoLines),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_before_the_first_row(tmp_path, text, error):
    with pytest.raises(error):
        list(files.read_rows(csv_file(tmp_path, text), day=DAY))


def test_a_file_cut_inside_a_character_is_noticed(tmp_path):
    path = csv_file(tmp_path, "pid,occupation\n001199000015,Thợ may\n001199000016,Kỹ sư")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(files.UnreadableFile):
        list(files.read_rows(path, day=DAY))


def test_a_spreadsheet_cut_in_the_middle_is_noticed(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().write_row(0, 0, ["pid"])
    book.close()
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(files.UnreadableFile):
        list(files.read_rows(path, day=DAY))


def test_bad_lines_of_a_file_are_refused_alone(tmp_path):
    pid = pid_for()
    new_person(pid=pid)
    path = csv_file(
        tmp_path,
        "pid,full_name,occupation\n"
        f"{pid},,Giáo viên\n"
        f"{pid},NguyÔn V¨n B×nh Thµnh,Thợ\n"
        "123\t4,,Thợ\n"
        '"Robert\'); DROP TABLE",,x\n',
    )
    report = batches.load(
        source="C06",
        key=path.name,
        rows=files.read_rows(path, day=DAY),
        actor=actor("C06"),
        at=AT,
        workers=0,
    )
    assert report.accepted == 1
    assert [(r.row_number, r.field, r.code) for r in report.rejections] == [
        (2, "full_name", "LEGACY_ENCODING"),
        (3, "pid", "LEN"),
        (4, "pid", "LEN"),
    ]
    assert all(r.remedy for r in report.rejections)


def test_a_day_that_is_none_is_refused_and_not_replaced(tmp_path):
    pid = pid_for()
    new_person(pid=pid)
    path = csv_file(
        tmp_path,
        f"pid,occupation,day\n{pid},Thợ,31/02/2026\n{pid},Giáo viên,05/03/2026\n{pid},Nông dân,\n",
    )
    report = batches.load(
        source="C06",
        key=path.name,
        rows=files.read_rows(path, day=DAY),
        actor=actor("C06"),
        at=AT,
        workers=0,
    )
    assert report.accepted == 2
    assert [(r.row_number, r.field, r.code) for r in report.rejections] == [(1, "day", "INVALID")]


def test_the_command_says_that_a_file_has_a_head_alone_and_begins_no_delivery(tmp_path):
    path = csv_file(tmp_path, "pid,occupation\n")
    with pytest.raises(NoLines) as told:
        load.run(Namespace(file=path, source="BHXH", key=None, day=None))
    assert "no line below" in str(told.value)
    assert not Batch.objects.exists()
