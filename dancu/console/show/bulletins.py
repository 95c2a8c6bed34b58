"""Bulletins in the shape of the elements. Every number leads to what stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.bulletins import words
from dancu.bulletins.stuck import Stuck, stuck
from dancu.bulletins.types import (
    Bulletin,
    EditionValue,
    GroupLine,
    Movement,
    Pace,
    TargetValue,
    UnitLine,
)
from dancu.design.tables import Cell, Column, Row, Table
from dancu.design.tags.display import grouped
from dancu.design.values import Badge, Empty, Fact, Link, Stat, Tab, Text, Tone


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere work is stuck: its name, why, and the way there."""

    name: str
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit of the league in one line: its place, name, figures, and the way there."""

    place: str
    name: str
    said: str
    href: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """A target in words, with its state."""

    what: str
    goal: str
    badge: Badge
    said: str
    sum_of: str


def href(edition: int, unit: str) -> str:
    """Return the way to a bulletin of a unit."""
    return f"{reverse('console:bulletin', args=[edition])}?{urlencode({'unit': unit})}"


def file_href(edition: int, unit: str, kind: str) -> str:
    """Return the way to a bulletin as a file."""
    return f"{reverse('console:bulletin-file', args=[edition, kind])}?{urlencode({'unit': unit})}"


def behind_href(edition: int, unit: str, *, group: str = "", office: str = "") -> str:
    """Return the way to what stands behind a number; ``office`` is a kind of office."""
    given = {"unit": unit, "group": group, "office": office}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('console:bulletin-behind', args=[edition])}?{query}"


def league_href(edition: int, unit: str) -> str:
    """Return the way to the whole league table below a unit."""
    return f"{reverse('console:bulletin-league', args=[edition])}?{urlencode({'unit': unit})}"


def targets_href(unit: str) -> str:
    """Return the way to the targets of a unit."""
    return f"{reverse('console:targets')}?{urlencode({'unit': unit})}"


def kinds(kind: str, unit: str) -> list[Tab]:
    """Return the choice between weekly bulletins and evening briefings."""
    here = reverse("console:bulletins")
    named = {"": _("All"), "evening": _("Evening briefings"), "weekly": _("Weekly bulletins")}
    return [
        Tab(said, f"{here}?{urlencode({'kind': name, 'unit': unit})}", current=name == kind)
        for name, said in named.items()
    ]


def editions(rows: Sequence[EditionValue], totals: Mapping[int, Movement], unit: str) -> Table:
    """Return the list of bulletins with what they say of a unit."""
    shown = [_edition(one, totals.get(one.id), unit) for one in rows]
    columns = [
        Column(_("Bulletin"), heading=True),
        Column(_("Left"), numeric=True, narrow=True),
        Column(_("Net change"), numeric=True, narrow=True),
        Column(_("Mended"), numeric=True, narrow=True),
        Column(_("Newly found"), numeric=True, narrow=True),
        Column(_("Files"), narrow=True),
    ]
    empty = Empty(
        _("No bulletin yet"),
        _("They are made by themselves: every Thursday, and every evening at 20:00."),
        icon="chart",
    )
    return Table(_("Bulletins"), columns, shown, empty=empty, key="bulletins")


def _edition(one: EditionValue, total: Movement | None, unit: str) -> Row:
    late = [Badge(_("Late"), "warning", "clock")] if one.is_late else []
    if total is None:
        title = Cell(words.title(one), badges=late, detail=_("This unit was not on the map then."))
        return Row([title, "–", "–", "–", "–", ""])
    files = [(kind, file_href(one.id, unit, kind)) for kind in ("pdf", "xlsx")]
    return Row(
        [
            Cell(words.title(one), href(one.id, unit), badges=late),
            grouped(total.left),
            words.signed(total.net),
            grouped(total.mended),
            grouped(total.opened),
            Cell(actions=[Link(kind.upper(), to) for kind, to in files]),
        ]
    )


def stats(found: Bulletin) -> list[Stat]:
    """Return the four figures at the head."""
    total, unit = found.unit.total, found.unit
    behind = behind_href(found.edition.id, unit.code)
    share = total.share
    better: Tone = "success" if total.net < 0 else "danger" if total.net > 0 else "neutral"
    since = _("%(n)s since the last time") % {"n": words.signed(total.net)}
    if found.edition.previous is None:
        better, since = "neutral", _("the first bulletin of its kind")
    stats_ = [
        Stat(
            _("Left"),
            grouped(total.left),
            behind,
            detail=since,
            tone=better,
        ),
        Stat(
            _("Mended"),
            grouped(total.mended),
            behind,
            detail=_("%(share)s of what was to mend") % {"share": words.percent(share)},
            tone="success" if total.mended else "neutral",
            part=share,
        ),
        Stat(_("Newly found"), grouped(total.opened), behind),
    ]
    placing = unit.placing
    if placing.place is not None and placing.of > 1:
        stats_.append(
            Stat(
                _("Rank"),
                f"{grouped(placing.place)} / {grouped(placing.of)}",
                detail=_("among the units of the same level"),
                tone="success" if placing.place * 2 <= placing.of else "warning",
            )
        )
    elif unit.people:
        thousand = 1000 * total.left / unit.people
        stats_.append(Stat(_("Left per 1,000 people"), words.number(round(thousand, 1)), behind))
    return stats_


def stuck_places(found: Bulletin, language: str) -> list[Place]:
    """Return where work is stuck, the worst first."""
    return [_place(one, found, language) for one in stuck(found, words.FEW)]


def _place(one: Stuck, found: Bulletin, language: str) -> Place:
    moved = one.movement
    if one.why == "untouched":
        why = _("%(left)s left, nothing mended") % {"left": grouped(moved.left)}
    else:
        why = _("%(opened)s newly found, only %(mended)s mended") % {
            "opened": grouped(moved.opened),
            "mended": grouped(moved.mended),
        }
    if isinstance(one.what, UnitLine):
        return Place(words.unit_name(one.what), why, href(found.edition.id, one.what.code))
    to = behind_href(found.edition.id, found.unit.code, group=one.what.name)
    return Place(one.what.label(language), why, to)


def trend(found: Bulletin) -> Table:
    """Return the trend as a table, for whoever does not see the picture."""
    rows = [
        Row(
            [
                words.day_words(one.day),
                grouped(one.left),
                grouped(one.opened),
                grouped(one.mended),
            ]
        )
        for one in reversed(found.trend)
    ]
    columns = [
        Column(_("Day"), heading=True),
        Column(_("Left"), numeric=True, narrow=True),
        Column(_("Newly found"), numeric=True, narrow=True),
        Column(_("Mended"), numeric=True, narrow=True),
    ]
    return Table(_("How it moved"), columns, rows, key="bulletin-trend")


def ends(found: Bulletin) -> tuple[list[Placed], list[Placed]]:
    """Return who leads and who trails, a few each and nobody in both."""
    placed = [one for one in found.children if one.placing.place is not None]
    few = min(words.FEW, len(placed) // 2)
    lines = [_placed(one, found) for one in placed]
    return lines[:few], lines[len(lines) - few :] if few else []


def _placed(one: UnitLine, found: Bulletin) -> Placed:
    said = _("%(share)s mended, %(left)s left, %(thousand)s per 1,000 people") % {
        "share": words.percent(one.placing.share),
        "left": grouped(one.total.left),
        "thousand": words.number(round(one.placing.per_thousand or 0, 1)),
    }
    place = grouped(one.placing.place or 0)
    return Placed(place, words.unit_name(one), said, href(found.edition.id, one.code))


def league(found: Bulletin, lines: Sequence[UnitLine]) -> Table:
    """Return a page of the league table of the units below."""
    rows = [
        Row(
            [
                grouped(one.placing.place) if one.placing.place else "–",
                Cell(words.unit_name(one), href(found.edition.id, one.code)),
                Cell(
                    grouped(one.total.left),
                    behind_href(found.edition.id, one.code),
                    detail=words.signed(one.total.net),
                ),
                Cell(
                    grouped(one.total.mended),
                    behind_href(found.edition.id, one.code),
                    detail=words.percent(one.placing.share),
                ),
                Cell(grouped(one.total.opened), behind_href(found.edition.id, one.code)),
                "–"
                if one.placing.per_thousand is None
                else words.number(round(one.placing.per_thousand, 1)),
            ],
            tone="" if one.people else "muted",
        )
        for one in lines
    ]
    columns = [
        Column(_("Rank"), numeric=True, narrow=True),
        Column(_("Unit"), heading=True),
        Column(_("Left"), numeric=True, narrow=True),
        Column(_("Mended"), numeric=True, narrow=True),
        Column(_("Newly found"), numeric=True, narrow=True, phone=False),
        Column(_("Left per 1,000 people"), numeric=True, narrow=True),
    ]
    empty = Empty(_("No units below this one"), icon="chart")
    return Table(_("League table"), columns, rows, empty=empty, key="bulletin-league")


def groups(found: Bulletin, language: str) -> Table:
    """Return the groups of issues in which anything is left or moved."""
    rows = [_group(one, found, language) for one in found.groups if not _is_quiet(one.movement)]
    empty = Empty(_("Nothing is open, and nothing moved"), icon="check-circle")
    columns = [_group_column(), *movement_columns()]
    return Table(_("By group"), columns, rows, empty=empty, key="bulletin-groups")


def quiet_groups(found: Bulletin, language: str) -> str:
    """Name the groups in which nothing is left and nothing moved; empty when there is none."""
    quiet = [one.label(language) for one in found.groups if _is_quiet(one.movement)]
    return (
        _("Nothing left and nothing moved: %(names)s.") % {"names": "; ".join(quiet)}
        if quiet
        else ""
    )


def _is_quiet(moved: Movement) -> bool:
    return not (moved.left or moved.before or moved.opened or sum(moved.closed))


def _group_column() -> Column:
    return Column(_("Group of issues"), heading=True)


def _group(one: GroupLine, found: Bulletin, language: str) -> Row:
    to = behind_href(found.edition.id, found.unit.code, group=one.name) if one.dimension else ""
    label = Cell(one.label(language), to, detail=words.DIMENSION_WORDS.get(one.dimension, ""))
    moved = one.movement
    return Row([label, *_cells(moved, to)])


def offices(found: Bulletin, language: str) -> Table:
    """Return what moved by the kind of office whose work it is."""
    rows = [
        Row(
            [
                words.office_words(kind, language),
                *_cells(moved, behind_href(found.edition.id, found.unit.code, office=kind)),
            ]
        )
        for kind, moved in found.offices
        if not _is_quiet(moved)
    ]
    columns = [Column(_("Who mends it"), heading=True), *movement_columns()]
    empty = Empty(_("Nothing is open, and nothing moved"), icon="check-circle")
    return Table(_("By office"), columns, rows, empty=empty, key="bulletin-offices")


def causes(found: Bulletin) -> Table:
    """Return why issues ended."""
    to = behind_href(found.edition.id, found.unit.code)
    rows = [
        Row([said, Cell(grouped(n), to)])
        for _cause, said, n in words.cause_numbers(found.unit.total)
        if n
    ]
    columns = [Column(_("Cause"), heading=True), Column(_("Issues"), numeric=True, narrow=True)]
    empty = Empty(_("No issue ended"), icon="chart")
    return Table(_("Why issues ended"), columns, rows, empty=empty, key="bulletin-causes")


def movement_columns() -> list[Column]:
    """Return the columns of what is left and what moved."""
    return [
        Column(_("Left"), numeric=True, narrow=True),
        Column(_("Mended"), numeric=True, narrow=True),
        Column(_("Newly found"), numeric=True, narrow=True),
        Column(_("Ended otherwise"), numeric=True, narrow=True, phone=False),
    ]


def _cells(moved: Movement, to: str) -> list[Cell]:
    return [
        Cell(grouped(moved.left), to if moved.left else "", detail=words.signed(moved.net)),
        Cell(grouped(moved.mended), to if moved.mended else ""),
        Cell(grouped(moved.opened), to if moved.opened else ""),
        Cell(grouped(moved.closed_otherwise), to if moved.closed_otherwise else ""),
    ]


def outlooks(paces: Sequence[Pace], language: str) -> list[Outlook]:
    """Return targets in words."""
    return [
        Outlook(
            words.group_words(one.group, language),
            words.goal(one),
            Badge(*words.STATE_WORDS[one.state]),
            words.outlook(one),
            words.of_how_many(one),
        )
        for one in paces
    ]


def target_table(rows: Sequence[TargetValue], names: Mapping[str, str], language: str) -> Table:
    """Return targets with their history, those in force first."""
    shown = [
        Row(
            [
                Cell(names.get(one.unit, one.unit), targets_href(one.unit)),
                Cell(words.group_words(one.group, language), detail=one.reason),
                _goal(one),
                Cell(words.moment_words(one.set_at), detail=one.office),
                _target_state(one),
            ],
            tone="muted" if one.ended_at else "",
        )
        for one in rows
    ]
    columns = [
        Column(_("Unit"), heading=True),
        Column(_("Group of issues")),
        Column(_("Target")),
        Column(_("Set"), narrow=True),
        Column(_("State"), narrow=True),
    ]
    empty = Empty(
        _("No target is set"),
        _("Whoever leads the work sets one for a unit: so many left by a day, or mended a day."),
        icon="flag",
    )
    return Table(_("Targets"), columns, shown, empty=empty, key="targets")


def _goal(one: TargetValue) -> str:
    by = {"n": grouped(one.goal), "day": words.day_words(one.by)}
    if one.kind == "daily":
        return _("Mend %(n)s each working day until %(day)s") % by
    return _("At most %(n)s left by %(day)s") % by


def _target_state(one: TargetValue) -> Cell:
    if one.ended_at is None:
        return Cell(badges=[Badge(_("In force"), "info")])
    said = one.ended_reason or words.moment_words(one.ended_at)
    return Cell(badges=[Badge(_("Ended"), "neutral")], detail=said)


def facts(found: Bulletin) -> list[Fact]:
    """Return what a bulletin is and how it was made."""
    edition = found.edition
    rows: list[tuple[str, Text]] = [
        (_("What it counts"), words.span(edition)),
        (_("Made at"), words.moment_words(edition.made_at)),
        (_("Data examined at"), words.moment_words(edition.examined_at)),
        (_("Inhabitants"), grouped(found.unit.people)),
    ]
    return [Fact(label, value) for label, value in rows]
