"""Reading the QR code of a card as scanners type it."""

from __future__ import annotations

import pytest

from dancu.onestop import card
from dancu.onestop.errors import CardUnreadable

LINE = "001199000015|012345678|Nguyễn Thị Minh Anh|02011999|Nữ|Số 5, tổ 3, Hà Nội|15032022"


def test_a_card_gives_number_name_and_birth_date():
    found = card.read(LINE)
    assert (found.pid, found.name) == ("001199000015", "Nguyễn Thị Minh Anh")
    assert found.birth_date is not None
    assert found.birth_date.iso == "1999-01-02"


def test_an_absent_old_number_and_more_fields_behind_do_no_harm():
    found = card.read("001199000015||NGUYEN THI MINH ANH|02011999|Nữ|Hà Nội|15032022|||x")
    assert found.name == "NGUYEN THI MINH ANH"


@pytest.mark.parametrize(
    ("birth", "iso"),
    [("00001944", "1944"), ("1944", "1944"), ("031944", "1944-03"), ("00031944", "1944-03")],
)
def test_an_old_person_may_have_only_a_year_or_a_month(birth, iso):
    found = card.read(f"001044000015||Lê Thị Sáu|{birth}|Nữ|Hà Nội|")
    assert found.birth_date is not None
    assert found.birth_date.iso == iso


def test_a_name_that_the_scanner_spoilt_is_left_out():
    found = card.read("001199000015||Nguy?n Th� Minh Anh|02011999|Nữ|Hà Nội|15032022")
    assert found.name is None
    assert found.birth_date is not None


@pytest.mark.parametrize(
    "line",
    ["1|2|3|4", "00119900001||Anh|02011999|Nữ||", "001199000015||?|99999999|Nữ||", "a|b", "|||"],
)
def test_what_is_no_card_says_so(line):
    with pytest.raises(CardUnreadable):
        card.read(line)


def test_a_number_alone_is_no_card():
    assert not card.is_card("001199000015")
    assert card.is_card(LINE)
