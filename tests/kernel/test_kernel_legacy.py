"""TCVN3, VNI and broken UTF-8: repair, and knowing when not to be sure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel import legacy

NAMES = [
    "Nguyễn Thị Hương",
    "Trần Văn Bình",
    "Võ Đình Phước",
    "Huỳnh Ngọc Ẩn",
    "Đặng Thuỷ Trâm",
    "Lê Hữu Trác",
    "Phạm Thị Ỷ",
    "Bùi Quý Đĩnh",
    "Đỗ Nhật Khánh Vỹ",
]

TCVN3_BYTES = {sign: chr(code) for code, sign in legacy._TCVN3_TABLE.items()}
VNI_SIGNS: dict[str, str] = {}
for signs, letter in legacy._VNI_TABLE.items():
    VNI_SIGNS.setdefault(letter, signs)


def as_tcvn3(text: str) -> str:
    """Write as the fonts do: accented capitals do not exist, except those of the alphabet."""
    return "".join(TCVN3_BYTES.get(s) or TCVN3_BYTES.get(s.lower(), s) for s in text)


def as_vni(text: str) -> str:
    return "".join(
        VNI_SIGNS[s.lower()].upper() if s.isupper() and s.lower() in VNI_SIGNS
        else VNI_SIGNS.get(s, s)
        for s in text
    )  # fmt: skip


def as_utf8(text: str) -> str:
    return "".join(
        bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in text.encode()
    )


WRITERS = {"TCVN3": as_tcvn3, "VNI": as_vni, "UTF8": as_utf8}
ALL = sorted(WRITERS)


@pytest.mark.parametrize(
    ("garbled", "encoding", "meant"),
    [
        ("NguyÔn V¨n An", "TCVN3", "Nguyễn Văn An"),
        ("TrÇn ThÞ H­¬ng", "TCVN3", "Trần Thị Hương"),
        ("§Æng Thïy Tr©m", "TCVN3", "Đặng Thùy Trâm"),
        ("Nguyeãn Vaên", "VNI", "Nguyễn Văn"),
        ("ÑAËNG THUØY TRAÂM", "VNI", "ĐẶNG THÙY TRÂM"),
        ("Ñaø Naüng", "VNI", "Đà Nẵng"),
        ("Nguyá»…n VÄƒn", "UTF8", "Nguyễn Văn"),
    ],
)
def test_real_looking_samples(garbled, encoding, meant):
    guess = legacy.detect(garbled)
    assert guess is not None
    assert guess.encoding == encoding
    assert guess.certain
    assert guess.repaired == legacy.repair(garbled, encoding) == meant


@pytest.mark.parametrize("encoding", ALL)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_survives_the_way_there_and_back(name, encoding):
    garbled = WRITERS[encoding](name)
    assert legacy.repair(garbled, encoding).lower() == name.lower()


@pytest.mark.parametrize("name", NAMES)
def test_text_that_is_right_is_left_alone(name):
    assert legacy.detect(name) is None


def test_text_without_marks_says_nothing():
    assert legacy.detect("Nguyen Van An") is None
    assert legacy.detect_column(["Nguyen Van An", "", "A"]) is None


def test_a_short_text_is_never_certain():
    guess = legacy.detect("V¨n")
    assert guess is not None
    assert guess.encoding == "TCVN3"
    assert not guess.certain
    assert guess.confidence < 0.99


def test_letters_that_both_share_prove_nothing():
    guess = legacy.detect("cheát vì Chi phí")
    assert guess is not None
    assert guess.repaired == "chết vì Chi phí"
    assert not guess.certain


def test_a_text_that_is_right_as_it_stands_is_not_questioned():
    # As TCVN3 this would be "Lờ": one cell cannot tell.
    assert legacy.detect("Lê") is None


def test_names_of_other_languages_are_not_repaired():
    assert legacy.detect("Y Bhăm Niê Kđăm") is None
    assert legacy.detect("François Müller") is None
    assert legacy.detect("王小明") is None


def test_capitals_of_tcvn3_follow_the_plain_letters():
    assert legacy.repair("NGUYÔN V¨N", "TCVN3") == "NGUYỄN VĂN"
    assert legacy.repair("Lª T¸", "TCVN3") == "Lê Tá"


@pytest.mark.parametrize("encoding", ALL)
def test_a_column_of_short_texts_is_certain(encoding):
    given_names = ["Bình", "Hương", "Đức", "Ánh", "Phúc", "Lê", "Hoà", "Thắm", "An"]
    guess = legacy.detect_column(map(WRITERS[encoding], given_names))
    assert guess is not None
    assert guess.encoding == encoding
    assert guess.certain
    assert not guess.mixed
    assert guess.share == 1.0


def test_a_mixed_column_says_so_and_helps_to_judge_each_value():
    column = [as_tcvn3(name) for name in NAMES] + NAMES[:4]
    guess = legacy.detect_column(column)
    assert guess is not None
    assert guess.mixed
    assert not guess.certain
    assert guess.counts["UNICODE"] == 4
    readings = [legacy.detect(value, prior=guess.prior) for value in column]
    assert [reading is not None for reading in readings] == [True] * len(NAMES) + [False] * 4


def test_a_right_column_is_left_alone():
    assert legacy.detect_column(NAMES) is None


@given(st.text(max_size=50))
def test_any_text_can_be_judged_and_repaired(text):
    legacy.detect(text)
    for encoding in (legacy.TCVN3, legacy.VNI, legacy.UTF8):
        assert isinstance(legacy.repair(text, encoding), str)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_never_changed(text):
    for encoding in (legacy.TCVN3, legacy.VNI, legacy.UTF8):
        assert legacy.repair(text, encoding) == text
