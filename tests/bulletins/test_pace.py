"""What pace a target needs, and where the pace of the last days leads."""

from __future__ import annotations

from datetime import date

from dancu.bulletins.pace import Aim, Work, pace
from dancu.bulletins.types import Pace
from dancu.population.services.rules import is_working_day

#: A Thursday evening.
DAY = date(2026, 11, 19)


def how(work: Work, goal: int = 0, by: date = date(2026, 11, 27), kind: str = "left") -> Pace:
    aim = Aim("", "daily" if kind == "daily" else "left", goal, by)
    return pace(aim, work, day=DAY, is_working=is_working_day, counts_day=False)


def test_weekends_are_no_working_days() -> None:
    found = how(Work(left=60))
    assert (found.working_days, found.needed) == (6, 10.0)


def test_holidays_are_no_working_days() -> None:
    found = how(Work(left=60), by=date(2027, 1, 4))
    assert date(2027, 1, 1).isoweekday() == 5
    assert found.working_days == 31


def test_new_issues_eat_up_work() -> None:
    busy = how(Work(left=50, mended_week=100, opened_week=50))
    assert (busy.kept, busy.state) == (10.0, "on_course")
    assert busy.forecast == date(2026, 11, 26)
    treading = how(Work(left=50, mended_week=100, opened_week=100))
    assert (treading.state, treading.forecast) == ("not_moving", None)


def test_too_slow_is_behind_and_says_when() -> None:
    found = how(Work(left=100, mended_week=25))
    assert (found.state, found.kept) == ("behind", 5.0)
    assert found.forecast == date(2026, 12, 17)


def test_reached_and_missed() -> None:
    assert how(Work(left=5), goal=5).state == "reached"
    assert how(Work(left=6), goal=5, by=DAY).state == "overdue"


def test_so_many_a_day() -> None:
    assert how(Work(left=9, mended_week=50), goal=10, kind="daily").state == "on_course"
    assert how(Work(left=9, mended_week=49), goal=10, kind="daily").state == "behind"
    assert how(Work(left=9, mended_week=49), goal=10, kind="daily", by=DAY).state == "overdue"
