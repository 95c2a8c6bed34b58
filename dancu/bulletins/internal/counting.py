"""Counting all units at once: one statement over open and closed issues, hence one snapshot.

A bulletin counts days, and its own day as far as it had come; what was told of that day is kept by
rule and taken off the next time. So each opening and closing is told once, whatever the hour and
however long the machine stood still.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from dancu.bulletins.pace import WEEK, Work
from dancu.bulletins.types import CAUSES, MENDING, NO_CLOSINGS, Cell, Movement

_COUNT = """
SELECT unit, rule, 0 AS cause,
       count(*) FILTER (WHERE opened_on <= %(day)s),
       count(*) FILTER (WHERE opened_on < %(since)s),
       count(*) FILTER (WHERE opened_on BETWEEN %(since)s AND %(day)s),
       count(*) FILTER (WHERE opened_on = %(day)s),
       count(*) FILTER (WHERE opened_on BETWEEN %(week)s AND %(day)s),
       0, 0, 0,
       count(*) FILTER (WHERE opened_on <= %(day)s AND passed_to IS NOT NULL)
FROM quality_issue
WHERE %(units)s::integer[] IS NULL OR unit = ANY (%(units)s::integer[])
GROUP BY 1, 2
UNION ALL
SELECT unit, rule, cause,
       count(*) FILTER (WHERE closed_on > %(day)s AND opened_on <= %(day)s),
       count(*) FILTER (WHERE closed_on >= %(since)s AND opened_on < %(since)s),
       count(*) FILTER (WHERE opened_on BETWEEN %(since)s AND %(day)s),
       count(*) FILTER (WHERE opened_on = %(day)s),
       count(*) FILTER (WHERE opened_on BETWEEN %(week)s AND %(day)s),
       count(*) FILTER (WHERE closed_on BETWEEN %(since)s AND %(day)s),
       count(*) FILTER (WHERE closed_on = %(day)s),
       count(*) FILTER (WHERE closed_on BETWEEN %(week)s AND %(day)s),
       0
FROM quality_closedissue
WHERE closed_on >= least(%(since)s::date, %(week)s::date)
  AND (%(units)s::integer[] IS NULL OR unit = ANY (%(units)s::integer[]))
GROUP BY 1, 2, 3
"""
_PLACES = {int(cause): at for at, cause in enumerate(CAUSES)}
#: The places in a row of a cell; closings by cause stand at the end.
LEFT, BEFORE, OPENED, PASSED, CLOSED = range(5)
NOTHING = (0, 0, 0, 0, *NO_CLOSINGS)
#: Rule → [opened, closed by cause…] of the edition's own day.
OwnDay = dict[int, list[int]]


@dataclass(slots=True)
class Counted:
    """One commune: what moved in each cell, its own day by rule, and its work for targets."""

    cells: dict[int, list[int]] = field(default_factory=dict)
    own_day: OwnDay = field(default_factory=dict)
    work: dict[str, Work] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which cell a rule belongs to; a rule that is declared no more belongs to the last."""

    cells: tuple[Cell, ...]

    def by_rule(self) -> Mapping[int, int]:
        """Return the place of the cell of each rule."""
        return {rule: at for at, cell in enumerate(self.cells) for rule in cell.rules}

    def place_of(self, cell: Cell) -> int:
        """Return where a cell of an earlier layout is told of: at its like, else at the end."""
        likes = (
            lambda one: (one.group, one.remedy_by) == (cell.group, cell.remedy_by),
            lambda one: one.group == cell.group,
            lambda one: one.dimension == cell.dimension,
        )
        for like in likes:
            for at, one in enumerate(self.cells):
                if like(one):
                    return at
        return len(self.cells) - 1


def count(
    layout: Layout, *, since: date, day: date, units: Sequence[int] | None = None
) -> dict[int, Counted]:
    """Count what is left at the end of a day, and what moved since; by the number of the commune.

    ``units``: numbers of communes; all of them without.
    In each cell ``left, before, opened, passed on, closed by cause…``.
    """
    places, last = layout.by_rule(), len(layout.cells) - 1
    found: dict[int, Counted] = defaultdict(Counted)
    for unit, rule, cause, *numbers in _rows(since, day, units):
        at = places.get(rule, last)
        row = found[unit].cells.setdefault(at, [*NOTHING])
        own_day, work = _take(row, cause, numbers)
        _add(found[unit], layout.cells[at].group, rule, own_day, work)
    return found


def _rows(since: date, day: date, units: Sequence[int] | None) -> Iterable[tuple[int, ...]]:
    values: dict[str, Any] = {
        "since": since,
        "day": day,
        "week": day - timedelta(days=WEEK - 1),
        "units": None if units is None else list(units),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return list(cursor.fetchall())


def _take(row: list[int], cause: int, numbers: Sequence[int]) -> tuple[list[int], Work]:
    """Add what was counted of a rule to its cell; return what is of the own day, and the work."""
    left, before, opened, opened_day, opened_week, closed, closed_day, closed_week, passed = numbers
    row[LEFT] += left
    row[BEFORE] += before
    row[OPENED] += opened
    row[PASSED] += passed
    own_day = [opened_day, *NO_CLOSINGS]
    if not cause:
        return own_day, Work(left, opened_week=opened_week)
    place = _PLACES[cause]
    row[CLOSED + place] += closed
    own_day[1 + place] = closed_day
    if CAUSES[place] not in MENDING:
        return own_day, Work(left, opened_week=opened_week)
    return own_day, Work(left, closed_day, closed_week, opened_week)


def _add(one: Counted, group: str, rule: int, own_day: list[int], work: Work) -> None:
    one.work[group] = one.work.get(group, Work()) + work
    if any(own_day):
        known = one.own_day.get(rule, [0] * len(own_day))
        one.own_day[rule] = [a + b for a, b in zip(known, own_day, strict=True)]


def movements(one: Counted, layout: Layout) -> list[Movement]:
    """Return what moved in each cell of a commune."""
    rows = (one.cells.get(at, NOTHING) for at in range(len(layout.cells)))
    return [
        Movement(row[LEFT], row[BEFORE], row[OPENED], tuple(row[CLOSED:]), row[PASSED])
        for row in rows
    ]


def take_off(one: Counted, layout: Layout, told: Mapping[str, list[int]]) -> None:
    """Take off what the edition before has told of its own day already."""
    places, last = layout.by_rule(), len(layout.cells) - 1
    for rule, numbers in told.items():
        cell = one.cells.setdefault(places.get(int(rule), last), [*NOTHING])
        cell[OPENED] -= numbers[0]
        for at, number in enumerate(numbers[1:]):
            cell[CLOSED + at] -= number
