"""Putting an edition together: communes as counted, larger units as their sums, then the places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from dancu.bulletins.internal.counting import (
    BEFORE,
    NOTHING,
    Counted,
    Layout,
    count,
    movements,
    take_off,
)
from dancu.bulletins.models import Edition, Figure, Target
from dancu.bulletins.pace import Aim, Work, pace, summed
from dancu.bulletins.ranking import Entry, Weights, places
from dancu.bulletins.types import (
    COUNTRY,
    ENDED,
    NOWHERE,
    Cell,
    Movement,
    Pace,
    Placing,
    TargetKind,
    plain,
)
from dancu.catalogue.bulletins import Kind, bulletins, league
from dancu.catalogue.quality import quality
from dancu.places import queries as map_of_units
from dancu.population import measuring
from dancu.population.services.rules import is_working_day
from dancu.quality.queries import code_of

#: The order of levels from above, with the line for what is known of no commune.
LEVELS = ("country", "province", "district", "commune", "nowhere")


@dataclass(slots=True)
class Line:
    """One unit while an edition is put together."""

    code: str
    name: str
    level: str
    parent: str
    people: int = 0
    cells: list[Movement] = field(default_factory=list)
    own_day: dict[int, list[int]] = field(default_factory=dict)
    work: dict[str, Work] = field(default_factory=dict)
    placing: Placing = field(default_factory=lambda: Placing(None, None))
    paces: Sequence[Pace] = ()

    @property
    def total(self) -> Movement:
        """The sum of the cells."""
        return sum(self.cells, start=Movement())

    def work_of(self, group: str) -> Work:
        """Return the work on a group; on all of them for ``""``."""
        if group:
            return self.work.get(group, Work())
        return sum(self.work.values(), start=Work())


def layout_of_today() -> Layout:
    """Return the cells: rules by group and by who mends them, in the order of the pages."""
    declared = bulletins()
    rules: dict[tuple[str, str], list[int]] = defaultdict(list)
    for rule in quality().rules.values():
        rules[declared.group_of(rule).name, rule.remedy_by].append(rule.number)
    cells = [
        Cell(group.name, group.dimension, remedy, tuple(sorted(numbers)))
        for group in declared.groups
        for (name, remedy), numbers in sorted(rules.items())
        if name == group.name
    ]
    return Layout((*cells, Cell(ENDED, "", "")))


def lines_of(
    layout: Layout, *, kind: Kind, day: date, since: date, previous: Edition | None
) -> list[Line]:
    """Count all units of an edition, with their places and targets."""
    counted = _by_code(count(layout, since=since, day=day), day)
    if previous is not None:
        _go_on_from(previous, counted, layout, day)
    people: dict[str, int] = defaultdict(int)
    for commune, number in measuring.people_by_commune().items():
        people[_on_map(commune, day)] += number
    lines = _lines(counted, people, layout, day)
    _place(lines, day)
    _aim(lines, day, counts_day=kind == "weekly")
    return sorted(lines.values(), key=lambda one: (LEVELS.index(one.level), one.code))


def figures(edition: Edition, lines: Sequence[Line]) -> list[Figure]:
    """Return the rows of an edition."""
    return [
        Figure(
            edition=edition,
            unit=one.code,
            level=one.level,
            parent=one.parent,
            name=one.name,
            people=one.people,
            left=[cell.left for cell in one.cells],
            before=[cell.before for cell in one.cells],
            opened=[cell.opened for cell in one.cells],
            closed=[number for cell in one.cells for number in cell.closed],
            passed=[cell.passed for cell in one.cells],
            own_day=one.own_day,
            share=one.placing.share,
            per_thousand=one.placing.per_thousand,
            place=one.placing.place,
            placed=one.placing.of,
            paces=[plain(pace) for pace in one.paces],
        )
        for one in lines
    ]


def plain_cells(layout: Layout) -> list[dict[str, object]]:
    """Return the cells as an edition keeps them."""
    return [asdict(cell) for cell in layout.cells]


def plain_groups() -> list[dict[str, str]]:
    """Return the words of the groups as an edition keeps them."""
    ended = {
        "name": ENDED,
        "dimension": "",
        "label_vi": "Quy tắc không còn áp dụng",
        "label_en": "Rules in force no more",
    }
    return [
        *(
            {
                "name": one.name,
                "dimension": one.dimension,
                "label_vi": one.label_vi,
                "label_en": one.label_en,
            }
            for one in bulletins().groups
        ),
        ended,
    ]


def _by_code(counted: Mapping[int, Counted], day: date) -> dict[str, Counted]:
    """Put what was counted under the units of the day's map; what is on none, nowhere."""
    found: dict[str, Counted] = {}
    for number, one in counted.items():
        code = _on_map(code_of(number), day)
        if code in found:
            _pour(one, found[code])
        else:
            found[code] = one
    return found


def _pour(one: Counted, into: Counted) -> None:
    for at, row in one.cells.items():
        before = into.cells.get(at)
        into.cells[at] = (
            row if before is None else [a + b for a, b in zip(before, row, strict=True)]
        )
    for rule, numbers in one.own_day.items():
        own = into.own_day.get(rule)
        into.own_day[rule] = (
            numbers if own is None else [a + b for a, b in zip(own, numbers, strict=True)]
        )
    for group, work in one.work.items():
        into.work[group] = into.work.get(group, Work()) + work


def _on_map(code: str, day: date) -> str:
    return code if code and map_of_units.unit(code, day) is not None else NOWHERE


def _go_on_from(previous: Edition, counted: dict[str, Counted], layout: Layout, day: date) -> None:
    """Begin where the edition before ended: what was left then, less what it told of its own day.

    A commune that ended meanwhile is gone on with as the unit that took it over.
    """
    cells = [Cell(**{**one, "rules": tuple(one["rules"])}) for one in previous.cells]
    places_ = [layout.place_of(cell) for cell in cells]
    for one in counted.values():
        for row in one.cells.values():
            row[BEFORE] = 0
    for row_ in previous.figures.filter(level__in=["commune", "nowhere"]):
        code = row_.unit
        if code != NOWHERE and map_of_units.unit(code, day) is None:
            code = _on_map(map_of_units.unit_now(code, previous.day).code, day)
        one = counted.setdefault(code, Counted())
        for at, left in zip(places_, row_.left, strict=True):
            if left:
                one.cells.setdefault(at, [*NOTHING])[BEFORE] += left
        take_off(one, layout, row_.own_day)


def _lines(
    counted: Mapping[str, Counted], people: Mapping[str, int], layout: Layout, day: date
) -> dict[str, Line]:
    """Return a line for each commune where somebody lives or something is open, and those above."""
    empty = [Movement()] * len(layout.cells)
    lines: dict[str, Line] = {COUNTRY: Line(COUNTRY, "", "country", "", cells=list(empty))}
    for code in sorted({*counted, *people}):
        one = counted.get(code, Counted())
        above = _above(code, day, lines, empty)
        leaf = lines[code]
        leaf.people = people.get(code, 0)
        leaf.cells = movements(one, layout)
        leaf.own_day, leaf.work = one.own_day, one.work
        for unit in above:
            unit.people += leaf.people
            unit.cells = [a + b for a, b in zip(unit.cells, leaf.cells, strict=True)]
            for group, work in leaf.work.items():
                unit.work[group] = unit.work.get(group, Work()) + work
    return lines


def _above(code: str, day: date, lines: dict[str, Line], empty: Sequence[Movement]) -> list[Line]:
    """Make the lines of a commune and of the units above it; return those above."""
    if code == NOWHERE:
        lines[NOWHERE] = Line(NOWHERE, "", "nowhere", COUNTRY)
        return [lines[COUNTRY]]
    path, parent = [lines[COUNTRY]], COUNTRY
    for unit in map_of_units.unit_path(code, day):
        if unit.code not in lines:
            lines[unit.code] = Line(
                unit.code, unit.full_name, unit.level, parent, cells=list(empty)
            )
        path.append(lines[unit.code])
        parent = unit.code
    return path[:-1]


def _place(lines: Mapping[str, Line], day: date) -> None:
    declared = league(day)
    weights = Weights(declared.average_issues, declared.average_people, declared.least_people)
    sisters: dict[str, list[Line]] = defaultdict(list)
    for one in lines.values():
        if one.level not in ("country", "nowhere"):
            sisters[one.parent].append(one)
    for group in sisters.values():
        found = places([Entry(one.code, one.people, one.total) for one in group], weights)
        for one in group:
            one.placing = found[one.code]


def _aim(lines: Mapping[str, Line], day: date, *, counts_day: bool) -> None:
    """Give each unit its targets, and where it has none of its own the sums of its children's."""
    own: dict[str, dict[str, Aim]] = defaultdict(dict)
    for row in Target.objects.filter(ended_at=None):
        kind: TargetKind = "left" if row.kind == Target.Kind.LEFT else "daily"
        own[row.unit][row.group] = Aim(row.group, kind, row.goal, row.by)
    if not own:
        return
    children: dict[str, list[Line]] = defaultdict(list)
    for one in lines.values():
        children[one.parent].append(one)
    for aim_lists in _summing(lines, children, own):
        line, aims = aim_lists
        line.paces = [
            pace(aim, work, day=day, is_working=is_working_day, counts_day=counts_day)
            for aim, work in aims
        ]


def _summing(
    lines: Mapping[str, Line],
    children: Mapping[str, Sequence[Line]],
    own: Mapping[str, Mapping[str, Aim]],
) -> list[tuple[Line, list[tuple[Aim, Work]]]]:
    found: dict[str, dict[tuple[str, str], tuple[Aim, Work]]] = {}

    def visit(line: Line) -> dict[tuple[str, str], tuple[Aim, Work]]:
        below = [visit(child) for child in children.get(line.code, ())]
        mine: dict[tuple[str, str], tuple[Aim, Work]] = {}
        for key in sorted({key for one in below for key in one}):
            parts = [one[key] for one in below if key in one]
            work = sum((part[1] for part in parts), start=Work())
            mine[key] = (summed([part[0] for part in parts], len(below)), work)
        for group, aim in own.get(line.code, {}).items():
            for kind in ("left", "daily"):
                mine.pop((group, kind), None)
            mine[group, aim.kind] = (aim, line.work_of(group))
        found[line.code] = mine
        return mine

    visit(lines[COUNTRY])
    return [(lines[code], [mine[key] for key in sorted(mine)]) for code, mine in found.items()]
