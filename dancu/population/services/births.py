"""Registration of a birth (Law on Civil Status 60/2014, art. 13–16; Decree 58/2026)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.errors import OutsideJurisdiction
from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.pid import Pid, Sex
from dancu.places.queries import unit, unit_name
from dancu.population.claims import enter
from dancu.population.models import CivilEvent
from dancu.population.numbers import province_of, reserve_pid_of
from dancu.population.services import gate
from dancu.population.services.addresses import commune_now, require_unit
from dancu.population.services.birth_checks import (
    BirthDeclaration,
    Parents,
    lock_parents,
    name_of,
    require_day,
    require_in_time,
    require_no_duplicate,
    require_possible,
)
from dancu.population.services.events import evidence_of, record_event
from dancu.population.services.kinship import Relative, family_of
from dancu.population.services.records import (
    HEAD,
    Record,
    address_of,
    members_of,
    read,
    wrong,
)
from dancu.population.services.weighing import Change, enter_changes, stored_form
from dancu.population.types import AddressValue, NewStatement

_UNBORN = 0


@dataclass(frozen=True, slots=True)
class BirthRegistration:
    """A registered birth. Without a household of the parents, ``household`` is empty."""

    person_id: int
    pid: str
    event_id: int
    number: str
    household: str
    relationship: str
    statement_id: int


@transaction.atomic
def register_birth(
    *,
    declaration: BirthDeclaration,
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> BirthRegistration:
    """Enter a newborn with a number at once, in the household of the mother or the father.

    Parents in the register are of the officer's area, or ``presented`` in the case; the child's
    home is in the area. Raises ``Invalid`` naming the fields of the declaration,
    ``BornBeforeParent`` and ``PossibleDuplicate``.
    """
    gate.require(actor, "civil_event.register")
    require_day(declaration, at)
    parents = lock_parents(declaration, actor=actor, at=at, presented=presented)
    require_possible(declaration, parents)
    require_in_time(declaration, at)
    if not declaration.declared_not_duplicate.strip():
        require_no_duplicate(declaration, parents)
    place = _registration_place(declaration, actor, at)
    claims = _claims(declaration, parents, place)
    for name in ("birth_place", "birth_registration_place", "hometown"):
        require_unit(claims[name], field=name.replace("birth_reg", "reg"))
    stored_form(claims, declaration.birth_date)
    home, is_from_birth = _home(declaration, parents)
    _require_home_here(home, actor, at)
    event = record_event(
        kind=CivilEvent.Kind.BIRTH,
        day=declaration.birth_date,
        number=declaration.registration_number,
        actor=actor,
        at=at,
    )
    pid = _new_pid(declaration, place)
    since_birth = claims | {"pid": pid} | (home if is_from_birth else {})
    since_registration = _registration_facts(event, at) | ({} if is_from_birth else home)
    evidence = evidence_of(event, _reference(declaration))
    (entered,) = enter(
        statements=[NewStatement(None, declaration.birth_date, evidence, since_birth, event.pk)],
        actor=actor,
        at=at,
    )
    child = read([entered.person_id])[entered.person_id]
    later = Change(child, since_registration, today(at), evidence, event.pk)
    enter_changes([later], actor=actor, at=at)
    return BirthRegistration(
        person_id=entered.person_id,
        pid=str(pid),
        event_id=event.pk,
        number=event.number,
        household=str(home.get("household_number", "")),
        relationship=str(home.get("household_relationship", "")),
        statement_id=entered.statement_id,
    )


def _registration_place(declaration: BirthDeclaration, actor: Actor, at: datetime) -> AddressValue:
    if declaration.registration_place is not None:
        gate.require_place(actor, commune_now(declaration.registration_place), today(at))
        return declaration.registration_place
    day = today(at)
    for code in sorted(actor.jurisdictions):
        found = unit(code, day)
        if found is not None and found.level == "commune":
            return AddressValue(unit_name(code, day), code, day)
    raise wrong(
        "registration_place",
        "EMPTY",
        _("The place of birth registration is missing."),
        _("Name the commune whose office registers the birth."),
    )


def _claims(
    declaration: BirthDeclaration, parents: Parents, place: AddressValue
) -> dict[str, object]:
    hometown = declaration.hometown or next(
        (
            found
            for parent in (parents.father, parents.mother)
            if parent and (found := address_of(parent, "hometown"))
        ),
        None,
    )
    if hometown is None:
        raise wrong(
            "hometown",
            "EMPTY",
            _("The hometown is missing, and the register knows none of the parents'."),
            _("Enter the hometown as declared."),
        )
    claims: dict[str, object] = {
        "full_name": declaration.full_name,
        "sex": declaration.sex,
        "birth_date": declaration.birth_date,
        "ethnicity": declaration.ethnicity,
        "nationality": declaration.nationality,
        "birth_place": declaration.birth_place,
        "birth_registration_place": place,
        "hometown": hometown,
        "life_status": "SONG",
    }
    for role, record, name in (
        ("mother", parents.mother, declaration.mother_name),
        ("father", parents.father, declaration.father_name),
    ):
        if full_name := name_of(record, name):
            claims[f"{role}_name"] = full_name
        if record and (pid := record.text("pid")):
            claims[f"{role}_pid"] = pid
        if record and (nationality := record.text("nationality")):
            claims[f"{role}_nationality"] = nationality
    return claims


def _new_pid(declaration: BirthDeclaration, place: AddressValue) -> Pid:
    province = province_of(place.unit_code, place.code_date)
    sex: Sex = "F" if declaration.sex == "F" else "M"
    return reserve_pid_of(place=province, sex=sex, birth_year=declaration.birth_date.year)


def _registration_facts(event: CivilEvent, at: datetime) -> dict[str, object]:
    return {
        "birth_registration_number": event.number,
        "birth_registration_date": today(at),
    }


def _home(declaration: BirthDeclaration, parents: Parents) -> tuple[dict[str, object], bool]:
    """Return residence, household and relationship of the child, and whether they hold from birth.

    They do where the parent already lived there, else from the day of registration.
    """
    parent = _lives_with(declaration, parents)
    if parent is None:
        return {}, True
    home: dict[str, object] = {}
    names = ("permanent_residence", "household_number")
    days = [parent.held[name].day for name in names if parent.get(name) is not None]
    if residence := address_of(parent, "permanent_residence"):
        home["permanent_residence"] = residence
    if number := parent.text("household_number"):
        home["household_number"] = number
        home["household_relationship"] = _relationship(declaration, parents, parent, number)
    return home, all(day <= declaration.birth_date for day in days)


def _require_home_here(home: dict[str, object], actor: Actor, at: datetime) -> None:
    residence = home.get("permanent_residence")
    if not isinstance(residence, AddressValue):
        return
    try:
        gate.require_place(actor, commune_now(residence), today(at))
    except OutsideJurisdiction:
        raise wrong(
            "lives_with",
            "outside-area",
            _("This parent lives outside the area of your office."),
            _("Choose the parent who lives in your area, or hand the case to the other office."),
        ) from None


def _lives_with(declaration: BirthDeclaration, parents: Parents) -> Record | None:
    chosen, other = parents.mother, parents.father
    if declaration.lives_with == "father":
        chosen, other = other, chosen
    living = [parent for parent in (chosen, other) if parent and parent.is_alive]
    settled = [p for p in living if p.text("household_number") or p.get("permanent_residence")]
    return next(iter(settled), None)


#: What a child is to the head when the register does not know how its parent is kin to the head.
_BY_PARENT = {
    HEAD: "CON_DE",
    "CON_DE": "CHAU",
    "CON_NUOI": "CHAU",
    "CON_DAU": "CHAU_NOI",
    "CON_RE": "CHAU_NGOAI",
    "CHAU_NOI": "CHAT",
    "CHAU_NGOAI": "CHAT",
    "ANH_RUOT": "CHAU_RUOT",
    "CHI_RUOT": "CHAU_RUOT",
    "EM_RUOT": "CHAU_RUOT",
    "O_THUE": "O_THUE",
    "O_NHO": "O_NHO",
    "O_MUON": "O_MUON",
}


def _relationship(
    declaration: BirthDeclaration, parents: Parents, parent: Record, number: str
) -> str:
    members = members_of(number)
    family = family_of([*members, *parents.both])
    child = Relative(
        key=_UNBORN,
        sex=declaration.sex,
        born=declaration.birth_date.isoformat(),
        father=parents.father.id if parents.father else None,
        mother=parents.mother.id if parents.mother else None,
        spouse=None,
    )
    head = next((m for m in members if m.text("household_relationship") == HEAD), None)
    known = family.of(head.id) if head else None
    code = family.relationship(child, known) if known else "KHAC"
    if code != "KHAC":
        return code
    guess = _BY_PARENT.get(parent.text("household_relationship"), "KHAC")
    if guess == "CHAU":
        return "CHAU_NOI" if parent is parents.father else "CHAU_NGOAI"
    return guess


def _reference(declaration: BirthDeclaration) -> str:
    words = (
        declaration.evidence_reference,
        declaration.declared_not_duplicate,
        declaration.late_reason,
    )
    return " · ".join(word.strip() for word in words if word.strip())
