"""A bulletin as tables of words and numbers: what the workbook and the paper are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dancu.bulletins import words
from dancu.bulletins.types import Bulletin, Movement

#: A number, or words; codes are words, so that their zeros stay.
Value = str | int | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; ``columns`` are heading and whether it holds numbers."""

    title: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Value]]


def sheets_of(found: Bulletin, language: str) -> list[Sheet]:
    """Return the tables of a bulletin that have any row, the summary first."""
    made = [
        summary(found),
        groups(found, language),
        units(found),
        targets(found, language),
        offices(found, language),
        causes(found),
        trend(found),
    ]
    return [one for one in made if one.rows]


def summary(found: Bulletin) -> Sheet:
    """Return what the bulletin is, and its totals."""
    unit, total = found.unit, found.unit.total
    rows: list[Sequence[Value]] = [
        (_("Bulletin"), words.title(found.edition)),
        (_("Unit"), words.unit_name(unit)),
        (_("Code of the unit"), unit.code),
        (_("Made at"), words.moment_words(found.edition.made_at)),
        (_("Data examined at"), words.moment_words(found.edition.examined_at)),
        (_("Inhabitants"), unit.people),
        (_("Left before"), total.before),
        (_("Newly found"), total.opened),
        (_("Mended"), total.mended),
        (_("Ended otherwise"), total.closed_otherwise),
        (_("Came or went with people"), total.moved),
        (_("Left"), total.left),
        (_("Passed on"), total.passed),
    ]
    if said := words.late(found.edition):
        rows.append((_("Late"), said))
    return Sheet(_("Summary"), [(_("Item"), False), (_("Value"), True)], rows)


def groups(found: Bulletin, language: str) -> Sheet:
    """Return the groups of issues."""
    rows: list[Sequence[Value]] = [
        (str(words.DIMENSION_WORDS.get(one.dimension, "")), one.label(language), *_moved(m))
        for one in found.groups
        for m in (one.movement,)
    ]
    columns = [(_("Dimension"), False), (_("Group of issues"), False), *_columns()]
    return Sheet(_("By group"), columns, rows)


def units(found: Bulletin) -> Sheet:
    """Return the league table of the units below, in the order of places."""
    rows = [
        (
            one.placing.place or "–",
            one.code,
            words.unit_name(one),
            one.people,
            *_moved(one.total),
            _rounded(one.placing.share, 100, 1),
            _rounded(one.placing.per_thousand, 1, 2),
        )
        for one in found.children
    ]
    columns = [
        (_("Rank"), True),
        (_("Code of the unit"), False),
        (_("Unit"), False),
        (_("Inhabitants"), True),
        *_columns(),
        (_("Share mended, percent"), True),
        (_("Left per 1,000 people"), True),
    ]
    return Sheet(_("Units below"), columns, rows)


def targets(found: Bulletin, language: str) -> Sheet:
    """Return the targets and where they lead."""
    rows = [
        (
            words.group_words(one.group, language),
            words.goal(one),
            str(words.STATE_WORDS[one.state][0]),
            one.left,
            words.outlook(one),
        )
        for one in found.paces
    ]
    columns = [
        (_("Group of issues"), False),
        (_("Target"), False),
        (_("State"), False),
        (_("Left"), True),
        (_("What it takes"), False),
    ]
    return Sheet(_("Targets"), columns, rows)


def offices(found: Bulletin, language: str) -> Sheet:
    """Return what moved by the kind of office that mends it."""
    rows: list[Sequence[Value]] = [
        (words.office_words(kind, language), *_moved(moved)) for kind, moved in found.offices
    ]
    return Sheet(_("By office"), [(_("Who mends it"), False), *_columns()], rows)


def causes(found: Bulletin) -> Sheet:
    """Return why issues ended."""
    rows = [(str(said), n) for _cause, said, n in words.cause_numbers(found.unit.total) if n]
    return Sheet(_("Why issues ended"), [(_("Cause"), False), (_("Issues"), True)], rows)


def trend(found: Bulletin) -> Sheet:
    """Return how the unit stood in this and earlier bulletins, the newest first."""
    rows = [
        (words.day_words(one.day), one.left, one.opened, one.mended)
        for one in reversed(found.trend)
    ]
    columns = [
        (_("Day"), False),
        (_("Left"), True),
        (_("Newly found"), True),
        (_("Mended"), True),
    ]
    return Sheet(_("How it moved"), columns, rows)


def _columns() -> list[tuple[str, bool]]:
    return [
        (_("Left"), True),
        (_("Net change"), True),
        (_("Newly found"), True),
        (_("Mended"), True),
        (_("Ended otherwise"), True),
        (_("Passed on"), True),
    ]


def _moved(one: Movement) -> tuple[int, ...]:
    return (one.left, one.net, one.opened, one.mended, one.closed_otherwise, one.passed)


def _rounded(value: float | None, times: int, digits: int) -> Value:
    return "–" if value is None else round(value * times, digits)
