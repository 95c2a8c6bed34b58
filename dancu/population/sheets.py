"""The lines of an agency's file as text, cell by cell: CSV, or the first sheet of a workbook.

Whatever would let lines be lost or misread in silence is refused, with the line where it stands:
another encoding, a quotation mark left open, a file cut off, a line with more cells than the head,
formulas whose results nobody can check.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import python_calamine

from dancu.kernel.errors import DancuError

SHEETS = {".xlsx", ".xls", ".xlsb", ".ods"}
#: A cell is cut behind so many characters; no attribute takes as many, so it is refused anyway.
LONGEST_CELL = 4_000
#: As much as the parts of a workbook may take unpacked, in bytes.
LARGEST_WORKBOOK = 256 * 1024 * 1024
_DELIMITERS = ",;\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"
_BLOCK = 1 << 20
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_OVERLAP = 16


class UnreadableFile(DancuError):
    """The file cannot be read: %(why)s."""

    http_status = 422
    remedy = "Save it again as CSV in UTF-8 or as XLSX, and check that it was copied whole."


class EmptyFile(UnreadableFile):
    """The file is empty."""

    remedy = "Check that this is the right file and that it was copied whole."


class NoLines(UnreadableFile):
    """The file has a head but no line below it."""

    remedy = "Check that this is the right file and that it was copied whole."


class WrongEncoding(UnreadableFile):
    """The file is not text in UTF-8: line %(line)s has letters in another encoding."""

    remedy = "In the spreadsheet, save it as CSV UTF-8 or as XLSX; convert TCVN3 or VNI first."


class CutFile(UnreadableFile):
    """The file ends in the middle of line %(line)s."""

    remedy = "Copy it again whole. If nothing is missing, end the last line with a line break."


class OpenQuotation(UnreadableFile):
    """A quotation mark in line %(line)s is opened and never closed."""

    remedy = "Close it, or write it twice where it belongs to the text; or copy the file again."


class StrayQuotation(UnreadableFile):
    """There is text behind the closing quotation mark of a cell in line %(line)s."""

    remedy = "Write a quotation mark that belongs to the text twice, or save the file as XLSX."


class TooManyCells(UnreadableFile):
    """Line %(line)s has %(cells)s cells, the head of the table only %(head)s."""

    remedy = "Put text that holds the separator between quotation marks, or save it as XLSX."


class DamagedWorkbook(UnreadableFile):
    """This is not a spreadsheet, or it was damaged or cut."""

    remedy = "Open it in a spreadsheet, save it again as XLSX, and copy it whole."


class ProtectedWorkbook(UnreadableFile):
    """The spreadsheet is protected by a password."""

    remedy = "Take the password off and save it again."


class LargeWorkbook(UnreadableFile):
    """The spreadsheet is too large to be opened."""

    remedy = "Save the sheet as CSV UTF-8, or split it into several files."


class FormulasInside(UnreadableFile):
    """The sheet has formulas in %(count)s cells, whose results cannot be relied upon."""

    remedy = "Select all, copy, and paste as values; then save it again."


def lines_of(path: Path) -> Iterator[list[str]]:
    """Yield the lines with content, the head first. Raises ``UnreadableFile`` and its kinds."""
    lines = _sheet(path) if path.suffix.lower() in SHEETS else _csv(path)
    return (cells for cells in lines if any(cells))


def is_workbook(path: Path) -> bool:
    """Say whether a file is a workbook by its first bytes, whatever its name."""
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def _csv(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), 1 << 30))
    width, last, begins, ends = 0, 0, 0, 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=_delimiter(path), strict=True)
            for cells in reader:
                begins, ends = ends + 1, reader.line_num
                width, last = width or len(cells), len(cells)
                _require_fitting(cells, width, begins)
                yield [_bounded(cell) for cell in cells]
    except UnicodeDecodeError:
        raise _encoding_error(path) from None
    except csv.Error as error:
        raise _quotation_error(error, ends + 1) from None
    except OSError as error:
        raise UnreadableFile(why=error.strerror or str(error)) from None
    if 0 < last < width and not _ends_with_line(path):
        raise CutFile(line=begins)


def _delimiter(path: Path) -> str:
    """Return what separates the cells of the head: spreadsheets set to Vietnamese use ``;``."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
    if head.startswith(_UTF16):
        raise WrongEncoding(line=1)
    first = head.decode("utf-8-sig", errors="replace").lstrip("\r\n").partition("\n")[0]
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=bare.count)


def _quotation_error(error: csv.Error, line: int) -> UnreadableFile:
    if "unexpected end" in str(error):
        return OpenQuotation(line=line)
    if "expected after" in str(error):
        return StrayQuotation(line=line)
    return UnreadableFile(why=str(error))


def _require_fitting(cells: Sequence[str], width: int, line: int) -> None:
    if len(cells) > width and any(cells[width:]):
        raise TooManyCells(line=line, cells=len(cells), head=width)


def _bounded(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL + 1]


def _encoding_error(path: Path) -> UnreadableFile:
    """Return what is wrong with a text that cannot be decoded, and where."""
    line, size = 0, path.stat().st_size
    with path.open("rb") as file:
        for line, text in enumerate(file, start=1):
            try:
                text.decode()
            except UnicodeDecodeError as error:
                at_the_end = file.tell() == size and error.reason == "unexpected end of data"
                return CutFile(line=line) if at_the_end else WrongEncoding(line=line)
    return WrongEncoding(line=line)


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) in b"\r\n"


def _sheet(path: Path) -> Iterator[list[str]]:
    try:
        if is_workbook(path):
            _require_sound(path)
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        width = 0
        for line, values in enumerate(book.get_sheet_by_index(0).iter_rows(), start=1):
            cells = [_bounded(_as_text(value)) for value in values]
            width = width or _used(cells)
            _require_fitting(cells, width, line)
            yield cells
    except python_calamine.PasswordError:
        raise ProtectedWorkbook from None
    except (python_calamine.CalamineError, BadZipFile, KeyError):
        raise DamagedWorkbook from None
    except OSError as error:
        raise UnreadableFile(why=error.strerror or str(error)) from None


def _used(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last one with anything in it."""
    return max((number for number, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _require_sound(path: Path) -> None:
    """Refuse a workbook that would unpack without end, and one whose values are computed."""
    with ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST_WORKBOOK:
            raise LargeWorkbook
        if count := _formulas(parts, _first_sheet(parts)):
            raise FormulasInside(count=count)


def _first_sheet(parts: ZipFile) -> str:
    """Return the part that holds the first sheet (ECMA-376, part 1, 18.2.20); empty when unsure."""
    try:
        book = parts.read("xl/workbook.xml")
        relations = parts.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return ""
    sheet = re.search(rb"<(?:\w+:)?sheet\s[^>]*?\w+:id=\"([^\"]+)\"", book)
    for relation in re.findall(rb"<(?:\w+:)?Relationship\s[^>]+>", relations):
        target = re.search(rb"\bTarget=\"([^\"]+)\"", relation)
        if sheet and target and b'Id="' + sheet[1] + b'"' in relation:
            name = target[1].decode()
            return name.lstrip("/") if name.startswith("/") else f"xl/{name}"
    return ""


def _formulas(parts: ZipFile, name: str) -> int:
    if name not in parts.namelist():
        return 0
    count, rest = 0, b""
    with parts.open(name) as part:
        while block := part.read(_BLOCK):
            text = rest + block
            found = [match.end() for match in _FORMULA.finditer(text)]
            count += len(found)
            rest = text[max(found[-1] if found else 0, len(text) - _OVERLAP) :]
    return count


def _as_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.strftime("%Y-%m-%d")
    return str(cell)
