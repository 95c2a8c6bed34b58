"""An address under the map of any day: the units in which it lay, lies, or will lie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dancu.places import queries
from dancu.places.internal.neighbourhoods import LEVEL, named, neighbourhood_on
from dancu.places.models import Placing
from dancu.places.types import AddressValue, Placed, UnitValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dancu.places.tree import Placings, UnitTree


@dataclass(frozen=True, slots=True)
class UnderMap:
    """The units of an address on a day, province first.

    Where a split (or, looking back, a merger) leaves it open, ``units`` are those that hold for all
    ``candidates``, and ``is_sure`` is false.
    """

    units: tuple[UnitValue, ...]
    is_sure: bool
    candidates: tuple[UnitValue, ...] = ()

    @property
    def name(self) -> str:
        """Return the names as an address ends, the lowest unit first."""
        return ", ".join(unit.full_name for unit in reversed(self.units))


@dataclass(frozen=True, slots=True)
class OpenSplit:
    """A split that left an address open: its day, the unit that was split, and what took it."""

    on: dt.date
    unit: UnitValue
    candidates: tuple[UnitValue, ...]


def address_on(address: AddressValue, day: dt.date) -> UnderMap:
    """Return the units of a stored address under the map of the day."""
    return under_map(address, day, ways_of([address.id]).get(address.id, {}), queries.tree())


def open_splits(addresses: Iterable[AddressValue]) -> dict[int, OpenSplit]:
    """Return, by address, the first split that nothing has decided; those that are clear lack."""
    wanted, tree = list(addresses), queries.tree()
    ways = ways_of([one.id for one in wanted])
    found = ((one.id, open_split(one, ways.get(one.id, {}), tree)) for one in wanted)
    return {number: split for number, split in found if split is not None}


def open_split(address: AddressValue, ways: Placings, tree: UnitTree) -> OpenSplit | None:
    """Return the first split that leaves the address open, its commune's before others.

    Splits that wait for their day count: the ward can settle them ahead.
    """
    unit = tree.unit(address.unit_code, address.code_date)
    if not tree.placed(address.unit_code, address.code_date, tree.last_day, ways).is_sure:
        while unit is not None and not unit.is_valid_on(tree.last_day):
            links = tree.links_after(unit)
            if not links:
                unit = tree.unit(unit.parent_code, address.code_date)
                continue
            on = links[0].on
            chosen = ways.get((on, unit.level))
            if len(links) > 1 and chosen not in {link.to_code for link in links}:
                return _split(tree, unit, on)
            unit = tree.unit(chosen if len(links) > 1 and chosen else links[0].to_code, on)
    for (on, level), code in sorted(ways.items()):
        if level == LEVEL and not code:
            before = on - dt.timedelta(days=1)
            commune = tree.placed(address.unit_code, address.code_date, before, ways).code
            placed = named(tree, commune, address.parts.get("neighbourhood", ""), before)
            split = tree.unit(placed.code, before) if placed else None
            return _split(tree, split, on) if split else None
    return None


def _split(tree: UnitTree, unit: UnitValue, on: dt.date) -> OpenSplit:
    after = (tree.unit(link.to_code, on) for link in tree.links_after(unit))
    return OpenSplit(on, unit, tuple(one for one in after if one is not None))


def ways_of(ids: Iterable[int]) -> dict[int, dict[tuple[dt.date, str], str]]:
    """Return, by address, the ways that it is known to have gone at splits."""
    found: dict[int, dict[tuple[dt.date, str], str]] = {}
    for row in Placing.objects.filter(address_id__in=list(ids), replaced_at=None):
        found.setdefault(row.address_id, {})[row.on, row.level] = row.unit_code
    return found


def under_map(address: AddressValue, day: dt.date, ways: Placings, tree: UnitTree) -> UnderMap:
    """Return the units of an address with these placings. Pure."""
    code, written_on = address.unit_code, address.code_date
    start = tree.unit(code, written_on)
    if start is None:
        return UnderMap((), is_sure=False)
    if start.valid_from <= day < written_on:
        codes: tuple[str, ...] = (code,)
    elif day < written_on:
        codes = tree.predecessors(code, written_on, day)
    else:
        codes = tuple(s.code for s in tree.successors(code, written_on, day, ways))
    if not codes:
        above = tree.placed(code, written_on, day, ways) if day >= written_on else Placed("", False)
        codes = (above.code,) if above.code else ()
    paths = [path for code in codes if (path := tree.path(code, day))]
    if len(paths) != 1:
        return UnderMap(_common(paths), is_sure=False, candidates=tuple(p[-1] for p in paths))
    return _with_neighbourhood(tree, address, day, ways, paths[0])


def _with_neighbourhood(
    tree: UnitTree, address: AddressValue, day: dt.date, ways: Placings, path: tuple[UnitValue, ...]
) -> UnderMap:
    written = address.parts.get("neighbourhood", "")
    if not written or path[-1].level != "commune":
        return UnderMap(path, is_sure=True)
    placed = neighbourhood_on(tree, path[-1].code, written, day, ways)
    if placed is None:
        return UnderMap(path, is_sure=True)
    longer = tree.path(placed.code, day) if placed.code and placed.is_sure else ()
    return UnderMap(longer or path, is_sure=bool(longer))


def _common(paths: list[tuple[UnitValue, ...]]) -> tuple[UnitValue, ...]:
    """Return the units with which all paths begin."""
    found: list[UnitValue] = []
    for level in zip(*paths, strict=False):
        if any(unit != level[0] for unit in level):
            break
        found.append(level[0])
    return tuple(found)
