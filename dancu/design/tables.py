"""Tables: columns, rows, and the addresses that sort them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import QueryDict

from dancu.design.values import Badge, Empty, Link, Text


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``sort`` is the value of ``?sort=`` that orders by it, ``""`` for none."""

    label: Text
    sort: str = ""
    numeric: bool = False
    heading: bool = False
    """The cell that names the row; becomes the title of its card on a phone."""
    hidden_label: bool = False
    narrow: bool = False
    phone: bool = True
    """Whether the column is shown on a phone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``detail`` is a second, quieter line; ``code`` sets digits of equal width."""

    text: Text = ""
    href: str = ""
    detail: Text = ""
    badges: Sequence[Badge] = ()
    code: bool = False
    actions: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``value`` is what its checkbox sends when the table has ``select_name``.

    ``checked``: it was ticked already, in a form that comes back.
    """

    cells: Sequence[Cell | Text]
    value: str = ""
    label: Text = ""
    current: bool = False
    tone: Literal["", "warning", "danger", "muted"] = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one page of results.

    ``count`` is the sentence above it ("25 of 1.234 people"), ``sort`` the present order
    (``"name"`` or ``"-name"``). ``select_name`` gives each row a checkbox of that name; put the
    table into a form. ``wide`` lets it scroll sideways instead of squeezing its columns.
    """

    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    count: Text = ""
    sort: str = ""
    sort_param: str = "sort"
    empty: Empty | None = None
    select_name: str = ""
    select_all: bool = True
    """Whether one checkbox at the head ticks all of them."""
    wide: bool = False
    caption_hidden: bool = True
    key: str = ""
    """HTML id, for replacing the table in part."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as its header shows it, with the address that would sort by it."""

    column: Column
    href: str
    direction: Literal["", "ascending", "descending"]


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell with its column."""

    column: Column
    cell: Cell


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row ready to be shown."""

    row: Row
    cells: Sequence[ShownCell]


def headings(table: Table, query: QueryDict | None) -> list[Heading]:
    """The column headers; sorting keeps the filters of ``query`` and goes to the first page."""
    return [_heading(column, table, query) for column in table.columns]


def _heading(column: Column, table: Table, query: QueryDict | None) -> Heading:
    if not column.sort:
        return Heading(column, "", "")
    current = table.sort.removeprefix("-") == column.sort
    descending = current and table.sort.startswith("-")
    target = f"-{column.sort}" if current and not descending else column.sort
    href = address(query, {table.sort_param: target, "page": None})
    direction: Literal["", "ascending", "descending"] = ""
    if current:
        direction = "descending" if descending else "ascending"
    return Heading(column, href, direction)


def shown_rows(table: Table) -> list[ShownRow]:
    """Rows with each cell beside its column; raises ValueError where their numbers differ."""
    return [
        ShownRow(
            row,
            [
                ShownCell(column, cell if isinstance(cell, Cell) else Cell(cell))
                for column, cell in zip(table.columns, row.cells, strict=True)
            ],
        )
        for row in table.rows
    ]


def address(query: QueryDict | None, changes: dict[str, str | None]) -> str:
    """A relative address: the present query with some parameters set, or removed by None."""
    changed = query.copy() if query is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return "?" + changed.urlencode()
