"""The neighbourhood that an address names in its text, under the map of a day. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dancu.places.internal.deciding import neighbourhood_keys
from dancu.places.types import Placed

if TYPE_CHECKING:
    from dancu.places.tree import Placings, UnitTree

_DAY = dt.timedelta(days=1)
LEVEL = "neighbourhood"


def neighbourhood_on(
    tree: UnitTree, commune: str, written: str, day: dt.date, ways: Placings
) -> Placed | None:
    """Return the neighbourhood on the day; ``None`` where the register knows none of that name.

    ``commune`` is the one on that day. What the address says was true before the first change that
    it was placed at; from there on, its placings say it.
    """
    steps = sorted(on for on, level in ways if level == LEVEL)
    done = [on for on in steps if on <= day]
    if done:
        code = ways[done[-1], LEVEL]
        if not code:
            return Placed("", is_sure=False)
        return tree.placed(code, done[-1], day, ways)
    asked = min((on for on in steps if on > day), default=None)
    return named(tree, commune, written, day) or (
        named(tree, commune, written, asked - _DAY) if asked else None
    )


def named(tree: UnitTree, commune: str, written: str, day: dt.date) -> Placed | None:
    """Return the neighbourhood of that name in the commune on the day, if there is just one."""
    keys = neighbourhood_keys(written)
    found = [
        unit.code
        for unit in tree.children(commune, day)
        if unit.level == LEVEL and keys & neighbourhood_keys(unit.full_name)
    ]
    return Placed(found[0], is_sure=True) if len(found) == 1 else None
