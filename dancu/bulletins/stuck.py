"""Where work is stuck: the units, or in a commune the groups, in which it does not get better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dancu.bulletins.types import Bulletin, GroupLine, Movement, UnitLine

Why = Literal["untouched", "growing"]


@dataclass(frozen=True, slots=True)
class Stuck:
    """One place where work is stuck, and why: nothing was mended there, or more was found."""

    what: UnitLine | GroupLine
    why: Why
    movement: Movement


def stuck(found: Bulletin, most: int) -> list[Stuck]:
    """Return where work is stuck, the worst first: untouched ones, then those that grow."""
    lines: Sequence[UnitLine | GroupLine] = found.children or found.groups
    judged = [(one, _movement(one)) for one in lines]
    untouched = [
        Stuck(one, "untouched", moved) for one, moved in judged if moved.left and not moved.mended
    ]
    growing = [
        Stuck(one, "growing", moved)
        for one, moved in judged
        if moved.mended and moved.opened > moved.mended
    ]
    untouched.sort(key=lambda one: -one.movement.left)
    growing.sort(key=lambda one: one.movement.mended - one.movement.opened)
    return [*untouched, *growing][:most]


def _movement(one: UnitLine | GroupLine) -> Movement:
    return one.total if isinstance(one, UnitLine) else one.movement
