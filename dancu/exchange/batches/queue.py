"""Who is served when: the day's records divided fairly, and the days on which batches finish.

Pure functions. A day's capacity is handed out record by record, each time to the contract that has
had least for its weight; what a contract gets is handed on in the same way to its batches. So a
giant batch slows the others of its contract and the other contracts, and never stops them. The
rule is a total order of records, hence more capacity never makes anybody later.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

#: Whoever would wait longer than this is told that the end cannot be foreseen.
HORIZON_DAYS = 1_000
#: A forecast goes no further than so many batches times days, so that it takes no longer than a
#: page may.
_MOST_STEPS = 50_000


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes of the day's records: how much they want, have had, and weigh."""

    wants: int
    had: int = 0
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """A contract in the queue: its weight, its records a day, and what it had today.

    ``extra`` are approved exceptions: records beyond ``per_day``, by day.
    """

    contract: str
    weight: int
    per_day: int
    used: int = 0
    extra: Mapping[date, int] = field(default_factory=dict, hash=False)

    def left(self, day: date) -> int:
        """Return how many records the contract may still have on the day."""
        return max(0, self.per_day + self.extra.get(day, 0) - self.used)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch in the queue: rows still to be verified, and rows verified today."""

    batch: int
    contract: str
    rows: int
    today: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a batch is done: its place in the order of finishing, and the day; None: not foreseen.

    ``today`` is how many of its rows come through on the first day.
    """

    batch: int
    place: int
    day: date | None
    today: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and for how many rows at most."""

    batch: int
    rows: int


def divide(takers: Sequence[Taker], capacity: int) -> list[int]:
    """Return what each taker gets: as much as fits, least-served-for-its-weight first.

    Sum: the smaller of ``capacity`` and all that is wanted. Ties go to whoever stands earlier.
    """
    wanted = sum(one.wants for one in takers)
    if wanted <= capacity:
        return [one.wants for one in takers]
    if capacity <= 0:
        return [0] * len(takers)
    unit = math.lcm(*(one.weight for one in takers))
    level = _level(takers, capacity, unit)
    given = [_below(one, level, unit) for one in takers]
    rest = capacity - sum(given)
    for index, one in enumerate(takers):
        if rest and _below(one, level + 1, unit) > given[index]:
            given[index] += 1
            rest -= 1
    return given


def _level(takers: Sequence[Taker], capacity: int, unit: int) -> int:
    """Return the highest level up to which everybody can be served."""
    low, high = 0, max((one.had + one.wants) * (unit // one.weight) for one in takers)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_below(one, middle, unit) for one in takers) <= capacity:
            low = middle
        else:
            high = middle - 1
    return low


def _below(one: Taker, level: int, unit: int) -> int:
    """Return how many further records of a taker come not later than the level.

    The n-th record that a taker gets stands at the level ``n * unit / weight``.
    """
    return max(0, min(one.wants, level * one.weight // unit - one.had))


def allot(
    waiting: Sequence[Waiting], shares: Mapping[str, Share], *, capacity: int, day: date
) -> dict[int, int]:
    """Return how many rows of each batch come through on the rest of a day.

    ``waiting`` stands in the order of arrival; ``capacity`` is what the nation has left.
    """
    by_contract: dict[str, list[Waiting]] = {}
    for one in waiting:
        if one.contract in shares and one.rows > 0:
            by_contract.setdefault(one.contract, []).append(one)
    takers = [
        Taker(
            min(sum(one.rows for one in batches), shares[name].left(day)),
            shares[name].used,
            shares[name].weight,
        )
        for name, batches in by_contract.items()
    ]
    allotted = dict.fromkeys((one.batch for one in waiting), 0)
    for batches, part in zip(by_contract.values(), divide(takers, capacity), strict=True):
        inner = divide([Taker(one.rows, one.today) for one in batches], part)
        allotted |= {one.batch: rows for one, rows in zip(batches, inner, strict=True)}
    return allotted


def forecast(
    waiting: Sequence[Waiting],
    shares: Iterable[Share],
    *,
    day: date,
    left_today: int,
    capacity: Callable[[date], int],
) -> list[Forecast]:
    """Return when each batch finishes, in the order of ``waiting``, if nothing else arrives.

    ``left_today`` is what the nation has left of ``day``; ``capacity`` gives later days whole.
    """
    standing = {one.contract: one for one in shares}
    rest = list(waiting)
    ends: dict[int, tuple[date | None, float]] = {
        one.batch: (day, 0.0) for one in rest if one.rows <= 0
    }
    first: dict[int, int] = {}
    steps = 0
    for number in range(HORIZON_DAYS):
        now = day + timedelta(days=number)
        rest = [one for one in rest if one.rows > 0 and _goes_on(one, standing, now)]
        steps += len(rest)
        if not rest or (number and steps > _MOST_STEPS):
            break
        available = left_today if number == 0 else capacity(now)
        given = allot(rest, standing, capacity=available, day=now)
        first = first or given
        for one in rest:
            if given[one.batch] >= one.rows:
                ends[one.batch] = (now, _moment(one, standing[one.contract]))
        rest = [replace(one, rows=one.rows - given[one.batch], today=0) for one in rest]
        standing = {name: replace(one, used=0) for name, one in standing.items()}
    return _placed(waiting, ends, first)


def _goes_on(one: Waiting, standing: Mapping[str, Share], day: date) -> bool:
    """Say whether the contract of a batch has any records on the day or later."""
    share = standing.get(one.contract)
    return share is not None and (share.per_day > 0 or any(on >= day for on in share.extra))


def _moment(one: Waiting, share: Share) -> float:
    """Return about when in a day a batch gets its last row; only compared within the day."""
    return (share.used + one.today + one.rows) / share.weight


def _placed(
    waiting: Sequence[Waiting],
    ends: Mapping[int, tuple[date | None, float]],
    first: Mapping[int, int],
) -> list[Forecast]:
    far = (None, math.inf)
    order = sorted(
        range(len(waiting)),
        key=lambda i: (
            (found := ends.get(waiting[i].batch, far))[0] or date.max,
            found[1],
            i,
        ),
    )
    places = {waiting[index].batch: place for place, index in enumerate(order, start=1)}
    return [
        Forecast(
            one.batch,
            places[one.batch],
            ends.get(one.batch, far)[0],
            first.get(one.batch, 0),
        )
        for one in waiting
    ]


def turn(
    waiting: Sequence[Waiting],
    shares: Iterable[Share],
    *,
    day: date,
    left_today: int,
    most: int,
) -> Turn | None:
    """Return whose turn it is now, for at most ``most`` rows; None when nobody may go on today."""
    standing = {one.contract: one for one in shares}
    given = allot(waiting, standing, capacity=left_today, day=day)
    able = [one for one in waiting if given[one.batch] > 0]
    if not able:
        return None
    had = {name: one.used / one.weight for name, one in standing.items()}
    chosen = min(able, key=lambda one: (had[one.contract], one.today))
    return Turn(chosen.batch, min(most, given[chosen.batch]))
