"""Bulletins on paper and as a workbook: the same figures, in Vietnamese, codes with their zeros."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from dancu.bulletins import queries, words
from dancu.bulletins.pictures import trend_svg
from dancu.bulletins.rendering import content_of, pdf_of
from dancu.bulletins.services import produce, set_target
from dancu.bulletins.sheets import sheets_of
from dancu.bulletins.types import COUNTRY, Bulletin, TrendPoint
from dancu.bulletins.workbook import workbook_of
from dancu.cli.main import build_parser
from dancu.onestop.checking import streams_of
from tests.bulletins.town import DAY, HANOI, HCMC, HOAN_KIEM, SAIGON, a_week, closed, moment
from tests.disclosure.conftest import officer


@pytest.fixture
def edition(town: None) -> int:
    left = a_week()
    set_target(
        unit=SAIGON,
        group="",
        kind="left",
        goal=0,
        by=DAY + timedelta(days=8),
        reason="",
        actor=officer("province_officer", HCMC),
        at=moment(DAY, 8),
    )
    produce(kind="evening", day=DAY, actor=None, at=moment(DAY, 20))
    closed(left[SAIGON][:2], DAY + timedelta(days=1))
    day = DAY + timedelta(days=1)
    return produce(kind="evening", day=day, actor=None, at=moment(day, 20)).pk


def test_the_paper_is_vietnamese_has_its_font_and_is_the_same_each_time(edition: int) -> None:
    found = queries.bulletin(edition, HCMC)
    with override("vi"):
        said = content_of(found, "vi")
        file = pdf_of(found, "vi")
        assert pdf_of(found, "vi") == file
    assert said["title"] == "Giao ban tối 20/11/2026"
    assert said["unit"] == "Thành phố Hồ Chí Minh"
    assert said["lead"] == "Còn 28 lỗi, giảm 2 so với kỳ trước."
    assert "Đã sửa 2, phát sinh 0." in said["movement"]
    assert said["stuck"][0] == "Phường Tân Định: còn 12, chưa sửa lỗi nào"
    assert file.startswith(b"%PDF-1.7")
    inside = b"".join(streams_of(file))
    for word in (b"/FontFile", b"/ToUnicode", b"LibertinusSerif", "Hồ Chí Minh".encode()):
        assert word in inside, word


def test_the_workbook_holds_the_same_figures_and_codes_keep_their_zeros(edition: int) -> None:
    with override("vi"):
        found = queries.bulletin(edition, HANOI)
        book = CalamineWorkbook.from_filelike(BytesIO(workbook_of(found, "vi")))
        assert book.sheet_names[:3] == ["Tổng hợp", "Theo nhóm lỗi", "Đơn vị cấp dưới"]
        league = book.get_sheet_by_name("Đơn vị cấp dưới").to_python()
        assert league[1][1:5] == [HOAN_KIEM, "Phường Hoàn Kiếm", 100.0, 16.0]
        summary = dict(row[:2] for row in book.get_sheet_by_name("Tổng hợp").to_python())
    assert summary["Mã đơn vị"] == "01"
    assert summary["Còn lại"] == found.unit.total.left


def test_a_target_is_told_in_plain_words(edition: int) -> None:
    (pace,) = queries.bulletin(edition, SAIGON).paces
    with override("vi"):
        assert words.goal(pace) == "Sửa hết trước khi hết ngày 27/11/2026"
        assert words.outlook(pace) == (
            "Còn phải giảm 9 lỗi trong 5 ngày làm việc: mỗi ngày 1,8. Bảy ngày qua mỗi ngày "
            "làm việc giảm được 1,4 lỗi. Với nhịp này, ngày 01/12/2026 sẽ đạt."
        )


def test_the_country_is_told_as_a_whole(edition: int) -> None:
    found = queries.bulletin(edition, COUNTRY)
    with override("en"):
        assert content_of(found, "en")["unit"] == "The whole country"
        assert "No commune known" in numbers_in_english(found)
    assert len(found.trend) == 2


def numbers_in_english(found: Bulletin) -> set[str]:
    return {str(value) for sheet in sheets_of(found, "en") for row in sheet.rows for value in row}


def test_the_command_lists_shows_and_writes(
    edition: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words_: str) -> str:
        args = build_parser(["bulletin"]).parse_args(["bulletin", *words_])
        assert args.module.run(args) == 0
        return capsys.readouterr().out

    assert run("list").count("evening") == 2
    shown = run("show", "--unit", SAIGON)
    assert "Phường Sài Gòn" in shown
    assert "Sửa hết trước khi hết ngày 27/11/2026" in shown
    target = tmp_path / "bulletin.pdf"
    run("show", "--id", str(edition), "--pdf", str(target))
    assert target.read_bytes().startswith(b"%PDF")


def test_a_picture_needs_two_points_and_escapes_its_words() -> None:
    point = TrendPoint(DAY, 5, 1, 2)
    assert trend_svg([point], label="x") == ""
    drawn = trend_svg([point, point], label='"<b>')
    assert "<b>" not in drawn
    assert drawn.count("<circle") == 2
