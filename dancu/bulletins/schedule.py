"""Which bulletins are due, and which of them are missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dancu.bulletins.models import Edition
from dancu.catalogue.bulletins import KINDS, Kind, schedule
from dancu.kernel.clock import VIETNAM, today
from dancu.quality.models import Run

#: So far back a bulletin that was never made is looked for.
_REACH = timedelta(days=60)


def due_at(kind: Kind, day: date) -> datetime:
    """Return the moment at which the bulletin of a day is due; midnight when none is declared."""
    found = schedule(kind, day)
    clock = found.at if found else datetime.min.time()
    return datetime.combine(day, clock, tzinfo=VIETNAM)


def is_late(kind: Kind, day: date, at: datetime) -> bool:
    """Say whether a bulletin that is made now has to say that it is late.

    One that somebody has made on a day on which none is due is not.
    """
    found = schedule(kind, day)
    if found is None or not found.is_due_on(day):
        return False
    return at > due_at(kind, day) + found.late_after


def missing(kind: Kind, at: datetime) -> list[date]:
    """Return the days whose bulletin is due and was not made, the oldest first.

    After a long standstill only the last few, as declared. Before the data were examined for the
    first time there was nothing to tell.
    """
    now = today(at)
    plan = schedule(kind, now)
    first = Run.objects.filter(finished_at__isnull=False).order_by("pk").first()
    if plan is None or first is None:
        return []
    last = Edition.objects.filter(kind=kind).order_by("-day").values_list("day", flat=True).first()
    begin = max(first.day, now - _REACH)
    if last is not None:
        begin = max(begin, last + timedelta(days=1))
    days = (begin + timedelta(days=n) for n in range((now - begin).days + 1))
    due = [day for day in days if _is_due(kind, day, at)]
    return due[-plan.catch_up :]


def overdue(at: datetime) -> list[tuple[Kind, date]]:
    """Return the bulletins that are missing and late."""
    return [(kind, day) for kind in KINDS for day in missing(kind, at) if is_late(kind, day, at)]


def _is_due(kind: Kind, day: date, at: datetime) -> bool:
    found = schedule(kind, day)
    return found is not None and found.is_due_on(day) and due_at(kind, day) <= at
