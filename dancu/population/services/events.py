"""Civil events: the legal causes under which facts are entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population.models import CivilEvent
from dancu.population.services.errors import NumberUsed
from dancu.population.services.records import wrong
from dancu.population.types import Evidence

#: What the claims of each kind of event rest on.
EVIDENCE = {
    CivilEvent.Kind.BIRTH: "birth_registration",
    CivilEvent.Kind.DEATH: "death_registration",
    CivilEvent.Kind.MARRIAGE: "marriage_registration",
    CivilEvent.Kind.DIVORCE: "divorce_decision",
    CivilEvent.Kind.ADOPTION: "adoption_decision",
    CivilEvent.Kind.NAME_CHANGE: "name_change_decision",
}
MAX_NUMBER = 40
#: The first half of the advisory locks under which offices count their registrations.
_COUNTING = 0x5043


@dataclass(frozen=True, slots=True)
class EventRegistration:
    """A registered event: its number at the office and the people whose facts it changed."""

    event_id: int
    number: str
    person_ids: tuple[int, ...] = ()


def record_event(
    *, kind: CivilEvent.Kind, day: date, number: str, actor: Actor, at: datetime
) -> CivilEvent:
    """Record a civil event. Without a number it gets the office's next of the year: ``17/2026``.

    Raises ``NumberUsed`` for a number that the office has used for this kind of event, and
    ``Invalid`` for a day to come.
    """
    if day > today(at):
        raise wrong(
            "day",
            "FUTURE",
            _("This day has not come yet."),
            _("Register the event when it has happened."),
        )
    number = number.strip() or _next_number(kind, actor.office_code, today(at).year)
    if len(number) > MAX_NUMBER:
        raise wrong(
            "registration_number",
            "too-long",
            _("The number has over 40 characters."),
            _("Shorten it."),
        )
    try:
        with transaction.atomic():
            return CivilEvent.objects.create(
                kind=kind,
                number=number,
                office=actor.office_code,
                happened_on=day,
                registered_at=at,
                registered_by=actor.account_id or 0,
            )
    except IntegrityError as error:
        raise NumberUsed(number=number) from error


def evidence_of(event: CivilEvent, reference: str = "") -> Evidence:
    """Return the evidence of an event: its number, and the reference of the paper behind it."""
    words = [f"{event.office} {event.number}".strip(), reference.strip()]
    return Evidence(EVIDENCE[CivilEvent.Kind(event.kind)], " · ".join(w for w in words if w))


def registered(event: CivilEvent, *person_ids: int) -> EventRegistration:
    """Return the outcome of a registration."""
    return EventRegistration(event.pk, event.number, person_ids)


def _next_number(kind: CivilEvent.Kind, office: str, year: int) -> str:
    """Count under a lock that lasts until the commit, so that no number is given twice."""
    with connection.cursor() as cursor:
        lock = crc32(f"{office}/{kind}/{year}".encode()) - (1 << 31)
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_COUNTING, lock])
        cursor.execute(
            """
            SELECT coalesce(max(split_part(number, '/', 1)::integer), 0) + 1
            FROM population_civilevent
            WHERE office = %s AND kind = %s AND number ~ %s
            """,
            [office, str(kind), rf"^\d{{1,8}}/{year}$"],
        )
        (count,) = cursor.fetchone() or (1,)
    return f"{count}/{year}"
