"""What each comparison says about two records."""

from __future__ import annotations

import pytest

from dancu.kernel.linkage import comparisons
from dancu.kernel.linkage.prepared import Context, prepare
from dancu.kernel.linkage.types import Record

REFORM = Context(
    successions={"26734": ("26740",), "20194": ("20194", "20197"), "00100": ("00070", "00091")},
    old_prefixes={"0123": "083"},
)


def level(comparison: comparisons.Comparison, one: dict[str, str], other: dict[str, str]) -> str:
    """The level of two records, which must not depend on their order."""
    left, right = (prepare(Record("k", **values), REFORM) for values in (one, other))
    found = comparison.level(left, right).name
    assert comparison.level(right, left).name == found
    return found


def of_names(one: str, other: str) -> str:
    return level(comparisons.NAME, {"full_name": one}, {"full_name": other})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Nguyễn Thị Hòa", "NGUYỄN THỊ HOÀ", "same"),
        ("Lý Thu Mỹ", "Lí Thu Mĩ", "same"),
        ("Ðặng Văn Đức", "Đặng Văn Đức", "same"),
        ("NguyÔn V¨n Hïng", "Nguyễn Văn Hùng", "same"),
        ("Nguyễn Văn Hùng2", "Nguyễn Văn Hùng", "same"),
        ("Nguyen Van Hung", "Nguyễn Văn Hùng", "accents_left_out"),
        ("Nguyễn Văn Hưng", "Nguyễn Văn Hùng", "other_accents"),
        ("Huỳnh Văn Phước", "Hoàng Văn Phúc", "kinship_spelling"),
        ("Võ Thị Sáu", "Vũ Thị Sáu", "kinship_spelling"),
        ("Trần Hưng", "Trần Quốc Hưng", "middle_name"),
        ("Trần Ngọc Quốc Hưng", "Tran Quoc Hung", "middle_name"),
        ("Lan Nguyễn Thị", "Nguyễn Thị Lan", "order"),
        ("Ng. T. Lan", "Nguyễn Thị Lan", "abbreviated"),
        ("Nguyễn Thị Lxan", "Nguyễn Thị Lan", "typing"),
        ("Nguyễn Tị Lan", "Nguyễn Thị Lan", "one_letter"),
        ("Nguyễn Thị Loan", "Nguyễn Thị Lan", "other_name"),
        ("Lan", "Nguyễn Thị Lan", "given_name_only"),
        ("Phạm Thu Lan", "Nguyễn Thị Lan", "same_given_name"),
        ("Nguyễn Thị Lan", "Nguyễn Thị Huệ", "other_name"),
        ("", "Nguyễn Thị Huệ", "unknown"),
    ],
)
def test_names_differ_in_ways_that_are_told_apart(one: str, other: str, expected: str) -> None:
    assert of_names(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1985-03-02", "02/03/1985", "same"),
        ("1985-03-02", "1985-02-03", "day_month_swapped"),
        ("1985-03-02", "1985", "year_only"),
        ("1985-03-02", "01/01/1985", "year_only"),
        ("1985-01-01", "1985-01-01", "year_only"),
        ("1985-03-02", "30/02/1985", "year_only"),
        ("1985-03-02", "1985-03-12", "one_digit"),
        ("1985-03-02", "1994-03-02", "other_year"),
        ("1985-03-02", "1985-11-25", "same_year"),
        ("1985-03-02", "1990-11-25", "other_date"),
        ("1985-03-02", "", "unknown"),
    ],
)
def test_birth_dates_are_swapped_vague_or_mistyped(one: str, other: str, expected: str) -> None:
    assert level(comparisons.BIRTH, {"birth_date": one}, {"birth_date": other}) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("079185001234", "79185001234", "same"),
        ("079185001234", "'079 185 001 234", "same"),
        ("079185001234", "O79185001234", "same"),
        ("079185001234", "079185001235", "one_digit"),
        ("079185001234", "079185001324", "one_digit"),
        ("079185001234", "07918500123", "one_digit"),
        ("079185001234", "001185001234", "same_serial"),
        ("079185001234", "079085001234", "one_digit"),
        ("079185001234", "079190001234", "same_serial"),
        ("079185001234", "079185998877", "other"),
        ("079185001234", "", "unknown"),
        ("079185001234", "024680135", "unknown"),
    ],
)
def test_numbers_lose_zeros_and_digits(one: str, other: str, expected: str) -> None:
    assert level(comparisons.NUMBER, {"pid": one}, {"pid": other}) == expected


def test_nine_digits_are_the_former_number_wherever_they_stand() -> None:
    held = {"pid": "079185001234", "old_id_number": "024680135"}
    assert level(comparisons.NUMBER, held, {"pid": "24680135"}) == "same_old_number"
    assert level(comparisons.NUMBER, held, {"pid": "024680153"}) == "old_number_one_digit"
    assert level(comparisons.NUMBER, held, {"old_id_number": "999999999"}) == "other"


FAMILY = {"father_name": "Lê Văn Tám", "mother_name": "Võ Thị Bảy"}
HOME = {"address": "45/2 Đinh Tiên Hoàng, Phường 1", "commune": "26734"}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({**FAMILY, **HOME}, "parents_same_address"),
        (
            {**FAMILY, "address": "Số 45/2 đường Đinh Tiên Hoàng", "commune": "26740"},
            "parents_same_address",
        ),
        ({**FAMILY, "commune": "26740"}, "parents_same_commune"),
        ({"father_name": "Le Van Tam", "mother_name": "Vũ Thị Bảy"}, "parents_elsewhere"),
        ({"father_name": "Lê Văn Tám", **HOME}, "one_parent_same_address"),
        ({**FAMILY, "mother_name": "Bùi Thị Chín"}, "one_of_two_parents_elsewhere"),
        ({**HOME, "commune": "00001"}, "parents_unknown_elsewhere"),
        ({"father_name": "Bùi Văn Tư", **HOME}, "other_parents_same_address"),
    ],
)
def test_parents_and_home_are_weighed_together(other: dict[str, str], expected: str) -> None:
    assert level(comparisons.FAMILY, {**FAMILY, **HOME}, other) == expected


def test_units_of_both_maps_meet() -> None:
    def places(one: str, other: str) -> str:
        return level(comparisons.BIRTH_PLACE, {"birth_place": one}, {"birth_place": other})

    assert places("26734", "26740") == "same"
    assert places("20194", "20194") == "same"
    assert places("00100", "00091") == "same"
    assert places("26734", "00091") == "other"
    assert places("Bến Tre", "bến tre") == "same"


def test_telephones_of_before_2018_meet_those_of_today() -> None:
    def phones(one: str, other: str) -> str:
        return level(comparisons.PHONE, {"phone": one}, {"phone": other})

    assert phones("+84831234567", "01231234567") == "same"
    assert phones("0912345678", "0912345679") == "other"
    assert phones("0912345678", "khong co") == "unknown"


def test_nothing_known_says_nothing_of_either_record() -> None:
    empty = prepare(Record("a"))
    for comparison in comparisons.COMPARISONS:
        found = comparison.level(empty, empty).name
        assert found in ("unknown", "parents_unknown_elsewhere")
