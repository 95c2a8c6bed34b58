"""How targets stand this moment, counted from the issues of one unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from dancu.bulletins.internal.counting import count
from dancu.bulletins.internal.making import layout_of_today
from dancu.bulletins.pace import Aim, Work, pace
from dancu.bulletins.types import Pace, TargetValue
from dancu.population.services.rules import is_working_day
from dancu.quality.queries import number_of


def paces(
    targets: Sequence[TargetValue], communes: Collection[str] | None, *, day: date
) -> list[Pace]:
    """Return the pace of each target of a unit, given by its communes; ``None`` is the country."""
    if not targets:
        return []
    units = None if communes is None else [number_of(one) for one in communes]
    counted = count(layout_of_today(), since=day, day=day, units=units)
    work: dict[str, Work] = {}
    for one in counted.values():
        for group, part in one.work.items():
            work[group] = work.get(group, Work()) + part
    everything = sum(work.values(), start=Work())
    return [
        pace(
            Aim(one.group, one.kind, one.goal, one.by),
            work.get(one.group, Work()) if one.group else everything,
            day=day,
            is_working=is_working_day,
            counts_day=True,
        )
        for one in targets
    ]
