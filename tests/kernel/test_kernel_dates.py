"""Partial dates and the cells in which they arrive."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel import datecells, dates
from dancu.kernel.dates import InvalidDate, PartialDate

DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))
PARTIAL = st.builds(
    lambda day, kept: PartialDate(*(day.year, day.month, day.day)[:kept]), DAYS, st.integers(1, 3)
)
ON = date(2026, 3, 2)


@given(PARTIAL)
def test_both_written_forms_lead_back(value):
    assert dates.parse_iso(value.iso) == value
    assert dates.parse_vietnamese(dates.format_vietnamese(value)) == value
    assert dates.parse(value.iso) == dates.parse(dates.format_vietnamese(value)) == value
    assert value.earliest <= value.latest


@given(PARTIAL, PARTIAL, PARTIAL)
def test_the_order_is_total(one, two, three):
    assert (one < two) + (one == two) + (one > two) == 1
    assert (one <= two) == (one < two or one == two)
    assert (one >= two) == (two <= one)
    if one <= two <= three:
        assert one <= three


@given(PARTIAL, PARTIAL)
def test_the_order_never_contradicts_the_calendar(one, two):
    if one.latest < two.earliest:
        assert one < two


def in_order(ordered):
    backwards = list(reversed(ordered))
    backwards.sort()
    return backwards == ordered


def test_the_less_exact_comes_first():
    ordered = [dates.parse_iso(text) for text in ("1985", "1985-01", "1985-01-01", "1985-02")]
    assert in_order(ordered)


def test_what_a_partial_date_knows():
    month = PartialDate(1985, 2)
    assert (month.iso, month.precision) == ("1985-02", "month")
    assert (month.earliest, month.latest) == (date(1985, 2, 1), date(1985, 2, 28))
    assert month.day is None
    year = PartialDate(1985)
    assert (year.earliest, year.latest) == (date(1985, 1, 1), date(1985, 12, 31))
    assert PartialDate.of(date(1985, 3, 2)).precision == "day"
    assert str(year) == "1985"


def test_agreement_of_dates_of_different_exactness():
    assert PartialDate(1985).agrees_with(PartialDate(1985, 3, 2))
    assert not PartialDate(1985, 4).agrees_with(PartialDate(1985, 3, 2))


def test_age_is_a_range_when_the_day_is_unknown():
    assert PartialDate(1985).age_on(ON) == (40, 41)
    assert PartialDate(1985, 3, 2).age_on(ON) == (41, 41)
    assert PartialDate(1985, 3, 3).age_on(ON) == (40, 40)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("02/01/1985", "1985-01-02"),
        ("2-1-1985", "1985-01-02"),
        (" 2.1.1985 ", "1985-01-02"),
        ("3/1985", "1985-03"),
        ("1985", "1985"),
        ("00/00/1985", "1985"),
        ("00/03/1985", "1985-03"),
        ("29/02/2000", "2000-02-29"),
        ("ngày 02 tháng 01 năm 1985", "1985-01-02"),
        ("Tháng 3 năm 1985", "1985-03"),
        ("năm 1985", "1985"),
    ],
)
def test_vietnamese_dates_are_read(text, iso):
    assert dates.parse_vietnamese(text).iso == iso


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "INVALID"),
        ("31/04/1985", "INVALID"),
        ("29/02/1900", "INVALID"),
        ("13/13/1985", "INVALID"),
        ("02/00/1985", "INVALID"),
        ("1/1/0000", "INVALID"),
        ("hôm qua", "INVALID"),
        ("٠٢/٠١/١٩٨٥", "INVALID"),
        ("05/13/1985", "DAY_MONTH_SWAP"),
        ("02/31/1985", "INVALID"),
        ("02/01/85", "TWO_DIGIT_YEAR"),
    ],
)
def test_bad_dates_say_why_and_what_to_do(text, reason):
    with pytest.raises(InvalidDate) as caught:
        dates.parse_vietnamese(text)
    assert caught.value.reason == reason
    (error,) = caught.value.field_errors
    assert error.text()
    assert error.remedy_text()


@pytest.mark.parametrize(
    "text", ["1985-13", "1985-02-30", "1985-3-2", "85", "1985-00", "1985-01-00", "1985-01-01T00"]
)
def test_the_stored_form_is_strict(text):
    with pytest.raises(InvalidDate):
        dates.parse_iso(text)


@pytest.mark.parametrize("parts", [(1985, None, 3), (1985, 0), (1985, 2, 29), (999,), (10000,)])
def test_a_day_that_does_not_exist_cannot_be_made(parts):
    with pytest.raises(InvalidDate):
        PartialDate(*parts)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_says_why(text):
    with suppress(InvalidDate):
        dates.parse(text)
    reading = datecells.read(text)
    assert reading.date is None or not reading.findings


def test_exchanging_day_and_month():
    assert PartialDate(1985, 3, 2).swapped() == PartialDate(1985, 2, 3)
    assert PartialDate(1985, 3, 13).swapped() is None
    assert PartialDate(1985, 3, 3).swapped() is None
    assert PartialDate(1985, 3).swapped() is None


def codes(found):
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("birth", "death", "expected"),
    [
        ("2026-03-03", None, ["FUTURE"]),
        ("2026-03-02", None, []),
        ("1905-03-02", None, ["AGE_OVER_120"]),
        ("1905-03-02", "1980", []),
        ("1906-03-02", None, []),
        ("1985-05-05", "1984", ["DEATH_BEFORE_BIRTH"]),
        ("1985-05-05", "1985", []),
        ("1985", None, ["YEAR_ONLY"]),
        ("1985-01-01", None, ["FIRST_OF_JANUARY"]),
    ],
)
def test_doubts_about_a_birth(birth, death, expected):
    died = dates.parse_iso(death) if death else None
    found = dates.birth_findings(dates.parse_iso(birth), on=ON, death=died)
    assert codes(found) == expected
    assert all(finding.text() and finding.remedy_text() for finding in found)


def test_a_pile_on_the_first_of_january_is_seen():
    births = [PartialDate(1950, 1, 1)] * 10 + [PartialDate(1950, 6, 7)] * 90 + [PartialDate(1950)]
    pile, times = dates.first_of_january_pile(births)
    assert pile == 10
    assert times == pytest.approx(36.525)
    assert dates.first_of_january_pile([]) == (0, 0.0)


def test_years_are_added_over_a_leap_day():
    assert dates.add_years(date(2000, 2, 29), 18) == date(2018, 3, 1)
    assert dates.add_years(date(2000, 2, 28), 18) == date(2018, 2, 28)


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        (31107, "1985-03-01"),
        (31107.75, "1985-03-01"),
        ("31107", "1985-03-01"),
        (1, "1900-01-01"),
        (59, "1900-02-28"),
        (61, "1900-03-01"),
        (1985, "1985"),
        (1985.0, "1985"),
        (date(1985, 3, 2), "1985-03-02"),
        (datetime(1985, 3, 2, 5, tzinfo=UTC), "1985-03-02"),
        ("'02/01/1985", "1985-01-02"),
        ("1985-01-02 00:00:00", "1985-01-02"),
        ("1985-01-02T00:00:00Z", "1985-01-02"),
        ("02011985", "1985-01-02"),
        ("19850102", "1985-01-02"),
        ("1985", "1985"),
    ],
)
def test_cells_are_read(cell, iso):
    reading = datecells.read(cell)
    assert reading.date is not None
    assert reading.date.iso == iso
    assert reading.findings == ()


def test_the_other_date_system_of_spreadsheets():
    assert datecells.from_serial(0.5, epoch=1904) is None
    assert datecells.from_serial(1, epoch=1904) == date(1904, 1, 2)
    assert datecells.read(31107 - 1462, epoch=1904).date == PartialDate(1985, 3, 1)


@pytest.mark.parametrize("cell", [60, 0, -5, 99999, "99999", float("nan"), float("inf")])
def test_numbers_that_are_no_day(cell):
    reading = datecells.read(cell)
    assert reading.date is None
    assert codes(reading.findings) == ["INVALID"]


@pytest.mark.parametrize(
    ("cell", "code", "candidates"),
    [
        ("05/13/1985", "DAY_MONTH_SWAP", ["1985-05-13"]),
        ("02/01/85", "TWO_DIGIT_YEAR", ["1985-01-02", "2085-01-02"]),
        ("99999999", "INVALID", []),
        ("x", "INVALID", []),
    ],
)
def test_a_doubtful_cell_gives_candidates_and_decides_nothing(cell, code, candidates):
    reading = datecells.read(cell)
    assert reading.date is None
    assert codes(reading.findings) == [code]
    assert [value.iso for value in reading.candidates] == candidates


@pytest.mark.parametrize(
    ("cell", "iso"),
    [("19021905", "1905-02-19"), ("20112011", "2011-11-20"), ("20011002", "2001-10-02")],
)
def test_eight_digits_have_one_reading(cell, iso):
    assert datecells.read(cell).date == dates.parse_iso(iso)


@given(st.integers(1, 12), st.integers(1, 28), st.integers(1850, 2099))
def test_eight_digits_never_have_two_readings(month, day, year):
    expected = PartialDate(year, month, day)
    assert datecells.read(f"{day:02d}{month:02d}{year}").date == expected
    assert datecells.read(f"{year}{month:02d}{day:02d}").date == expected


def test_blank_cells_say_nothing():
    assert datecells.read(None) == datecells.read("  ") == datecells.DateReading(None)


@pytest.mark.parametrize(
    ("cells", "order", "mixed"),
    [
        (["13/02/1985", "01/02/1985"], "day_first", False),
        (["02/13/1985", "01/02/1985"], "month_first", False),
        (["02/13/1985", "13/02/1985"], None, True),
        (["01/02/1985", "1985", "x"], None, False),
    ],
)
def test_a_column_shows_its_order(cells, order, mixed):
    found = datecells.detect_column(cells)
    assert (found.order, found.mixed) == (order, mixed)
