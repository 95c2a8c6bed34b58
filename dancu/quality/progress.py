"""How far an examination of everybody has come, for the page that waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dancu.population.measuring import people_about
from dancu.quality.models import Run

#: A run without an end that began so long ago was cut short.
_LONGEST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Underway:
    """An examination of everybody. ``begun_at`` is empty while it waits for the worker."""

    begun_at: datetime | None
    examined: int
    people: int


def underway(*, at: datetime) -> Underway | None:
    """Return the examination of everybody that is at work, or the first one that waits.

    ``None`` when none is, or when there is nobody to examine.
    """
    newest = Run.objects.filter(kind=Run.Kind.ALL).order_by("-pk").first()
    if newest is not None and newest.finished_at is not None:
        return None
    people = people_about()
    if not people:
        return None
    if newest is not None and newest.begun_at > at - _LONGEST:
        return Underway(newest.begun_at, min(newest.examined, people), people)
    is_first = not Run.objects.filter(kind=Run.Kind.ALL, finished_at__isnull=False).exists()
    return Underway(None, 0, people) if is_first else None


def note_progress(*, done: int, of: int) -> None:
    """Keep how much of the present examination of everybody is done."""
    newest = Run.objects.filter(kind=Run.Kind.ALL, finished_at=None).order_by("-pk").first()
    if newest is not None and of:
        Run.objects.filter(pk=newest.pk, finished_at=None).update(
            examined=people_about() * done // of
        )
