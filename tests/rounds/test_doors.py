"""Where a written address belongs, and in which order one walks past houses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.rounds.doors import Written, door_of, house_key, natural_key

WALK = [
    "1", "2", "9", "10", "12", "12-14", "12A", "12B", "12/3", "12/3A", "12/3/1", "12/10",
    "14", "14bis", "120", "A1", "A12", "",
]  # fmt: skip


def test_houses_stand_in_the_order_in_which_one_walks_past_them() -> None:
    assert sorted(WALK, key=house_key) == WALK


@pytest.mark.parametrize(
    ("house", "street", "found"),
    [
        ("3", "hẻm 45 Đinh Tiên Hoàng", ("45/3", "Đinh Tiên Hoàng")),
        ("5", "ngách 12/3 ngõ 45 Trần Phú", ("45/12/3/5", "Trần Phú")),
        ("45/3", "Hẻm 45, Đường Đinh Tiên Hoàng", ("45/3", "Đường Đinh Tiên Hoàng")),
        ("", "Kiệt 7 Lê Lợi", ("7", "Lê Lợi")),
        ("12", "Ngõ Huyện", ("12", "Ngõ Huyện")),
        ("12/3A", "Lê Lợi", ("12/3A", "Lê Lợi")),
    ],
)
def test_an_alley_in_words_is_the_same_door_as_one_in_the_number(
    house: str, street: str, found: tuple[str, str]
) -> None:
    door = door_of(Written("", street, house))
    assert (door.house, door.street) == found


def test_one_street_is_written_with_and_without_its_kind() -> None:
    written = [Written("", street, "12A") for street in ("Đường Lê Lợi", "Lê Lợi", "lê  lợi")]
    assert len({(d.street_key, d.house_key) for d in map(door_of, written)}) == 1


def test_a_neighbourhood_is_told_from_the_group_of_houses_in_it() -> None:
    door = door_of(Written("Tổ 5, Thôn 3", "", ""))
    assert (door.neighbourhood, door.street, door.house) == ("Thôn 3", "Tổ 5", "")
    names = [door_of(Written(name)) for name in ("KP 3", "kp.3", "Khu phố 3", "K.P 3")]
    assert {one.neighbourhood for one in names} == {"Khu phố 3"}


def test_neighbourhoods_of_two_former_wards_are_two() -> None:
    wards = ("", "Phường Bến Nghé", "Phường Đa Kao")
    doors = [door_of(Written("Khu phố 3", "Lê Lợi", "1"), ward_before=one) for one in wards]
    assert len({one.neighbourhood_key for one in doors}) == 3


def test_names_sort_as_vietnamese_lists_do_with_numbers_as_numbers() -> None:
    names = ["Đường số 2", "Đường số 10", "Khu phố 9", "Khu phố 10", "Lê Lai", "Lê Lợi"]
    assert sorted(names, key=natural_key) == names


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_any_writing_has_a_door_whose_keys_fit_an_index(one: str, two: str, three: str) -> None:
    door = door_of(Written(one, two, three))
    keys = (door.neighbourhood_key, door.street_key, door.house_key)
    assert all(keys)
    assert sum(len(key.encode()) for key in keys) < 2_600


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from(["", "A", "/1", "/1B"]))
def test_numbers_come_before_what_follows_them(first: int, second: int, more: str) -> None:
    if first < second:
        assert house_key(f"{first}{more}") < house_key(str(second))
    assert house_key(str(first)) <= house_key(f"{first}{more}")
