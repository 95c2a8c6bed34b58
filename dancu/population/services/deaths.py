"""Registration of a death (Law on Civil Status 60/2014, art. 32–34)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.dates import PartialDate, parse
from dancu.population.models import CivilEvent
from dancu.population.services import gate
from dancu.population.services.events import evidence_of, record_event
from dancu.population.services.households import head_candidates
from dancu.population.services.records import (
    HEAD,
    Record,
    lock,
    members_of,
    people_of_pids,
    read,
    require_alive,
    wrong,
)
from dancu.population.services.weighing import Change, enter_changes
from dancu.population.types import Evidence

MARRIED, WIDOWED = "DANG_CO_VO_CHONG", "GOA"


@dataclass(frozen=True, slots=True)
class DeathDeclaration:
    """What is declared of a death; the day may be known only in part."""

    person_id: int
    death_date: date | PartialDate | str
    registration_number: str = ""
    evidence_reference: str = ""


@dataclass(frozen=True, slots=True)
class DeathRegistration:
    """A registered death, and what follows from it.

    ``widowed`` is the spouse whose status changed. ``needs_head`` says that the household lost its
    head; ``head_candidates`` are the members who may follow, the likeliest first.
    """

    person_id: int
    event_id: int
    number: str
    widowed: int | None
    household: str
    needs_head: bool
    head_candidates: tuple[int, ...]


@transaction.atomic
def register_death(
    *,
    declaration: DeathDeclaration,
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> DeathRegistration:
    """Enter a death; a spouse in the register becomes widowed on the same evidence.

    Raises ``NotFoundOrNotYours``, ``PersonNotAlive`` and ``Invalid`` naming ``death_date``.
    """
    gate.require(actor, "civil_event.register")
    person, spouse = _lock_couple(declaration.person_id)
    gate.require_people(actor, [person], today(at), presented=presented)
    require_alive(person)
    died = _death_date(declaration, person, at)
    day = min(died.latest, today(at))
    event = record_event(
        kind=CivilEvent.Kind.DEATH,
        day=day,
        number=declaration.registration_number,
        actor=actor,
        at=at,
    )
    evidence = evidence_of(event, declaration.evidence_reference)
    changes = [
        Change(
            person,
            {
                "life_status": "CHET",
                "death_date": died,
                "death_registration_number": event.number,
            },
            day,
            evidence,
            event.pk,
        )
    ]
    if spouse:
        changes.append(_widowed(spouse, day, evidence, event.pk))
    enter_changes(changes, actor=actor, at=at)
    number = person.text("household_number")
    needs_head = bool(number) and person.text("household_relationship") == HEAD
    left = [m for m in members_of(number) if m.id != person.id] if needs_head else []
    return DeathRegistration(
        person_id=person.id,
        event_id=event.pk,
        number=event.number,
        widowed=spouse.id if spouse else None,
        household=number,
        needs_head=bool(left),
        head_candidates=head_candidates(left, day=day, after=person),
    )


def _lock_couple(person_id: int) -> tuple[Record, Record | None]:
    spouse_id = None
    for record in read([person_id]).values():
        spouse_id = people_of_pids([record.text("spouse_pid")]).get(record.text("spouse_pid"))
    records = lock({person_id, spouse_id or person_id})
    person = records[person_id]
    spouse = records.get(spouse_id) if spouse_id else None
    return person, spouse if spouse and _is_married_to(spouse, person) else None


def _is_married_to(spouse: Record, person: Record) -> bool:
    other = people_of_pids([spouse.text("spouse_pid")]).get(spouse.text("spouse_pid"))
    return spouse.is_alive and spouse.id != person.id and other == person.id


def _death_date(declaration: DeathDeclaration, person: Record, at: datetime) -> PartialDate:
    given = declaration.death_date
    if isinstance(given, str):
        died = parse(given)
    else:
        died = given if isinstance(given, PartialDate) else PartialDate.of(given)
    if died.earliest > today(at):
        raise wrong("death_date", "FUTURE", _("This day has not come yet."), _("Check the year."))
    born = person.day("birth_date")
    if born and died.latest < born.earliest:
        raise wrong(
            "death_date",
            "DEATH_BEFORE_BIRTH",
            _("This day lies before the person's birth."),
            _("Check both dates, and whether this is the right person."),
        )
    return died


def _widowed(spouse: Record, day: date, evidence: Evidence, event_id: int) -> Change:
    claims: dict[str, object] = {"marital_status": WIDOWED, "spouse_pid": None}
    if spouse.get("spouse_name") is not None:
        claims["spouse_name"] = None
    return Change(spouse, claims, day, evidence, event_id)
