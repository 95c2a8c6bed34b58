"""The league table: a fair measure for large and small units. Pure.

Two figures count the same: the share mended of what was there to mend (left + mended, so that a
rule that ended helps nobody), and the issues left per 1,000 people. Each is drawn towards that of
all units together, as if the unit had so many more issues or people of the usual kind (an empirical
Bayes estimate): chance puts no small unit first or last. A unit with nothing left is not drawn.
Whoever has the same sum of both places shares a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dancu.bulletins.types import Movement, Placing

_SAME = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit of a league."""

    code: str
    people: int
    movement: Movement


@dataclass(frozen=True, slots=True)
class Weights:
    """How much the average weighs, and from how many people on a unit is placed."""

    issues: int
    people: int
    least_people: int


def places(entries: Sequence[Entry], weights: Weights) -> dict[str, Placing]:
    """Return the placing of each unit by its code."""
    ranked = [one for one in entries if one.people >= weights.least_people]
    total = sum((one.movement for one in ranked), start=Movement())
    people = sum(one.people for one in ranked)
    usual_share = total.share or 0.0
    usual_left = total.left / people if people else 0.0
    by_share = _order({one.code: -_share(one, usual_share, weights) for one in ranked})
    by_left = _order({one.code: _left(one, usual_left, weights) for one in ranked})
    order = _order({code: place + by_left[code] for code, place in by_share.items()})
    return {
        one.code: Placing(one.movement.share, per_thousand(one), order.get(one.code), len(ranked))
        for one in entries
    }


def per_thousand(entry: Entry) -> float | None:
    """Return the issues left per 1,000 people; ``None`` where nobody lives."""
    return 1000 * entry.movement.left / entry.people if entry.people else None


def _share(entry: Entry, usual: float, weights: Weights) -> float:
    found = entry.movement
    if found.left == 0:
        return 1.0
    return (found.mended + weights.issues * usual) / (found.mended + found.left + weights.issues)


def _left(entry: Entry, usual: float, weights: Weights) -> float:
    if entry.movement.left == 0:
        return 0.0
    return (entry.movement.left + weights.people * usual) / (entry.people + weights.people)


def _order(values: Mapping[str, float]) -> dict[str, int]:
    """Return the place of each, the smallest first; the same value has the same place."""
    found: dict[str, int] = {}
    before: float | None = None
    place = 0
    for number, (code, value) in enumerate(
        sorted(values.items(), key=lambda one: (round(one[1], _SAME), one[0])), start=1
    ):
        if before is None or round(value, _SAME) != before:
            place, before = number, round(value, _SAME)
        found[code] = place
    return found
