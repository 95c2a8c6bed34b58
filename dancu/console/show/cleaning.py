"""Files on the bench in the shape of the elements: steps, profiles, proposals, pairs, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dancu.cleaning.export import certainty_words
from dancu.cleaning.findings import columns_of, decisions_of
from dancu.cleaning.kinds import KINDS
from dancu.cleaning.meanings import meaning_words
from dancu.cleaning.models import File
from dancu.cleaning.outcome import Outcome, summary
from dancu.cleaning.profile import ColumnProfile
from dancu.cleaning.recipe import Decisions
from dancu.console.show.batches import time_words
from dancu.console.words import moment_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Choice, Empty, Fact, Link, Progress, Stat, Step, Text, Tone

PAGE = 50
_SAMPLES = 3
#: Rows of a kind on its page; the report has them all.
_ROWS = 25
_LONGEST = 60
_EMPTY = "∅"
_STATES: Mapping[str, tuple[Text, Tone, str]] = {
    "working": (gettext_lazy("being worked on"), "info", "clock"),
    "shown": (gettext_lazy("waits for you"), "warning", "edit"),
    "done": (gettext_lazy("done"), "success", "check"),
    "failed": (gettext_lazy("interrupted"), "danger", "warning"),
}
_STEPS: tuple[tuple[str, Text], ...] = (
    ("cleaning-columns", gettext_lazy("Columns")),
    ("cleaning-proposals", gettext_lazy("Proposals")),
    ("cleaning-duplicates", gettext_lazy("Duplicate rows")),
    ("cleaning-verification", gettext_lazy("Comparison")),
    ("cleaning-result", gettext_lazy("Result")),
)
#: The page that waits for each work.
ROUTES = {
    "analyse": "cleaning-columns",
    "verify": "cleaning-verification",
    "write": "cleaning-result",
}


def href_of(file: File, route: str) -> str:
    """Return the address of a page of a file."""
    return reverse(f"console:{route}", args=[file.reference])


def badge(file: File) -> Badge:
    """Return how a file stands in a word."""
    if file.forgotten_at is not None:
        return Badge(_("deleted"), "neutral", "trash")
    words, tone, icon = _STATES[file.state]
    return Badge(words, tone, icon)


def seen_of(file: File) -> str:
    """Return a text that is another one when something else was found in the file."""
    return blake2b(orjson.dumps(file.found), digest_size=8).hexdigest()


def here_of(file: File) -> str:
    """Return the route of the page at which a file is."""
    if file.state == File.State.DONE or file.forgotten_at is not None:
        return "cleaning-result"
    if file.state == File.State.SHOWN and file.work != File.Work.ANALYSE:
        return ROUTES[file.work]
    return ROUTES[file.work] if file.state != File.State.SHOWN else "cleaning-columns"


def table_of(files: Sequence[File]) -> Table:
    """Return the list of files."""
    rows = [
        Row(
            [
                Cell(one.name, href_of(one, here_of(one)), detail=one.user, badges=[badge(one)]),
                grouped(one.rows),
                _ready(one),
                moment_words(one.received_at),
            ]
        )
        for one in files
    ]
    columns = [
        Column(_("File"), heading=True),
        Column(_("Rows"), numeric=True, narrow=True),
        Column(_("Can be used"), numeric=True, narrow=True),
        Column(_("Sent in"), narrow=True),
    ]
    empty = Empty(
        _("No file has been cleaned yet"),
        _("Send in a list of people; you see what is wrong in it, decide, and get it back clean."),
        Link(_("Clean a file"), reverse("console:cleaning-new"), "upload", "primary"),
        "upload",
    )
    return Table(_("Files"), columns, rows, empty=empty, key="cleaning")


def _ready(file: File) -> str:
    return grouped(file.outcome["ready"]) if file.outcome else ""


def steps_of(file: File, here: str) -> list[Step]:
    """Return the steps of the wizard; those that can be opened are linked."""
    names = [route for route, _label in _STEPS]
    can_open = file.found is not None and file.state != File.State.WORKING
    found = []
    for place, (route, label) in enumerate(_STEPS):
        state = "current" if route == here else "done" if place < names.index(here) else "todo"
        href = href_of(file, route) if can_open and route != here else ""
        found.append(Step(label, state, href))  # type: ignore[arg-type]
    return found


def progress_of(file: File, at: datetime) -> Progress:
    """Return the bar of a file that is worked on, with the time that is left."""
    labels = {
        "analyse": _("Rows looked through"),
        "verify": _("Rows sent to the exchange"),
        "write": _("Rows written"),
    }
    detail = ""
    if file.begun_at and file.done:
        seconds = (at - file.begun_at).total_seconds() * (file.rows - file.done) / file.done
        detail = time_words(max(1, round(seconds)))
    return Progress(
        label=labels[file.work],
        done=file.done,
        total=file.rows or None,
        href=href_of(file, "cleaning-progress"),
        running=True,
        detail=detail,
        key="cleaning-progress",
    )


def profile_table(profiles: Sequence[ColumnProfile]) -> Table:
    """Return what is in the columns."""
    rows = [
        Row(
            [
                Cell(one.column.title or _("(no title)"), detail=meaning_words(one.column.meaning)),
                f"{int(one.share * 100)}%",
                f"{grouped(one.distinct)}{'+' if one.has_more else ''}",
                Cell(", ".join(shape for shape, _n in one.shapes[:_SAMPLES]), code=True),
                ", ".join(f"{_cut(value)} ({grouped(n)})" for value, n in one.values[:_SAMPLES]),
            ]
        )
        for one in profiles
    ]
    columns = [
        Column(_("Column"), heading=True),
        Column(_("Filled"), numeric=True, narrow=True),
        Column(_("Different values"), numeric=True, narrow=True),
        Column(_("Shapes")),
        Column(_("Most frequent values")),
    ]
    return Table(_("What is in the columns"), columns, rows, key="profile")


def _cut(text: str | None) -> str:
    if not text:
        return _EMPTY
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of change to be decided: a select, with samples below."""

    name: str
    label: Text
    why: Text
    choices: Sequence[Choice]
    samples: Sequence[tuple[str, str]]
    href: str


def offers(file: File, level: str) -> list[Offer]:
    """Return the kinds of a level with what is chosen, the most frequent first."""
    decisions = decisions_of(file.decisions)
    found = []
    for code, one in _kinds(file, level):
        kind = KINDS[code]
        found.append(
            Offer(
                f"kind_{code}",
                f"{kind.label} ({grouped(one['count'])})",
                kind.why,
                _choices(code, one, decisions),
                [(_cut(before), _cut(after)) for _p, before, after, _n in one["values"][:_SAMPLES]],
                reverse("console:cleaning-kind", args=[file.reference, code]),
            )
        )
    return found


def _kinds(file: File, level: str) -> list[tuple[str, Mapping[str, Any]]]:
    kinds = (file.found or {}).get("kinds", {})
    found = [(code, one) for code, one in kinds.items() if KINDS[code].level == level]
    return sorted(found, key=lambda item: -item[1]["count"])


def _choices(code: str, one: Mapping[str, Any], decisions: Decisions) -> list[Choice]:
    """Return the choices of a kind; at first what is safe or sure is proposed."""
    count, sure = one["count"], one["sure"]
    default = "yes" if KINDS[code].level == "safe" else "sure" if sure else "no"
    if default == "sure" and sure == count:
        default = "yes"
    chosen = decisions.kinds.get(code, default)
    yes = ngettext("Make it: %(n)s cell", "Make all: %(n)s cells", count) % {"n": grouped(count)}
    choices = [Choice("yes", yes, selected=chosen == "yes")]
    if 0 < sure < count:
        words = _("Only where it is sure: %(n)s") % {"n": grouped(sure)}
        choices.append(Choice("sure", words, selected=chosen == "sure"))
    return [*choices, Choice("no", _("Leave as it is"), selected=chosen == "no")]


def _look_cell(file: File, code: str) -> Cell:
    href = reverse("console:cleaning-kind", args=[file.reference, code])
    return Cell(KINDS[code].label, href, detail=KINDS[code].why)


def look_table(file: File) -> Table | None:
    """Return what a person has to look at, each kind with the way to its rows; None for nothing."""
    rows = [
        Row([_look_cell(file, code), grouped(one["count"])]) for code, one in _kinds(file, "look")
    ]
    if not rows:
        return None
    columns = [
        Column(_("What was found"), heading=True),
        Column(_("Cells"), numeric=True, narrow=True),
    ]
    return Table(_("Somebody has to look"), columns, rows, key="looks")


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value with what it would become; its checkbox says whether it is made."""

    name: str
    label: str
    hint: str
    checked: bool


def value_lines(file: File, code: str, window: int) -> tuple[list[ValueLine], bool]:
    """Return a window of the values of a kind, the most frequent first, and whether more follow."""
    one, titles = _one(file, code)
    decisions = decisions_of(file.decisions)
    start = (window - 1) * PAGE
    lines = []
    for number, (place, before, after, count) in enumerate(one["values"]):
        if not start <= number < start + PAGE:
            continue
        title = titles.get(place, "")
        choice = decisions.kinds.get(code, "yes" if KINDS[code].level == "safe" else "no")
        held = decisions.values.get((code, title, before), choice != "no")
        times = ngettext("%(n)s row", "%(n)s rows", count) % {"n": grouped(count)}
        hint = " · ".join(word for word in (title, times) if word)
        lines.append(ValueLine(f"v{number}", f"{_cut(before)} → {_cut(after)}", hint, held))
    return lines, len(one["values"]) > start + PAGE


def values_of(file: File, code: str, window: int) -> dict[str, tuple[int, str]]:
    """Return the values of a window of a kind by the names of their checkboxes."""
    one, _titles = _one(file, code)
    start = (window - 1) * PAGE
    return {
        f"v{number}": (place, before)
        for number, (place, before, _after, _n) in enumerate(one["values"])
        if start <= number < start + PAGE
    }


def rows_table(file: File, code: str) -> Table:
    """Return rows of a kind, as the file has them; each can be chosen where it can be changed."""
    one, titles = _one(file, code)
    can_choose = KINDS[code].level != "look"
    refused = {key for key, yes in decisions_of(file.decisions).rows.items() if not yes}
    rows = []
    for sheet, row, place, before, after, certainty in one["samples"][:_ROWS]:
        is_refused = (sheet, row, place, code) in refused
        cells = [
            grouped(row),
            titles.get(place, ""),
            _cut(before),
            *([_cut(after)] if can_choose else []),
            _("left as it is") if is_refused else certainty_words(certainty),
        ]
        words = _("Row %(row)s: %(value)s") % {"row": row, "value": _cut(before)}
        rows.append(Row(cells, f"{sheet}-{row}-{place}", words))
    columns = [
        Column(_("Row"), numeric=True, narrow=True),
        Column(_("Column")),
        Column(_("Before"), heading=True),
        *([Column(_("After"))] if can_choose else []),
        Column(_("How sure"), narrow=True),
    ]
    count = ngettext("%(shown)s of %(n)s row", "%(shown)s of %(n)s rows", one["count"]) % {
        "shown": grouped(len(rows)),
        "n": grouped(one["count"]),
    }
    select = "row" if can_choose else ""
    return Table(
        _("Rows of the file"), columns, rows, count=count, select_name=select, key="samples"
    )


def rows_of(file: File, code: str, chosen: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the rows of a kind that were chosen: sheet, row, column."""
    one, _titles = _one(file, code)
    return [
        (sheet, row, place)
        for sheet, row, place, *_rest in one["samples"][:_ROWS]
        if f"{sheet}-{row}-{place}" in chosen
    ]


def _one(file: File, code: str) -> tuple[Mapping[str, Any], dict[int, str]]:
    titles = {column.place: column.title for column in columns_of(file.columns)}
    return (file.found or {})["kinds"][code], titles


def stats(outcome: Outcome) -> list[Stat]:
    """Return the figures of the outcome."""
    share = outcome.ready / outcome.kept if outcome.kept else 1.0
    return [
        Stat(_("Rows that can be used"), grouped(outcome.ready), tone="success", part=share),
        Stat(_("To be looked at"), grouped(outcome.for_people), tone="warning"),
        Stat(_("Cells changed"), grouped(outcome.cells)),
        Stat(_("Duplicate rows"), grouped(outcome.twins)),
    ]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the summary, with its figures."""

    title: str
    facts: list[Fact]


def sections(outcome: Outcome) -> list[Section]:
    """Return the summary, a section for each heading."""
    found: list[Section] = []
    for line in summary(outcome):
        if line.is_head:
            found.append(Section(line.label, []))
        else:
            value = grouped(line.number) if line.number is not None else line.what
            found[-1].facts.append(Fact(line.label, value))
    return found
