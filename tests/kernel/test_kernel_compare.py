"""Comparing names, dates and numbers: examples, and what holds for all of them."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel.compare import (
    MATCH,
    SAME_VALUE,
    Compared,
    Result,
    best,
    close,
    compare_dates,
    compare_details,
    compare_integers,
    compare_lists,
    compare_numbers,
    compare_texts,
)
from dancu.kernel.compare_names import compare_names
from dancu.kernel.dates import PartialDate
from dancu.kernel.text import fold, place_tones

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Lý", "Đỗ", "Quách")
MIDDLES = ("Văn", "Thị", "Minh", "Ngọc", "Đức", "Hoà", "Thuý", "Quý", "Như", "Xuân")
GIVEN = ("An", "Ân", "Hùng", "Hưng", "Thủy", "Khuê", "Lĩnh", "Oanh", "Đạt", "Mỹ", "Nghĩa")

names = st.builds(
    lambda surname, middles, given: " ".join([surname, *middles, given]),
    st.sampled_from(SURNAMES),
    st.lists(st.sampled_from(MIDDLES), min_size=1, max_size=3),
    st.sampled_from(GIVEN),
)
days = st.dates(date(1910, 1, 1), date(2026, 12, 31))


def said(text: str) -> str:
    result, _, reason = text.partition(" ")
    return f"{Result(result)} {reason}".strip()


def words(found: Compared) -> str:
    return f"{found.result} {found.reason}".strip()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn An", "match"),
        ("  NGUYỄN  VĂN AN ", "Nguyễn Văn An", "match"),
        ("Ðặng Văn An", "Đặng Văn An", "match"),
        ("H'Hen Niê", "H\u2019Hen Niê", "match"),
        ("Trần Thị Hoà", "Trần Thị Hòa", "close tone_mark"),
        ("Lí Thị Mĩ", "Lý Thị Mỹ", "close i_y"),
        ("HHen Niê", "H'Hen Niê", "close punctuation"),
        ("Nguyen Van An", "Nguyễn Văn An", "close accents"),
        ("Nguyễn Van An", "Nguyễn Văn An", "close accents"),
        ("Nguyễn Văn An", "Nguyen Van An", "close accents"),
        ("Dang Van Dat", "Đặng Văn Đạt", "close accents"),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng", "close other_accents"),
        ("Nguyễn Văn Huỳnh", "Nguyễn Văn Hoàng", "close kinship_spelling"),
        ("Võ Phước Sanh", "Vũ Phúc Sinh", "mismatch"),
        ("Võ Phước An", "Vũ Phúc An", "close kinship_spelling"),
        ("Huynh Van An", "Hoàng Văn An", "close kinship_spelling"),
        ("An Nguyễn Văn", "Nguyễn Văn An", "close order"),
        ("Văn An Nguyễn", "Nguyễn Văn An", "close order"),
        ("An Van Nguyen", "Nguyễn Văn An", "close order"),
        ("Nguyễn Minh Văn An", "Nguyễn Văn Minh An", "mismatch"),
        ("Nguyễn An", "Nguyễn Văn An", "close middle_name"),
        ("Nguyễn Văn Minh An", "Nguyễn Văn An", "close middle_name"),
        ("Nguyen An", "Nguyễn Văn An", "close middle_name"),
        ("Nguyễn Lan An", "Nguyễn Văn Minh An", "mismatch"),
        ("Ng. Văn An", "Nguyễn Văn An", "close abbreviated"),
        ("Ng.V.An", "Nguyễn Văn An", "close abbreviated"),
        ("Ng. T. Lan", "Nguyễn Thị Lan", "close abbreviated"),
        ("Tr. Văn An", "Nguyễn Văn An", "mismatch"),
        ("Nguyễn Văn An3", "Nguyễn Văn An", "close typing"),
        ("Nguyễn Vawn An", "Nguyễn Văn An", "close typing"),
        ("Nguyễn Văn Hungf", "Nguyễn Văn Hùng", "close typing"),
        ("Nguyễn Văn Lan", "Nguyễn Văn An", "mismatch"),
        ("Trần Văn An", "Nguyễn Văn An", "mismatch"),
        ("An", "Nguyễn Văn An", "mismatch given_name_only"),
        ("NguyÔn V¨n Hïng", "Nguyễn Văn Hùng", "close encoding"),
        ("", "Nguyễn Văn An", "unknown"),
        ("   ", "Nguyễn Văn An", "unknown"),
        ("\u200b", "Nguyễn Văn An", "unknown unreadable"),
        ("12345", "Nguyễn Văn An", "mismatch"),
    ],
)
def test_names_are_compared_as_people_write_them(one, other, expected):
    assert words(compare_names(one, other)) == said(expected)


@given(names)
def test_a_name_is_itself_in_every_writing(name):
    for written in (
        name,
        name.upper(),
        name.lower(),
        unicodedata.normalize("NFD", name),
        name.replace(" ", "  "),
        name.replace("Đ", "Ð"),
    ):
        assert compare_names(written, name) == MATCH


@given(names)
def test_tone_style_leaves_the_same_name(name):
    for on_nucleus in (True, False):
        assert compare_names(place_tones(name, on_nucleus=on_nucleus), name).is_same


@given(names)
def test_a_name_without_accents_is_close_and_never_the_same(name):
    found = compare_names(fold(name), name)
    assert found == close("accents") or fold(name) == name.lower()
    assert not found.is_same or fold(name) == name.lower()


@given(names, names)
def test_it_does_not_matter_which_name_stands_first_for_being_the_same(one, other):
    assert compare_names(one, other).is_same == compare_names(other, one).is_same


@given(names, names)
def test_different_syllables_are_never_the_same_name(one, other):
    if place_tones(one) != place_tones(other):
        assert not compare_names(one, other).is_same


@given(st.text(max_size=60), names)
def test_any_text_can_be_compared_with_a_name(text, name):
    found = compare_names(text, name)
    assert (
        found.result is Result.CLOSE
        or not found.reason
        or found.reason
        in {
            "incomplete",
            "unreadable",
        }
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("02/01/1985", "1985-01-02", "match"),
        ("1985-01-02", "1985-01-02", "match"),
        ("ngày 2 tháng 1 năm 1985", "1985-01-02", "match"),
        (date(1985, 1, 2), "1985-01-02", "match"),
        (PartialDate(1985, 1, 2), "1985-01-02", "match"),
        ("00/00/1985", "1985", "match"),
        ("01/02/1985", "1985-01-02", "close day_month_swapped"),
        ("01/25/1985", "1985-01-25", "close day_month_swapped"),
        ("01/25/1985", "1985-01-24", "mismatch"),
        ("1985", "1985-01-25", "close year_only"),
        (1985, "1985-01-25", "close year_only"),
        ("01/01/1985", "1985-05-25", "close year_only"),
        ("01/01/1985", "1985", "close year_only"),
        ("25/05/1985", "1985", "close year_only"),
        ("05/1985", "1985-05-25", "close month_only"),
        ("25/05/1985", "1985-05", "close month_only"),
        ("06/1985", "1985-05-25", "mismatch"),
        ("02/01/85", "1985-01-02", "close two_digit_year"),
        ("02/01/86", "1985-01-02", "mismatch"),
        ("03/01/1985", "1985-01-02", "mismatch"),
        ("02/01/1986", "1985-01-02", "mismatch"),
        ("1986", "1985-01-02", "mismatch"),
        ("30/02/1985", "1985-01-02", "unknown unreadable"),
        ("soon", "1985-01-02", "unknown unreadable"),
        ("", "1985-01-02", "unknown"),
        (None, "1985-01-02", "unknown"),
        ("1985", "", "unknown"),
    ],
)
def test_dates_are_compared_as_people_write_them(one, other, expected):
    assert words(compare_dates(one, other)) == said(expected)


@given(days, days)
def test_only_the_same_day_matches(one, other):
    found = compare_dates(f"{one:%d/%m/%Y}", other.isoformat())
    assert (found == MATCH) == (one == other)
    assert found.is_same == (one == other)


@given(days)
def test_a_swapped_day_is_seen_where_it_makes_a_date(day):
    if day.day <= 12 and day.day != day.month:
        swapped = f"{day.month:02d}/{day.day:02d}/{day.year}"
        assert compare_dates(swapped, day.isoformat()) in (
            close("day_month_swapped"),
            close("year_only"),
        )


@given(days, st.integers(1, 27))
def test_another_day_of_another_month_is_another_date(day, step):
    other = day + timedelta(days=31 + step)
    found = compare_dates(other.isoformat(), day.isoformat())
    assert found.reason in {"", "day_month_swapped", "year_only"}
    assert not found.is_same


@given(st.text(max_size=30), days)
def test_any_text_can_be_compared_with_a_date(text, day):
    compare_dates(text, day.isoformat())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("012345678", "012345678", "match"),
        ("012 345 678", "012345678", "close number_form"),
        ("'012345678", "012345678", "close number_form"),
        ("12345678.0", "12345678", "close number_form"),
        ("12345678", "012345678", "close leading_zero_lost"),
        (12345678, "012345678", "close leading_zero_lost"),
        ("12345679", "012345678", "mismatch"),
        ("59x1-123.45", "59X112345", "close number_form"),
        ("", "012345678", "unknown"),
        (None, "012345678", "unknown"),
    ],
)
def test_numbers_are_compared_whatever_stands_between_the_digits(one, other, expected):
    assert words(compare_numbers(one, other)) == said(expected)


@given(st.from_regex(r"\d{9,12}", fullmatch=True), st.from_regex(r"\d{9,12}", fullmatch=True))
def test_other_digits_are_never_the_same_number(one, other):
    assert compare_numbers(one, other).is_same == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("12/3A Lê Lợi", "Số 12/3A, đường Lê Lợi", "match"),
        ("12/3a le loi", "12/3A Lê Lợi", "match"),
        ("012 Lê Lợi", "12 Lê Lợi", "match"),
        ("14 Lê Lợi", "12/3A Lê Lợi", "mismatch"),
        ("", "12/3A Lê Lợi", "close unit_only"),
        ("Lê Lợi", "12/3A Lê Lợi", "close part_of_address"),
        ("Tổ 5", "5", "match"),
    ],
)
def test_houses_and_streets_are_compared_without_the_words_that_announce_them(one, other, expected):
    assert words(compare_details(one, other)) == said(expected)


def test_texts_integers_and_lists_are_compared():
    assert compare_texts("thpt lê lợi", "THPT Lê Lợi") == MATCH
    assert compare_texts("THPT Le Loi", "THPT Lê Lợi") == close("accents")
    assert compare_texts("THPT Lê Lai", "THPT Lê Lợi").result is Result.MISMATCH
    assert compare_integers("3.0", 3) == MATCH
    assert compare_integers("4", 3).result is Result.MISMATCH
    assert compare_integers("many", 3).reason == "unreadable"
    assert compare_lists(["B", "A"], ["A", "B"], compare_numbers) == MATCH
    assert compare_lists("A", ["A", "B"], compare_numbers) == close("part_of_list")
    assert compare_lists(["A", "C"], ["A", "B"], compare_numbers).result is Result.MISMATCH
    assert compare_lists([], ["A"], compare_numbers).result is Result.UNKNOWN


def test_the_best_result_is_the_nearest_to_a_match():
    other, same = close("accents"), close("i_y")
    assert best([Compared(Result.MISMATCH), other, same]) == same
    assert best([other, MATCH]) == MATCH


def test_only_another_writing_of_the_same_value_counts_as_the_same():
    assert MATCH.is_same
    assert all(close(reason).is_same for reason in SAME_VALUE)
    assert not close("accents").is_same
    assert close("accents").is_near
    assert not Compared(Result.UNKNOWN, "unreadable").is_near
