"""The personal identification number: form, meaning, disagreement, repair."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dancu.kernel import pid
from dancu.kernel.errors import Invalid

PROVINCES = frozenset({"001", "002", "011", "012", "079", "096"})
HANOI = "001199000015"
SEXES = st.sampled_from(["M", "F"])


@given(
    province=st.sampled_from(sorted(PROVINCES)),
    sex=SEXES,
    birth_year=st.integers(1900, 2399),
    serial=st.integers(0, 999_999),
)
def test_a_number_says_what_it_was_made_of(province, sex, birth_year, serial):
    number = pid.compose(province=province, sex=sex, birth_year=birth_year, serial=serial)
    assert (number.province, number.sex, number.birth_year) == (province, sex, birth_year)
    assert number.serial == f"{serial:06d}"
    assert pid.parse(str(number)) == number
    assert not pid.findings(number, sex=sex, birth_year=birth_year, provinces=PROVINCES)


def test_the_published_example():
    number = pid.parse(" 001 199 000015 ")
    assert number == HANOI
    assert (number.province, number.sex, number.birth_year) == ("001", "F", 1999)
    assert isinstance(number, str)
    assert pickle.loads(pickle.dumps(number)) == number  # noqa: S301


@pytest.mark.parametrize(
    ("sex", "year", "digit"),
    [("M", 1900, "0"), ("F", 1999, "1"), ("M", 2000, "2"), ("F", 2099, "3"), ("F", 2399, "9")],
)
def test_the_digit_of_century_and_sex(sex, year, digit):
    assert pid.century_sex_digit(sex, year) == digit


@pytest.mark.parametrize(("sex", "year"), [("M", 1899), ("F", 2400), ("X", 1990)])
def test_there_is_no_digit_for_other_centuries_and_sexes(sex, year):
    with pytest.raises(ValueError, match=r"century|Sex"):
        pid.century_sex_digit(sex, year)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "NONDIGIT"),
        ("00119900001", "LEADING_ZERO_LOST"),
        ("1199000015", "LEADING_ZERO_LOST"),
        ("012345678", "CMND_ONLY"),
        ("12345", "LEN"),
        ("0011990000155", "LEN"),
        ("00119900001A", "NONDIGIT"),
        ("'001199000015", "NONDIGIT"),
        ("1.2E+11", "NONDIGIT"),
        ("٠٠١١٩٩٠٠٠٠١٥", "NONDIGIT"),
        ("001199000015\n1", "LEN"),
    ],
)
def test_what_is_no_number_says_why_and_what_to_do(text, reason):
    with pytest.raises(pid.InvalidPid) as caught:
        pid.parse(text)
    assert caught.value.reason == reason
    assert isinstance(caught.value, Invalid)
    (error,) = caught.value.field_errors
    assert error.field == "pid"
    assert error.text()
    assert error.remedy_text()


def test_a_made_number_must_have_the_form():
    with pytest.raises(pid.InvalidPid):
        pid.Pid(HANOI + "\n")
    with pytest.raises(pid.InvalidPid):
        pid.compose(province="01", sex="M", birth_year=1990, serial=1)


def codes(found):
    return [finding.code for finding in found]


def test_disagreements_are_found_one_by_one():
    found = pid.findings(HANOI, sex="M", birth_year=1989, provinces={"079"})
    assert codes(found) == ["PROV_UNKNOWN", "SEX_MISMATCH", "YEAR_MISMATCH"]
    assert [finding.severity for finding in found] == ["warning", "error", "error"]
    assert all(finding.text() and finding.remedy_text() for finding in found)
    assert "1999" in found[2].text()
    assert "1989" in found[2].text()


def test_what_is_not_known_is_not_checked():
    assert pid.findings(HANOI) == ()
    assert codes(pid.findings("012345678", sex="M")) == ["CMND_ONLY"]


def numbers(found):
    return [str(candidate.pid) for candidate in found]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1199000015", ("LEADING_ZERO_LOST",)),
        ("1199000015.0", ("TRAILING_ZERO", "LEADING_ZERO_LOST")),
        ("'1199000015", ("APOSTROPHE", "LEADING_ZERO_LOST")),
        ("1.199000015E+09", ("SCIENTIFIC", "LEADING_ZERO_LOST")),
        ("1,199000015e9", ("SCIENTIFIC", "LEADING_ZERO_LOST")),
        ("’001199000015", ("APOSTROPHE",)),
        ("001 199 000 015", ("SPACES",)),
        ("001199000015", ()),
        ("001199000015.0", ("TRAILING_ZERO",)),
        ("0011990000150", ("POINT_LOST",)),
    ],
)
def test_damage_by_spreadsheets_is_undone(text, steps):
    (candidate,) = pid.repair(text, sex="F", birth_year=1999, provinces=PROVINCES)
    assert candidate.pid == HANOI
    assert candidate.steps == steps
    assert ("number" in candidate.confirm) == bool({"LEADING_ZERO_LOST", "POINT_LOST"} & {*steps})


def test_eleven_digits_lost_one_zero():
    (candidate,) = pid.repair("79085123456", provinces=PROVINCES)
    assert candidate.pid == "079085123456"
    assert candidate.confirm == ("number", "sex", "birth_year")


def test_ten_digits_may_be_another_kind_of_number():
    (candidate,) = pid.repair("1199000015")
    assert candidate.confirm == ("number", "province", "sex", "birth_year", "kind")


@pytest.mark.parametrize(
    "text",
    [
        "012345678",  # the 9 digits of a former card
        "123456789",
        "12345678",
        "1.2E+11",  # digits lost
        "1.199E+09",
        "0912345678",  # ten digits that still have their zero: a telephone number
        "01199000015",  # eleven digits that still have their zero: a digit is missing elsewhere
        "ABC",
        "",
        "9" * 40,
    ],
)
def test_nothing_is_guessed(text):
    assert pid.repair(text) == []


def test_a_mended_number_that_contradicts_the_facts_is_no_candidate():
    assert pid.repair("1199000015", sex="M") == []
    assert pid.repair("1199000015", birth_year=1989) == []
    assert pid.repair("1199000015", provinces={"079"}) == []


def test_a_whole_number_that_contradicts_the_facts_is_shown_with_the_doubt():
    (candidate,) = pid.repair(HANOI, sex="M")
    assert codes(candidate.findings) == ["SEX_MISMATCH"]


def test_a_lost_point_gives_two_candidates_until_facts_decide():
    both = pid.repair("11190000150")
    assert numbers(both) == ["011190000150", "001119000015"]
    assert numbers(pid.repair("11190000150", provinces={"011"})) == ["011190000150"]
    assert numbers(pid.repair("11190000150", birth_year=1919)) == ["001119000015"]


@given(st.text(max_size=20))
def test_any_text_can_be_repaired(text):
    for candidate in pid.repair(text):
        assert pid.is_valid(candidate.pid)


@given(digits=st.from_regex(r"\A0{1,2}[1-9][0-9]{10}\Z"), sex=SEXES)
def test_every_number_is_found_again_after_a_spreadsheet(digits, sex):
    digits = digits[:12]
    number = pid.Pid(digits)
    assume(number.birth_year <= pid.LAST_REPAIRED_YEAR)
    for damaged in (str(int(digits)), str(float(digits)), f"'{digits}"):
        found = pid.repair(damaged, sex=number.sex, birth_year=number.birth_year)
        assert number in numbers(found)


@pytest.mark.parametrize(
    ("text", "masked"), [(HANOI, "001*******15"), ("012345678", "*********"), ("", "")]
)
def test_masking_shows_province_and_tail_only(text, masked):
    assert pid.mask(text) == masked
