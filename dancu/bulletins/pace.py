"""Whether a target will be kept: the pace needed, the pace kept, the day it leads to. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from dancu.bulletins.types import Pace, State, TargetKind

#: Days over which the pace is taken, the last one included.
WEEK = 7
#: Whoever needs more working days than this is not told a day.
_FARTHEST = 1000
IsWorking = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Work:
    """What moved of what a target is about: left now, mended on the day, and in seven days."""

    left: int = 0
    mended_today: int = 0
    mended_week: int = 0
    opened_week: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(
            self.left + other.left,
            self.mended_today + other.mended_today,
            self.mended_week + other.mended_week,
            self.opened_week + other.opened_week,
        )


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as far as the pace goes; see ``Pace`` for what its fields mean."""

    group: str
    kind: TargetKind
    goal: int
    by: date
    units: int = 0
    of: int = 0


def pace(aim: Aim, work: Work, *, day: date, is_working: IsWorking, counts_day: bool) -> Pace:
    """Return how an aim stands on a day; ``counts_day``: work of the day is still to come."""
    begin = day - timedelta(days=1) if counts_day else day
    days = working_days(begin, aim.by, is_working)
    worked = max(1, working_days(day - timedelta(days=WEEK), day, is_working))
    if aim.kind == "daily":
        kept, needed = work.mended_week / worked, float(aim.goal)
        forecast = None
    else:
        # New issues eat up work: what counts is by how much fewer are left.
        kept = (work.mended_week - work.opened_week) / worked
        missing = max(0, work.left - aim.goal)
        needed = missing / days if days else float(missing)
        forecast = _forecast(missing, kept, begin, is_working)
    state = _state(aim, work, kept, needed, is_over=begin >= aim.by)
    return Pace(
        group=aim.group,
        kind=aim.kind,
        goal=aim.goal,
        by=aim.by,
        left=work.left,
        mended_today=work.mended_today,
        mended_week=work.mended_week,
        opened_week=work.opened_week,
        working_days=days,
        needed=round(needed, 2),
        kept=round(kept, 2),
        forecast=forecast,
        state=state,
        units=aim.units,
        of=aim.of,
    )


def working_days(after: date, until: date, is_working: IsWorking) -> int:
    """Return the working days behind a day, up to another one inclusive."""
    return sum(map(is_working, _days(after, until)))


def summed(aims: Sequence[Aim], of: int) -> Aim:
    """Return the aims of children as the aim of their parent: one group, one kind."""
    first = aims[0]
    return Aim(
        first.group,
        first.kind,
        sum(one.goal for one in aims),
        max(one.by for one in aims),
        units=sum(one.units or 1 for one in aims),
        of=of,
    )


def _days(after: date, until: date) -> Iterator[date]:
    for number in range(1, min((until - after).days, 2 * _FARTHEST) + 1):
        yield after + timedelta(days=number)


def _forecast(missing: int, kept: float, day: date, is_working: IsWorking) -> date | None:
    if missing == 0:
        return day
    if kept <= 0 or missing / kept > _FARTHEST:
        return None
    left = ceil(missing / kept)
    while left > 0:
        day += timedelta(days=1)
        left -= is_working(day)
    return day


def _state(aim: Aim, work: Work, kept: float, needed: float, *, is_over: bool) -> State:
    if aim.kind == "left" and work.left <= aim.goal:
        return "reached"
    if is_over:
        return "overdue"
    if kept <= 0:
        return "not_moving"
    return "on_course" if kept >= needed else "behind"
