"""Reads: the list of bulletins, one bulletin of one unit, targets. Figures only, no persons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from dancu.bulletins.errors import UnknownBulletin
from dancu.bulletins.models import Edition, Figure, Target
from dancu.bulletins.types import (
    CAUSES,
    COUNTRY,
    Bulletin,
    Cell,
    EditionValue,
    GroupLine,
    Movement,
    Placing,
    Sisters,
    TargetValue,
    TrendPoint,
    UnitLine,
    pace_of,
)
from dancu.catalogue.bulletins import Kind

_COLUMNS = len(CAUSES)
#: So many bulletins are drawn in a trend.
TREND = 14


def editions(kind: Kind | None = None, *, limit: int, offset: int = 0) -> list[EditionValue]:
    """Return bulletins, the newest first."""
    rows = _light().order_by("-day", "-due_at", "-pk")
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [_edition(row) for row in rows[offset : offset + limit]]


def totals(edition_ids: Collection[int], unit: str) -> dict[int, Movement]:
    """Return what a unit's bulletins say in all, by edition."""
    rows = Figure.objects.filter(edition__in=list(edition_ids), unit=unit)
    return {row.edition_id: _total(row) for row in rows}


def bulletin(edition_id: int, unit: str) -> Bulletin:
    """Return all that a bulletin says of a unit. Raises ``UnknownBulletin``."""
    edition = Edition.objects.select_related("previous").filter(pk=edition_id).first()
    row = Figure.objects.filter(edition=edition_id, unit=unit).first()
    if edition is None or row is None:
        raise UnknownBulletin
    cells = [Cell(**{**one, "rules": tuple(one["rules"])}) for one in edition.cells]
    moved = _movements(row)
    return Bulletin(
        edition=_edition(edition),
        unit=_unit(row),
        groups=_groups(edition.groups, cells, moved),
        offices=_offices(cells, moved),
        children=_children(edition, unit),
        sisters=_sisters(edition, row),
        paces=[pace_of(one) for one in row.paces],
        trend=_trend(edition, unit),
    )


def rules_of(edition_id: int, *, group: str = "", remedy_by: str = "") -> list[int]:
    """Return the rules that a bulletin counts in a group, or for a kind of office; or all."""
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None:
        raise UnknownBulletin
    return [
        rule
        for one in edition.cells
        if group in ("", one["group"]) and remedy_by in ("", one["remedy_by"])
        for rule in one["rules"]
    ]


def edition(edition_id: int) -> EditionValue:
    """Return one bulletin. Raises ``UnknownBulletin``."""
    row = _light().filter(pk=edition_id).first()
    if row is None:
        raise UnknownBulletin
    return _edition(row)


def units_of(edition_id: int, units: Collection[str]) -> list[UnitLine]:
    """Return the lines of some units, as they are written in a bulletin."""
    rows = Figure.objects.filter(edition=edition_id, unit__in=list(units)).order_by("unit")
    return [_unit(row) for row in rows]


def targets_in_force(unit: str) -> list[TargetValue]:
    """Return what a unit is to reach now: one target at most for each group, the newest first."""
    return targets([unit], limit=Target.objects.filter(unit=unit, ended_at=None).count())


def targets(units: Collection[str], *, limit: int, offset: int = 0) -> list[TargetValue]:
    """Return the targets of units, those in force first, then the newest."""
    rows = Target.objects.filter(unit__in=list(units)).order_by("-ended_at", "-set_at", "-pk")
    # Descending order puts NULL, what is in force, first.
    return [
        TargetValue(
            row.pk,
            row.unit,
            row.group,
            "left" if row.kind == Target.Kind.LEFT else "daily",
            row.goal,
            row.by,
            row.set_at,
            row.office,
            row.reason,
            row.ended_at,
            row.ended_reason,
        )
        for row in rows[offset : offset + limit]
    ]


def last_day(kind: Kind) -> date | None:
    """Return the day of the newest bulletin of a kind."""
    rows = Edition.objects.filter(kind=kind).order_by("-day")
    return rows.values_list("day", flat=True).first()


def _edition(row: Edition) -> EditionValue:
    return EditionValue(
        id=row.pk,
        kind="weekly" if row.kind == Edition.Kind.WEEKLY else "evening",
        day=row.day,
        since=row.since,
        previous=row.previous.day if row.previous else None,
        due_at=row.due_at,
        made_at=row.made_at,
        examined_at=row.examined_at,
        is_late=row.is_late,
        league=row.league,
    )


def _unit(row: Figure) -> UnitLine:
    placing = Placing(row.share, row.per_thousand, row.place, row.placed)
    return UnitLine(row.unit, row.name, row.level, row.parent, row.people, _total(row), placing)


def _total(row: Figure) -> Movement:
    return sum(_movements(row), start=Movement())


def _movements(row: Figure) -> list[Movement]:
    closed = [tuple(row.closed[at : at + _COLUMNS]) for at in range(0, len(row.closed), _COLUMNS)]
    parts = zip(row.left, row.before, row.opened, closed, row.passed, strict=True)
    return [Movement(*part) for part in parts]


def _groups(
    words: Sequence[dict[str, Any]], cells: Sequence[Cell], moved: Sequence[Movement]
) -> list[GroupLine]:
    found = []
    for one in words:
        parts = [m for cell, m in zip(cells, moved, strict=True) if cell.group == one["name"]]
        total = sum(parts, start=Movement())
        if one["dimension"] or total != Movement():
            found.append(
                GroupLine(one["name"], one["dimension"], one["label_vi"], one["label_en"], total)
            )
    return found


def _offices(cells: Sequence[Cell], moved: Sequence[Movement]) -> list[tuple[str, Movement]]:
    """Return what moved by the kind of office that mends it, most left first."""
    found: dict[str, Movement] = {}
    for cell, one in zip(cells, moved, strict=True):
        if cell.remedy_by:
            found[cell.remedy_by] = found.get(cell.remedy_by, Movement()) + one
    return sorted(found.items(), key=lambda one: (-one[1].left, one[0]))


def _children(edition: Edition, unit: str) -> list[UnitLine]:
    rows = Figure.objects.filter(edition=edition, parent=unit).defer("own_day", "paces")
    lines = [_unit(row) for row in rows]
    return sorted(
        lines, key=lambda one: (one.placing.place is None, one.placing.place or 0, one.code)
    )


def _sisters(edition: Edition, row: Figure) -> Sisters | None:
    """Return how the units beside one lie; none where there is nobody to compare with."""
    if row.unit == COUNTRY or row.placed <= 1:
        return None
    beside = Figure.objects.filter(edition=edition, parent=row.parent, place__isnull=False)
    shares = sorted(
        1.0 if share is None else share for share in beside.values_list("share", flat=True)
    )
    return Sisters(len(shares), shares[-1], shares[len(shares) // 2], shares[0])


def _trend(edition: Edition, unit: str) -> list[TrendPoint]:
    rows = Figure.objects.filter(
        unit=unit, edition__kind=edition.kind, edition__day__lte=edition.day
    )
    found = rows.order_by("-edition__day").defer("own_day", "paces")
    days = list(found.values_list("edition__day", flat=True)[:TREND])
    totals_ = [_total(row) for row in found[:TREND]]
    return [
        TrendPoint(day, one.left, one.opened, one.mended)
        for day, one in zip(reversed(days), reversed(totals_), strict=True)
    ]


def _light() -> QuerySet[Edition]:
    """Editions without the words and cells of their figures."""
    heavy = ("cells", "groups", "previous__cells", "previous__groups", "previous__league")
    return Edition.objects.select_related("previous").defer(*heavy)
