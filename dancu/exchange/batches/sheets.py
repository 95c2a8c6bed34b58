"""Rows of workbooks and of Parquet files as text, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from dancu.exchange.batches.bounds import (
    LARGEST_UNPACKED,
    MOST_SHEETS,
    WORKBOOK,
    Bound,
    require_bearable,
)
from dancu.exchange.batches.errors import (
    LockedWorkbook,
    NotATable,
    TooLarge,
    TooManyColumns,
    TooManySheets,
)
from dancu.exchange.batches.text import Line

MOST_COLUMNS = 100
_PARQUET_ROWS = 20_000
#: As many bytes may a column of so many rows take.
_PARQUET_BYTES = 64 << 20
_WIDEST_VALUE = 64
#: A sheet says it is larger than what is filled; so many empty rows end it.
_EMPTY_ROWS = 1_000
_NUL = "\0"


def as_text(value: object) -> str:
    """Return a cell as it would be typed: whole numbers without a point, dates in ISO form.

    NUL, which no database keeps as text, becomes the sign of a damaged letter.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value).replace(_NUL, "\ufffd")


def sheets_of(
    path: Path, bound: Bound = WORKBOOK, shown: Callable[[object], str] = as_text
) -> Iterator[tuple[str, Iterator[Line]]]:
    """Yield the visible sheets of a workbook, by name. Raises ``NotATable`` and its kin.

    ``shown``: how a cell that is no text becomes one.
    """
    import python_calamine

    require_bearable(path, bound)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        if len(book.sheets_metadata) > MOST_SHEETS:
            raise TooManySheets(most=MOST_SHEETS)
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        for name in visible:
            yield name, _lines(book.get_sheet_by_name(name), shown)
    except python_calamine.PasswordError:
        raise LockedWorkbook from None
    except (python_calamine.CalamineError, BadZipFile, KeyError, OSError):
        raise NotATable from None


def _lines(sheet: Any, shown: Callable[[object], str]) -> Iterator[Line]:
    empty = 0
    for values in sheet.iter_rows():
        cells = [value if type(value) is str else shown(value) for value in values]
        empty = 0 if any(cells) else empty + 1
        if empty > _EMPTY_ROWS:
            return
        yield Line(cells)


def parquet_of(path: Path) -> Iterator[Line]:
    """Yield the names of the columns, then the rows; columns of lists and the like are left out.

    Raises ``NotATable``, ``TooManyColumns`` and ``TooLarge``.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            _require_bearable(file.metadata)
            fields = [field for field in file.schema_arrow if _is_flat(field.type)]
            names = [field.name for field in fields]
            texts = [field.name for field in fields if _is_text(field.type)]
        # A value that stands there once and is referred to a million times is laid out only after
        # it was measured.
        with parquet.ParquetFile(path, read_dictionary=texts) as file:
            yield Line([as_text(name) for name in names])
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS, columns=names):
                columns = [_column(_values(column)) for column in batch.columns]
                yield from (Line(list(cells)) for cells in zip(*columns, strict=True))
    except (pa.ArrowException, OSError, ValueError):
        raise NotATable from None


def _require_bearable(said: Any) -> None:
    """Refuse a Parquet file that says itself that it is too large."""
    if said.num_columns > MOST_COLUMNS:
        raise TooManyColumns(most=MOST_COLUMNS)
    groups = [said.row_group(number) for number in range(said.num_row_groups)]
    size = sum(
        group.column(number).total_uncompressed_size
        for group in groups
        for number in range(said.num_columns)
    )
    if size > LARGEST_UNPACKED:
        raise TooLarge(size=size >> 20, most=LARGEST_UNPACKED >> 20)


def _is_flat(kind: Any) -> bool:
    from pyarrow import types

    return not types.is_nested(kind) and (_is_text(kind) or kind.bit_width <= _WIDEST_VALUE * 8)


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(
        types.is_string(kind)
        or types.is_binary(kind)
        or types.is_large_string(kind)
        or types.is_large_binary(kind)
        or types.is_dictionary(kind)
        or types.is_null(kind)
    )


def _values(column: Any) -> list[Any]:
    """Return the values of a column. Raises ``TooLarge`` when they take too many bytes."""
    from pyarrow import compute, types

    if types.is_dictionary(column.type):
        if _is_measured(column.type.value_type):
            lengths = compute.binary_length(column.dictionary).cast("int64")
            size = compute.sum(lengths.take(column.indices)).as_py() or 0
            if size > _PARQUET_BYTES:
                raise TooLarge(size=size >> 20, most=_PARQUET_BYTES >> 20)
        column = column.dictionary_decode()
    found: list[Any] = column.to_pylist()
    return found


def _is_measured(kind: Any) -> bool:
    from pyarrow import types

    return bool(
        types.is_string(kind)
        or types.is_binary(kind)
        or types.is_large_string(kind)
        or types.is_large_binary(kind)
    )


def _column(values: list[Any]) -> list[str]:
    text: Callable[[object], str] = as_text
    return [value if type(value) is str and _NUL not in value else text(value) for value in values]
