"""Reads of the log of events."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from dancu.audit.models import Event


def list_events(
    *,
    event: str = "",
    account_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Event]:
    """Return events, the newest first. ``event`` may be a beginning such as ``sign-in.``."""
    found = Event.objects.order_by("-at", "-id")
    if event:
        found = found.filter(event__startswith=event)
    if account_id is not None:
        found = found.filter(account_id=account_id)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found
