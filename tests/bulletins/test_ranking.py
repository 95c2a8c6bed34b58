"""The league table is fair: to small units, to equals, and to whoever only worked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dancu.bulletins.ranking import Entry, Weights, places
from dancu.bulletins.types import CAUSES, Cause, Movement

WEIGHTS = Weights(issues=50, people=500, least_people=50)


def moved(left: int, mended: int, ended: int = 0) -> Movement:
    numbers = {Cause.MENDED: mended, Cause.RULE_ENDED: ended}
    return Movement(left=left, closed=tuple(numbers.get(cause, 0) for cause in CAUSES))


def order(**units: tuple[int, int, int]) -> dict[str, int | None]:
    entries = [
        Entry(name, people, moved(left, mended)) for name, (people, left, mended) in units.items()
    ]
    return {name: one.place for name, one in places(entries, WEIGHTS).items()}


def test_a_small_unit_is_neither_first_nor_last_by_one_issue() -> None:
    lucky = order(large=(30_000, 300, 700), middle=(20_000, 700, 300), small=(200, 1, 2))
    assert lucky["large"] == 1
    unlucky = order(large=(30_000, 300, 700), middle=(20_000, 700, 300), small=(200, 3, 0))
    assert unlucky["middle"] == 3


def test_whoever_has_nothing_left_is_first() -> None:
    found = order(done=(100, 0, 1), busy=(30_000, 10, 5_000))
    assert found == {"done": 1, "busy": 2}


def test_equals_share_a_place_and_the_next_is_counted_on() -> None:
    found = order(a=(100, 5, 5), b=(100, 5, 5), c=(100, 9, 1))
    assert found == {"a": 1, "b": 1, "c": 3}


def test_a_rule_that_ended_helps_nobody() -> None:
    worked = Entry("worked", 1_000, moved(50, 50))
    lucky = Entry("lucky", 1_000, moved(50, 0, ended=500))
    found = places([worked, lucky], WEIGHTS)
    assert (found["worked"].place, found["lucky"].place) == (1, 2)
    assert found["lucky"].share == 0


def test_almost_nobody_is_not_placed() -> None:
    found = order(empty=(0, 3, 0), hamlet=(49, 0, 0), ward=(5_000, 10, 10))
    assert found == {"empty": None, "hamlet": None, "ward": 1}


@given(
    st.dictionaries(
        st.text("abcdef", min_size=1, max_size=3),
        st.tuples(st.integers(0, 99_999), st.integers(0, 9_999), st.integers(0, 9_999)),
        max_size=12,
    )
)
def test_every_place_follows_from_how_many_are_better(
    units: dict[str, tuple[int, int, int]],
) -> None:
    found = [place for place in order(**units).values() if place is not None]
    assert all(found.count(place) and 1 <= place <= len(found) for place in found)
    for place in set(found):
        assert sum(other < place for other in found) == place - 1
