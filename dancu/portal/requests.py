"""The reader's own requests for correction, read from what the door out shows of their record.

A request is the citizen's claim together with the conflict that it opened: the conflict says
when it was asked, and by whose decision, when and why it was settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.design.values import Badge, Tone
from dancu.disclosure.types import Conflict, PersonPage
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population.services.rules import correction_due
from dancu.portal import words
from dancu.portal.values import Task

State = Literal["waiting", "accepted", "declined", "closed"]
#: Facts that change by a registration, not by a correction; see ``request_correction``.
BY_REGISTRATION = frozenset({"household_number", "household_relationship", "life_status", "pid"})
_STATES: dict[str, State] = {"accepted": "accepted", "dismissed": "declined"}


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """What the reader asked for, why, until when it waits, and what was decided."""

    number: int
    attribute: str
    value: str
    reason: str
    state: State
    asked_at: datetime
    due_at: datetime
    decided_at: datetime | None
    answer: str

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"


def requests_in(page: PersonPage) -> list[OwnRequest]:
    """The reader's requests, those that wait first, then the newest first."""
    found = [
        _request(conflict)
        for conflict in page.conflicts
        if conflict.origin is not None and conflict.origin.evidence_kind == words.OWN_WORD
    ]
    newest = sorted(found, key=lambda item: item.asked_at, reverse=True)
    return sorted(newest, key=lambda item: not item.is_waiting)


def request_in(page: PersonPage, number: int) -> OwnRequest:
    """One of the reader's requests. Raises ``NotFoundOrNotYours``."""
    for item in requests_in(page):
        if item.number == number:
            return item
    raise NotFoundOrNotYours


def _request(conflict: Conflict) -> OwnRequest:
    return OwnRequest(
        number=conflict.statement_id,
        attribute=conflict.attribute,
        value=conflict.text(words.language()) or _("none"),
        reason=conflict.origin.evidence if conflict.origin else "",
        state="waiting" if conflict.is_open else _STATES.get(conflict.outcome or "", "closed"),
        asked_at=conflict.opened_at,
        due_at=correction_due(conflict.opened_at),
        decided_at=conflict.settled_at,
        answer=conflict.reason or "",
    )


def title(item: OwnRequest) -> str:
    """What was asked for, in a line."""
    return f"{words.label(item.attribute)}: {item.value}"


def state(item: OwnRequest) -> Badge:
    """How the request stands."""
    table: dict[State, tuple[str, Tone]] = {
        "waiting": (_("waiting"), "info"),
        "accepted": (_("corrected"), "success"),
        "declined": (_("not changed"), "neutral"),
        "closed": (_("closed"), "neutral"),
    }
    text, tone = table[item.state]
    return Badge(text, tone)


def progress_words(item: OwnRequest) -> str:
    """What happens next, or what was decided and when."""
    if item.is_waiting or item.decided_at is None:
        return _("Answer by %(when)s") % {"when": words.due_words(item.due_at)}
    when = {"when": words.moment_words(item.decided_at)}
    if item.state == "accepted":
        return _("Corrected at %(when)s") % when
    if item.state == "declined":
        return _("Not changed; decided at %(when)s") % when
    return _("Closed at %(when)s, because the fact has changed since") % when


def task(item: OwnRequest) -> Task:
    """The request as a large target."""
    href = reverse("portal:request", args=[item.number])
    return Task(title(item), href, progress_words(item), "clock" if item.is_waiting else "check")
