"""The reader's own requests for correction, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from dancu.design.values import Badge, Tone
from dancu.disclosure.waiting import OwnRequest, State
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.portal import words
from dancu.portal.values import Task

#: Facts that change by a registration, not by a correction; see ``request_correction``.
BY_REGISTRATION = frozenset({"household_number", "household_relationship", "life_status", "pid"})


def request_in(found: Iterable[OwnRequest], number: int) -> OwnRequest:
    """The one of the reader's requests that has a number. Raises ``NotFoundOrNotYours``."""
    for item in found:
        if item.request_id == number:
            return item
    raise NotFoundOrNotYours


def value(item: OwnRequest) -> str:
    """What the reader says it should be."""
    return item.text(words.language()) or _("none")


def title(item: OwnRequest) -> str:
    """What was asked for, in a line."""
    return f"{words.label(item.attribute)}: {value(item)}"


def state(item: OwnRequest) -> Badge:
    """How the request stands."""
    table: dict[State, tuple[str, Tone]] = {
        "waiting": (_("waiting"), "info"),
        "accepted": (_("corrected"), "success"),
        "declined": (_("not changed"), "neutral"),
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
    return _("Not changed; decided at %(when)s") % when


def task(item: OwnRequest) -> Task:
    """The request as a large target."""
    href = reverse("portal:request", args=[item.request_id])
    return Task(title(item), href, progress_words(item), "clock" if item.is_waiting else "check")
