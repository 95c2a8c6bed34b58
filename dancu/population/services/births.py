"""Registration of a birth (Law on Civil Status 60/2014, art. 13–16; Decree 58/2026)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.dates import PartialDate
from dancu.kernel.errors import FieldError, Invalid
from dancu.kernel.pid import Pid, Sex
from dancu.kernel.text import match_key
from dancu.places.queries import unit, unit_name
from dancu.population.claims import enter
from dancu.population.models import CivilEvent, Person
from dancu.population.numbers import province_of, reserve_pid_of
from dancu.population.services import gate, rules
from dancu.population.services.errors import BornBeforeParent, PossibleDuplicate
from dancu.population.services.events import evidence_of, record_event
from dancu.population.services.kinship import Relative, children_of, family_of
from dancu.population.services.records import (
    HEAD,
    Record,
    address_of,
    lock,
    members_of,
    person_of_pid,
    read,
    wrong,
)
from dancu.population.services.weighing import Change, enter_changes, stored_form
from dancu.population.types import AddressValue, Evidence, NewStatement

_UNBORN = 0


@dataclass(frozen=True, slots=True)
class BirthDeclaration:
    """What is declared of a birth: the nine facts of Decree 58/2026, and who the parents are.

    A parent in the register is named by PID; one outside it by name. ``registration_place``
    defaults to the commune of the officer, ``hometown`` to the father's, else the mother's.
    ``declared_not_duplicate`` is the officer's reason why a similar person is somebody else.
    """

    full_name: str
    sex: str
    birth_date: date
    ethnicity: str
    birth_place: AddressValue
    nationality: str = "VN"
    hometown: AddressValue | None = None
    registration_place: AddressValue | None = None
    mother_pid: str = ""
    mother_name: str = ""
    father_pid: str = ""
    father_name: str = ""
    lives_with: str = "mother"
    registration_number: str = ""
    evidence_reference: str = ""
    declared_not_duplicate: str = ""


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


@dataclass(frozen=True, slots=True)
class _Parents:
    mother: Record | None
    father: Record | None

    @property
    def both(self) -> list[Record]:
        return [parent for parent in (self.mother, self.father) if parent]


@transaction.atomic
def register_birth(
    *, declaration: BirthDeclaration, actor: Actor, at: datetime
) -> BirthRegistration:
    """Enter a newborn with a number at once, in the household of the mother or the father.

    Raises ``Invalid`` naming the fields of the declaration, ``BornBeforeParent`` and
    ``PossibleDuplicate``.
    """
    gate.require(actor, "civil_event.register")
    _require_day(declaration, at)
    parents = _lock_parents(declaration)
    _require_possible(declaration, parents)
    if not declaration.declared_not_duplicate.strip():
        _require_no_duplicate(declaration, parents)
    place = _registration_place(declaration, actor, at)
    claims = _claims(declaration, parents, place)
    stored_form(claims, declaration.birth_date)
    event = record_event(
        kind=CivilEvent.Kind.BIRTH,
        day=declaration.birth_date,
        number=declaration.registration_number,
        actor=actor,
        at=at,
    )
    pid = _new_pid(declaration, place, at)
    claims |= {
        "pid": pid,
        "birth_registration_number": event.number,
        "birth_registration_date": today(at),
    }
    home, home_day = _home(declaration, parents, at)
    evidence = evidence_of(event, _reference(declaration))
    first = claims if home_day > declaration.birth_date else claims | home
    (entered,) = enter(
        statements=[NewStatement(None, declaration.birth_date, evidence, first, event.pk)],
        actor=actor,
        at=at,
    )
    if home and home_day > declaration.birth_date:
        _settle(entered.person_id, home, home_day, evidence, event.pk, actor, at)
    return BirthRegistration(
        person_id=entered.person_id,
        pid=str(pid),
        event_id=event.pk,
        number=event.number,
        household=str(home.get("household_number", "")),
        relationship=str(home.get("household_relationship", "")),
        statement_id=entered.statement_id,
    )


def _require_day(declaration: BirthDeclaration, at: datetime) -> None:
    if declaration.birth_date > today(at):
        raise wrong("birth_date", "FUTURE", "This day has not come yet.", "Check the date of birth.")


def _lock_parents(declaration: BirthDeclaration) -> _Parents:
    ids = {
        role: person_of_pid(pid, field=f"{role}_pid")
        for role, pid in (("mother", declaration.mother_pid), ("father", declaration.father_pid))
        if pid
    }
    records = lock(ids.values())
    return _Parents(
        mother=records[ids["mother"]] if "mother" in ids else None,
        father=records[ids["father"]] if "father" in ids else None,
    )


def _require_possible(declaration: BirthDeclaration, parents: _Parents) -> None:
    if not parents.both and not (declaration.mother_name or declaration.father_name):
        raise wrong(
            "mother_pid",
            "EMPTY",
            "A birth names at least one parent.",
            "Name the mother or the father, by number or by name.",
        )
    errors = _sex_errors(parents) + _death_errors(declaration, parents)
    if errors:
        raise Invalid(errors)
    _require_ages(declaration, parents)


def _sex_errors(parents: _Parents) -> list[FieldError]:
    errors = []
    for field, record, sex in (
        ("mother_pid", parents.mother, "F"),
        ("father_pid", parents.father, "M"),
    ):
        if record and record.text("sex") not in ("", sex):
            errors.append(
                FieldError(
                    field,
                    "SEX_MISMATCH",
                    "The register has this person under the other sex.",
                    "Check whether the numbers of mother and father were exchanged.",
                )
            )
    return errors


def _death_errors(declaration: BirthDeclaration, parents: _Parents) -> list[FieldError]:
    born = declaration.birth_date
    grace = timedelta(days=rules.value("birth_after_father_died_days", born))
    errors = []
    for field, record, last in (
        ("mother_pid", parents.mother, born),
        ("father_pid", parents.father, born - grace),
    ):
        if record is None or record.is_alive:
            continue
        died = record.day("death_date")
        if record.status != Person.Status.DEAD or (died and died.latest < last):
            errors.append(
                FieldError(
                    field,
                    "not-alive",
                    "This person was not living any more at the time of that birth.",
                    "Check the number and the date of birth.",
                )
            )
    return errors


def _require_ages(declaration: BirthDeclaration, parents: _Parents) -> None:
    born = declaration.birth_date
    limits = (
        (parents.mother, rules.value("mother_age_least", born), rules.value("mother_age_most", born)),
        (parents.father, rules.value("father_age_least", born), None),
    )
    for record, least, most in limits:
        age = record.age_on(born) if record else None
        if age is not None and (age < least or (most is not None and age > most)):
            raise BornBeforeParent(age=age)


def _require_no_duplicate(declaration: BirthDeclaration, parents: _Parents) -> None:
    """Refuse a birth too near to another of the same mother, or of the same name and mother."""
    found = _siblings_too_near(declaration, parents) | _namesakes(declaration, parents)
    if found:
        raise PossibleDuplicate(sorted(found))


def _siblings_too_near(declaration: BirthDeclaration, parents: _Parents) -> set[int]:
    if parents.mother is None:
        return set()
    apart = timedelta(days=rules.value("births_of_a_mother_apart_days", declaration.birth_date))
    earliest, latest = declaration.birth_date - apart, declaration.birth_date + apart
    return {
        child.id
        for child in read(children_of(parents.mother.id)).values()
        if (born := child.day("birth_date"))
        and born.precision == "day"
        and earliest < born.earliest < latest
    }


def _namesakes(declaration: BirthDeclaration, parents: _Parents) -> set[int]:
    mother = _name_of(parents.mother, declaration.mother_name)
    cards = Person.objects.filter(
        name__match_key=match_key(declaration.full_name),
        birth_year=declaration.birth_date.year,
    )
    born = PartialDate.of(declaration.birth_date)
    return {
        record.id
        for record in read(cards.values_list("pk", flat=True)).values()
        if (other := record.day("birth_date"))
        and other.agrees_with(born)
        and match_key(record.text("mother_name")) == match_key(mother)
    }


def _registration_place(declaration: BirthDeclaration, actor: Actor, at: datetime) -> AddressValue:
    if declaration.registration_place is not None:
        return declaration.registration_place
    day = today(at)
    for code in sorted(actor.jurisdictions):
        found = unit(code, day)
        if found is not None and found.level == "commune":
            return AddressValue(unit_name(code, day), code, day)
    raise wrong(
        "registration_place",
        "EMPTY",
        "The place of birth registration is missing.",
        "Name the commune whose office registers the birth.",
    )


def _claims(
    declaration: BirthDeclaration, parents: _Parents, place: AddressValue
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
            "The hometown is missing, and the register knows none of the parents'.",
            "Enter the hometown as declared.",
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
        if full_name := _name_of(record, name):
            claims[f"{role}_name"] = full_name
        if record and (pid := record.text("pid")):
            claims[f"{role}_pid"] = pid
        if record and (nationality := record.text("nationality")):
            claims[f"{role}_nationality"] = nationality
    return claims


def _name_of(record: Record | None, declared: str) -> str:
    return (record.text("full_name") if record else "") or declared.strip()


def _new_pid(declaration: BirthDeclaration, place: AddressValue, at: datetime) -> Pid:
    province = province_of(place.unit_code, max(place.code_date, min(today(at), today(at))))
    sex: Sex = "F" if declaration.sex == "F" else "M"
    return reserve_pid_of(place=province, sex=sex, birth_year=declaration.birth_date.year)


def _home(
    declaration: BirthDeclaration, parents: _Parents, at: datetime
) -> tuple[dict[str, object], date]:
    """Return residence, household and relationship of the child, and the day they hold from.

    That is the day of birth where the parent already lived there, else the day of registration.
    """
    parent = _lives_with(declaration, parents)
    if parent is None:
        return {}, declaration.birth_date
    home: dict[str, object] = {}
    days = [declaration.birth_date]
    for name in ("permanent_residence", "household_number"):
        if parent.get(name) is not None:
            days.append(parent.held[name].day)
    if residence := address_of(parent, "permanent_residence"):
        home["permanent_residence"] = residence
    if number := parent.text("household_number"):
        home["household_number"] = number
        home["household_relationship"] = _relationship(declaration, parents, parent, number)
    since = max(days)
    return home, since if since == declaration.birth_date else today(at)


def _lives_with(declaration: BirthDeclaration, parents: _Parents) -> Record | None:
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
    declaration: BirthDeclaration, parents: _Parents, parent: Record, number: str
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
    words = (declaration.evidence_reference.strip(), declaration.declared_not_duplicate.strip())
    return " · ".join(word for word in words if word)


def _settle(
    person_id: int,
    home: dict[str, object],
    day: date,
    evidence: Evidence,
    event_id: int,
    actor: Actor,
    at: datetime,
) -> None:
    child = read([person_id])[person_id]
    enter_changes([Change(child, home, day, evidence, event_id)], actor=actor, at=at)
