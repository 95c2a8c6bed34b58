"""Keys, order and tidying of Vietnamese text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel import text
from dancu.kernel.memory import LONGEST, SIZE, Memory
from dancu.kernel.syllables import PARTS, is_syllable

LETTERS = "".join(PARTS) + "bcdđghklmnpqrstvx"
VIETNAMESE = st.text(LETTERS + LETTERS.upper() + " '-", max_size=30)
FUNCTIONS = [
    text.nfc,
    text.fold,
    text.match_key,
    text.accent_key,
    text.clean_name,
    text.title_name,
    text.place_tones,
    text.phonetic_key,
]
KEYS = [*FUNCTIONS, text.sort_key, text.text_sort_key]


@pytest.mark.parametrize("function", KEYS, ids=lambda function: function.__name__)
@given(name=st.text(max_size=40))
def test_any_text_is_taken_and_its_normal_form_does_not_matter(function, name):
    assert function(unicodedata.normalize("NFC", name)) == function(
        unicodedata.normalize("NFD", name)
    )


@pytest.mark.parametrize("function", FUNCTIONS[:7], ids=lambda function: function.__name__)
@given(name=VIETNAMESE)
def test_doing_it_twice_changes_nothing_more(function, name):
    once = function(name)
    assert function(once) == once


@given(name=st.text(max_size=40))
def test_cleaning_any_text_twice_changes_nothing_more(name):
    once = text.clean_name(name)
    assert text.clean_name(once) == once
    assert once == unicodedata.normalize("NFC", once).strip()
    assert "  " not in once


@given(name=VIETNAMESE)
def test_keys_of_vietnamese_are_plain(name):
    assert text.fold(name).isascii()
    assert text.match_key(name).isascii()
    assert text.match_key(name) == text.match_key(name.upper()) == text.match_key(name.lower())


@given(name=VIETNAMESE)
def test_the_match_key_needs_no_accents(name):
    assert text.match_key(name) == text.match_key(text.fold(name))


@given(name=VIETNAMESE)
def test_one_accent_key_means_one_match_key(name):
    assert text.match_key(text.accent_key(name)) == text.match_key(name)


@given(name=VIETNAMESE)
def test_placing_tones_keeps_every_key(name):
    for on_nucleus in (False, True):
        placed = text.place_tones(name, on_nucleus=on_nucleus)
        assert text.accent_key(placed) == text.accent_key(name)
        assert text.sort_key(placed) == text.sort_key(name)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("  ĐỖ   Ưng\tẮ ", "do ung a"),
        ("Ðức Ɖạt ðông", "duc dat dong"),
        ("Số 12/3A, Phường 5", "so 12/3a, phuong 5"),
        ("Ｎｇｕｙễｎ", "nguyen"),
        ("H’Mông", "h'mong"),
        ("", ""),
    ],
)
def test_folding(raw, folded):
    assert text.fold(raw) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lý Thị Mỹ", "Lí Thị Mĩ"),
        ("Trần Hòa", "Trần Hoà"),
        ("Ngô Thủy", "Ngô Thuỷ"),
        ("Đinh Quý", "Đinh Quí"),
        ("H'Hen Niê", "H’Hen Niê"),
        ("Ðỗ Văn A", "Đỗ Văn A"),
        ("NGUYỄN VĂN AN", "Nguyễn  Văn An"),
        ("Như Ý", "Như Í"),
    ],
)
def test_spellings_of_one_name_meet(one, other):
    assert text.accent_key(one) == text.accent_key(other)
    assert text.match_key(one) == text.match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Thúy", "Thúi"), ("Mây", "Mâi"), ("Toàn", "Toán"), ("Dung", "Dũng"), ("Qua", "Quá")],
)
def test_different_names_stay_apart_where_accents_count(one, other):
    assert text.accent_key(one) != text.accent_key(other)


def test_i_and_y_stay_apart_after_a_vowel():
    assert text.match_key("Thúy") == "thuy"
    assert text.match_key("Mai") != text.match_key("May")


@pytest.mark.parametrize(
    ("old", "new"),
    [("Hòa", "Hoà"), ("KHỎE", "KHOẺ"), ("Thúy", "Thuý"), ("Ngọc Hòa", "Ngọc Hoà")],
)
def test_tones_move_in_open_syllables(old, new):
    assert text.place_tones(new) == old
    assert text.place_tones(old, on_nucleus=True) == new


@pytest.mark.parametrize("name", ["Quý", "Hoài", "Toán", "Quà", "Huỳnh", "Mùa", "Hoàng", "Nguyễn"])
def test_tones_stay_where_there_is_one_place_only(name):
    assert text.place_tones(name) == name
    assert text.place_tones(name, on_nucleus=True) == name


def in_order(key, ordered):
    backwards = list(reversed(ordered))
    backwards.sort(key=key)
    return backwards == ordered


def test_the_hand_checked_list_is_in_order():
    ordered = ["An", "Anh", "Ánh", "Ăn", "Ân", "Dan", "Đan", "Em", "Ưng", "Yên"]
    assert in_order(text.sort_key, ordered)


def test_tones_sort_in_dictionary_order_after_the_letters():
    ordered = ["Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Bảo", "Băng", "Bằng", "Bâng"]
    assert in_order(text.sort_key, ordered)


def test_the_whole_alphabet_sorts():
    ordered = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert in_order(text.sort_key, ordered)


def test_names_sort_by_given_name_then_surname_then_middle():
    ordered = [
        "Trần Văn An",
        "Bùi Thị Ánh",
        "Lê Văn Bình",
        "Nguyễn Bình",
        "Nguyễn Thị Bình",
        "Nguyễn Văn Bình",
        "Nguyễn Văn Ái Bình",
        "Đặng Bình An Chi",
    ]
    assert in_order(text.sort_key, ordered)


def test_places_sort_from_their_first_syllable():
    ordered = ["An Giang", "Bà Rịa", "Cà Mau", "Đà Nẵng", "Hà Nội"]
    assert in_order(text.text_sort_key, ordered)


def test_other_scripts_sort_after_ours():
    assert text.sort_key("Yên") < text.sort_key("Ольга") < text.sort_key("王")
    assert text.sort_key("") == b""


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Nguyễn \u00a0 Văn\tA\n", "Nguyễn Văn A"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("Ðỗ Ɖức", "Đỗ Đức"),
        ("H’Hen Niê", "H'Hen Niê"),
        ("K\u02bcSor", "K'Sor"),
        ("Văn\u200b\x00 \u200b A", "Văn A"),
        ("\u200b", ""),
    ],
)
def test_cleaning_a_name(raw, clean):
    assert text.clean_name(raw) == clean


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("NGUYỄN THỊ MINH ANH", "Nguyễn Thị Minh Anh"),
        ("đặng văn ái", "Đặng Văn Ái"),
        ("h'hen niê", "H'Hen Niê"),
        ("mai-lan", "Mai-Lan"),
    ],
)
def test_capitals_of_a_name(raw, title):
    assert text.title_name(raw) == title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sương", "Xương"),
        ("Trung", "Chung"),
        ("Dung", "Giung"),
        ("Vinh", "Dinh"),
        ("Rạng", "Giạng"),
        ("Lam", "Nam"),
        ("Hoàn", "Hoàng"),
        ("Các", "Cát"),
        ("Bích", "Bít"),
        ("Lý", "Lí"),
        ("Kỳ", "Cì"),
        ("Quốc", "Cuốc"),
        ("Nghi", "Ngi"),
        ("Phúc", "Fúc"),
        ("Giêng", "Diêng"),
        ("Gì", "Rì"),
        ("Gin", "Din"),
    ],
)
def test_names_that_sound_alike_meet(one, other):
    assert text.phonetic_key(one) == text.phonetic_key(other)


@pytest.mark.parametrize(("one", "other"), [("Anh", "An"), ("Nga", "Na"), ("Thu", "Tu")])
def test_names_that_sound_different_stay_apart(one, other):
    assert text.phonetic_key(one) != text.phonetic_key(other)


@pytest.mark.parametrize(
    "word",
    "nguyễn quỳnh khuya giếng gì quý thuở hoàng ý yên quới tuấn oanh xoong".split(),  # noqa: SIM905
)
def test_words_are_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nguyôn", "vaên", "hàc", "hạch'", "tãt", "kđăm", "bhăm", "", "1"])
def test_garbage_is_no_syllable(word):
    assert not is_syllable(word)


def test_a_full_memory_forgets_and_keeps_no_long_words():
    memory = Memory(len)
    long = "a" * (LONGEST + 1)
    assert memory[long] == LONGEST + 1
    assert long not in memory
    for number in range(SIZE + 1):
        assert memory[str(number)] == len(str(number))
    assert len(memory) == 1


def test_a_huge_name_is_only_slow_by_its_length():
    huge = "ạ" * 200_000
    assert text.fold(huge) == "a" * 200_000
    assert text.sort_key(huge)
    assert text.clean_name(huge) == huge
