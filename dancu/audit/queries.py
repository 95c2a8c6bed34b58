"""Reads of the log of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from dancu.audit.models import Event

#: A citizen finds that somebody's look at them was wrong.
REPORTED = "access.reported"
#: The whole log was compared with its seal.
CHECKED = "seal.checked"
WINDOW = 50


@dataclass(frozen=True, slots=True)
class Report:
    """A citizen's report of a look. ``account_id`` is the citizen's; ``why`` a code of the form."""

    id: int
    at: datetime
    account_id: int | None
    why: str
    access_at: datetime | None
    kind: str
    office: str
    purpose: str
    case: str


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The last check of the whole log; ``findings`` in English words, the first of them."""

    at: datetime
    size: int
    findings: tuple[str, ...]


def last_check() -> LastCheck | None:
    """Return what the last check of the whole log found; None before the first."""
    row = Event.objects.filter(event=CHECKED).order_by("-at", "-id").first()
    if row is None:
        return None
    said = row.detail
    return LastCheck(row.at, int(said.get("size", 0)), tuple(map(str, said.get("findings", ()))))


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


def list_reports(*, window: int = 1) -> tuple[list[Report], bool]:
    """Return a window of the citizens' reports, the newest first, and whether there are more."""
    start = (max(window, 1) - 1) * WINDOW
    events = Event.objects.filter(event=REPORTED).order_by("-at", "-id")
    rows = list(events[start : start + WINDOW + 1])
    return [_report(row) for row in rows[:WINDOW]], len(rows) > WINDOW


def _report(row: Event) -> Report:
    said = row.detail
    moment = said.get("access_at")
    return Report(
        id=row.pk,
        at=row.at,
        account_id=row.account_id,
        why=str(said.get("why", "")),
        access_at=datetime.fromisoformat(moment) if moment else None,
        kind=str(said.get("kind", "")),
        office=str(said.get("office", "")),
        purpose=str(said.get("purpose", "")),
        case=str(said.get("case", "")),
    )
