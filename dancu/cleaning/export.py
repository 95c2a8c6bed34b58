"""Writing what came of a cleaning: the cleaned file, what was changed and why, and the recipe.

Everything is written beside its place and put there at the end, so that an interrupted cleaning
leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from dancu.cleaning.errors import FileChanged
from dancu.cleaning.kinds import KINDS
from dancu.cleaning.outcome import RIGHT, Outcome, needs_extra, summary, twin_words, verdict
from dancu.cleaning.recipe import Decisions, recipe_of
from dancu.cleaning.twice import Place, Twin
from dancu.cleaning.types import WHOLE_ROW, Change, Cleaned, Column
from dancu.cleaning.workbench import Analysis, Report, Workbench, silent
from dancu.cleaning.writing import Book, BookTarget, Mark, ParquetTarget, Target, TextTarget
from dancu.exchange.batches.answers import RowAnswer
from dancu.exchange.batches.words import GROUPS, code_words

#: Lines of one sheet; spreadsheets take a little more.
_MOST_LINES = 1_000_000
_CODES = ("UNIT_CODE", "UNIT_NEW")
_SUFFIXES = {"text": ".csv", "workbook": ".xlsx", "parquet": ".parquet"}


@dataclass(frozen=True, slots=True)
class Files:
    """Where the outcome goes; ``report`` is the cleaned workbook itself where that is one."""

    cleaned: Path
    report: Path
    recipe: Path


def files_of(source: Path, kind: str, out: Path | None = None) -> Files:
    """Return where the outcome of a file goes: beside it, or where ``out`` says."""
    name = source.name.rsplit(".", 1)[0]
    cleaned = out or source.with_name(f"{name}.cleaned{_SUFFIXES[kind]}")
    stem = cleaned.name.rsplit(".", 1)[0].removesuffix(".cleaned")
    report = cleaned if kind == "workbook" else cleaned.with_name(f"{stem}.report.xlsx")
    return Files(cleaned, report, cleaned.with_name(f"{stem}.recipe.json"))


@dataclass(slots=True)
class _Lines:
    """Sheets of the report that grow while rows go by."""

    book: Book
    name: str
    widths: Sequence[int]
    head: Sequence[str]
    page: Any = None
    row: int = 0

    def add(self, cells: Sequence[str]) -> None:
        """Add a line; a full sheet is followed by another."""
        if self.page is None or self.row >= _MOST_LINES:
            self.page, self.row = self.book.sheet(self.name, self.widths, self.head), 1
        for place, cell in enumerate(cells):
            if cell:
                self.page.write_string(self.row, place, cell, self.book.text)
        self.row += 1


@dataclass(slots=True)
class _Told:
    """What the second reading tells, beside the cleaned rows."""

    outcome: Outcome
    changed: _Lines
    proposed: _Lines
    look: _Lines
    dropped: _Lines
    twins: frozenset[Place] = field(default_factory=frozenset)


def write(
    *,
    bench: Workbench,
    analysis: Analysis,
    decisions: Decisions,
    files: Files,
    language: str = "vi",
    answers: Iterator[RowAnswer] | None = None,
    report: Report = silent,
    name: str = "",
) -> Outcome:
    """Write all files, then put them in their places. Returns the figures.

    ``name`` is what the file is called in the summary. ``answers``: what the register said of the
    rows that are kept, in order. Raises ``FileChanged``.
    """
    with ExitStack() as stack:
        stack.enter_context(override(language))
        beside = files.cleaned.parent
        folder = Path(stack.enter_context(TemporaryDirectory(prefix=".dancu-", dir=beside)))
        cleaned, told = folder / files.cleaned.name, folder / files.report.name
        writer = _Writer(
            _Job(bench, analysis, decisions, answers, name or bench.path.name),
            cleaned,
            told,
            folder,
        )
        outcome = writer.write(report)
        recipe = folder / files.recipe.name
        recipe.write_bytes(recipe_of(bench.columns, decisions))
        # Nothing stands in its place before everything is whole.
        for path, place in {
            cleaned: files.cleaned, told: files.report, recipe: files.recipe,
        }.items():  # fmt: skip
            path.chmod(0o600)
            path.replace(place)
    return outcome


@dataclass(frozen=True, slots=True)
class _Job:
    bench: Workbench
    analysis: Analysis
    decisions: Decisions
    answers: Iterator[RowAnswer] | None
    name: str


class _Writer:
    """One writing: the target, the report beside, and what is counted."""

    def __init__(self, job: _Job, cleaned: Path, told: Path, folder: Path) -> None:
        self._bench, self._analysis, self._decisions = job.bench, job.analysis, job.decisions
        self._answers, self._name = job.answers, job.name
        layout = self._bench.layout
        self._coded = self._coded_columns()
        titles = [*self._titles(), *self._further_titles()]
        self._book = Book(told, folder)
        numbers = [one.is_number for one in self._analysis.profiles]
        self._target: Target
        if layout.kind == "workbook":
            self._target = BookTarget(self._book, layout, titles, numbers)
        elif layout.kind == "parquet":
            self._target = ParquetTarget(cleaned, titles)
        else:
            self._target = TextTarget(cleaned, layout, titles)
        self._summary = self._book.sheet(_("Summary"), (46, 14, 70))
        self._told = self._sheets()

    def _titles(self) -> list[str]:
        return [column.title for column in self._bench.columns]

    def _coded_columns(self) -> list[Column]:
        """Return the addresses of which the code of the unit gets a column."""
        wanted = any(self._decisions.kinds.get(kind, "no") != "no" for kind in _CODES)
        found = self._analysis.kinds
        if not wanted or not any(kind in found for kind in _CODES):
            return []
        places = {place for kind in _CODES if kind in found for place, _b, _a in found[kind].values}
        return [column for column in self._bench.columns if column.place in places]

    def _further_titles(self) -> list[str]:
        found = [_("Unit code: %(column)s") % {"column": one.title} for one in self._coded]
        if self._answers is not None:
            found += [_("Result"), _("What to do")]
        return found

    def _sheets(self) -> _Told:
        where, column = _("Row in the file sent"), _("Column")
        before, after = _("Before"), _("After")
        what, why = _("What was found"), _("Why")
        sure = _("How sure")
        widths = (12, 12, 24, 34, 34, 34, 60, 12)
        analysis = self._analysis
        outcome = Outcome(
            twins=analysis.twin_count,
            linked=analysis.linked,
            against=analysis.against_count,
            above=max(self._bench.layout.skipped - 1, 0),
            left_out=self._bench.layout.left_out,
        )
        changed = (where, _("Row in the cleaned file"), column, before, after, what, why, sure)
        return _Told(
            outcome,
            _Lines(self._book, _("What was changed"), widths, changed),
            _Lines(self._book, _("Proposals"), widths, changed),
            _Lines(
                self._book,
                _("To be looked at"),
                (12, 12, 24, 34, 34, 60),
                (
                    where,
                    _("Row in the cleaned file"),
                    column,
                    _("Value in the file"),
                    what,
                    _("What to do"),
                ),
            ),
            _Lines(self._book, _("Rows left out"), (12, 80, 34), (where, _("Content"), why)),
            frozenset(place for twin in analysis.twins for place in (twin.first, twin.second)),
        )

    def write(self, report: Report) -> Outcome:
        """Write every row, then the summary. Raises ``FileChanged``."""
        bench, outcome = self._bench, self._told.outcome
        try:
            for one in bench.cleaned(self._decisions.decide(bench.columns), report):
                outcome.rows += 1
                self._row(one)
            if outcome.rows != self._analysis.rows:
                raise FileChanged
            self._duplicates()
            _write_summary(self._book, self._summary, self._name, outcome)
        finally:
            self._target.close()
            self._book.close()
        return outcome

    def _row(self, one: Cleaned) -> None:
        told, outcome = self._told, self._told.outcome
        if one.dropped:
            outcome.dropped += 1
            kind = one.changes[-1].kind
            outcome.made[kind] += 1
            words = (self._where(one), one.changes[-1].before, str(KINDS[kind].label))
            told.dropped.add(words)
            return
        outcome.kept += 1
        marks, is_open = self._marks(one)
        cells = [*one.cells, *(one.codes.get(column.place, "") for column in self._coded)]
        answer = self._answer(cells)
        number = self._target.add(cells, marks, one.row.sheet)
        self._note(one, str(number))
        made = {change.column for change in one.changes if change.applied}
        outcome.changed += bool(made)
        outcome.cells += len(made)
        is_twin = Place(one.row.sheet, one.row.number) in told.twins
        # Of a row that waits for its answer nobody knows yet whether it can be used.
        is_right = self._answers is None or (answer is not None and answer.group in RIGHT)
        if answer is not None and not is_right:
            group = GROUPS[answer.group]
            said = code_words(answer.code) if answer.code else str(group.meaning)
            told.look.add(
                (self._where(one), str(number), "", said, str(group.label), str(group.remedy))
            )
        outcome.ready += not is_open and not is_twin and is_right

    def _answer(self, cells: list[str]) -> RowAnswer | None:
        """Return what the register said of the row, having added it to the cells."""
        if self._answers is None:
            return None
        answer = next(self._answers, None)
        if answer is None:
            self._told.outcome.unanswered += 1
            cells += [_("not answered yet"), ""]
            return None
        self._told.outcome.verified[answer.group] += 1
        group = GROUPS[answer.group]
        cells += [str(group.label), str(group.remedy)]
        return answer

    def _marks(self, one: Cleaned) -> tuple[list[Mark], bool]:
        marks: list[Mark] = [""] * len(one.cells)
        is_open = False
        for change in one.changes:
            if change.kind in _CODES:
                continue
            if change.after is None and not KINDS[change.kind].minor:
                is_open = True
            if change.column == WHOLE_ROW:
                continue
            if change.applied and marks[change.column] == "":
                marks[change.column] = "made"
            elif change.after is None:
                marks[change.column] = "open"
        return marks, is_open

    def _note(self, one: Cleaned, number: str) -> None:
        told, outcome, where = self._told, self._told.outcome, self._where(one)
        for change in one.changes:
            kind = KINDS[change.kind]
            column = self._column(change)
            if change.after is None:
                outcome.look[change.kind] += 1
                told.look.add(
                    (where, number, column, change.before, str(kind.label), str(kind.why))
                )
                continue
            counts, lines = (
                (outcome.made, told.changed) if change.applied else (outcome.waiting, told.proposed)
            )
            counts[change.kind] += 1
            lines.add(
                (
                    where, number, column, change.before, change.after, str(kind.label),
                    str(kind.why), certainty_words(change.certainty),
                )
            )  # fmt: skip

    def _column(self, change: Change) -> str:
        if change.column == WHOLE_ROW:
            return _("(whole row)")
        column = self._bench.columns[change.column]
        return column.title or _("Column %(number)s") % {"number": change.column + 1}

    def _where(self, one: Cleaned) -> str:
        return where_words(self._bench, Place(one.row.sheet, one.row.number))

    def _duplicates(self) -> None:
        analysis = self._analysis
        lines = _Lines(
            self._book,
            _("Duplicate rows"),
            (20, 30, 20, 30, 60, 12),
            (_("Row"), _("Name"), _("and row"), _("Name"), _("Why"), _("How sure")),
        )
        for twin in analysis.twins:
            self._pair(lines, twin, where_words(self._bench, twin.second))
        for twin in analysis.against:
            self._pair(lines, twin, f"{_('the other file')}: {twin.second.row}")
        if not analysis.linked and analysis.twins:
            lines.add(("", "", "", "", needs_extra()))

    def _pair(self, lines: _Lines, twin: Twin, other: str) -> None:
        sure = f"{int(twin.probability * 100)}%"
        first, second = twin.names
        row = where_words(self._bench, twin.first)
        lines.add((row, first, other, second, twin_words(twin), sure))


def _write_summary(book: Book, page: Any, name: str, outcome: Outcome) -> None:
    """Write one page that can be printed and handed to the head of the school."""
    page.fit_to_pages(1, 1)
    page.set_portrait()
    page.write_string(0, 0, _("What came of the file %(name)s") % {"name": name}, book.title)
    page.write_string(1, 0, verdict(outcome), book.text)
    row = 3
    for line in summary(outcome):
        if line.is_head:
            row += 1
            for place, words in enumerate((line.label, "", "")):
                page.write_string(row, place, words, book.head)
        else:
            page.write_string(row, 0, line.label, book.wrapped)
            if line.number is not None:
                page.write_number(row, 1, line.number, book.number)
            if line.what:
                page.write_string(row, 2, line.what, book.wrapped)
        row += 1


def where_words(bench: Workbench, place: Place) -> str:
    """Return where a row stands; with its sheet where there are several."""
    names = bench.layout.sheets
    if len(names) > 1:
        return f"{names[place.sheet]}: {place.row}"
    return str(place.row)


def certainty_words(certainty: str) -> str:
    """Return how sure a change is."""
    if certainty == "sure":
        return _("sure")
    return _("likely") if certainty == "likely" else _("unsure")
