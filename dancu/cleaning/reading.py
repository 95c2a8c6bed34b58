"""A file as rows that know where they stand, read as often as needed and never held whole.

The cells come from the exchange's readers, which bear any encoding and damaged lines. What they
leave out (letterheads, empty lines, further sheets) is told here instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from dancu.cleaning.types import Column, Row
from dancu.exchange.batches import content, sheets, text
from dancu.exchange.batches.errors import NoRows, TooManyColumns
from dancu.exchange.batches.meanings import title_key
from dancu.exchange.batches.table import LETTERHEAD, columns_of, head_of, kind_of
from dancu.exchange.batches.text import Line
from dancu.kernel import legacy

MOST_COLUMNS = sheets.MOST_COLUMNS
#: Stands before a value that a merged cell above gives: a letter of nobody's alphabet.
MERGED = "\ue000"
_MERGED = b"<mergeCell "
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Everything:
    """Reads columns of any kind that files of people have, without a contract."""

    verify_attributes: frozenset[str] = frozenset(
        {
            "pid", "old_id_number", "full_name", "birth_date", "sex", "permanent_residence",
            "current_residence", "temporary_residence", "ethnicity", "religion", "nationality",
            "birth_place", "phone", "email",
        }
    )  # fmt: skip


EVERYTHING = _Everything()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    ``kind``: text, workbook or parquet. ``encoding`` and ``delimiter`` of a text. ``skipped``: rows
    above the head. ``sheets``: names of those that are read; ``left_out``: of those with another
    head. ``merged``: sheet → (column, first row, last row) of cells merged downwards. ``rows``: how
    many there are, about.
    """

    kind: str
    columns: tuple[Column, ...]
    skipped: int
    has_head: bool
    encoding: str = ""
    delimiter: str = ","
    sheets: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    merged: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict, hash=False)
    rows: int = 0


def shown(value: object) -> str:
    """Return a cell as the sheet shows it: dates day first, whole numbers without a point."""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return sheets.as_text(value)


def layout_of(path: Path) -> Layout:
    """Return how a file is laid out. Raises ``UnreadableTable`` and its kinds."""
    kind = kind_of(path)
    if kind == "workbook":
        return _of_workbook(path)
    form = text.form_of(path) if kind == "text" else text.MADE
    lines = text.lines_of(path, form) if kind == "text" else sheets.parquet_of(path)
    found = _read(lines, head=0 if kind == "parquet" else None, counts=kind == "parquet")
    return Layout(
        kind,
        found.columns,
        found.skipped,
        found.has_head,
        encoding=form.encoding if kind == "text" else "",
        delimiter=form.delimiter,
        rows=_line_breaks(path) if kind == "text" else found.more,
    )


def _line_breaks(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


@dataclass(frozen=True, slots=True)
class _Found:
    columns: tuple[Column, ...]
    skipped: int
    has_head: bool
    more: int = 0


def _read(lines: Iterator[Line], head: int | None = None, *, counts: bool = False) -> _Found:
    """Return the columns below the head. Raises ``NoRows`` and ``TooManyColumns``."""
    ahead: list[tuple[int, Line]] = []
    for number, line in enumerate(lines, start=1):
        if any(cell.strip() for cell in line.cells):
            ahead.append((number, line))
        if len(ahead) == LETTERHEAD:
            break
    if not ahead:
        raise NoRows
    where = head if head is not None else head_of([line for _, line in ahead], EVERYTHING)
    titles = [cell.strip() for cell in ahead[where][1].cells] if where is not None else []
    below = [line for _, line in ahead[(where + 1) if where is not None else 0 :]]
    while titles and not titles[-1]:
        titles.pop()
    width = len(titles) or max(len(line.cells) for _, line in ahead)
    if width > MOST_COLUMNS:
        raise TooManyColumns(most=MOST_COLUMNS)
    sample = [*below, *islice(lines, content.SAMPLE_ROWS)]
    found = columns_of(titles or [""] * width, sample, EVERYTHING)
    columns = tuple(
        Column(place, title, one.meaning, one.by_content, one.examples)
        for place, (title, one) in enumerate(
            zip(mended_titles([one.title for one in found]), found, strict=True)
        )
    )
    more = len(sample) + (sum(1 for _ in lines) if counts else 0)
    return _Found(columns, ahead[where][0] if where is not None else 0, where is not None, more)


def mended_titles(titles: Sequence[str]) -> list[str]:
    """Return titles in Unicode and each on one line, whatever font they were typed in."""
    guess = legacy.detect(" ".join(titles))
    encoding = guess.encoding if guess is not None and guess.certain else None
    return [
        " ".join((legacy.repair(title, encoding) if encoding else title).split())
        for title in titles
    ]


def _of_workbook(path: Path) -> Layout:
    first: _Found | None = None
    names: list[str] = []
    left_out: list[str] = []
    for name, lines in sheets.sheets_of(path, shown=shown):
        if first is None:
            try:
                first = _read(lines, counts=True)
            except NoRows:
                continue
            names.append(name)
        elif (below := _head_below(lines, first)) is not None:
            names.append(name) if below else None
        else:
            left_out.append(name)
    if first is None:
        raise NoRows
    return Layout(
        "workbook",
        first.columns,
        first.skipped,
        first.has_head,
        sheets=tuple(names),
        left_out=tuple(left_out),
        merged=_merged(path, names),
        rows=first.more,
    )


def _head_below(lines: Iterator[Line], first: _Found) -> int | None:
    """Return behind which row of a further sheet its people begin; None for other columns."""
    head = [title_key(column.title) for column in first.columns]
    is_empty = True
    for number, line in enumerate(islice(lines, LETTERHEAD * 2), start=1):
        keys = [title_key(title) for title in mended_titles(line.cells)]
        if [*keys, *[""] * (len(head) - len(keys))][: len(head)] == head and first.has_head:
            return number
        is_empty = is_empty and not any(line.cells)
    return 0 if is_empty else None


def _merged(path: Path, names: Sequence[str]) -> dict[str, list[tuple[int, int, int]]]:
    """Return the cells merged downwards, by sheet: column, first and last row, from 1."""
    if not _has_merged(path):
        return {}
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    found = {}
    for name in names:
        sheet: Any = book.get_sheet_by_name(name)
        begins = sheet.start[1] if sheet.start else 0
        found[name] = [
            (left - begins, top + 1, bottom + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            if left == right and bottom > top
        ]
    return found


def _has_merged(path: Path) -> bool:
    try:
        with ZipFile(path) as parts:
            for part in parts.infolist():
                if part.filename.startswith("xl/worksheets/") and _holds(parts, part.filename):
                    return True
    except (BadZipFile, OSError):
        return False
    return False


def _holds(parts: ZipFile, name: str) -> bool:
    rest = b""
    with parts.open(name) as part:
        while block := part.read(_BLOCK):
            if _MERGED in rest + block:
                return True
            rest = block[-len(_MERGED) :]
    return False


def rows_of(path: Path, layout: Layout) -> Iterator[Row]:
    """Yield the rows below the heads, in order; rows without anything are left out."""
    width = len(layout.columns)
    if layout.kind == "workbook":
        for name, lines in sheets.sheets_of(path, shown=shown):
            if name in layout.sheets:
                yield from _of_sheet(lines, layout, layout.sheets.index(name), name)
        return
    if layout.kind == "parquet":
        lines = sheets.parquet_of(path)
    else:
        lines = text.lines_of(path, text.form_of(path))
    yield from _fitted(enumerate(islice(lines, layout.skipped, None), layout.skipped + 1), width)


def _of_sheet(lines: Iterator[Line], layout: Layout, sheet: int, name: str) -> Iterator[Row]:
    width = len(layout.columns)
    if sheet == 0:
        below = layout.skipped
        numbered = enumerate(islice(lines, below, None), below + 1)
    else:
        ahead = list(islice(lines, LETTERHEAD * 2))
        first = _Found(layout.columns, layout.skipped, layout.has_head)
        below = _head_below(iter(ahead), first) or 0
        numbered = enumerate(chain(ahead[below:], lines), below + 1)
    fills = {
        (column, row): top
        for column, top, bottom in layout.merged.get(name, ())
        for row in range(top + 1, bottom + 1)
    }
    yield from _fitted(numbered, width, sheet, fills)


def _fitted(
    lines: Iterator[tuple[int, Line]],
    width: int,
    sheet: int = 0,
    fills: dict[tuple[int, int], int] | None = None,
) -> Iterator[Row]:
    """Yield rows as wide as the head; in merged cells ``MERGED`` and the value above."""
    held: dict[int, str] = {}
    for number, line in lines:
        cells, fault = line.cells, line.fault
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width:
            over = any(cell.strip() for cell in cells[width:])
            fault = fault or ("CELLS" if over else "")
            cells = cells[:width]
        elif len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        elif fault == "CUT":
            fault = ""
        if fills:
            cells = [
                MERGED + held.get(column, "") if not cell and (column, number) in fills else cell
                for column, cell in enumerate(cells)
            ]
            held |= {
                column: cell for column, cell in enumerate(cells) if not cell.startswith(MERGED)
            }
        yield Row(number, cells, fault, sheet)
