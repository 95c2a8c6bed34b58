"""An agency's file as rows for the door in: CSV or a spreadsheet, one line a person.

The first line names the columns: attribute names (``health_insurance_number``) or their labels in
either language, and ``pid`` (also *Số định danh cá nhân*) for whom the line is about. ``day`` and
``evidence`` are optional columns. Cells are taken as text; what a cell cannot be is for the door to
say, so that a bad line is refused alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path

from dancu.catalogue.queries import attribute, attributes
from dancu.catalogue.types import Attribute
from dancu.kernel import phones
from dancu.kernel.dates import parse as parse_date
from dancu.kernel.errors import DancuError, Invalid
from dancu.kernel.pid import repair
from dancu.kernel.text import fold
from dancu.places.addresses import entry_of
from dancu.population.sheets import LONGEST_CELL, EmptyFile, NoLines, UnreadableFile, lines_of
from dancu.population.types import AddressValue, IncomingRow

__all__ = ["UnreadableFile"]

#: Columns that say something of the line, not of the person.
_OF_THE_LINE = {
    "pid": "pid",
    "so dinh danh ca nhan": "pid",
    "so dinh danh": "pid",
    "so cccd": "pid",
    "personal identification number": "pid",
    "day": "day",
    "ngay": "day",
    "evidence": "evidence",
    "can cu": "evidence",
}
OF_THE_LINE = tuple(dict.fromkeys(_OF_THE_LINE.values()))


class UnknownColumns(DancuError):
    """No attribute of the data dictionary is called %(columns)s."""

    http_status = 422
    remedy = "Rename these columns as in the data dictionary, or take them out."


class NoPidColumn(DancuError):
    """No column says whom each line is about."""

    http_status = 422
    remedy = "Add a column pid with the 12-digit personal identification number."


class ColumnTwice(DancuError):
    """Two columns both mean “%(column)s”."""

    http_status = 422
    remedy = "Leave one of them out."


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of a file means."""

    of_line: Mapping[str, int]
    of_person: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its title, what it means as far as that is known, and how many lines fill it.

    ``meaning`` is the name of an attribute, one of ``OF_THE_LINE``, or empty.
    """

    title: str
    meaning: str
    filled: int = 0


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file read through once: its columns, and how many lines it has below the head."""

    headings: tuple[Heading, ...]
    rows: int


def read_rows(
    path: Path, *, day: date, columns: Columns | None = None, name: str = ""
) -> Iterator[IncomingRow]:
    """Yield the lines of a file as rows; ``day`` is that of lines which name none.

    ``columns`` says what they mean where the head does not; ``name`` is the evidence of lines that
    name none (the file's own name). Raises ``UnreadableFile`` (``NoLines`` too), ``UnknownColumns``
    and ``NoPidColumn`` before the first row, and ``UnreadableFile`` where the file is cut.
    """
    lines = lines_of(path)
    header = next(lines, None)
    if header is None:
        raise EmptyFile
    meant = columns or understand(header)
    first = next(lines, None)
    if first is None:
        raise NoLines
    return (_row(cells, meant, name or path.name, day) for cells in chain([first], lines))


def count_rows(path: Path) -> int:
    """Return how many lines with content a file has, its head not counted."""
    return max(0, sum(1 for _cells in lines_of(path)) - 1)


def inspect(path: Path) -> Inspection:
    """Read a file through and return what it holds. Raises ``UnreadableFile`` and its kinds."""
    lines = lines_of(path)
    titles = next(lines, None)
    if titles is None:
        raise EmptyFile
    filled, rows = [0] * len(titles), 0
    for rows, cells in enumerate(lines, start=1):  # noqa: B007
        for index, cell in enumerate(cells[: len(titles)]):
            filled[index] += cell != ""
    found = (
        Heading(title.strip(), meaning_of(title), count)
        for title, count in zip(titles, filled, strict=True)
    )
    return Inspection(tuple(found), rows)


def understand(header: Sequence[str]) -> Columns:
    """Return the meaning of the columns. Raises ``UnknownColumns`` and ``NoPidColumn``."""
    meanings = [meaning_of(title) for title in header]
    unknown = [
        title.strip()
        for title, meaning in zip(header, meanings, strict=True)
        if title.strip() and not meaning
    ]
    if unknown:
        raise UnknownColumns(columns=", ".join(unknown))
    return columns_of(meanings)


def meaning_of(title: str) -> str:
    """Return what a column of this title means; empty when the dictionary does not know it."""
    key = fold(title)
    return _OF_THE_LINE.get(key) or _titles().get(key, "")


def columns_of(meanings: Sequence[str]) -> Columns:
    """Return columns by their meanings, in order; those without are left out.

    Raises ``NoPidColumn`` and ``ColumnTwice``.
    """
    of_line: dict[str, int] = {}
    of_person: dict[int, str] = {}
    for index, meaning in enumerate(meanings):
        if not meaning:
            continue
        if meaning in of_line or meaning in of_person.values():
            raise ColumnTwice(column=meaning)
        if meaning in OF_THE_LINE:
            of_line[meaning] = index
        else:
            of_person[index] = meaning
    if "pid" not in of_line:
        raise NoPidColumn
    return Columns(of_line, of_person)


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    found: dict[str, str] = {}
    for a in attributes():
        for title in (a.name, a.label_vi, a.label_en):
            found.setdefault(fold(title), a.name)
    return found


def _row(cells: Sequence[str], columns: Columns, name: str, day: date) -> IncomingRow:
    def of_line(what: str) -> str:
        index = columns.of_line.get(what)
        return cells[index].strip() if index is not None and index < len(cells) else ""

    own_day = _day(of_line("day"), day)
    on = own_day if isinstance(own_day, date) else day
    claims = {
        attribute_name: _value(attribute(attribute_name), cells[index].strip(), on)
        for index, attribute_name in columns.of_person.items()
        if index < len(cells) and cells[index].strip()
    }
    evidence = of_line("evidence") or name
    return IncomingRow(_pid(of_line("pid")), False, own_day, "file", evidence, claims)


def _pid(written: str) -> str:
    """Return the number with zeros that a spreadsheet lost, where only one number is possible."""
    if len(written) == 12 or not written:  # noqa: PLR2004 - digits of a PID
        return written
    candidates = repair(written)
    return str(candidates[0].pid) if len(candidates) == 1 else written


def _day(written: str, day: date) -> date | str:
    """Return the day of a line, ``day`` if it names none; what is no day stays as written."""
    try:
        return parse_date(written).earliest if written else day
    except Invalid:
        return written


def _value(attr: Attribute, written: str, day: date) -> object:
    if len(written) > LONGEST_CELL:
        return _too_long(attr, written, day)
    return _READERS.get(attr.type, _plain)(attr, written, day)


def _too_long(attr: Attribute, written: str, day: date) -> object:
    """Return what the door refuses as too long, without taking a cut text to pieces first."""
    if attr.type == "address":
        return AddressValue(written, "", day)
    return [written] if attr.type in {"text_list", "code_list_values"} else written


def _plain(_attr: Attribute, written: str, _day: date) -> object:
    return written


def _read_date(_attr: Attribute, written: str, _day: date) -> object:
    try:
        return parse_date(written).iso
    except Invalid:
        return written


def _read_list(_attr: Attribute, written: str, _day: date) -> object:
    return [part.strip() for part in written.replace(";", ",").split(",") if part.strip()]


def _read_integer(_attr: Attribute, written: str, _day: date) -> object:
    return int(written) if written.isascii() and written.isdigit() else written


def _read_phone(_attr: Attribute, written: str, _day: date) -> object:
    """Return a number as the register keeps it; one that is none as written, for the door."""
    try:
        return phones.parse(written).e164
    except Invalid:
        return written


def _read_address(_attr: Attribute, written: str, day: date) -> object:
    return entry_of(written, on=day)


_READERS: dict[str, Callable[[Attribute, str, date], object]] = {
    "date": _read_date,
    "text_list": _read_list,
    "code_list_values": _read_list,
    "integer": _read_integer,
    "address": _read_address,
    "phone": _read_phone,
}
