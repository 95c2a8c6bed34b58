"""Saying where addresses lie that a split left open: one by one, or a street by one rule.

What an officer settles has effect from the day of the split on, and at once after it. Each act is
one row, so that it can be taken back: until the day of the split, later until the end of its own
day. None of these functions looks at people; ``dancu.population`` calls them with the register held
still (``population.services.settling``).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from dancu.places import queries, under_map
from dancu.places.errors import AlreadySettled, NotACandidate, SettlingInForce, SettlingUnknown
from dancu.places.internal import placing
from dancu.places.internal.deciding import street_key, whereabouts
from dancu.places.models import Address, Settling, UnitSuccession

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from dancu.places.under_map import OpenSplit

_DAY = dt.timedelta(days=1)
_PIECES = re.compile(r"\d+|[^\W\d_]+")
_DIGITS = 9

# A neighbourhood that no rule decided has a row without a unit, which makes way.
_MAKE_WAY = """
UPDATE places_placing p SET replaced_at = %(at)s
  FROM unnest(%(ids)s::bigint[], %(days)s::date[], %(levels)s::text[]) s (id, "on", level)
 WHERE p.address_id = s.id AND p."on" = s."on" AND p.level = s.level AND p.replaced_at IS NULL
"""
_PLACE = """
INSERT INTO places_placing (address_id, "on", level, unit_code, decision_id, reason, placed_at,
                            placed_by, settling_id)
SELECT s.id, s."on", s.level, %(unit)s, s.cause, %(reason)s, %(at)s, %(by)s, %(settling)s
  FROM unnest(%(ids)s::bigint[], %(days)s::date[], %(levels)s::text[], %(causes)s::bigint[])
       s (id, "on", level, cause)
"""
_OPEN_AGAIN = """
WITH back AS (
    UPDATE places_placing SET replaced_at = %(at)s
     WHERE settling_id = %(settling)s AND replaced_at IS NULL
    RETURNING address_id, "on", level, decision_id
)
INSERT INTO places_placing (address_id, "on", level, unit_code, decision_id, reason, placed_at)
SELECT address_id, "on", level, '', decision_id, '', %(at)s FROM back
 WHERE level = 'neighbourhood'
"""


@dataclass(frozen=True, slots=True)
class StreetRule:
    """Which homes of a street are meant: one side or both, and house numbers, both ends included.

    With a side or a number, a home whose address says no number is not meant.
    """

    side: str = ""
    low: int | None = None
    high: int | None = None

    @property
    def is_bounded(self) -> bool:
        """Say whether the rule looks at house numbers."""
        return bool(self.side) or self.low is not None or self.high is not None

    def holds(self, parts: Mapping[str, str]) -> bool:
        """Say whether the rule means the address. An alley counts by the number at its mouth."""
        if not self.is_bounded:
            return True
        number = house_number(parts)
        if number is None or (self.side and (number % 2 == 1) is not (self.side == "odd")):
            return False
        return (self.low or 0) <= number and (self.high is None or number <= self.high)


@dataclass(frozen=True, slots=True)
class Settled:
    """One act of settling, done or taken back. ``takes_effect``: its first day."""

    key: int
    unit_code: str
    communes: tuple[str, ...]
    street: str
    rule: StreetRule
    addresses: int
    reason: str
    takes_effect: dt.date
    undo_until: dt.date
    settled_at: dt.datetime
    settled_by: int | None
    is_undone: bool


def house_number(parts: Mapping[str, str]) -> int | None:
    """Return the house number on the street: 12 for ``12/3A``."""
    return whereabouts(house=parts.get("house", ""), street="", neighbourhood="").number


def house_order(parts: Mapping[str, str]) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts house numbers as people count them: 2, 12, 12/3, 12A, 100; none last."""
    pieces = _PIECES.findall(parts.get("house", ""))
    if not pieces:
        return ((2, 0, ""),)
    return tuple((0, int(p[:_DIGITS]), "") if p.isdecimal() else (1, 0, p.upper()) for p in pieces)


def street_of(parts: Mapping[str, str]) -> str:
    """Return the street of an address as streets are compared; empty without one."""
    return street_key(parts.get("street", ""))


@transaction.atomic
def settle(
    *,
    address_ids: Iterable[int],
    unit_code: str,
    reason: str,
    at: dt.datetime,
    today: dt.date,
    by: int | None,
    street: str = "",
    rule: StreetRule | None = None,
) -> Settled:
    """Say to which unit unclear addresses went, and place them, in one step for all.

    All of them or none. ``street`` and ``rule`` are kept when they were chosen so. Raises
    ``AlreadySettled`` where nothing is open, and ``NotACandidate`` where the unit took nothing of
    the one that was split.
    """
    wanted = sorted(set(address_ids))
    list(Address.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values("pk"))
    found = queries.addresses(wanted)
    splits = under_map.open_splits(found.values())
    if not wanted or splits.keys() != set(wanted):
        raise AlreadySettled
    if any(unit_code not in {one.code for one in s.candidates} for s in splits.values()):
        raise NotACandidate(unit=unit_code)
    communes = {one.unit_now for one in found.values()}
    row = _kept(splits.values(), unit_code, communes, reason, today)
    row.settled_at, row.settled_by, row.addresses = at, by, len(wanted)
    row.street = street
    row.side, row.low, row.high = (rule.side, rule.low, rule.high) if rule else ("", None, None)
    row.save()
    _place(row, splits)
    placing.place_addresses(queries.tree(), units=communes)
    return settled_of(row)


def _kept(
    splits: Collection[OpenSplit],
    unit_code: str,
    communes: Collection[str],
    reason: str,
    today: dt.date,
) -> Settling:
    ahead = min(split.on for split in splits) > today
    on = max(split.on for split in splits)
    return Settling(
        unit_code=unit_code,
        communes=sorted(communes),
        reason=reason,
        takes_effect=max(on, today),
        undo_until=min(split.on for split in splits) - _DAY if ahead else today,
    )


def _place(row: Settling, splits: Mapping[int, OpenSplit]) -> None:
    causes: dict[tuple[str, dt.date], int | None] = {}
    for split in splits.values():
        place = split.unit.code, split.on
        if place not in causes:
            causes[place] = _cause(*place, row.unit_code)
    values: dict[str, Any] = {
        "ids": list(splits),
        "days": [split.on for split in splits.values()],
        "levels": [split.unit.level for split in splits.values()],
        "causes": [causes[split.unit.code, split.on] for split in splits.values()],
        "unit": row.unit_code,
        "reason": row.reason,
        "at": row.settled_at,
        "by": row.settled_by,
        "settling": row.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_WAY, values)
        cursor.execute(_PLACE, values)


def _cause(before: str, on: dt.date, after: str) -> int | None:
    links = UnitSuccession.objects.filter(
        predecessor__code=before, successor__code=after, on=on
    ).values_list("decision_id", flat=True)
    return links.first()


@transaction.atomic
def undo_settling(*, key: int, at: dt.datetime, today: dt.date, by: int | None) -> Settled:
    """Leave open again what one act settled.

    Raises ``SettlingUnknown`` for one that is not there or was undone, and ``SettlingInForce`` when
    its time is over.
    """
    row = Settling.objects.select_for_update().filter(pk=key, undone_at=None).first()
    if row is None:
        raise SettlingUnknown
    if today > row.undo_until:
        raise SettlingInForce(day=row.takes_effect.isoformat())
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_AGAIN, {"settling": row.pk, "at": at})
    row.undone_at, row.undone_by = at, by
    row.save(update_fields=["undone_at", "undone_by"])
    placing.place_addresses(queries.tree(), units={row.unit_code, *row.communes})
    return settled_of(row)


def settling(key: int) -> Settled | None:
    """Return one act of settling."""
    row = Settling.objects.filter(pk=key).first()
    return settled_of(row) if row else None


def settlings(communes: Collection[str], *, most: int) -> list[Settled]:
    """Return the latest acts of settling in communes, those undone too."""
    rows = Settling.objects.filter(communes__overlap=sorted(communes))
    return [settled_of(row) for row in rows.order_by("-settled_at", "-pk")[:most]]


def settled_of(row: Settling) -> Settled:
    """Return a row as a value."""
    return Settled(
        key=row.pk,
        unit_code=row.unit_code,
        communes=tuple(row.communes),
        street=row.street,
        rule=StreetRule(row.side, row.low, row.high),
        addresses=row.addresses,
        reason=row.reason,
        takes_effect=row.takes_effect,
        undo_until=row.undo_until,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        is_undone=row.undone_at is not None,
    )
