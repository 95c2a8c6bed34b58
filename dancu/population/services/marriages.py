"""Registration of marriages and divorces (Law on Marriage and Family 52/2014, art. 5, 8, 57)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population.errors import AlreadyMarried, NotOldEnough
from dancu.population.models import CivilEvent
from dancu.population.services import gate, rules
from dancu.population.services.errors import CloseKin, NotMarried
from dancu.population.services.events import (
    EventRegistration,
    evidence_of,
    record_event,
    registered,
)
from dancu.population.services.kinship import family_of
from dancu.population.services.records import (
    Record,
    lock,
    people_of_pids,
    read,
    require_alive,
    wrong,
)
from dancu.population.services.weighing import Change, enter_changes

MARRIED, DIVORCED = "DANG_CO_VO_CHONG", "LY_HON"


@dataclass(frozen=True, slots=True)
class MarriageDeclaration:
    """Who marries. A spouse outside the register is given by name and nationality."""

    husband_id: int | None
    wife_id: int | None
    day: date
    husband_name: str = ""
    wife_name: str = ""
    husband_nationality: str = ""
    wife_nationality: str = ""
    registration_number: str = ""


@dataclass(frozen=True, slots=True)
class MarriageRegistration(EventRegistration):
    """A registered marriage; ``person_ids`` are the spouses in the register."""


@dataclass(frozen=True, slots=True)
class _Side:
    role: str
    sex: str
    record: Record | None
    name: str
    nationality: str

    def as_spouse(self) -> dict[str, object]:
        """Return what the other's record says of this one."""
        if self.record is None:
            known = {"spouse_name": self.name, "spouse_nationality": self.nationality}
            return {"spouse_pid": None, **{k: v for k, v in known.items() if v}}
        facts = {
            "spouse_pid": self.record.text("pid"),
            "spouse_name": self.record.text("full_name"),
            "spouse_nationality": self.record.text("nationality"),
        }
        return {name: value for name, value in facts.items() if value}


@transaction.atomic
def register_marriage(
    *,
    declaration: MarriageDeclaration,
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> MarriageRegistration:
    """Enter a marriage on both spouses' records.

    Spouses in the register are of the officer's area, or ``presented`` in the case. Raises
    ``NotFoundOrNotYours``, ``PersonNotAlive``, ``NotOldEnough``, ``AlreadyMarried``, ``CloseKin``
    and ``Invalid`` naming ``husband_id`` or ``wife_id``.
    """
    gate.require(actor, "civil_event.register")
    husband, wife = _sides(declaration)
    known = [side.record for side in (husband, wife) if side.record]
    gate.require_people(actor, known, today(at), presented=presented)
    for side in (husband, wife):
        _require_may_marry(side, declaration.day)
    if husband.record and wife.record:
        _require_not_kin(husband.record, wife.record, declaration.day)
    event = record_event(
        kind=CivilEvent.Kind.MARRIAGE,
        day=declaration.day,
        number=declaration.registration_number,
        actor=actor,
        at=at,
    )
    changes = [
        Change(
            side.record,
            {
                "marital_status": MARRIED,
                **other.as_spouse(),
                "marriage_registration_number": event.number,
                "marriage_date": declaration.day,
            },
            declaration.day,
            evidence_of(event),
            event.pk,
        )
        for side, other in ((husband, wife), (wife, husband))
        if side.record
    ]
    enter_changes(changes, actor=actor, at=at)
    people = tuple(change.record.id for change in changes)
    return MarriageRegistration(event.pk, event.number, people)


def _sides(declaration: MarriageDeclaration) -> tuple[_Side, _Side]:
    ids = [i for i in (declaration.husband_id, declaration.wife_id) if i is not None]
    if len(ids) != len(set(ids)) or not ids:
        raise wrong(
            "wife_id",
            "same-person",
            _("A marriage needs two people, at least one of them in the register."),
            _("Choose the husband and the wife."),
        )
    records = lock(ids)
    found: list[_Side] = []
    for role, sex in (("husband", "M"), ("wife", "F")):
        person_id = getattr(declaration, f"{role}_id")
        side = _Side(
            role=role,
            sex=sex,
            record=records[person_id] if person_id is not None else None,
            name=getattr(declaration, f"{role}_name").strip(),
            nationality=getattr(declaration, f"{role}_nationality").strip(),
        )
        if side.record is None and not side.name:
            raise wrong(
                f"{role}_name",
                "EMPTY",
                _("A spouse outside the register needs a name."),
                _("Enter the name as on the passport."),
            )
        found.append(side)
    return found[0], found[1]


def _require_may_marry(side: _Side, day: date) -> None:
    record = side.record
    if record is None:
        return
    require_alive(record)
    if record.text("sex") != side.sex:
        raise wrong(
            f"{side.role}_id",
            "SEX_MISMATCH",
            _("The register has this person under the other sex."),
            _("Check whether husband and wife were exchanged."),
        )
    age = record.age_on(day)
    if age is None:
        raise wrong(
            f"{side.role}_id",
            "birth-date-missing",
            _("The register does not know this person's date of birth."),
            _("Complete the date of birth first."),
        )
    rule = "marriage_age_male" if side.sex == "M" else "marriage_age_female"
    if age < rules.value(rule, day):
        raise NotOldEnough
    if record.text("marital_status") == MARRIED or record.text("spouse_pid"):
        raise AlreadyMarried


def _require_not_kin(husband: Record, wife: Record, day: date) -> None:
    family = family_of([husband, wife])
    generations = rules.value("marriage_kin_generations", day)
    one, other = family.known[husband.id], family.known[wife.id]
    if family.are_close(one, other, generations):
        raise CloseKin


@transaction.atomic
def register_divorce(
    *,
    person_id: int,
    day: date,
    court_decision: str,
    registration_number: str = "",
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> EventRegistration:
    """Enter a divorce on the records of both spouses, as the court decided it.

    Raises ``NotFoundOrNotYours``, ``NotMarried`` and ``PersonNotAlive``.
    """
    gate.require(actor, "civil_event.register")
    if not court_decision.strip():
        raise wrong(
            "court_decision",
            "EMPTY",
            _("A divorce rests on a decision of the court."),
            _("Enter the number and the day of the decision."),
        )
    couple = _lock_married(person_id, actor=actor, at=at, presented=presented)
    require_alive(*couple)
    event = record_event(
        kind=CivilEvent.Kind.DIVORCE, day=day, number=registration_number, actor=actor, at=at
    )
    enter_changes(
        [
            Change(
                record,
                {**_without_spouse(record), "divorce_date": day},
                day,
                evidence_of(event, court_decision),
                event.pk,
            )
            for record in couple
        ],
        actor=actor,
        at=at,
    )
    return registered(event, *(record.id for record in couple))


def _lock_married(
    person_id: int, *, actor: Actor, at: datetime, presented: Collection[int]
) -> list[Record]:
    before = read([person_id]).get(person_id)
    spouse_pid = before.text("spouse_pid") if before else ""
    spouse_id = people_of_pids([spouse_pid]).get(spouse_pid)
    records = lock({person_id, spouse_id or person_id})
    person = records[person_id]
    gate.require_people(actor, [person], today(at), presented=presented)
    if person.text("marital_status") != MARRIED and not person.text("spouse_pid"):
        raise NotMarried
    spouse = records.get(spouse_id) if spouse_id else None
    if spouse is None or spouse.id == person_id:
        return [person]
    own = spouse.text("spouse_pid")
    return [person, spouse] if people_of_pids([own]).get(own) == person_id else [person]


def _without_spouse(record: Record) -> dict[str, object]:
    gone = ("spouse_pid", "spouse_name", "spouse_nationality")
    ended: dict[str, object] = {name: None for name in gone if record.get(name) is not None}
    return {"marital_status": DIVORCED, **ended}
