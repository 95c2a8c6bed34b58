"""An agency's file as rows for the door in: CSV or a spreadsheet, one line a person.

The first line names the columns: attribute names (``health_insurance_number``) or their labels in
either language, and ``pid`` (also *Số định danh cá nhân*) for whom the line is about. ``day`` and
``evidence`` are optional columns. Cells are taken as text; what a cell cannot be is for the door to
say, so that a bad line is refused alone.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import python_calamine
from django.utils.translation import gettext_noop as _

from dancu.catalogue.queries import attribute, attributes
from dancu.catalogue.types import Attribute
from dancu.kernel.dates import parse as parse_date
from dancu.kernel.errors import DancuError, Invalid
from dancu.kernel.pid import repair
from dancu.kernel.text import fold
from dancu.places.addresses import entry_of
from dancu.population.types import IncomingRow

SHEETS = {".xlsx", ".xls", ".xlsb", ".ods"}
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


class UnreadableFile(DancuError):
    """The file cannot be read: %(why)s."""

    http_status = 422
    remedy = "Save it again as CSV in UTF-8 or as XLSX, and check that it was copied whole."


class UnknownColumns(DancuError):
    """No attribute of the data dictionary is called %(columns)s."""

    http_status = 422
    remedy = "Rename these columns as in the data dictionary, or take them out."


class NoPidColumn(DancuError):
    """No column says whom each line is about."""

    http_status = 422
    remedy = "Add a column pid with the 12-digit personal identification number."


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of a file means."""

    of_line: Mapping[str, int]
    of_person: Mapping[int, str]


def read_rows(path: Path, *, day: date) -> Iterator[IncomingRow]:
    """Yield the lines of a file as rows; ``day`` is that of lines which name none.

    Raises ``UnreadableFile``, ``UnknownColumns`` and ``NoPidColumn`` before the first row, and
    ``UnreadableFile`` where the text of a CSV ends in the middle of a character.
    """
    lines = _sheet(path) if path.suffix.lower() in SHEETS else _csv(path)
    header = next(lines, None)
    if header is None:
        raise UnreadableFile(why="it is empty")
    columns = understand(header)
    return (_row(cells, columns, path.name, day) for cells in lines if any(cells))


def count_rows(path: Path) -> int:
    """Return how many lines with content a file has, its head not counted."""
    lines = _sheet(path) if path.suffix.lower() in SHEETS else _csv(path)
    return max(0, sum(1 for cells in lines if any(cells)) - 1)


def understand(header: Sequence[str]) -> Columns:
    """Return the meaning of the columns. Raises ``UnknownColumns`` and ``NoPidColumn``."""
    of_line: dict[str, int] = {}
    of_person: dict[int, str] = {}
    unknown = []
    for index, title in enumerate(header):
        key = fold(title)
        if key in _OF_THE_LINE and _OF_THE_LINE[key] not in of_line:
            of_line[_OF_THE_LINE[key]] = index
        elif key in _titles():
            of_person[index] = _titles()[key]
        elif key:
            unknown.append(title.strip())
    if unknown:
        raise UnknownColumns(columns=", ".join(unknown))
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


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file)
    except UnicodeDecodeError:
        raise UnreadableFile(why=_("it is not text in UTF-8, or it was cut")) from None
    except csv.Error as error:
        raise UnreadableFile(why=str(error)) from None
    except OSError as error:
        raise UnreadableFile(why=error.strerror or str(error)) from None


def _sheet(path: Path) -> Iterator[list[str]]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for cells in book.get_sheet_by_index(0).to_python():
            yield [_as_text(cell) for cell in cells]
    except (python_calamine.CalamineError, BadZipFile, OSError) as error:
        raise UnreadableFile(why=str(error)) from None


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.strftime("%Y-%m-%d")
    return str(cell)


def _row(cells: Sequence[str], columns: Columns, name: str, day: date) -> IncomingRow:
    def of_line(what: str) -> str:
        index = columns.of_line.get(what)
        return cells[index].strip() if index is not None and index < len(cells) else ""

    own_day = _day(of_line("day")) or day
    claims = {
        attribute_name: _value(attribute(attribute_name), cells[index].strip(), own_day)
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


def _day(written: str) -> date | None:
    try:
        return parse_date(written).earliest if written else None
    except Invalid:
        return None


def _value(attr: Attribute, written: str, day: date) -> object:
    return _READERS.get(attr.type, _plain)(attr, written, day)


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


def _read_address(_attr: Attribute, written: str, day: date) -> object:
    return entry_of(written, on=day)


_READERS: dict[str, Callable[[Attribute, str, date], object]] = {
    "date": _read_date,
    "text_list": _read_list,
    "code_list_values": _read_list,
    "integer": _read_integer,
    "address": _read_address,
}
