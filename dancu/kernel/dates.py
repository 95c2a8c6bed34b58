"""Dates of which only the year, or the year and the month, may be known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from dancu.kernel.errors import Invalid
from dancu.kernel.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

Precision = Literal["year", "month", "day"]

FIRST_YEAR = 1000
LAST_YEAR = 9999
OLDEST_AGE = 120
MONTHS = 12
_FEBRUARY = 2
_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_NUMERIC = re.compile(r"(?:(?:(\d{1,2})\s*[/.-]\s*)?(\d{1,2})\s*[/.-]\s*)?(\d{4})", re.ASCII)
_WORDS = re.compile(
    r"(?:(?:ngày\s+(\d{1,2})\s+)?tháng\s+(\d{1,2})\s+)?năm\s+(\d{4})", re.ASCII | re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2}", re.ASCII)


def days_in(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return _DAYS[month] + (month == _FEBRUARY and calendar.isleap(year))


class InvalidDate(Invalid):
    """This is not a date."""

    code = "invalid-date"

    def __init__(self, finding: Finding, field: str = "date") -> None:
        """Keep the finding; its code tells why (``INVALID``, ``DAY_MONTH_SWAP`` and so on)."""
        self.finding = finding
        super().__init__((finding.for_field(field),))

    @property
    def reason(self) -> str:
        """Return the code of the finding."""
        return self.finding.code


def invalid(text: object) -> Finding:
    """Return the finding ``INVALID`` for a text that holds no date."""
    return Finding(
        "INVALID",
        "“%(text)s” is not a date.",
        "Write day/month/year, month/year or the year alone, such as 02/01/1985.",
        params={"text": str(text)[:40]},
    )


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day; what is unknown is ``None``.

    Totally ordered by what is known; of two that begin alike the less exact comes first:
    ``1985 < 1985-01 < 1985-01-01``. A day that does not exist raises ``InvalidDate``.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Check the day against the calendar."""
        month, day = self.month, self.day
        exists = FIRST_YEAR <= self.year <= LAST_YEAR
        if month is None:
            exists = exists and day is None
        else:
            exists = exists and 1 <= month <= MONTHS
            exists = exists and (day is None or 1 <= day <= days_in(self.year, month))
        if not exists:
            raise InvalidDate(invalid(f"{day or 0:02d}/{month or 0:02d}/{self.year}"))

    def _order(self) -> tuple[int, int, int]:
        return self.year, self.month or 0, self.day or 0

    def __lt__(self, other: PartialDate) -> bool:
        """Compare by year, month, day; the unknown first."""
        return self._order() < other._order()

    def __le__(self, other: PartialDate) -> bool:
        """Compare by year, month, day; the unknown first."""
        return self._order() <= other._order()

    def __gt__(self, other: PartialDate) -> bool:
        """Compare by year, month, day; the unknown first."""
        return self._order() > other._order()

    def __ge__(self, other: PartialDate) -> bool:
        """Compare by year, month, day; the unknown first."""
        return self._order() >= other._order()

    @classmethod
    def of(cls, day: date) -> PartialDate:
        """Return the exact partial date of a calendar day."""
        return cls(day.year, day.month, day.day)

    @property
    def iso(self) -> str:
        """Return the stored form: ``1985``, ``1985-03`` or ``1985-03-02`` (ISO 8601)."""
        if self.day:
            return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"

    @property
    def precision(self) -> Precision:
        """Return how much is known."""
        if self.day:
            return "day"
        return "month" if self.month else "year"

    @property
    def earliest(self) -> date:
        """Return the first day that it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Return the last day that it can be."""
        month = self.month or MONTHS
        return date(self.year, month, self.day or days_in(self.year, month))

    def agrees_with(self, other: PartialDate) -> bool:
        """Tell whether both can be the same day: one is as exact as the other or vaguer."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def age_on(self, day: date) -> tuple[int, int]:
        """Return the least and the greatest age in completed years on a day.

        Both are negative before the date itself.
        """
        return _age(self.latest, day), _age(self.earliest, day)

    def swapped(self) -> PartialDate | None:
        """Return the date with day and month exchanged; ``None`` if that is none or the same."""
        if self.day is None or self.day > MONTHS or self.day == self.month:
            return None
        return PartialDate(self.year, self.day, self.month)

    def __str__(self) -> str:
        """Return the stored form."""
        return self.iso


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@lru_cache(maxsize=1 << 16)
def parse_iso(text: str) -> PartialDate:
    """Read the stored form ``1985``, ``1985-03`` or ``1985-03-02``; else raise ``InvalidDate``."""
    found = _ISO.fullmatch(text)
    if found is None:
        raise InvalidDate(invalid(text))
    year, month, day = found.groups()
    if month == "00" or day == "00":
        raise InvalidDate(invalid(text))
    return PartialDate(int(year), int(month) if month else None, int(day) if day else None)


@lru_cache(maxsize=1 << 16)
def parse_vietnamese(text: str) -> PartialDate:
    """Read a date as Vietnamese papers write it, day first.

    Accepts ``02/01/1985``, ``2-1-1985``, ``3/1985``, ``1985``, ``00/00/1985`` (day and month
    unknown), ``00/03/1985`` and ``ngày 2 tháng 1 năm 1985``. Raises ``InvalidDate`` with the
    reason ``INVALID``, ``DAY_MONTH_SWAP`` (only month/day/year makes a date of it) or
    ``TWO_DIGIT_YEAR``.
    """
    text = text.strip()
    found = _NUMERIC.fullmatch(text) or _WORDS.fullmatch(text)
    if found is None:
        raise InvalidDate(_two_digit_year(text) if _SHORT_YEAR.fullmatch(text) else invalid(text))
    day, month, year = (int(part or 0) for part in found.groups())
    if day and not month:
        raise InvalidDate(invalid(text))
    if year >= FIRST_YEAR and 0 < day <= MONTHS < month <= days_in(year, day):
        raise InvalidDate(_swap(text, PartialDate(year, day, month)))
    try:
        return PartialDate(year, month or None, day or None)
    except InvalidDate:
        raise InvalidDate(invalid(text)) from None


def parse(text: str) -> PartialDate:
    """Read either the stored form or the Vietnamese one; raise ``InvalidDate``."""
    text = text.strip()
    return parse_iso(text) if _ISO.fullmatch(text) else parse_vietnamese(text)


def format_vietnamese(value: PartialDate | date) -> str:
    """Return ``02/01/1985``, ``01/1985`` or ``1985``."""
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if value.day:
        return f"{value.day:02d}/{value.month or 0:02d}/{value.year:04d}"
    return f"{value.month:02d}/{value.year:04d}" if value.month else f"{value.year:04d}"


def _swap(text: str, other: PartialDate) -> Finding:
    return Finding(
        "DAY_MONTH_SWAP",
        "“%(text)s” has the month before the day; day first it would be %(other)s.",
        "Confirm the date and write the day first.",
        params={"text": text[:40], "other": format_vietnamese(other)},
    )


def _two_digit_year(text: str) -> Finding:
    return Finding(
        "TWO_DIGIT_YEAR",
        "“%(text)s” gives only two digits of the year, so the century is unknown.",
        "Write the year with four digits.",
        params={"text": text[:40]},
    )


def birth_findings(
    birth: PartialDate, *, on: date, death: PartialDate | None = None
) -> tuple[Finding, ...]:
    """Return what is doubtful about a date of birth, seen on a given day.

    Codes: ``FUTURE``, ``AGE_OVER_120`` (not given for the dead), ``DEATH_BEFORE_BIRTH``,
    ``YEAR_ONLY`` and ``FIRST_OF_JANUARY`` (both mere notices).
    """
    found: list[Finding] = []
    params = {"date": format_vietnamese(birth)}
    if birth.earliest > on:
        found.append(future(birth))
    if death is None and birth.age_on(on)[0] > OLDEST_AGE:
        message = "Born on %(date)s, this person would be more than 120 years old."
        remedy = "Check the year of birth, or whether the death was registered."
        found.append(Finding("AGE_OVER_120", message, remedy, "warning", params))
    if death is not None and death.latest < birth.earliest:
        message = "The death (%(death)s) comes before the birth (%(date)s)."
        both = params | {"death": format_vietnamese(death)}
        found.append(Finding("DEATH_BEFORE_BIRTH", message, "Check both dates.", params=both))
    if birth.precision == "year":
        message = "Only the year of birth is known."
        remedy = "Complete it when a paper with the full date turns up."
        found.append(Finding("YEAR_ONLY", message, remedy, "notice"))
    elif birth.precision == "day" and (birth.day, birth.month) == (1, 1):
        message = "01/01 often stands for an unknown day."
        remedy = "Ask for a paper that confirms the day and the month."
        found.append(Finding("FIRST_OF_JANUARY", message, remedy, "notice"))
    return tuple(found)


def future(value: PartialDate) -> Finding:
    """Return the finding ``FUTURE`` for a date that has not come yet."""
    message = "%(date)s lies in the future."
    return Finding("FUTURE", message, "Check the year.", params={"date": format_vietnamese(value)})


def first_of_january_pile(births: Iterable[PartialDate]) -> tuple[int, float]:
    """Return how many exact dates fall on 01/01 and how many times the expected share that is.

    Expected is one in 365.25; above about ten the source filled unknown days with 01/01.
    """
    exact = [birth for birth in births if birth.precision == "day"]
    pile = sum(1 for birth in exact if birth.month == birth.day == 1)
    return pile, (pile / len(exact) * 365.25 if exact else 0.0)


def add_years(day: date, years: int) -> date:
    """Return the same day in another year; 29 February becomes 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28) + timedelta(days=1)
