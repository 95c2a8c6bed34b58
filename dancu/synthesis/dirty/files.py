"""Writing specialised files: CSV with a byte-order mark, XLSX, and the truth beside them."""

from __future__ import annotations

import csv
import datetime as dt
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import xlsxwriter

from dancu.synthesis.dirty.config import chosen
from dancu.synthesis.dirty.rows import SheetRows, blocks
from dancu.synthesis.knowledge import REFERENCE_DAY, knowledge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dancu.synthesis.dirty.config import Sheet
    from dancu.synthesis.dirty.drafts import Draft

XLSX_ROWS = 1_000_000
TRUTH = ("row", "pid", "name", "birth_date", "sex", "phone", "address", "unit_code", "errors")
CUT_AT = 0.6
#: The first two bits of a UTF-8 byte that continues a character.
_LEADING, _CONTINUED = 0xC0, 0x80
#: A workbook tells when it was made; the same city must give the same bytes.
_MADE = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its rows, and how many of each fault."""

    name: str
    rows: int
    errors: dict[str, int]
    paths: tuple[Path, ...]


def write_files(
    *,
    people: int,
    seed: int,
    folder: Path,
    names: list[str] | None = None,
    day: dt.date = REFERENCE_DAY,
    xlsx: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[Written]:
    """Write the specialised files of a city; the register is neither read nor changed.

    For each file: ``NAME.csv`` (UTF-8 with a byte-order mark), ``NAME.xlsx``, ``NAME.truth.csv``
    (row, who it is and what is true, faults planted) and, where the catalogue asks,
    ``NAME.cut.csv``, cut in the middle of a character. ``names`` None writes all.
    Raises ``UnknownDirtyFile``.
    """
    sheets = chosen(names)
    know = knowledge(day)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(_Writer(sheet, folder, SheetRows(know, sheet, seed), xlsx=xlsx))
            for sheet in sheets
        ]
        done = 0
        for block in blocks(know, seed, people):
            for writer in writers:
                for draft in writer.rows.of_block(block):
                    writer.add(draft)
            done = min(done + know.per_block, people)
            if progress is not None:
                progress(done, people)
    return [writer.written() for writer in writers]


class _Writer:
    """Writes one file in all its forms, row by row."""

    def __init__(self, sheet: Sheet, folder: Path, rows: SheetRows, *, xlsx: bool) -> None:
        self.rows = rows
        self._sheet = sheet
        self._csv_path = folder / f"{sheet.file}.csv"
        self._xlsx_path = folder / f"{sheet.file}.xlsx" if xlsx else None
        self._truth_path = folder / f"{sheet.file}.truth.csv"
        self._cut_path = folder / f"{sheet.file}.cut.csv" if sheet.truncated else None
        self._count = 0
        self._errors: dict[str, int] = {}
        self._stack = ExitStack()
        self._book: Any = None
        self._page: Any = None

    def __enter__(self) -> Self:
        opened = self._stack.enter_context(
            self._csv_path.open("w", encoding="utf-8-sig", newline="")
        )
        truth = self._stack.enter_context(self._truth_path.open("w", encoding="utf-8", newline=""))
        self._csv = csv.writer(opened, lineterminator="\r\n")
        self._truth = csv.writer(truth, lineterminator="\n")
        self._csv.writerow([heading for heading, _ in self._sheet.columns])
        self._truth.writerow(TRUTH)
        if self._xlsx_path is not None:
            options = {"constant_memory": True, "strings_to_numbers": False}
            self._book = xlsxwriter.Workbook(str(self._xlsx_path), options)
            self._book.set_properties({"created": _MADE})
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        if self._book is not None:
            self._book.close()
        if self._cut_path is not None:
            self._cut_path.write_bytes(_cut(self._csv_path.read_bytes()))

    def add(self, draft: Draft) -> None:
        self._count += 1
        draft.cells["row"] = self._count
        cells = [draft.cells[value] for _, value in self._sheet.columns]
        self._csv.writerow(cells)
        if self._book is not None:
            self._write_page(cells)
        truth = draft.truth
        self._truth.writerow(
            (
                self._count, truth.pid, truth.name, truth.birth_date, truth.sex, truth.phone,
                truth.address, truth.unit_code, "|".join(draft.errors),
            )
        )  # fmt: skip
        for code in draft.errors:
            self._errors[code] = self._errors.get(code, 0) + 1

    def _write_page(self, cells: list[object]) -> None:
        row = (self._count - 1) % XLSX_ROWS
        if row == 0:
            number = self._count // XLSX_ROWS
            title = self._sheet.title if number == 0 else f"{self._sheet.title} {number + 1}"
            self._page = self._book.add_worksheet(title)
            for column, (heading, _) in enumerate(self._sheet.columns):
                self._page.write_string(0, column, heading)
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                self._page.write_number(row + 1, column, cell)
            elif cell != "":
                self._page.write_string(row + 1, column, str(cell))

    def written(self) -> Written:
        paths = (self._csv_path, self._xlsx_path, self._truth_path, self._cut_path)
        return Written(
            self._sheet.name,
            self._count,
            dict(sorted(self._errors.items())),
            tuple(path for path in paths if path is not None),
        )


def _cut(content: bytes) -> bytes:
    """Return the beginning of the content, ending in the middle of a character."""
    end = int(len(content) * CUT_AT)
    while end < len(content) and content[end] & _LEADING != _CONTINUED:
        end += 1
    return content[:end]
