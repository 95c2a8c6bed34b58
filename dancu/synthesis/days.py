"""Days as small integers: the number of days since 1900-01-01, with tables for text and dates."""

from __future__ import annotations

import datetime as dt

FIRST = dt.date(1900, 1, 1)
LAST = dt.date(2060, 12, 31)
YEAR = 365.25

_ORIGIN = FIRST.toordinal()
_COUNT = LAST.toordinal() - _ORIGIN + 1

#: The date, its ISO text and its year for every day number.
DATES: list[dt.date] = [dt.date.fromordinal(_ORIGIN + n) for n in range(_COUNT)]
ISO: list[str] = [day.isoformat() for day in DATES]
YEARS: list[int] = [day.year for day in DATES]


def number(day: dt.date) -> int:
    """Return the number of a date between 1900 and 2060."""
    return day.toordinal() - _ORIGIN


def new_year(year: int) -> int:
    """Return the number of 1 January of a year."""
    return dt.date(year, 1, 1).toordinal() - _ORIGIN


def years(count: float) -> int:
    """Return a span of years in days."""
    return int(count * YEAR)
