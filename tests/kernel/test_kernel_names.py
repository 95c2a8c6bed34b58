"""Findings about names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel import names

SURNAMES = {"nguyen", "tran", "le"}


def codes(name, **known):
    return [finding.code for finding in names.findings(name, **known)]


@pytest.mark.parametrize(
    "name", ["Nguyễn Văn An", "NGUYỄN THỊ MINH ANH", "Đặng Thùy Trâm", "Nguyen Van An"]
)
def test_usual_names_give_rise_to_nothing(name):
    assert codes(name, surnames=SURNAMES) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", ["EMPTY"]),
        (" \u200b ", ["EMPTY"]),
        ("A" * 101, ["TOO_LONG"]),
        ("NguyÔn V¨n An", ["LEGACY_ENCODING"]),
        ("Nguyeãn Vaên An", ["LEGACY_ENCODING"]),
        ("Nguyễn Văn 4", ["DIGIT"]),
        ("Nguyễn <b>Văn</b> An", ["ODD_CHARACTER"]),
        ("Lê Văn'; DROP TABLE x--", ["ODD_CHARACTER", "FOREIGN_SYLLABLE"]),
        ("Nguyễn Văn Аn", ["FOREIGN_SCRIPT", "FOREIGN_SYLLABLE"]),
        ("Ðỗ Văn An", ["ETH_FOR_D"]),
        ("Ng. Văn An", ["ABBREV"]),
        ("Ng~ Văn An", ["ABBREV"]),
        ("Nguyễn V.An Bình", ["ABBREV"]),
        ("Nguyễn Văn A.", ["ABBREV"]),
        ("An", ["ONE_SYLLABLE"]),
        ("Văn\u200b An Lê Bình", ["INVISIBLE"]),
        (unicodedata.normalize("NFD", "Nguyễn Văn An"), ["NFD"]),
        ("Nguyễn An", ["MISSING_MIDDLE"]),
        ("Lê Văn Hoà", ["TONE_STYLE"]),
        ("H'Hen Niê Kđăm", ["FOREIGN_SYLLABLE"]),
    ],
)
def test_each_doubt_has_its_code(name, expected):
    assert codes(name) == expected
    for finding in names.findings(name):
        assert finding.text()
        assert finding.remedy_text()


def test_the_order_is_judged_only_with_surnames():
    assert codes("An Văn Nguyễn") == []
    assert codes("An Văn Nguyễn", surnames=SURNAMES) == ["SWAPPED_ORDER"]
    assert codes("Minh-An Văn Trần", surnames=SURNAMES) == ["SWAPPED_ORDER"]
    assert codes("Lê Văn Trần", surnames=SURNAMES) == []


def test_names_of_other_peoples_are_accepted():
    for name in ("Y Bhăm Niê Kđăm", "H'Hen Niê", "K'Brơi", "Kpă Klơng", "François Müller"):
        assert names.is_acceptable(name), names.findings(name)


def test_a_wrong_name_is_not_accepted():
    for name in ("", "x" * 200, "Nguyễn 1", "Ng. Văn A", "NguyÔn V¨n"):
        assert not names.is_acceptable(name)


def test_spellings_of_one_name():
    assert names.is_same_name("ĐỖ THỊ HOÀ", "Ðỗ Thị Hòa")
    assert not names.is_same_name("Đỗ Thị Hòa", "Đỗ Thị Hoa")


@given(st.text(max_size=120))
def test_any_text_can_be_judged(name):
    for finding in names.findings(name):
        assert finding.text()
