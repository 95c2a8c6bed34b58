"""Reading suspected pairs; shows nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast

from django.db.models import F, Q

from dancu.duplicates.models import Pair
from dancu.duplicates.types import Evidence, State, Suspicion, SuspicionPage

WINDOW = 25
#: Open pairs are counted up to this number.
MOST_COUNTED = 100


def pairs(
    *, area: Collection[str], states: Iterable[State] = ("suspected",), window: int = 1
) -> SuspicionPage:
    """Return a window of the pairs both of whose records live in an area of communes.

    Those that officers entered come first.
    """
    start = (max(window, 1) - 1) * WINDOW
    # What an officer knows comes before what a search suspects.
    known_first = F("suggested_at").desc(nulls_last=True)
    rows = _of_area(area, states).order_by(known_first, "-weight", "pk")[start : start + WINDOW + 1]
    found = [suspicion_of(row) for row in rows]
    return SuspicionPage(tuple(found[:WINDOW]), max(window, 1), len(found) > WINDOW)


def count(*, area: Collection[str], states: Iterable[State] = ("suspected",)) -> tuple[int, bool]:
    """Return how many pairs there are in an area up to a cap, and whether there are more."""
    keys = _of_area(area, states).values_list("pk", flat=True)[: MOST_COUNTED + 1]
    number = len(keys)
    return min(number, MOST_COUNTED), number > MOST_COUNTED


def _of_area(area: Collection[str], states: Iterable[State]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    codes = sorted(area)
    return Pair.objects.filter(
        left_commune__in=codes, right_commune__in=codes, state__in=list(states)
    )


def pair(pair_id: int) -> Suspicion | None:
    """Return one pair; ``None`` for a number that there is not."""
    row = Pair.objects.filter(pk=pair_id).first() if pair_id < 2**63 else None
    return suspicion_of(row) if row else None


def pairs_of(person_id: int) -> list[Suspicion]:
    """Return the pairs that a record is part of, the heaviest first."""
    rows = Pair.objects.filter(Q(left_id=person_id) | Q(right_id=person_id))
    return [suspicion_of(row) for row in rows.order_by("-weight", "pk")]


def listed(*, states: Iterable[State], most: int) -> list[Suspicion]:
    """Return the heaviest pairs of the whole register in some states."""
    rows = Pair.objects.filter(state__in=list(states)).order_by("-weight", "pk")[:most]
    return [suspicion_of(row) for row in rows]


def last_found() -> datetime | None:
    """Return when the register was last searched to its end."""
    from dancu.duplicates.models import Search

    row = Search.objects.filter(ended_at__isnull=False).order_by("-ended_at").first()
    return row.ended_at if row else None


def suspicion_of(row: Pair) -> Suspicion:
    """Return a row as a value."""
    return Suspicion(
        id=row.pk,
        left_id=row.left_id,
        right_id=row.right_id,
        state=cast("State", row.state),
        weight=row.weight,
        probability=row.probability,
        evidence=tuple(Evidence(*one) for one in row.evidence),
        found_at=row.found_at,
        merge_id=row.merge_id,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        suggested_by=row.suggested_by,
        suggested_at=row.suggested_at,
        suggestion=row.suggestion,
    )
