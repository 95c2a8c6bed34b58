"""The other facts of residence: temporary residence and absence, lodging, the place of living.

Law on Residence 68/2020, art. 2, 19, 27–31.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.dates import format_vietnamese
from dancu.population.services import gate, rules
from dancu.population.services.addresses import commune_now, require_unit
from dancu.population.services.errors import NothingToEnd, SameCommune
from dancu.population.services.minors import require_consent
from dancu.population.services.records import (
    Record,
    lock,
    require_alive,
    require_unchanged,
    wrong,
)
from dancu.population.services.weighing import Change, enter_changes
from dancu.population.types import AddressValue, Entered, Evidence

#: The version of each person that the officer saw; what is newer about the same fact refuses.
Versions = Mapping[int, int]


@transaction.atomic
def register_temporary_residence(
    *,
    person_ids: Iterable[int],
    address: AddressValue,
    day: date,
    guardian_consent: str = "",
    presented: Collection[int] = (),
    evidence: Evidence,
    actor: Actor,
    at: datetime,
    expected: Versions | None = None,
) -> tuple[Entered, ...]:
    """Register where people live for a time, in another commune than their permanent one.

    Minors whose parents or guardian do not come along stay on their noted ``guardian_consent``
    (art. 28).

    Raises ``SameCommune``, ``PersonNotAlive``, ``OutsideJurisdiction``, ``NotTheAuthority``,
    ``Invalid`` naming ``guardian_consent``, and ``kernel.errors.Conflict`` when somebody changed
    the same after the ``expected`` versions.
    """
    people = _lock_theirs(person_ids, actor, at, presented)
    _require_unchanged(people, "temporary_residence", expected)
    _require_home(address, actor, at)
    _require_other_commune(people, address)
    require_consent(people, people, day, guardian_consent)
    basis = evidence.noting(guardian_consent)
    return _enter(people, {"temporary_residence": address}, day, basis, actor=actor, at=at)


@transaction.atomic
def end_temporary_residence(
    *,
    person_ids: Iterable[int],
    day: date,
    evidence: Evidence,
    actor: Actor,
    at: datetime,
    expected: Versions | None = None,
) -> tuple[Entered, ...]:
    """End a temporary residence from a day on. Raises ``NothingToEnd``."""
    people = _lock_theirs(person_ids, actor, at)
    _require_unchanged(people, "temporary_residence", expected)
    return _end("temporary_residence", people, day, evidence, actor=actor, at=at)


@transaction.atomic
def register_temporary_absence(
    *,
    person_ids: Iterable[int],
    destination: AddressValue,
    day: date,
    evidence: Evidence,
    actor: Actor,
    at: datetime,
    expected: Versions | None = None,
) -> tuple[Entered, ...]:
    """Register that people of the officer's area are away, and where."""
    people = _lock_theirs(person_ids, actor, at)
    _require_unchanged(people, "temporary_absence", expected)
    require_unit(destination, field="destination")
    _require_other_commune(people, destination)
    return _enter(people, {"temporary_absence": destination}, day, evidence, actor=actor, at=at)


@transaction.atomic
def end_temporary_absence(
    *,
    person_ids: Iterable[int],
    day: date,
    evidence: Evidence,
    actor: Actor,
    at: datetime,
    expected: Versions | None = None,
) -> tuple[Entered, ...]:
    """End an absence: the people are back. Raises ``NothingToEnd``."""
    people = _lock_theirs(person_ids, actor, at)
    _require_unchanged(people, "temporary_absence", expected)
    return _end("temporary_absence", people, day, evidence, actor=actor, at=at)


@transaction.atomic
def record_lodging(
    *,
    person_ids: Iterable[int],
    address: AddressValue,
    day: date,
    until: date,
    presented: Collection[int] = (),
    evidence: Evidence,
    actor: Actor,
    at: datetime,
) -> tuple[Entered, ...]:
    """Record that people stay somewhere for less than 30 days, until a day (art. 2, 30)."""
    people = _lock_theirs(person_ids, actor, at, presented)
    _require_home(address, actor, at)
    last = day + timedelta(days=rules.value("lodging_most_days", day))
    if not day <= until < last:
        raise wrong(
            "until",
            "out-of-range",
            _("A lodging ends after it begins and lasts less than 30 days (before %(last)s)."),
            _("Correct the day; register a longer stay as temporary residence."),
            last=format_vietnamese(last),
        )
    claims = {"lodging": address, "lodging_until": until}
    return _enter(people, claims, day, evidence, actor=actor, at=at)


@transaction.atomic
def declare_current_residence(
    *,
    person_ids: Iterable[int],
    address: AddressValue,
    day: date,
    presented: Collection[int] = (),
    evidence: Evidence,
    actor: Actor,
    at: datetime,
) -> tuple[Entered, ...]:
    """Declare where people without another registered residence actually live (art. 19)."""
    people = _lock_theirs(person_ids, actor, at, presented)
    _require_home(address, actor, at)
    return _enter(people, {"current_residence": address}, day, evidence, actor=actor, at=at)


def _lock_theirs(
    person_ids: Iterable[int], actor: Actor, at: datetime, presented: Collection[int] = ()
) -> list[Record]:
    """Lock living people of the officer's area, or presented in the case."""
    gate.require(actor, "residence.register")
    wanted = list(dict.fromkeys(person_ids))
    if not wanted:
        raise wrong("person_ids", "EMPTY", _("Nobody was chosen."), _("Choose whom it concerns."))
    records = lock(wanted)
    people = [records[person_id] for person_id in wanted]
    gate.require_people(actor, people, today(at), presented=presented)
    require_alive(*people)
    return people


def _require_unchanged(people: Iterable[Record], name: str, expected: Versions | None) -> None:
    for person in people:
        require_unchanged(person.id, [name], (expected or {}).get(person.id))


def _require_home(address: AddressValue, actor: Actor, at: datetime) -> None:
    require_unit(address, field="address", is_home=True)
    gate.require_place(actor, commune_now(address), today(at))


def _require_other_commune(people: Iterable[Record], address: AddressValue) -> None:
    commune = commune_now(address)
    if any(person.commune == commune for person in people):
        raise SameCommune


def _enter(
    people: Iterable[Record],
    claims: Mapping[str, object],
    day: date,
    evidence: Evidence,
    *,
    actor: Actor,
    at: datetime,
) -> tuple[Entered, ...]:
    changes = [Change(person, claims, day, evidence) for person in people]
    return tuple(enter_changes(changes, actor=actor, at=at))


def _end(
    name: str,
    people: list[Record],
    day: date,
    evidence: Evidence,
    *,
    actor: Actor,
    at: datetime,
) -> tuple[Entered, ...]:
    if any(person.get(name) is None for person in people):
        raise NothingToEnd
    return _enter(people, {name: None}, day, evidence, actor=actor, at=at)
