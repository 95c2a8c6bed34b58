"""The administrative map over time, in memory. Pure: no database."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from dancu.places.types import BEGINNING, Link, Placed, Successor, UnitValue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

#: The unit to which an address went, by the day of a split and the level of the unit that ended.
Placings: TypeAlias = "Mapping[tuple[dt.date, str], str]"
NOWHERE: Placings = MappingProxyType({})

_DAY = dt.timedelta(days=1)
_DEPTH = 8  # No chain of parents is longer; guards against a loop in the data.


class UnitTree:
    """All units in all their periods, with parents, children and successions.

    Codes mean the unit that bore them on the day given with them: ``00004`` was one ward until
    30/06/2025 and is another since.
    """

    def __init__(
        self,
        units: Iterable[UnitValue],
        links: Iterable[Link],
        pending_from: dt.date | None = None,
    ) -> None:
        """Index the units and links; from ``pending_from`` on, decisions are not in force yet."""
        self.units: tuple[UnitValue, ...] = tuple(units)
        self._by_code: dict[str, list[UnitValue]] = defaultdict(list)
        self._children: dict[str, list[UnitValue]] = defaultdict(list)
        self._after: dict[tuple[str, dt.date], list[Link]] = defaultdict(list)
        self._before: dict[tuple[str, dt.date], list[Link]] = defaultdict(list)
        for unit in self.units:
            self._by_code[unit.code].append(unit)
            self._children[unit.parent_code].append(unit)
        for versions in self._by_code.values():
            versions.sort(key=lambda u: u.valid_from)
        for link in links:
            self._after[link.from_code, link.from_valid_from].append(link)
            self._before[link.to_code, link.on].append(link)
        self._pending_from = pending_from or dt.date.max
        begun = (u.valid_from for u in self.units if not self.is_pending(u))
        #: A day on which the newest map in force is so.
        self.newest_day = max(begun, default=dt.date.max)
        #: A day on which all decisions that are known are in force.
        self.last_day = max((u.valid_from for u in self.units), default=dt.date.max)
        self._changed = {u.valid_from for u in self.units if u.level != "neighbourhood"}
        days = {u.valid_from for u in self.units if u.level == "commune" and not self.is_pending(u)}
        self._communes_changed = tuple(sorted(days, reverse=True))
        # The caches belong to this tree, and die with it.
        self._placed: Callable[[str, dt.date], Placed] = lru_cache(maxsize=65536)(self._place)

    def is_pending(self, unit: UnitValue) -> bool:
        """Say whether the unit begins by a decision that is not in force yet."""
        return unit.valid_from >= self._pending_from

    def waiting_splits(self) -> tuple[tuple[str, dt.date], ...]:
        """Return code and day of each commune that a decision splits whose day has not come."""
        found = (
            (unit.code, links[0].on)
            for unit in self.units
            if unit.level == "commune"
            and unit.valid_to is not None
            and unit.valid_to >= self._pending_from
            and len(links := self.links_after(unit)) > 1
        )
        return tuple(found)

    def change_days(self, communes: Collection[str] = ()) -> tuple[dt.date, ...]:
        """Return the days on which units began, with the neighbourhoods of some communes.

        The first day of all is left out: what began then is as old as the maps.
        """
        below = (unit for code in communes for unit in self._children.get(code, ()))
        days = {unit.valid_from for unit in below} | self._changed
        return tuple(sorted(days - {BEGINNING}))

    def communes_changed(self, until: dt.date) -> dt.date:
        """Return the last day, up to the given one, on which a commune in force began."""
        return next((day for day in self._communes_changed if day <= until), dt.date.min)

    @property
    def commune_days(self) -> tuple[dt.date, ...]:
        """Return the days on which communes in force began, the newest first."""
        return self._communes_changed

    def links_after(self, unit: UnitValue) -> tuple[Link, ...]:
        """Return what became of the unit when it ended, the default first."""
        links = self._after.get((unit.code, unit.valid_from), ())
        return tuple(sorted(links, key=lambda link: (not link.is_default, link.to_code)))

    def unit(self, code: str, on: dt.date) -> UnitValue | None:
        """Return the unit that bears the code on the day, or ``None``."""
        for unit in reversed(self._by_code.get(code, ())):
            if unit.is_valid_on(on):
                return unit
        return None

    def last_version(self, code: str, until: dt.date) -> UnitValue | None:
        """Return the unit of that code which stands on the day, or last stood before it."""
        found = None
        for unit in self._by_code.get(code, ()):
            if unit.valid_from <= until:
                found = unit
        return found

    def path(self, code: str, on: dt.date) -> tuple[UnitValue, ...]:
        """Return the unit and everything above it on the day, province first; empty if unknown."""
        path: list[UnitValue] = []
        unit = self.unit(code, on)
        while unit is not None and len(path) < _DEPTH:
            path.append(unit)
            unit = self.unit(unit.parent_code, on) if unit.parent_code else None
        return tuple(reversed(path))

    def children(self, code: str, on: dt.date) -> tuple[UnitValue, ...]:
        """Return the units directly below; with an empty code, the provinces."""
        return tuple(u for u in self._children.get(code, ()) if u.is_valid_on(on))

    def under(self, codes: Iterable[str], on: dt.date) -> frozenset[str]:
        """Return the codes themselves and those of all units below them on the day."""
        found: set[str] = set()
        waiting = [code for code in codes if self.unit(code, on)]
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                waiting.extend(u.code for u in self.children(code, on))
        return frozenset(found)

    def successors(
        self, code: str, from_day: dt.date, to_day: dt.date, placings: Placings = NOWHERE
    ) -> tuple[Successor, ...]:
        """Return the units that hold, on ``to_day``, the area that the code had on ``from_day``.

        The default comes first. One sure successor: the unit itself where nothing changed, or the
        one that took it all. Empty when the code is unknown or nothing took over (districts).
        ``placings`` are the ways that one address is known to have gone at splits.
        """
        start = self.unit(code, from_day)
        if start is None:
            return ()
        found: dict[str, Successor] = {}
        waiting = [(start, Successor(code, is_default=True, is_sure=True))]
        while waiting:
            unit, so_far = waiting.pop(0)
            if unit.is_valid_on(to_day):
                before = found.get(unit.code)
                if before is None or so_far.is_default > before.is_default:
                    found[unit.code] = so_far
                continue
            links = self._after.get((unit.code, unit.valid_from), [])
            chosen = placings.get((links[0].on, unit.level)) if links else None
            links = [link for link in links if link.to_code == chosen] or links
            for link in links:
                after = self.unit(link.to_code, link.on)
                if after is not None:
                    is_default = so_far.is_default and (link.is_default or len(links) == 1)
                    is_sure = so_far.is_sure and len(links) == 1
                    waiting.append((after, Successor(after.code, is_default, is_sure)))
        if len(found) == 1:
            [only] = found.values()
            return (Successor(only.code, is_default=True, is_sure=True),)
        return tuple(sorted(found.values(), key=lambda s: (not s.is_default, s.code)))

    def predecessors(self, code: str, on: dt.date, before: dt.date) -> tuple[str, ...]:
        """Return the codes, on the earlier day ``before``, of all units that gave it area."""
        start = self.unit(code, on)
        found: set[str] = set()
        waiting = [start] if start else []
        while waiting:
            unit = waiting.pop()
            if unit.is_valid_on(before):
                found.add(unit.code)
                continue
            for link in self._before.get((unit.code, unit.valid_from), ()):
                earlier = self.unit(link.from_code, link.on - _DAY)
                if earlier is not None:
                    waiting.append(earlier)
        return tuple(sorted(found))

    def under_since(self, codes: frozenset[str], on: dt.date, since: dt.date) -> frozenset[str]:
        """Return the units below the codes, with those that have ended there since a day.

        What ended in a split counts where it went by default.
        """
        now = self.under(codes, on)
        before = {one for code in now for one in self.predecessors(code, on, since)} - now
        return now | {
            code for code in before if not self.unit(code, on) and self.is_within(code, codes, on)
        }

    def is_within(self, code: str, jurisdictions: frozenset[str], on: dt.date) -> bool:
        """Say whether the unit is one of the jurisdictions or lies below one, on the day.

        A code that had ended by then stands for its default successor; an unknown one is nowhere.
        """
        if self.unit(code, on) is None:
            last = self.last_version(code, on)
            if last is None:
                return False
            code = self._resolve(last, on).code
        return any(unit.code in jurisdictions for unit in self.path(code, on))

    def newest(self, code: str, code_date: dt.date) -> Placed:
        """Return the unit of the newest map that covers the unit; an empty code if none does."""
        return self._placed(code, code_date)

    def placed(self, code: str, code_date: dt.date, day: dt.date, placings: Placings) -> Placed:
        """Return the unit of a later day's map that covers an address with these placings."""
        unit = self.unit(code, code_date)
        return self._resolve(unit, day, placings) if unit else Placed("", is_sure=False)

    def _place(self, code: str, code_date: dt.date) -> Placed:
        unit = self.unit(code, code_date)
        return self._resolve(unit, self.newest_day) if unit else Placed("", is_sure=False)

    def _resolve(self, unit: UnitValue, on: dt.date, placings: Placings = NOWHERE) -> Placed:
        """Follow the successions; where nobody took over, those of the parent."""
        until = on if unit.valid_to is None else unit.valid_to - _DAY
        found = self.successors(unit.code, until, on, placings)
        if found:
            return Placed(found[0].code, found[0].is_sure)
        parent = self.unit(unit.parent_code, until)
        return self._resolve(parent, on, placings) if parent else Placed("", is_sure=False)
