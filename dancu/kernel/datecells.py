"""Reading dates out of spreadsheets and files of other agencies, without guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from dancu.kernel.dates import InvalidDate, PartialDate, invalid, parse, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dancu.kernel.findings import Finding

Cell = str | int | float | date | None

#: Day 0 of the 1900 system as far as days from 01/03/1900 on are concerned: the system counts
#: a 29/02/1900 that never was, as serial number 60.
_EXCEL_1900 = date(1899, 12, 30)
_EXCEL_1904 = date(1904, 1, 1)
_PHANTOM = 60
_FIRST_SERIAL, _LAST_SERIAL = 1, 73_050  # up to the end of 2099
_YEARS = range(1850, 2100)

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_EIGHT = re.compile(r"\d{8}", re.ASCII)
_DAY_AND_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}[0-9:.,Z+ -]*", re.ASCII)
_THREE_PARTS = re.compile(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*\d{2,4}\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says.

    ``date`` is the only possible reading, else ``None``; then ``candidates`` are the dates it may
    mean (perhaps none), one of which somebody must confirm, and ``findings`` say why.
    """

    date: PartialDate | None
    candidates: tuple[PartialDate, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(cell: Cell, *, epoch: Literal[1900, 1904] = 1900) -> DateReading:
    """Read a cell: a date, an Excel serial number, or text in any usual form.

    ``None`` and blank text give an empty reading. ``epoch`` is the date system of the workbook.
    """
    if cell is None:
        return DateReading(None)
    if isinstance(cell, datetime):
        return DateReading(PartialDate.of(cell.date()))
    if isinstance(cell, date):
        return DateReading(PartialDate.of(cell))
    if isinstance(cell, (int, float)):
        return _read_number(cell, epoch)
    return _read_text(cell.strip().lstrip("'’").strip(), epoch)


def _read_number(number: float, epoch: Literal[1900, 1904]) -> DateReading:
    if number in _YEARS and number == int(number):
        # 1985 is far more often a year than the serial number of a day in 1905.
        return DateReading(PartialDate(int(number)))
    return _read_serial(number, epoch)


def _read_serial(number: float, epoch: Literal[1900, 1904]) -> DateReading:
    day = from_serial(number, epoch=epoch)
    if day is None:
        return DateReading(None, (), (invalid(number),))
    return DateReading(PartialDate.of(day))


def from_serial(number: float, *, epoch: Literal[1900, 1904] = 1900) -> date | None:
    """Return the day of an Excel serial number; ``None`` out of range and for number 60.

    In the 1900 system, numbers below 60 are one day later than the later ones suggest.
    """
    if not _FIRST_SERIAL <= number < _LAST_SERIAL + 1:
        return None
    days = int(number)
    if epoch == 1904:  # noqa: PLR2004
        return _EXCEL_1904 + timedelta(days=days)
    if days == _PHANTOM:
        return None
    return _EXCEL_1900 + timedelta(days=days + (days < _PHANTOM))


def _read_text(text: str, epoch: Literal[1900, 1904]) -> DateReading:
    if not text:
        return DateReading(None)
    if _EIGHT.fullmatch(text):
        return _read_eight_digits(text)
    if _SERIAL.fullmatch(text):
        return _read_serial(float(text), epoch)
    timed = _DAY_AND_TIME.fullmatch(text)
    try:
        return DateReading(parse_iso(timed[1]) if timed else parse(text))
    except InvalidDate as error:
        return DateReading(None, _candidates(text, error.reason), (error.finding,))


def _candidates(text: str, reason: str) -> tuple[PartialDate, ...]:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if reason == "DAY_MONTH_SWAP":
        month, day, year = parts
        return _existing((year, month, day))
    if reason == "TWO_DIGIT_YEAR":
        day, month, year = parts
        return _existing((1900 + year, month, day), (2000 + year, month, day))
    return ()


def _read_eight_digits(text: str) -> DateReading:
    """Read ``02011985`` (as the QR code of the card writes) or ``19850102``.

    With years between 1850 and 2099 no text is both: 18, 19 and 20 are no months.
    """
    day_first = (int(text[4:]), int(text[2:4]), int(text[:2]))
    year_first = (int(text[:4]), int(text[4:6]), int(text[6:]))
    found = _existing(*(parts for parts in (day_first, year_first) if parts[0] in _YEARS))
    return DateReading(found[0]) if found else DateReading(None, (), (invalid(text),))


def _existing(*candidates: tuple[int, int, int]) -> tuple[PartialDate, ...]:
    found = []
    for year, month, day in candidates:
        try:
            found.append(PartialDate(year, month, day))
        except InvalidDate:
            continue
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ColumnOrder:
    """How a column writes day and month, judged from the cells that can be read in one way only.

    ``order`` is ``None`` when nothing decides it or when both orders occur (``mixed``).
    """

    order: Literal["day_first", "month_first"] | None
    day_first: int
    month_first: int
    undecided: int

    @property
    def mixed(self) -> bool:
        """Tell whether both orders occur."""
        return bool(self.day_first and self.month_first)


def detect_column(cells: Iterable[str]) -> ColumnOrder:
    """Tell whether a column of dates writes the day or the month first."""
    day_first = month_first = undecided = 0
    for cell in cells:
        found = _THREE_PARTS.fullmatch(cell)
        if found is None:
            continue
        first, second = int(found[1]), int(found[2])
        day_first += first > 12 >= second  # noqa: PLR2004
        month_first += second > 12 >= first  # noqa: PLR2004
        undecided += first <= 12 and second <= 12  # noqa: PLR2004
    order: Literal["day_first", "month_first"] | None = None
    if bool(day_first) != bool(month_first):
        order = "day_first" if day_first else "month_first"
    return ColumnOrder(order, day_first, month_first, undecided)
