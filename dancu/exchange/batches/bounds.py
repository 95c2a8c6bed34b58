"""Whether a workbook can be borne, found out before it is opened.

A reader lays out every cell between the first and the last that are filled: two cells in opposite
corners of a sheet are 17 thousand million. That raises nothing; it ends the process. So the parts
of an XLSX (ECMA-376) are searched for the places of cells first, and whatever spreads too far or
is of another kind is opened by another process, which may take only so much memory.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from dancu.exchange.batches.errors import NotATable, TooLarge, TooManyCells, TooManySheets

#: As much as the parts of a workbook may take unpacked, in bytes.
LARGEST_UNPACKED = 1 << 30
MOST_SHEETS = 100
_BLOCK = 1 << 20
_ZIP = b"PK\x03\x04"
_MEGABYTE = 1 << 20
_SECONDS = 120
_REFUSED = 3
_CELL_OR_ROW = re.compile(rb"<(?:\w+:)?(?:c|row)(?=[\s/>])")
_COLUMN = re.compile(rb"r(?<=\sr)\s*=\s*[\"']([A-Za-z]+)[0-9]")
_ROW = re.compile(rb"r(?<=\sr)\s*=\s*[\"'][A-Za-z]*([0-9]+)")
_LONGEST_COLUMN, _LONGEST_ROW = 3, 7
#: What the other process does; what the workbook is, or is not, this one finds out by itself.
_TRIAL = """
import resource, sys
import python_calamine as c
most = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (most, most))
try:
    book = c.CalamineWorkbook.from_path(sys.argv[1])
    if len(book.sheets_metadata) > int(sys.argv[3]):
        sys.exit(3)
    for sheet in book.sheets_metadata:
        if sheet.typ == c.SheetTypeEnum.WorkSheet:
            book.get_sheet_by_name(sheet.name)
except (c.CalamineError, c.PasswordError, KeyError, OSError):
    sys.exit(0)
"""
_ALONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Bound:
    """Cells that are laid out without a trial, and the memory of a trial in bytes."""

    cells: int
    memory: int


WORKBOOK = Bound(20_000_000, 2 << 30)
#: Anybody may send these, and a few hundred rows are enough.
TRIAL_WORKBOOK = Bound(500_000, 512 << 20)


def require_bearable(path: Path, bound: Bound) -> None:
    """Refuse a workbook that takes too much. Raises ``TooLarge`` and its kin, ``NotATable``."""
    with path.open("rb") as file:
        is_zip = file.read(4) == _ZIP
    if not is_zip or not _is_small(path, bound.cells):
        _try_apart(path, bound.memory)


def _is_small(path: Path, most: int) -> bool:
    """Say whether a workbook surely has no more cells laid out. Raises ``TooLarge``."""
    try:
        with ZipFile(path) as parts:
            listed = parts.infolist()
            _require_size(sum(part.file_size for part in listed))
            names = {part.filename.lower() for part in listed}
            is_plain = "xl/workbook.xml" in names
            is_plain &= names.isdisjoint({"xl/workbook.bin", "content.xml"})
            size, is_small = 0, is_plain
            for part in listed:
                extent = _Extent()
                for block in _blocks(parts, part):
                    size += len(block)
                    _require_size(size)
                    extent.add(block)
                is_small = is_small and extent.cells() <= most
    except (BadZipFile, RuntimeError, EOFError, OSError):
        raise NotATable from None
    return is_small


def _require_size(size: int) -> None:
    if size > LARGEST_UNPACKED:
        raise TooLarge(size=size // _MEGABYTE, most=LARGEST_UNPACKED // _MEGABYTE)


def _blocks(parts: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    # The size that is declared may be too small, and a reader that does not believe it gets more.
    part.file_size = LARGEST_UNPACKED + _BLOCK
    with parts.open(part) as file:
        while block := file.read(_BLOCK):
            yield block


class _Extent:
    """How far the cells of a part spread, if they are cells."""

    def __init__(self) -> None:
        self._rest = b""
        self._tags = self._places = 0
        self._columns, self._row = set[bytes](), 0
        self._is_known = True

    def add(self, block: bytes) -> None:
        """Look at the next piece."""
        block = self._rest + block
        cut = block.rfind(b"<")
        block, self._rest = (block[:cut], block[cut:]) if cut > 0 else (block, b"")
        if len(self._rest) > _BLOCK:
            self._is_known, self._rest = False, b""
        self._look(block)

    def _look(self, block: bytes) -> None:
        self._tags += len(_CELL_OR_ROW.findall(block))
        rows = _ROW.findall(block)
        self._places += len(rows)
        numbers = set(rows)
        self._columns.update(_COLUMN.findall(block))
        if any(len(one) > _LONGEST_ROW for one in numbers):
            self._is_known = False
        elif numbers:
            self._row = max(self._row, *map(int, numbers))

    def cells(self) -> int:
        """Return how many cells may be laid out, at the end; those without a place: any number."""
        self._look(self._rest)
        is_wide = any(len(column) > _LONGEST_COLUMN for column in self._columns)
        if not self._is_known or is_wide or self._tags > self._places:
            return sys.maxsize
        return max(map(_number, self._columns), default=1) * self._row


def _number(column: bytes) -> int:
    found = 0
    for letter in column.upper():
        found = found * 26 + letter - 64
    return found


def _try_apart(path: Path, memory: int) -> None:
    """Open a workbook in another process. Raises ``TooManyCells`` and ``TooManySheets``."""
    command = [sys.executable, "-I", "-c", _TRIAL, str(path), str(memory), str(MOST_SHEETS)]
    with _ALONE:
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise TooManyCells from None
    if done.returncode == _REFUSED:
        raise TooManySheets(most=MOST_SHEETS)
    if done.returncode:
        raise TooManyCells
