"""Tables for the benchmarks of batches: specialised files with planted faults, and their truth.

The rows are those of ``dancu synthesise`` (``dancu.synthesis.dirty``), made from the city itself;
the register is not read for them.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dancu.kernel.text import match_key

if TYPE_CHECKING:
    from dancu.synthesis.dirty.config import Sheet
    from dancu.synthesis.dirty.drafts import Draft
    from dancu.synthesis.dirty.rows import SheetRows

#: Of so many rows one is dirty in the table whose speed is measured.
ONE_DIRTY_IN = 10
SPEED = "speed"
#: A list as schools send it, of pupils and of everybody else, so that it is long enough.
_FORM, _AGES, _MARGIN = "students", (6, 110), 1.9
#: Schools ask about no telephone.
_NO_PHONES = {"PHONE_11": 0.0, "PHONE_SHARED": 0.0}


@dataclass(frozen=True, slots=True)
class TrueRow:
    """What is true about a row, and what was written in it."""

    pid: str
    name: str
    birth_date: str
    unit_code: str
    written_pid: str
    written_name: str
    written_birth: str
    dead: bool
    faults: tuple[str, ...]


@dataclass(slots=True)
class Table:
    """A table on disk and the truth about its rows, in their order."""

    name: str
    path: Path
    most: int
    truth: list[TrueRow] = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    """All tables of a city; ``namesakes``: name and birth date → people who bear them."""

    by_name: dict[str, Table]
    namesakes: Counter[tuple[str, str]]


def make(
    *, people: int, seed: int, folder: Path, speed_rows: int, rows: int, names: Sequence[str]
) -> Tables:
    """Write the table for the speed and one for each name, of at most ``rows`` rows."""
    from dancu.synthesis.dirty.config import sheets
    from dancu.synthesis.dirty.rows import SheetRows, blocks
    from dancu.synthesis.knowledge import REFERENCE_DAY, knowledge
    from dancu.synthesis.records import birth_text

    know = knowledge(REFERENCE_DAY)
    share = min(1.0, speed_rows * _MARGIN / people)
    rates = {**sheets()["health_insurance"].rates, **_NO_PHONES}
    form = replace(sheets()[_FORM], name=SPEED, ages=_AGES, share=share, rates=rates)
    chosen = [form, *(_thinned(sheets()[name], rows, people) for name in names)]
    namesakes: Counter[tuple[str, str]] = Counter()
    with ExitStack() as stack:
        writers = []
        for sheet in chosen:
            most = speed_rows if sheet is form else rows
            path = folder / f"{sheet.file}-{sheet.name}.csv"
            table = Table(sheet.name, path, most)
            opened = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            writers.append(_Writer(sheet, SheetRows(know, sheet, seed), table, opened))
        for block in blocks(know, seed, people):
            for writer in writers:
                writer.take(writer.rows.of_block(block))
            namesakes.update(
                (match_key(one.name), birth_text(one)) for one in block.people() if one.home
            )
    return Tables({writer.table.name: writer.table for writer in writers}, namesakes)


def _thinned(sheet: Sheet, rows: int, people: int) -> Sheet:
    """Take fewer people into the file when it would have far more rows than are wanted."""
    expected = people * sheet.share * (sheet.ages[1] - sheet.ages[0]) / 110
    return replace(sheet, share=min(sheet.share, sheet.share * 1.6 * rows / max(expected, 1)))


class _Writer:
    """Writes one table."""

    def __init__(self, sheet: Sheet, rows: SheetRows, table: Table, file: io.TextIOBase) -> None:
        self.rows, self.table = rows, table
        self._columns = [value for _, value in sheet.columns]
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._writer.writerow([heading for heading, _ in sheet.columns])
        self._may_take: Callable[[Draft], bool] = (
            self._is_due if sheet.name == SPEED else lambda _draft: True
        )
        self._dirty = 0

    def take(self, drafts: Iterator[Draft]) -> None:
        """Add the rows of a block, as many as there is room for."""
        truth = self.table.truth
        for draft in drafts:
            if len(truth) < self.table.most and self._may_take(draft):
                self._add(draft)

    def _is_due(self, draft: Draft) -> bool:
        """Say whether a row keeps the dirty ones at one in ten."""
        is_dirty = bool(draft.errors)
        due = (len(self.table.truth) + 1) // ONE_DIRTY_IN > self._dirty
        self._dirty += is_dirty and due
        return is_dirty == due

    def _add(self, draft: Draft) -> None:
        draft.cells["row"] = len(self.table.truth) + 1
        self._writer.writerow([draft.cells[value] for value in self._columns])
        self.table.truth.append(_true_row(draft))


def _true_row(draft: Draft) -> TrueRow:
    truth: Any = draft.truth
    return TrueRow(
        pid=truth.pid,
        name=truth.name,
        birth_date=truth.birth_date,
        unit_code=truth.unit_code,
        written_pid=draft.text("pid"),
        written_name=draft.text("name"),
        written_birth=draft.text("birth"),
        dead=truth.dead,
        faults=tuple(draft.errors),
    )
