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

from dancu.console.desk import Desk
from dancu.disclosure import services as door
from dancu.disclosure.waiting import WaitingCounts

_KEPT = "_dancu_waiting"
#: A count older than this is made anew, in each process by itself.
KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts, and when they were made."""

    counts: WaitingCounts
    at: datetime
    is_new: bool = False


def waiting_now(request: HttpRequest, desk: Desk) -> WaitingCounts:
    """Count anew, once for a request, and remember it for the other pages."""
    found = getattr(request, _KEPT, None)
    if not isinstance(found, Counted):
        found = Counted(door.waiting_counts(actor=desk.actor, at=desk.at), desk.at)
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
    return Counted(waiting_now(request, desk), desk.at, is_new=True)


def forget_waiting(desk: Desk) -> None:
    """Count anew on the next page, since the officer has just worked something off."""
    cache.delete(_key(desk))


def _key(desk: Desk) -> str:
    """Return what the counts depend on, as a key of the cache."""
    actor = desk.actor
    parts = (actor.office_code, *sorted(actor.roles), "", *sorted(actor.jurisdictions))
    return f"console-waiting-{blake2b('/'.join(parts).encode(), digest_size=12).hexdigest()}"
