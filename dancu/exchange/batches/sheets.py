"""Rows of workbooks and of Parquet files as text, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from dancu.exchange.batches.errors import LockedWorkbook, NotATable, TooLarge
from dancu.exchange.batches.text import Line

#: As much as the parts of a workbook may take unpacked, in bytes.
LARGEST_UNPACKED = 1 << 30
_PARQUET_ROWS = 20_000
_ZIP = b"PK\x03\x04"
#: A sheet says it is larger than what is filled; so many empty rows end it.
_EMPTY_ROWS = 1_000


def sheets_of(path: Path) -> Iterator[tuple[str, Iterator[Line]]]:
    """Yield the visible sheets of a workbook, by name. Raises ``NotATable`` and its kin."""
    import python_calamine

    _require_bearable(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        for name in visible:
            yield name, _lines(book.get_sheet_by_name(name))
    except python_calamine.PasswordError:
        raise LockedWorkbook from None
    except (python_calamine.CalamineError, BadZipFile, KeyError, OSError):
        raise NotATable from None


def _require_bearable(path: Path) -> None:
    """Refuse a workbook that would unpack without end."""
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            return
    try:
        with ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except BadZipFile:
        raise NotATable from None
    if size > LARGEST_UNPACKED:
        raise TooLarge(size=size >> 20, most=LARGEST_UNPACKED >> 20)


def _lines(sheet: Any) -> Iterator[Line]:
    empty = 0
    for values in sheet.iter_rows():
        cells = [value if type(value) is str else as_text(value) for value in values]
        empty = 0 if any(cells) else empty + 1
        if empty > _EMPTY_ROWS:
            return
        yield Line(cells)


def as_text(value: object) -> str:
    """Return a cell as it would be typed: whole numbers without a point, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value)


def parquet_of(path: Path) -> Iterator[Line]:
    """Yield the names of the columns, then the rows. Raises ``NotATable``."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            yield Line([str(name) for name in file.schema_arrow.names])
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                columns = [_column(column.to_pylist()) for column in batch.columns]
                yield from (Line(list(cells)) for cells in zip(*columns, strict=True))
    except (pa.ArrowException, OSError, ValueError):
        raise NotATable from None


def _column(values: list[Any]) -> list[str]:
    text: Callable[[object], str] = as_text
    return [value if type(value) is str else text(value) for value in values]
