"""Decisions on the map, in the elements of pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dancu.console.words import day_words
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Stat
from dancu.kernel.errors import fill
from dancu.places.decisions import Flaw
from dancu.places.restructuring import DecisionLine
from dancu.population.services.restructuring import Preview

#: More lines than anybody reads; the numbers above the table count all.
MOST = 500


def decision_table(rows: Sequence[DecisionLine]) -> Table:
    """Return the decisions applied, the latest first."""
    states = {
        "waiting": Badge(_("Waits for its day"), "info"),
        "in force": Badge(_("In force"), "success"),
        "undone": Badge(_("Undone"), "neutral"),
    }
    return Table(
        caption=_("Decisions on the map"),
        columns=[
            Column(_("Decision"), heading=True),
            Column(_("In force from"), narrow=True),
            Column(_("State"), narrow=True),
        ],
        rows=[
            Row(
                [
                    Cell(row.number, detail=row.title),
                    day_words(row.effective_on),
                    Cell(badges=[states[row.state]]),
                ]
            )
            for row in rows
        ],
        empty=Empty(_("No decision has been applied yet"), icon="list"),
    )


def flaw_table(flaws: Sequence[Flaw]) -> Table:
    """Return what is wrong in a file, line by line."""
    return Table(
        caption=_("What is wrong in the file"),
        columns=[
            Column(_("Line"), numeric=True, narrow=True),
            Column(_("What is wrong"), heading=True),
            Column(_("What to do")),
        ],
        rows=[
            Row([str(f.line), fill(f.message, f.params, _), fill(f.remedy, f.params, _)])
            for f in flaws[:MOST]
        ],
    )


def stats(found: Preview) -> list[Stat]:
    """Return the numbers above the table."""
    unclear = sum(way.people for way in found.unclear)
    return [
        Stat(_("Units that change"), grouped(len(found.decision.changes))),
        Stat(_("People who live in them"), grouped(found.people)),
        Stat(
            _("Unclear: their ward decides"),
            grouped(unclear),
            tone="warning" if unclear else "success",
        ),
    ]


def way_table(found: Preview) -> Table:
    """Return who goes where; nobody is named."""
    return Table(
        caption=_("Who goes where"),
        columns=[
            Column(_("From"), heading=True),
            Column(_("To")),
            Column(_("Homes"), numeric=True, narrow=True),
            Column(_("People"), numeric=True, narrow=True),
        ],
        rows=[
            Row(
                [
                    Cell(way.before.full_name, detail=way.before.code),
                    Cell(way.to_name, detail=way.to_code)
                    if way.to_code
                    else Cell(badges=[Badge(_("Unclear"), "warning")]),
                    grouped(way.homes),
                    grouped(way.people),
                ],
                tone="" if way.to_code else "warning",
            )
            for way in found.ways[:MOST]
        ],
        empty=Empty(_("Nobody lives in the units that change"), icon="people"),
    )
