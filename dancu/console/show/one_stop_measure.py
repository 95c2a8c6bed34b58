"""The measure of one-stop desks as pages and sheets show it. Every number leads to its dossiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.catalogue.one_stop import PAPER, one_stop, words
from dancu.console.desk import Desk
from dancu.console.show.one_stop import reason_words
from dancu.console.words import day_words, moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Empty, Stat
from dancu.identity.queries import names_of
from dancu.onestop.queries import Wanted
from dancu.onestop.types import DossierLine, Measure, Span

#: Code of an office → its name.
Names = Mapping[str, str]


def measure_href(span: Span) -> str:
    """Return the address of the measure of a span."""
    return f"{reverse('console:one-stop-measure')}?{_query(span)}"


def _query(span: Span, **more: object) -> str:
    office = {"office": span.offices[0]} if len(span.offices) == 1 else {}
    given = {"since": day_words(span.since), "until": day_words(span.until), **office, **more}
    return urlencode(given)


def _behind(span: Span, *, may_open: bool, **more: object) -> str:
    if not may_open:
        return ""
    return f"{reverse('console:one-stop-dossiers')}?{_query(span, **more)}"


def export(what: str, kind: str, span: Span, wanted: Wanted | None = None) -> str:
    """Return the address of a sheet: the measure, or the dossiers behind a number."""
    more: dict[str, object] = {}
    if wanted is not None:
        named = {
            "day": wanted.day.isoformat() if wanted.day else None,
            "step": wanted.step,
            "paper": wanted.paper or None,
            "failed": wanted.failed,
            "reason": wanted.reason or None,
        }
        more = {name: value for name, value in named.items() if value is not None}
    return f"{reverse(f'console:one-stop-{what}-table', args=[kind])}?{_query(span, **more)}"


def stats(found: Measure, span: Span, *, may_open: bool) -> list[Stat]:
    """Return the figures at the head of the page."""
    total = found.dossiers
    first, papers = found.at_step(1), found.at_step(PAPER)
    return [
        Stat(_("Dossiers"), grouped(total), _behind(span, may_open=may_open)),
        Stat(
            _("Found in the dossier system"),
            grouped(first),
            _behind(span, may_open=may_open, step=1),
            part=first / total if total else None,
            tone="success",
        ),
        Stat(
            _("A paper was asked for"),
            grouped(papers),
            _behind(span, may_open=may_open, step=PAPER),
            part=papers / total if total else None,
            tone="warning" if papers else "neutral",
        ),
        Stat(
            _("Steps not recorded"),
            grouped(found.unrecorded),
            _behind(span, may_open=may_open, step=0),
        ),
    ]


def lines(found: Measure, span: Span, names: Names, language: str, *, may_open: bool) -> Table:
    """Return the table by office and day."""

    def cell(number: int, office: str, day: date, **more: object) -> Cell:
        narrow = Span(day, day, (office,))
        href = _behind(narrow, may_open=may_open, **more) if number else ""
        return Cell(grouped(number), href)

    rows = [
        Row(
            [
                Cell(names.get(line.office, line.office), detail=line.office),
                day_words(line.day),
                cell(line.dossiers, line.office, line.day),
                *(
                    cell(number, line.office, line.day, step=step)
                    for step, number in enumerate(line.steps, start=1)
                ),
                cell(line.unrecorded, line.office, line.day, step=0),
            ]
        )
        for line in found.lines
    ]
    steps = one_stop(span.until).steps
    columns = [
        Column(_("Office"), heading=True),
        Column(_("Day"), narrow=True),
        Column(_("Dossiers"), numeric=True, narrow=True),
        *(
            Column(f"{step.number}. {step.short(language)}", numeric=True, narrow=True)
            for step in steps
        ),
        Column(_("Not recorded"), numeric=True, narrow=True),
    ]
    empty = Empty(
        _("No dossier in these days"),
        _("Choose other days; a dossier counts on the day on which the desk asked."),
        icon="chart",
    )
    return Table(_("By office and day"), columns, rows, empty=empty)


def reasons(found: Measure, span: Span, language: str, *, may_open: bool) -> Table:
    """Return the reasons for which steps failed."""
    shorts = {step.number: step.short(language) for step in one_stop(span.until).steps}
    rows = [
        Row(
            [
                Cell(words("reason", reason, language)),
                f"{step}. {shorts.get(step, '')}",
                Cell(grouped(n), _behind(span, may_open=may_open, failed=step, reason=reason)),
            ]
        )
        for step, reason, n in found.reasons
    ]
    columns = [
        Column(_("Reason"), heading=True),
        Column(_("Step that failed")),
        Column(_("Dossiers"), numeric=True, narrow=True),
    ]
    empty = Empty(_("No step failed"), icon="check")
    return Table(_("Why steps failed"), columns, rows, empty=empty)


def papers(found: Measure, span: Span, language: str, *, may_open: bool) -> Table:
    """Return the papers that were asked for."""
    rows = [
        Row(
            [
                Cell(words("paper", paper, language)),
                Cell(grouped(n), _behind(span, may_open=may_open, step=PAPER, paper=paper)),
            ]
        )
        for paper, n in found.papers
    ]
    columns = [
        Column(_("Paper"), heading=True),
        Column(_("Dossiers"), numeric=True, narrow=True),
    ]
    empty = Empty(_("No paper was asked for"), icon="check")
    return Table(_("Papers asked for"), columns, rows, empty=empty)


def dossier_table(rows: list[DossierLine], names: Names, language: str) -> Table:
    """Return the dossiers behind a number."""
    people = {key: who.name for key, who in names_of(row.account_id for row in rows).items()}
    shown = [
        Row(
            [
                Cell(row.dossier, code=True),
                Cell(names.get(row.office, row.office), detail=people.get(row.account_id or 0, "")),
                moment_words(row.at),
                _step_words(row, language),
                reason_words(row.taken, language) if row.taken else "",
                words("paper", row.taken.paper, language) if row.taken and row.taken.paper else "",
            ]
        )
        for row in rows
    ]
    columns = [
        Column(_("Dossier"), heading=True),
        Column(_("Office")),
        Column(_("Asked at"), narrow=True),
        Column(_("Step that succeeded")),
        Column(_("Why earlier ones failed")),
        Column(_("Paper")),
    ]
    empty = Empty(_("No dossier is behind this number"), icon="folder")
    return Table(_("Dossiers"), columns, shown, empty=empty)


def _step_words(row: DossierLine, language: str) -> str:
    if row.taken is None:
        return _("not recorded")
    steps = one_stop(row.at.date()).steps
    short = next((s.short(language) for s in steps if s.number == row.taken.succeeded), "")
    return f"{row.taken.succeeded}. {short}"


def what(wanted: Wanted, span: Span, language: str) -> str:
    """Say in words which dossiers are shown."""
    parts = [
        _("%(since)s to %(until)s")
        % {"since": day_words(span.since), "until": day_words(span.until)}
    ]
    if wanted.step == 0:
        parts.append(_("steps not recorded"))
    elif wanted.step:
        steps = one_stop(span.until).steps
        short = next((s.short(language) for s in steps if s.number == wanted.step), "")
        parts.append(_("succeeded at step %(step)s") % {"step": f"{wanted.step}. {short}"})
    if wanted.failed:
        parts.append(
            _("step %(step)s failed: %(reason)s")
            % {"step": wanted.failed, "reason": words("reason", wanted.reason, language)}
        )
    if wanted.paper:
        parts.append(words("paper", wanted.paper, language))
    return " · ".join(parts)


def measure_rows(found: Measure, names: Names, desk: Desk) -> Iterator[list[str]]:
    """Yield the measure as the rows of a sheet, its head first."""
    steps = [f"{s.number}. {s.short(desk.language)}" for s in one_stop(desk.today).steps]
    yield [_("Code of the office"), _("Office"), _("Day"), _("Dossiers"), *steps, _("Not recorded")]
    for line in found.lines:
        numbers = [line.dossiers, *line.steps, line.unrecorded]
        yield [
            line.office,
            names.get(line.office, ""),
            day_words(line.day),
            *(str(number) for number in numbers),
        ]


def dossier_rows(rows: list[DossierLine], names: Names, desk: Desk) -> Iterator[list[str]]:
    """Yield the dossiers as the rows of a sheet, their head first."""
    yield [
        _("Dossier"),
        _("Code of the office"),
        _("Office"),
        _("Asked at"),
        _("Step that succeeded"),
        _("Why earlier ones failed"),
        _("Paper"),
    ]
    for row in rows:
        taken = row.taken
        yield [
            row.dossier,
            row.office,
            names.get(row.office, ""),
            moment_words(row.at),
            _step_words(row, desk.language),
            reason_words(taken, desk.language) if taken else "",
            words("paper", taken.paper, desk.language) if taken and taken.paper else "",
        ]
