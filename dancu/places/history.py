"""What the map made of one address: each change with its day, its cause, and where it led."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dancu.places import queries
from dancu.places.internal.declared import editions
from dancu.places.models import UnitSuccession
from dancu.places.under_map import UnderMap, under_map, ways_of

if TYPE_CHECKING:
    from dancu.places.types import AddressValue

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MapStep:
    """One change of the map as it concerned an address: the day, before and after, and the cause.

    ``number`` is that of a decision applied here; ``legal_basis`` is empty where none is known.
    """

    on: dt.date
    before: UnderMap
    after: UnderMap
    number: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class MapHistory:
    """An address under the map of one day, and all changes; ``oldest`` names the first map."""

    day: dt.date
    there: UnderMap
    steps: tuple[MapStep, ...]
    oldest: dt.date


def history_on(address: AddressValue, day: dt.date) -> MapHistory:
    """Return where an address lies under the map of the day, and every change that concerns it."""
    tree = queries.tree()
    ways = ways_of([address.id]).get(address.id, {})

    def there(on: dt.date) -> UnderMap:
        return under_map(address, on, ways, tree)

    days = tree.change_days()
    seen = {unit.code for on in days for unit in there(on).units if unit.level == "commune"}
    steps = []
    for on in tree.change_days(seen):
        before, after = there(on - _DAY), there(on)
        if _names(before) != _names(after):
            steps.append(MapStep(on, before, after, *_cause(before, on)))
    return MapHistory(day, there(day), tuple(steps), editions()[0].as_of)


def latest_day(today: dt.date) -> dt.date:
    """Return the last day that the map speaks of: a decision may be entered ahead of its day."""
    last = queries.tree().last_day
    return last if today < last < dt.date.max else today


def _names(there: UnderMap) -> tuple[str, ...]:
    return (there.name, str(there.is_sure), *(unit.full_name for unit in there.candidates))


def _cause(before: UnderMap, on: dt.date) -> tuple[str, str]:
    """Return number and legal basis of the decision behind a change, else of the map's edition."""
    codes = {unit.code for unit in (*before.units, *before.candidates)}
    decisions = UnitSuccession.objects.filter(
        on=on, predecessor__code__in=codes, decision__isnull=False
    ).values_list("decision__number", "decision__legal_basis")
    found = decisions.first()
    if found is not None:
        return found[0], found[1]
    return "", next((e.legal_basis for e in editions() if e.valid_from == on), "")
