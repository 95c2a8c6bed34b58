"""Half-open periods of days: the first day belongs to them, the last does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` up to, not including, ``end``; ``None`` means without limit.

    An empty or reversed period raises ``ValueError``.
    """

    start: date | None
    end: date | None = None

    def __post_init__(self) -> None:
        """Refuse a period without days."""
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError(f"A period must start before it ends: {self.start} .. {self.end}.")

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def __str__(self) -> str:
        """Return the mathematical form, such as ``[2020-01-01, 2025-07-01)``."""
        left = "(-∞" if self.start is None else f"[{self.start}"
        return f"{left}, {self.end or '∞'})"

    @property
    def is_open(self) -> bool:
        """Tell whether the period has no end."""
        return self.end is None

    @property
    def days(self) -> int | None:
        """Return the number of days; ``None`` when there is no limit."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days

    def covers(self, other: Period) -> bool:
        """Tell whether every day of the other lies in this one."""
        return _start(self) <= _start(other) and _end(other) <= _end(self)

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two share a day."""
        return self.intersection(other) is not None

    def meets(self, other: Period) -> bool:
        """Tell whether the other begins on the day this one ends."""
        return self.end is not None and self.end == other.start

    def intersection(self, other: Period) -> Period | None:
        """Return the days that both have; ``None`` when there are none."""
        return _period(max(_start(self), _start(other)), min(_end(self), _end(other)))

    def minus(self, other: Period) -> tuple[Period, ...]:
        """Return the days of this one that the other does not have: none, one or two periods."""
        before = _period(_start(self), min(_end(self), _start(other)))
        after = _period(max(_start(self), _end(other)), _end(self))
        return tuple(piece for piece in (before, after) if piece is not None)

    def ended(self, end: date) -> Period:
        """Return the same period closed at ``end``, never later than it already ends."""
        return Period(self.start, end if self.end is None else min(self.end, end))


ALWAYS = Period(None, None)


def merge(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the union as the fewest periods, in order; those that touch become one."""
    merged: list[Period] = []
    for period in sorted(periods, key=_order):
        if merged and _start(period) <= _end(merged[-1]):
            last = merged.pop()
            joined = _period(_start(last), max(_end(last), _end(period)))
            merged.append(joined or last)
        else:
            merged.append(period)
    return tuple(merged)


def gaps(periods: Iterable[Period], within: Period = ALWAYS) -> tuple[Period, ...]:
    """Return the parts of ``within`` that no period has, in order."""
    rest: list[Period] = [within]
    for period in merge(periods):
        rest = [piece for part in rest for piece in part.minus(period)]
    return tuple(rest)


def covers(periods: Iterable[Period], whole: Period) -> bool:
    """Tell whether the periods together leave no day of ``whole`` out."""
    return not gaps(periods, whole)


def find_overlap(periods: Sequence[Period]) -> tuple[Period, Period] | None:
    """Return the first two periods, in order of time, that share a day; ``None`` if none do."""
    ordered = sorted(periods, key=_order)
    longest: Period | None = None
    for period in ordered:
        if longest is not None and longest.overlaps(period):
            return longest, period
        if longest is None or _end(period) > _end(longest):
            longest = period
    return None


# Limits as pairs, so that "without limit" compares: (-1,) < any day < (1,).
_Limit = tuple[int, date]


def _start(period: Period) -> _Limit:
    return (-1, date.min) if period.start is None else (0, period.start)


def _end(period: Period) -> _Limit:
    return (1, date.max) if period.end is None else (0, period.end)


def _order(period: Period) -> tuple[_Limit, _Limit]:
    return _start(period), _end(period)


def _period(start: _Limit, end: _Limit) -> Period | None:
    if start >= end:
        return None
    return Period(start[1] if start[0] == 0 else None, end[1] if end[0] == 0 else None)
