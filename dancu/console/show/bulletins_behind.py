"""What stands behind the numbers of a bulletin, in the shape of the elements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.bulletins.behind import Behind
from dancu.bulletins.types import Bulletin
from dancu.console.show.bulletins import movement_columns
from dancu.console.show.quality import cases_href
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Empty
from dancu.quality.queries import RuleCount


def behind(
    counts: Sequence[RuleCount],
    found: Mapping[int, Behind],
    unit: str,
    language: str,
    *,
    openable: Collection[int],
) -> Table:
    """Return the rules of a number as the bulletin counted them, and what is open today."""
    declared = {one.rule.number: one for one in counts}
    ended = sum((one for rule, one in found.items() if rule not in declared), start=Behind())
    rows = [
        _rule(
            one,
            found.get(number, Behind()),
            cases_href(unit if unit.isdecimal() else "", rule=one.rule.name)
            if one.issues and number in openable
            else "",
            language,
        )
        for number, one in sorted(
            declared.items(), key=lambda one: (-found.get(one[0], Behind()).left, -one[1].issues)
        )
        if one.issues or number in found
    ]
    if ended != Behind():
        rows.append(Row([_("Rules in force no more"), *_numbers(ended), "–"]))
    columns = [Column(_("Rule"), heading=True), *movement_columns()]
    columns.append(Column(_("Open today"), numeric=True, narrow=True))
    empty = Empty(_("Nothing is open, and nothing moved"), icon="check-circle")
    return Table(_("Rules"), columns, rows, empty=empty, key="bulletin-behind")


def _rule(one: RuleCount, found: Behind, cases: str, language: str) -> Row:
    rule = one.rule
    label = Cell(rule.label(language), reverse("console:quality-rule", args=[rule.name]))
    return Row([label, *_numbers(found), Cell(grouped(one.issues), cases)])


def _numbers(found: Behind) -> list[str]:
    numbers = (found.left, found.mended, found.opened, found.otherwise)
    return [grouped(number) for number in numbers]


def apart(found: Bulletin, rules: Mapping[int, Behind], *, group: str, office: str) -> str:
    """Say what the bulletin says where its rules do not sum up to it any more, and why."""
    said = found.unit.total
    if group or office:
        parts = [(one.name, one.movement) for one in found.groups] if group else found.offices
        said = dict(parts)[group or office]
    whole = sum(rules.values(), start=Behind())
    if (whole.left, whole.mended, whole.opened) == (said.left, said.mended, said.opened):
        return ""
    return _(
        "The bulletin says %(left)s left, %(mended)s mended, %(opened)s newly found: people who "
        "moved since took their issues along, or rules have changed."
    ) % {
        "left": grouped(said.left),
        "mended": grouped(said.mended),
        "opened": grouped(said.opened),
    }
