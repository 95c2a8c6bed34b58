"""The cleaned file in the format in which it came: CSV, a workbook, or Parquet.

Every cell of a workbook is text unless its whole column holds plain numbers, so no zero is lost
again. What was changed is green, what somebody has to look at is yellow.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from dancu.cleaning.reading import Layout

Mark = Literal["", "made", "open"]
_GREEN, _YELLOW = "#D9F2E3", "#FFF1C2"
_HEAD = "#E7EEF7"
_PORTION = 5_000
_WIDEST, _NARROWEST = 48, 8
_LONGEST_SHEET = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class Target(Protocol):
    """Where cleaned rows go."""

    def add(self, cells: Sequence[str], marks: Sequence[Mark], sheet: int) -> int:
        """Write a row and return its number in the file, from 1."""

    def close(self) -> None:
        """Finish the file."""


class Book:
    """A workbook that is written while rows go by."""

    def __init__(self, path: Path, folder: Path) -> None:
        """Begin a workbook; ``folder`` takes what does not fit in memory."""
        import xlsxwriter

        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_numbers": False,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        self._book: Any = xlsxwriter.Workbook(str(path), options)
        self._taken: set[str] = set()
        text = {"num_format": "@", "valign": "top"}
        self.text: Any = self._book.add_format(text)
        self.wrapped: Any = self._book.add_format({**text, "text_wrap": True})
        self.made: Any = self._book.add_format({**text, "bg_color": _GREEN})
        self.open: Any = self._book.add_format({**text, "bg_color": _YELLOW})
        self.head: Any = self._book.add_format(
            {**text, "bold": True, "bg_color": _HEAD, "text_wrap": True, "bottom": 1}
        )
        self.title: Any = self._book.add_format({**text, "bold": True, "font_size": 16})
        self.number: Any = self._book.add_format({"num_format": "#,##0", "valign": "top"})

    def sheet(self, name: str, widths: Sequence[int], head: Sequence[str] = ()) -> Any:
        """Add a sheet with a head that stays while one scrolls."""
        bare = " ".join(name.translate(_FORBIDDEN).strip("'").split())[:_LONGEST_SHEET] or "1"
        title, count = bare, 1
        while title.lower() in self._taken:
            count += 1
            title = f"{bare[: _LONGEST_SHEET - 3]} {count}"
        self._taken.add(title.lower())
        page: Any = self._book.add_worksheet(title)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        if head:
            for place, words in enumerate(head):
                page.write_string(0, place, words, self.head)
            page.freeze_panes(1, 0)
            page.repeat_rows(0)
        return page

    def close(self) -> None:
        """Write the workbook."""
        self._book.close()


class BookTarget:
    """Sheets of a workbook, one for each sheet that was read."""

    def __init__(
        self, book: Book, layout: Layout, titles: Sequence[str], numbers: Sequence[bool]
    ) -> None:
        """Add the sheets."""
        widths = [min(max(len(title) + 4, 12), _WIDEST) for title in titles]
        head = titles if layout.has_head else ()
        names = layout.sheets or ("1",)
        self._pages = [book.sheet(name, widths, head) for name in names]
        self._rows = [int(layout.has_head)] * len(names)
        self._numbers = [*numbers, *[False] * (len(titles) - len(numbers))]
        self._book = book

    def add(self, cells: Sequence[str], marks: Sequence[Mark], sheet: int) -> int:
        """Write a row and return its number in its sheet."""
        page, row, book = self._pages[sheet], self._rows[sheet], self._book
        for place, cell in enumerate(cells):
            mark = marks[place] if place < len(marks) else ""
            form = book.made if mark == "made" else book.open if mark == "open" else book.text
            if not cell:
                if mark:
                    page.write_blank(row, place, None, form)
            elif self._numbers[place]:
                page.write_number(row, place, float(cell))
            else:
                page.write_string(row, place, cell, form)
        self._rows[sheet] = row + 1
        return row + 1

    def close(self) -> None:
        """Leave the closing to whoever owns the workbook."""


class TextTarget:
    """CSV in UTF-8 with a byte order mark, which spreadsheets look for."""

    def __init__(self, path: Path, layout: Layout, titles: Sequence[str]) -> None:
        """Begin the file with the head, if there was one."""
        self._file = path.open("w", encoding="utf-8-sig", newline="", errors="replace")
        self._writer = csv.writer(self._file, delimiter=layout.delimiter, lineterminator="\r\n")
        self._row = 0
        if layout.has_head:
            self._writer.writerow(titles)
            self._row = 1

    def add(self, cells: Sequence[str], marks: Sequence[Mark], sheet: int) -> int:
        """Write a row and return the number of its line."""
        del marks, sheet
        self._writer.writerow(cells)
        self._row += 1
        return self._row

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class ParquetTarget:
    """Parquet with columns of text."""

    def __init__(self, path: Path, titles: Sequence[str]) -> None:
        """Begin the file."""
        import pyarrow as pa
        from pyarrow import parquet

        self._arrow = pa
        self._schema = pa.schema([(title, pa.string()) for title in titles])
        self._writer: Any = parquet.ParquetWriter(path, self._schema)
        self._waiting: list[Sequence[str]] = []
        self._row = 0

    def add(self, cells: Sequence[str], marks: Sequence[Mark], sheet: int) -> int:
        """Write a row and return its number."""
        del marks, sheet
        self._waiting.append(list(cells))
        self._row += 1
        if len(self._waiting) == _PORTION:
            self._write()
        return self._row

    def _write(self) -> None:
        arrays = [self._arrow.array(list(column)) for column in zip(*self._waiting, strict=True)]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._waiting.clear()

    def close(self) -> None:
        """Finish the file."""
        if self._waiting:
            self._write()
        self._writer.close()
