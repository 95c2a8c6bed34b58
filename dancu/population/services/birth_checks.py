"""What is declared of a birth, and whether it can be so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.dates import PartialDate
from dancu.kernel.errors import FieldError, Invalid
from dancu.kernel.text import match_key
from dancu.population.models import Person
from dancu.population.services import gate, rules
from dancu.population.services.errors import BornBeforeParent, PossibleDuplicate
from dancu.population.services.kinship import children_of
from dancu.population.services.records import Record, lock, read, wrong
from dancu.population.types import AddressValue


@dataclass(frozen=True, slots=True)
class BirthDeclaration:
    """What is declared of a birth: the nine facts of Decree 58/2026, and who the parents are.

    A parent in the register is named by PID; one outside it by name. ``registration_place``
    defaults to the commune of the officer, ``hometown`` to the father's, else the mother's.
    ``declared_not_duplicate`` is the officer's reason why a similar person is somebody else;
    ``late_reason`` says why a birth is declared after the time that the law gives.
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
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class Parents:
    mother: Record | None
    father: Record | None

    @property
    def both(self) -> list[Record]:
        return [parent for parent in (self.mother, self.father) if parent]


def require_day(declaration: BirthDeclaration, at: datetime) -> None:
    if declaration.birth_date > today(at):
        raise wrong(
            "birth_date", "FUTURE", _("This day has not come yet."), _("Check the date of birth.")
        )


def require_in_time(declaration: BirthDeclaration, at: datetime) -> None:
    """Ask for a reason when the birth is declared late (Law on Civil Status 60/2014, art. 15)."""
    limit = rules.value("birth_declared_within_days", declaration.birth_date)
    is_late = today(at) - declaration.birth_date > timedelta(days=limit)
    if is_late and not declaration.late_reason.strip():
        raise wrong(
            "late_reason",
            "EMPTY",
            _("This birth is declared more than %(days)s days after it."),
            _("Check the date of birth; if it is right, say why the birth is declared late."),
            days=limit,
        )


def lock_parents(
    declaration: BirthDeclaration, *, actor: Actor, at: datetime, presented: Collection[int]
) -> Parents:
    ids = {
        role: gate.person_of_number(
            actor, pid, field=f"{role}_pid", day=today(at), presented=presented
        )
        for role, pid in (("mother", declaration.mother_pid), ("father", declaration.father_pid))
        if pid
    }
    records = lock(ids.values())
    return Parents(
        mother=records[ids["mother"]] if "mother" in ids else None,
        father=records[ids["father"]] if "father" in ids else None,
    )


def require_possible(declaration: BirthDeclaration, parents: Parents) -> None:
    if not parents.both and not (declaration.mother_name or declaration.father_name):
        raise wrong(
            "mother_pid",
            "EMPTY",
            _("A birth names at least one parent."),
            _("Name the mother or the father, by number or by name."),
        )
    errors = _sex_errors(parents) + _death_errors(declaration, parents)
    if errors:
        raise Invalid(errors)
    _require_ages(declaration, parents)


def _sex_errors(parents: Parents) -> list[FieldError]:
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
                    _("The register has this person under the other sex."),
                    _("Check whether the numbers of mother and father were exchanged."),
                )
            )
    return errors


def _death_errors(declaration: BirthDeclaration, parents: Parents) -> list[FieldError]:
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
                    _("This person was not living any more at the time of that birth."),
                    _("Check the number and the date of birth."),
                )
            )
    return errors


def _require_ages(declaration: BirthDeclaration, parents: Parents) -> None:
    born = declaration.birth_date
    limits = (
        (
            parents.mother,
            rules.value("mother_age_least", born),
            rules.value("mother_age_most", born),
        ),
        (parents.father, rules.value("father_age_least", born), None),
    )
    for record, least, most in limits:
        age = record.age_on(born) if record else None
        if age is not None and (age < least or (most is not None and age > most)):
            raise BornBeforeParent(age=age)


def require_no_duplicate(declaration: BirthDeclaration, parents: Parents) -> None:
    """Refuse a birth too near to another of the same mother, or of the same name and mother."""
    found = _siblings_too_near(declaration, parents) | _namesakes(declaration, parents)
    if found:
        raise PossibleDuplicate(sorted(found))


def _siblings_too_near(declaration: BirthDeclaration, parents: Parents) -> set[int]:
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


def _namesakes(declaration: BirthDeclaration, parents: Parents) -> set[int]:
    mother = name_of(parents.mother, declaration.mother_name)
    cards = Person.objects.filter(
        name__match_key=match_key(declaration.full_name),
        birth_year=declaration.birth_date.year,
    ).exclude(status=Person.Status.MERGED)
    born = PartialDate.of(declaration.birth_date)
    return {
        record.id
        for record in read(cards.values_list("pk", flat=True)).values()
        if (other := record.day("birth_date"))
        and other.agrees_with(born)
        and match_key(record.text("mother_name")) == match_key(mother)
    }


def name_of(record: Record | None, declared: str) -> str:
    return (record.text("full_name") if record else "") or declared.strip()
