"""How much waits for the officer: counted on the work list, remembered for a while elsewhere.

Counting looks through the work of a whole area. Every other page shows the last count of the same
office, roles and area, with the moment it is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from django.core.cache import cache
from django.http import HttpRequest

from dancu.console import ward
from dancu.console.desk import Desk
from dancu.disclosure import services as door
from dancu.disclosure.waiting import WaitingCounts
from dancu.population.work import Count
from dancu.quality import worklist

_KEPT = "_dancu_waiting"
#: A count older than this is made anew, in each process by itself.
KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts, and when they were made."""

    counts: WaitingCounts
    at: datetime
    is_new: bool = False
    issues: Count | None = None
    """Issues of data that the office has to mend; None where the roles do not permit the work."""


def waiting_now(request: HttpRequest, desk: Desk) -> WaitingCounts:
    """Count anew, once for a request, and remember it for the other pages."""
    found = getattr(request, _KEPT, None)
    if not isinstance(found, Counted):
        counts = door.waiting_counts(actor=desk.actor, at=desk.at)
        found = Counted(counts, desk.at, issues=_issues(desk))
        cache.set(_key(desk), found, KEPT_FOR.total_seconds())
        setattr(request, _KEPT, found)
    return found.counts


def waiting_lately(request: HttpRequest, desk: Desk) -> Counted:
    """Return the last counts of the office, else new ones; ``is_new`` if of this very request."""
    found = cache.get(_key(desk))
    if isinstance(found, Counted) and not hasattr(request, _KEPT):
        age = desk.at - found.at
        if timedelta() <= age < KEPT_FOR:
            return found
    counts = waiting_now(request, desk)
    found = getattr(request, _KEPT, None)
    issues = found.issues if isinstance(found, Counted) else None
    return Counted(counts, desk.at, is_new=True, issues=issues)


def forget_waiting(desk: Desk) -> None:
    """Count anew on the next page, since the officer has just worked something off."""
    cache.delete(_key(desk))


def _issues(desk: Desk) -> Count | None:
    if not desk.may(ward.ACTION):
        return None
    number = worklist.count(ward.scope_of(desk))
    most = worklist.MOST_COUNTED
    return Count(min(number, most), is_more=number > most)


def _key(desk: Desk) -> str:
    """Return what the counts depend on, as a key of the cache."""
    actor = desk.actor
    parts = (actor.office_code, *sorted(actor.roles), "", *sorted(actor.jurisdictions))
    return f"console-waiting-{blake2b('/'.join(parts).encode(), digest_size=12).hexdigest()}"
