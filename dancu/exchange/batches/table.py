"""A table in a file: where its head is, what its columns mean, and its rows as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from dancu.catalogue.contracts import Contract
from dancu.exchange.batches import content, sheets, text
from dancu.exchange.batches.bounds import TRIAL_WORKBOOK, WORKBOOK
from dancu.exchange.batches.errors import NotATable, TooManyColumns
from dancu.exchange.batches.meanings import Allowing, allowed, meaning_of, title_key
from dancu.exchange.batches.sheets import MOST_COLUMNS
from dancu.exchange.batches.text import Line

#: The head may stand below a letterhead of so many lines.
LETTERHEAD = 25
LONGEST_CELL = 500
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what it seems to mean, and examples.

    ``by_content``: the title said nothing, the cells did.
    """

    title: str
    meaning: str = ""
    by_content: bool = False
    examples: tuple[str, ...] = ()


@dataclass(slots=True)
class Table:
    """An open table. ``rows`` can be read once; ``left_out`` grows while they are read.

    ``encoding`` names how a text file is written; ``skipped`` are lines above the head.
    """

    columns: list[Column]
    rows: Iterator[Line]
    encoding: str = ""
    has_head: bool = True
    skipped: int = 0
    left_out: list[str] = field(default_factory=list)


def kind_of(path: Path) -> str:
    """Return ``parquet``, ``workbook`` or ``text`` by the first bytes. Raises ``NotATable``."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_PARQUET):
        return "parquet"
    if head.startswith((_ZIP, _OLD_WORKBOOK)):
        return "workbook"
    is_markup = head.lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_every_second(head)
    if is_markup or (b"\x00" in head and not is_wide) or head.startswith(b"%PDF"):
        raise NotATable
    return "text"


def _is_every_second(head: bytes) -> bool:
    """Say whether zeros stand as in UTF-16, of which most letters of Vietnamese have one."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    return min(even, odd) == 0 and max(even, odd) > len(head) // 6


def open_table(path: Path, contract: Contract) -> Table:
    """Open a file as a table. Raises ``UnreadableTable`` and its kinds."""
    match kind_of(path):
        case "parquet":
            return _table(sheets.parquet_of(path), contract, head=0)
        case "workbook":
            return _workbook(path, contract)
        case _:
            form = text.form_of(path)
            table = _table(text.lines_of(path, form), contract)
            table.encoding = form.encoding
            return table


def open_made(path: Path, contract: Contract) -> Table:
    """Open CSV that this program wrote: the head stands first, and every line below is a row."""
    return _table(text.lines_of(path, text.MADE), contract, head=0, keeps_empty=True)


def _workbook(path: Path, contract: Contract) -> Table:
    pages = sheets.sheets_of(path, TRIAL_WORKBOOK if contract.is_sandbox else WORKBOOK)
    for _name, lines in pages:
        table = _table(lines, contract)
        if table.columns:
            break
    else:
        return Table([], iter(()))
    table.rows = chain(table.rows, _further(pages, table))
    return table


def _further(pages: Iterator[tuple[str, Iterator[Line]]], table: Table) -> Iterator[Line]:
    """Yield the rows of further sheets with the same head; the others are named as left out."""
    head = [title_key(column.title) for column in table.columns]
    for name, lines in pages:
        ahead = list(islice(lines, LETTERHEAD))
        found = next(
            (n for n, line in enumerate(ahead) if _padded(line.cells, len(head)) == head), None
        )
        if not table.has_head or found is None:
            if any(any(line.cells) for line in ahead):
                table.left_out.append(name)
            continue
        yield from _fitted(chain(ahead[found + 1 :], lines), len(head))


def _padded(cells: Sequence[str], width: int) -> list[str]:
    keys = [title_key(cell) for cell in cells]
    return [*keys, *[""] * (width - len(keys))][: max(width, len(keys))]


def _table(
    lines: Iterator[Line], contract: Contract, head: int | None = None, *, keeps_empty: bool = False
) -> Table:
    ahead = list(islice((one for one in lines if keeps_empty or any(one.cells)), LETTERHEAD))
    if not ahead:
        return Table([], iter(()))
    where = head if head is not None else head_of(ahead, contract)
    titles = [cell.strip() for cell in ahead[where].cells] if where is not None else []
    below = ahead[(where + 1) if where is not None else 0 :]
    width = max([len(titles), *([] if titles else [len(line.cells) for line in ahead])])
    while titles and not titles[-1]:
        titles.pop()
    width = len(titles) or width
    if width > MOST_COLUMNS:
        raise TooManyColumns(most=MOST_COLUMNS)
    sample = [*below, *islice(lines, content.SAMPLE_ROWS)]
    columns = columns_of(titles or [""] * width, sample, contract)
    rows = chain(sample, lines) if keeps_empty else _fitted(chain(sample, lines), width)
    return Table(columns, rows, has_head=bool(titles), skipped=where or 0)


def head_of(lines: Sequence[Line], contract: Allowing) -> int | None:
    """Return which line is the head: the one with most known titles, else one without digits."""
    counts = [
        len({found for cell in line.cells if (found := meaning_of(cell, contract))})
        for line in lines
    ]
    best = max(counts)
    if best > 1 or (best == 1 and _says_who(lines[0], contract)):
        return counts.index(best)
    first, rest = lines[0].cells, [line.cells for line in lines[1:6]]
    is_wordy = all(cell.strip() for cell in first) and not any(map(_has_digit, first))
    return 0 if is_wordy and any(_has_digit(cell) for cells in rest for cell in cells) else None


def _says_who(line: Line, contract: Allowing) -> bool:
    found = {meaning_of(cell, contract) for cell in line.cells}
    return not found.isdisjoint({"pid", "old_id_number", "full_name"})


def _has_digit(cell: str) -> bool:
    return any(sign.isdigit() for sign in cell)


def columns_of(titles: Sequence[str], sample: Sequence[Line], contract: Allowing) -> list[Column]:
    """Return what the columns are, by their titles and by what stands below them."""
    cells = [
        [line.cells[n].strip() if n < len(line.cells) else "" for line in sample]
        for n in range(len(titles))
    ]
    meanings = _by_title(titles, cells, contract)
    taken = set(meanings)
    rest = [n for n, meaning in enumerate(meanings) if not meaning]
    open_to = [one for one in allowed(contract) if one not in taken and _is_open(one, taken)]
    seen = content.recognised([cells[n] for n in rest], open_to)
    by_content = {rest[n]: meaning for n, meaning in seen.items()}
    return [
        Column(
            title[:80],
            meanings[n] or by_content.get(n, ""),
            n in by_content,
            tuple(dict.fromkeys(cell[:60] for cell in cells[n] if cell))[:3],
        )
        for n, title in enumerate(titles)
    ]


def _is_open(meaning: str, taken: set[str]) -> bool:
    """Say whether a meaning is still free: a name in two columns is a name already."""
    from dancu.exchange.batches.meanings import PARTS

    return all(whole != meaning for part, whole in PARTS.items() if part in taken)


def _by_title(
    titles: Sequence[str], cells: Sequence[Sequence[str]], contract: Allowing
) -> list[str]:
    from dancu.exchange.batches.meanings import DAY, FAMILY, GIVEN, MONTH, YEAR

    found: list[str] = []
    for title, column in zip(titles, cells, strict=True):
        meaning = meaning_of(title, contract)
        if meaning == "pid" and not content.looks_like_numbers(column):
            meaning = ""
        found.append("" if meaning in found else meaning)
    # A part alone is no part: “Ngày” without “Tháng” is some other day, “Tên” alone the name.
    if not {DAY, MONTH, YEAR} <= set(found):
        found = ["" if one in {DAY, MONTH, YEAR} else one for one in found]
    if FAMILY not in found and "full_name" not in found:
        found = ["full_name" if one == GIVEN else one for one in found]
    if "full_name" in found or GIVEN not in found:
        found = ["" if one in {FAMILY, GIVEN} else one for one in found]
    if "sex" in found:
        found = ["" if one == "female_mark" else one for one in found]
    return found


def _fitted(lines: Iterator[Line] | chain[Line], width: int) -> Iterator[Line]:
    """Yield the lines that hold anything, each with as many cells as the head."""
    for line in lines:
        cells, fault = line.cells, line.fault
        if len(cells) == width and not fault:
            if any(cells):
                yield line
            continue
        if not any(cells):
            continue
        if fault == "CUT" and len(cells) >= width:
            fault = ""
        if len(cells) > width:
            fault = fault or ("CELLS" if any(cell.strip() for cell in cells[width:]) else "")
        yield Line([*cells[:width], *[""] * (width - len(cells))], fault)
