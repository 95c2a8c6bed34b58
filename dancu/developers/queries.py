"""Reads of the developers' pages: the state of the parts, and a sandbox client."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dancu.developers.models import MeasuredDay, Measurement, Part
from dancu.developers.types import DayOfPart, PartState, Sandbox
from dancu.exchange import clients
from dancu.kernel.clock import today

HISTORY_DAYS = 90
#: A measurement older than this says nothing of now.
FRESH = timedelta(minutes=5)


def sandbox(*, name: str, at: datetime) -> Sandbox | None:
    """Return a developer's client while it lives."""
    found = clients.sandbox(name=name, at=at)
    if found is None:
        return None
    return Sandbox(found.name, found.created_at, found.created_at + clients.SANDBOX_LIVES)


def states(*, at: datetime) -> list[PartState]:
    """Return every part with its latest measurement and its last 90 days."""
    last = today(at)
    days = [last - timedelta(days=back) for back in range(HISTORY_DAYS - 1, -1, -1)]
    rows = MeasuredDay.objects.filter(day__gte=days[0], day__lte=last)
    known: dict[tuple[str, date], MeasuredDay] = {(row.part, row.day): row for row in rows}
    return [_state(part, days, known, at) for part in Part.values]


def _state(
    part: str, days: list[date], known: dict[tuple[str, date], MeasuredDay], at: datetime
) -> PartState:
    newest = Measurement.objects.filter(part=part, at__gt=at - FRESH).order_by("-at").first()
    return PartState(
        part=part,
        at=newest.at if newest else None,
        is_up=newest.is_up if newest else None,
        value=newest.value if newest else None,
        days=[_day(day, known.get((part, day))) for day in days],
    )


def _day(day: date, row: MeasuredDay | None) -> DayOfPart:
    if row is None:
        return DayOfPart(day)
    mean = row.total / row.valued if row.valued else None
    return DayOfPart(day, row.measured, row.up, mean, row.worst if row.valued else None)
