"""What stands behind the numbers of a bulletin: its rules, counted as the bulletin counted them.

The days before that of the bulletin are counted from the issues as they are kept; of its own day,
and of that of the one before, it is kept what was told (see ``internal.counting``). So the sums are
those of the bulletin, whatever came later, but for issues that went since to another commune with
the people whose they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from dancu.bulletins.models import Edition, Figure
from dancu.bulletins.types import CAUSES, MENDING, NO_CLOSINGS, NOWHERE
from dancu.quality.queries import number_of

_BEFORE = """
SELECT rule, sum("left")::int, sum(opened)::int, sum(mended)::int, sum(otherwise)::int
FROM (
    SELECT rule, count(*) AS "left", count(*) FILTER (WHERE opened_on >= %(since)s) AS opened,
           0 AS mended, 0 AS otherwise
    FROM quality_issue
    WHERE opened_on < %(day)s
      AND (%(units)s::integer[] IS NULL OR unit = ANY (%(units)s::integer[]))
    GROUP BY 1
    UNION ALL
    SELECT rule,
           count(*) FILTER (WHERE closed_on >= %(day)s AND opened_on < %(day)s),
           count(*) FILTER (WHERE opened_on >= %(since)s AND opened_on < %(day)s),
           count(*) FILTER (WHERE closed_on < %(day)s AND cause = ANY (%(mending)s::smallint[])),
           count(*) FILTER (WHERE closed_on < %(day)s AND cause <> ALL (%(mending)s::smallint[]))
    FROM quality_closedissue
    WHERE closed_on >= %(since)s
      AND (%(units)s::integer[] IS NULL OR unit = ANY (%(units)s::integer[]))
    GROUP BY 1
) found
GROUP BY 1
"""
_MENDED = tuple(cause in MENDING for cause in CAUSES)


@dataclass(frozen=True, slots=True)
class Behind:
    """One rule in a bulletin: left at its hour, newly found, mended, ended otherwise."""

    left: int = 0
    opened: int = 0
    mended: int = 0
    otherwise: int = 0

    def __add__(self, other: Behind) -> Behind:
        return Behind(
            self.left + other.left,
            self.opened + other.opened,
            self.mended + other.mended,
            self.otherwise + other.otherwise,
        )


def behind(
    edition_id: int, rules: Collection[int], communes: Collection[str] | None
) -> dict[int, Behind]:
    """Return how rules stand in a bulletin, those of which it tells anything.

    ``communes``: codes; ``None`` is the whole country.
    """
    edition = Edition.objects.only("day", "since", "previous_id").get(pk=edition_id)
    parts = [
        _before(edition, communes),
        _told(_own_days(edition.pk, communes), taken_off=False),
        _told(_own_days(edition.previous_id, communes), taken_off=True),
    ]
    found: dict[int, Behind] = {}
    for part in parts:
        for rule, one in part.items():
            if rule in rules:
                found[rule] = found.get(rule, Behind()) + one
    return {rule: one for rule, one in found.items() if one != Behind()}


def _before(edition: Edition, communes: Collection[str] | None) -> Mapping[int, Behind]:
    """Count the days before that of the bulletin."""
    values = {
        "since": edition.since,
        "day": edition.day,
        "units": None if communes is None else [number_of(one) for one in communes],
        "mending": [int(cause) for cause in MENDING],
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, values)
        return {rule: Behind(*numbers) for rule, *numbers in cursor.fetchall()}


def _own_days(
    edition_id: int | None, communes: Collection[str] | None
) -> Iterable[Mapping[str, list[int]]]:
    """Return what a bulletin told of its own day in each commune; nothing where there is none."""
    if edition_id is None:
        return ()
    rows = Figure.objects.filter(edition=edition_id, level__in=["commune", "nowhere"])
    if communes is not None:
        rows = rows.filter(unit__in=[one or NOWHERE for one in communes])
    return rows.values_list("own_day", flat=True)


def _told(days: Iterable[Mapping[str, list[int]]], *, taken_off: bool) -> Mapping[int, Behind]:
    """Sum what was told of a day; of the bulletin before, what the next must not tell again."""
    sums: dict[int, list[int]] = {}
    for day in days:
        for rule, numbers in day.items():
            known = sums.setdefault(int(rule), [0, *NO_CLOSINGS])
            for at, number in enumerate(numbers):
                known[at] += number
    return {rule: _moved(numbers, taken_off=taken_off) for rule, numbers in sums.items()}


def _moved(numbers: list[int], *, taken_off: bool) -> Behind:
    opened, *closed = numbers
    mended = sum(n for n, works in zip(closed, _MENDED, strict=True) if works)
    otherwise = sum(closed) - mended
    if taken_off:
        return Behind(0, -opened, -mended, -otherwise)
    return Behind(opened - sum(closed), opened, mended, otherwise)
