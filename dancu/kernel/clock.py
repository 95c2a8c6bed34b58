"""Where time comes from. Services never ask: they are told ``at``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

#: The legal time of Vietnam: UTC+7, without summer time.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Something that knows the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def __call__(self) -> datetime:
        """Return the same as ``now``, so that a clock can be passed as a function."""
        ...


class SystemClock:
    """The clock of the machine."""

    __slots__ = ()

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the same as ``now``."""
        return self.now()


class FixedClock:
    """A clock that stands still until it is moved; for tests and replays."""

    __slots__ = ("_at",)

    def __init__(self, at: datetime) -> None:
        """Stand at an aware moment; a naive one raises ``ValueError``."""
        self._at = _aware(at)

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self._at

    def __call__(self) -> datetime:
        """Return the same as ``now``."""
        return self._at

    def move(self, step: timedelta) -> datetime:
        """Move the clock by a step and return the new moment."""
        self._at += step
        return self._at


system_clock = SystemClock()


def today(at: datetime) -> date:
    """Return the calendar day in Vietnam at an aware moment; a naive one raises ``ValueError``."""
    return _aware(at).astimezone(VIETNAM).date()


def start_of_day(day: date) -> datetime:
    """Return the first moment of a day in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("A moment needs a time zone; got a naive datetime.")
    return at
