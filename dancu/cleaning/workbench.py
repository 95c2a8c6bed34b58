"""One file on the bench: looked through as a whole, then cleaned as decided.

The file is read twice and never held whole. Nothing is remembered between the two times but the
decisions: the second reading finds the same changes again and makes those that were accepted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from dancu.cleaning import linking
from dancu.cleaning.cells import Cleaner
from dancu.cleaning.clues import SAMPLE_ROWS, Clues, clues_of
from dancu.cleaning.kinds import KINDS
from dancu.cleaning.profile import ColumnProfile, Profiler
from dancu.cleaning.reading import MERGED, Layout, layout_of, rows_of
from dancu.cleaning.recipe import everything
from dancu.cleaning.twice import MOST_LISTED, Twin, Twins, named, names_at
from dancu.cleaning.types import Change, Cleaned, Column, Decide, Row, Units, no_units
from dancu.exchange.batches.errors import NoRows, TooManyRows
from dancu.operation.calm import calm_collector

MOST_ROWS = 1_000_000
#: Changes of a kind that are kept to be looked at one by one.
MOST_SAMPLES = 100
_MOST_VALUES = 2_000
_EVERY = 500
#: Told how many rows are done, and how many there are (0: not known).
Report = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(slots=True)
class KindCount:
    """How often a kind of change was found: in all, of which sure, by value, and samples."""

    count: int = 0
    sure: int = 0
    samples: list[Change] = field(default_factory=list)
    values: Counter[tuple[int, str, str | None]] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """Count a change."""
        self.count += 1
        self.sure += change.certainty == "sure"
        value = (change.column, change.before, change.after)
        if len(self.values) < _MOST_VALUES or value in self.values:
            self.values[value] += 1
        if len(self.samples) < MOST_SAMPLES:
            self.samples.append(change)


@dataclass(slots=True)
class Analysis:
    """What is in a file: columns, kinds of changes, rows that are the same person.

    ``rows`` are those below the head, ``nobody`` those that seem to be no people, ``look`` those of
    which a person has to look at something. ``linked``: whether more than equal keys was compared.
    ``against``: rows of this file and of another one; not all that were counted are kept.
    """

    columns: list[Column]
    profiles: list[ColumnProfile]
    kinds: dict[str, KindCount]
    rows: int
    nobody: int
    look: int
    twins: list[Twin]
    twin_count: int
    linked: bool = False
    against: list[Twin] = field(default_factory=list)
    against_count: int = 0


class Workbench:
    """A file, and what its columns mean. Raises ``UnreadableTable`` and its kinds."""

    def __init__(self, path: Path, *, today: date, units: Units = no_units) -> None:
        """Find out how the file is laid out."""
        self.path = path
        self.today = today
        self.layout: Layout = layout_of(path)
        self.columns: list[Column] = list(self.layout.columns)
        self._units = units
        self._clues: Clues | None = None

    def mean(self, meanings: Sequence[str]) -> None:
        """Say what the columns mean, in their order; empty for nothing known."""
        self.columns = [
            replace(column, meaning=meaning)
            for column, meaning in zip(self.columns, meanings, strict=True)
        ]
        self._clues = None

    @property
    def clues(self) -> Clues:
        """What the columns tell as a whole."""
        if self._clues is None:
            sample = [row.cells for row in islice(self.rows(), SAMPLE_ROWS)]
            if not sample:
                raise NoRows
            self._clues = clues_of(sample, self.columns)
        return self._clues

    def rows(self) -> Iterator[Row]:
        """Yield the rows as they stand. Raises ``TooManyRows``."""
        for number, row in enumerate(rows_of(self.path, self.layout)):
            if number == MOST_ROWS:
                raise TooManyRows(most=MOST_ROWS)
            yield row

    def cleaned(self, decide: Decide, report: Report = silent) -> Iterator[Cleaned]:
        """Yield every row after the changes that are made, with all that was found."""
        cleaner = Cleaner(
            self.columns, self.clues, units=self._units, today=self.today, decide=decide
        )
        done = 0
        total = self.layout.rows
        with calm_collector():
            for done, row in enumerate(self.rows(), start=1):
                yield cleaner.clean(row)
                if not done % _EVERY:
                    report(done, max(done, total))
        report(done, done)

    def analyse(self, *, report: Report = silent, against: Workbench | None = None) -> Analysis:
        """Look through the whole file, and link it with another where one is given."""
        profiler, twins = Profiler(self.columns), Twins(self.columns)
        kinds = {code: KindCount() for code in KINDS}
        nobody = look = rows = 0
        with TemporaryDirectory(prefix="dancu-cleaning-") as folder:
            records = self._records(Path(folder) / "records.parquet")
            for one in self.cleaned(everything, report):
                rows += 1
                profiler.add([_plain(cell) for cell in one.row.cells])
                for change in one.changes:
                    kinds[change.kind].add(change)
                look += any(change.after is None for change in one.changes)
                if one.dropped:
                    nobody += 1
                    continue
                twins.add(one)
                if records is not None:
                    records.add(one)
            found = Analysis(
                list(self.columns),
                profiler.profiles(),
                {code: one for code, one in kinds.items() if one.count},
                rows,
                nobody,
                look,
                twins.found,
                twins.count,
            )
            if records is not None:
                records.close()
                self._link(found, Path(folder), against)
        self._name(found, against)
        return found

    def _name(self, found: Analysis, against: Workbench | None) -> None:
        """Put the names beside the pairs that are listed."""
        if not found.twins and not found.against:
            return
        places = {place for one in found.twins for place in (one.first, one.second)}
        places |= {one.first for one in found.against}
        names = names_at(places, self.rows(), self.columns)
        found.twins = named(found.twins, names, names)
        if against is not None and found.against:
            seconds = {one.second for one in found.against}
            others = names_at(seconds, against.rows(), against.columns)
            found.against = named(found.against, names, others)

    def _records(self, path: Path) -> linking.Records | None:
        meanings = {column.meaning for column in self.columns}
        if not linking.names_people(meanings) or not linking.is_possible():
            return None
        return linking.Records(path, self.columns, self.clues.sexes)

    def _link(self, found: Analysis, folder: Path, against: Workbench | None) -> None:
        mine = folder / "records.parquet"
        if found.rows - found.nobody > 1:
            more = list(islice(linking.inside(mine, found.twins), MOST_SAMPLES * 50))
            found.twins += more
            found.twin_count += len(more)
        found.linked = True
        if against is None:
            return
        records = against._records(folder / "others.parquet")  # noqa: SLF001 - of this class
        if records is None:
            return
        for one in against.cleaned(everything):
            if not one.dropped:
                records.add(one)
        records.close()
        for twin in linking.between(mine, folder / "others.parquet"):
            found.against_count += 1
            if found.against_count <= MOST_LISTED:
                found.against.append(twin)


def _plain(cell: str) -> str:
    """Return a cell as the file has it, without the mark of a merged one."""
    return "" if cell.startswith(MERGED) else cell
