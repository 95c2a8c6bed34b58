"""Half-open periods, against sets of days as the plain truth."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.kernel import periods
from dancu.kernel.periods import ALWAYS, Period

FIRST = date(2025, 1, 1)
WINDOW = [FIRST + timedelta(days=number) for number in range(-3, 15)]


def day(number):
    return FIRST + timedelta(days=number)


def make(limits):
    start, length = limits
    return Period(
        None if start == 0 else day(start), None if length == 0 else day(max(start, 0) + length)
    )


PERIODS = st.tuples(st.integers(0, 8), st.integers(0, 5)).map(make)


def days(*several):
    return {one for one in WINDOW for period in several if one in period}


@given(PERIODS, PERIODS)
def test_two_periods_behave_like_sets_of_days(one, other):
    common = one.intersection(other)
    assert days(*([common] if common else [])) == days(one) & days(other)
    assert one.overlaps(other) == other.overlaps(one) == bool(days(one) & days(other))
    assert one.covers(other) == (not other.minus(one))
    assert days(*one.minus(other)) == days(one) - days(other)


@given(st.lists(PERIODS, max_size=6), PERIODS)
def test_gaps_and_union_behave_like_sets_of_days(several, within):
    merged = periods.merge(several)
    assert days(*merged) == days(*several)
    assert all(not one.overlaps(other) for one, other in pairwise(merged))
    assert all(not one.meets(other) for one, other in pairwise(merged))
    missing = periods.gaps(several, within)
    assert days(*missing) == days(within) - days(*several)
    assert periods.covers(several, within) == (not missing)


@given(st.lists(PERIODS, max_size=6))
def test_an_overlap_is_found_exactly_when_there_is_one(several):
    found = periods.find_overlap(several)
    pairs = [(one, other) for place, one in enumerate(several) for other in several[place + 1 :]]
    assert (found is not None) == any(one.overlaps(other) for one, other in pairs)
    if found:
        assert found[0].overlaps(found[1])


def test_the_last_day_does_not_belong_to_it():
    period = Period(date(2020, 1, 1), date(2025, 7, 1))
    assert date(2025, 6, 30) in period
    assert date(2025, 7, 1) not in period
    assert period.meets(Period(date(2025, 7, 1)))
    assert str(period) == "[2020-01-01, 2025-07-01)"
    assert str(ALWAYS) == "(-∞, ∞)"
    assert period.days == 2008
    assert ALWAYS.days is None


def test_a_period_without_days_cannot_be_made():
    for end in (FIRST, day(-1)):
        with pytest.raises(ValueError, match="before it ends"):
            Period(FIRST, end)


def test_ending_a_period_never_prolongs_it():
    assert Period(FIRST).ended(day(5)) == Period(FIRST, day(5))
    assert Period(FIRST, day(3)).ended(day(5)) == Period(FIRST, day(3))
    assert Period(FIRST).is_open
    with pytest.raises(ValueError, match="before it ends"):
        Period(FIRST).ended(FIRST)


def test_the_gaps_of_nothing_are_everything():
    assert periods.gaps([]) == (ALWAYS,)
    assert periods.covers([Period(None, FIRST), Period(FIRST)], ALWAYS)
