"""How much waits for the officer: asked once for a page and its navigation."""

from __future__ import annotations

from django.http import HttpRequest

from dancu.console.desk import Desk
from dancu.disclosure import services as door
from dancu.disclosure.waiting import WaitingCounts

_KEPT = "_dancu_waiting"


def waiting_for(request: HttpRequest, desk: Desk) -> WaitingCounts:
    """Return the counts of this request."""
    found = getattr(request, _KEPT, None)
    if isinstance(found, WaitingCounts):
        return found
    counts = door.waiting_counts(actor=desk.actor, at=desk.at)
    setattr(request, _KEPT, counts)
    return counts
