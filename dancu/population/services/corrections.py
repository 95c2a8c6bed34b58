"""Corrections by officers: new facts, and claims withdrawn as wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.catalogue.queries import attribute
from dancu.kernel.clock import today
from dancu.kernel.dates import parse_iso
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.kernel.pid import Pid
from dancu.places.queries import addresses
from dancu.population import dictionary
from dancu.population.errors import NothingToCorrect
from dancu.population.internal.golden import Held
from dancu.population.internal.recompute import recompute
from dancu.population.models import Annulment, Statement
from dancu.population.services import gate
from dancu.population.services.addresses import require_unit
from dancu.population.services.errors import HasItsOwnWay, NotOfTheDead
from dancu.population.services.records import (
    Record,
    lock_one,
    require_unchanged,
    wrong,
)
from dancu.population.services.weighing import (
    Change,
    changed_only,
    enter_changes,
    not_the_authority,
    settle_displaced,
    stored_form,
)
from dancu.population.types import AddressValue, Evidence

#: Facts that hang together with others; each has its own use case.
OWN_WAY = frozenset({"pid", "household_number", "household_relationship", "life_status"})
_KIN = ("father_pid", "mother_pid", "spouse_pid", "guardian_pid")
#: What may still be put right of somebody who has died: groups of the dictionary, and more.
_GROUPS_OF_THE_DEAD = frozenset({"identity", "birth", "family", "status"})
_OF_THE_DEAD = frozenset({"permanent_residence", "old_id_number"})


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction changed. ``pid_needs_reissue``: the number now contradicts the facts."""

    statement_id: int
    changed: tuple[str, ...]
    pid_needs_reissue: bool


@transaction.atomic
def correct_facts(
    *,
    person_id: int,
    claims: Mapping[str, object],
    evidence: Evidence,
    day: date,
    actor: Actor,
    at: datetime,
    expected_statement_id: int | None = None,
) -> Correction:
    """Enter an officer's word on facts, valid from a day; it must win by the officer's rank.

    Values equal to what is held are left out. Raises ``NotTheAuthority``, ``NothingToCorrect``,
    ``HasItsOwnWay``, ``NotOfTheDead``, ``NotFoundOrNotYours``, ``kernel.errors.Conflict`` when
    somebody changed the same facts after ``expected_statement_id``, and ``Invalid``.
    """
    gate.require(actor, "people.correct")
    for name in claims:
        require_correctable(name)
    person = lock_one(person_id)
    gate.require_people(actor, [person], today(at))
    require_of_record(person, claims)
    require_unchanged(person_id, claims, expected_statement_id)
    changed = changed_only(person, claims, day)
    if not changed:
        raise NothingToCorrect
    _require_plausible(person, changed, day, actor=actor, at=at)
    change = Change(person, changed, day, evidence)
    (entered,) = enter_changes([change], actor=actor, at=at)
    reason = f"{evidence.kind} {evidence.reference}"
    settle_displaced(change, entered, reason=reason, actor=actor, at=at)
    return Correction(entered.statement_id, tuple(changed), _pid_is_wrong(person, changed, day))


@transaction.atomic
def annul_claim(
    *,
    person_id: int,
    statement_id: int,
    attribute_name: str | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Withdraw a claim, or with ``None`` a whole statement, found to be wrong.

    What it had beaten comes back. Only a source at least as strong as the one that said it may do
    so. Raises ``NotTheAuthority``, ``HasItsOwnWay`` for the number, ``NotFoundOrNotYours`` and
    ``Invalid`` naming ``reason``.
    """
    gate.require(actor, "people.correct")
    require_reason(reason)
    person = lock_one(person_id)
    gate.require_people(actor, [person], today(at))
    annul(
        person_id=person_id,
        statement_id=statement_id,
        attribute_name=attribute_name,
        reason=reason,
        actor=actor,
        at=at,
    )
    recompute([person_id], at=at)


def annul(
    *,
    person_id: int,
    statement_id: int,
    attribute_name: str | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Write the withdrawal; the caller holds the person and recomputes."""
    statement = Statement.objects.filter(person_id=person_id, id=statement_id).first()
    if statement is None:
        raise NotFoundOrNotYours
    said = [attribute(key).name for key in statement.claims]
    names = said if attribute_name is None else [attribute(attribute_name).name]
    kind = dictionary.source(actor.source).kind
    for name in names:
        if name not in said:
            raise NotFoundOrNotYours
        if name == "pid":
            raise _own_way(name)
        attr = attribute(name)
        if attr.rank(kind) < dictionary.rank(attr, statement.source_id):
            raise not_the_authority(
                attr, Held(None, statement.id, statement.source_id, statement.valid_from)
            )
    Annulment.objects.create(
        person_id=person_id,
        statement_id=statement_id,
        attribute=None if attribute_name is None else attribute(attribute_name).number,
        annulled_at=at,
        annulled_by=actor.account_id or 0,
        reason=reason.strip(),
    )


def is_correctable(name: str, *, is_alive: bool) -> bool:
    """Say whether a fact is corrected by itself, of somebody who lives or has died."""
    entry = attribute(name)
    is_kept = entry.group in _GROUPS_OF_THE_DEAD or entry.name in _OF_THE_DEAD
    return entry.name not in OWN_WAY and (is_alive or is_kept)


def require_of_record(person: Record, names: Iterable[str]) -> None:
    for name in names:
        if not is_correctable(name, is_alive=person.is_alive):
            require_correctable(name)
            raise NotOfTheDead(attribute=attribute(name).label(get_language() or "vi"))


def require_correctable(name: str) -> None:
    """Raise ``HasItsOwnWay`` for a fact that is not corrected alone."""
    if attribute(name).name in OWN_WAY:
        raise _own_way(name)


def require_reason(reason: str) -> None:
    """Raise ``Invalid`` naming ``reason`` when none is given."""
    if not reason.strip():
        raise wrong("reason", "EMPTY", _("A reason is needed."), _("Say why, in a sentence."))


def given_form(name: str, value: object) -> object:
    """Return a stored value in the form in which it is claimed."""
    if attribute(name).type == "address" and isinstance(value, int):
        stored = addresses([value])[value]
        return AddressValue(stored.text, stored.unit_code, stored.code_date)
    return value


def _own_way(name: str) -> HasItsOwnWay:
    return HasItsOwnWay(attribute=attribute(name).label(get_language() or "vi"))


def require_kin(
    person: Record, claims: Mapping[str, object], *, actor: Actor, at: datetime
) -> None:
    """Raise ``Invalid`` unless every relative named by number is another person of the area."""
    for name, value in claims.items():
        if name not in _KIN or not value:
            continue
        relative = gate.person_of_number(actor, str(value), field=name, day=today(at))
        if relative == person.id:
            raise wrong(
                name,
                "same-person",
                _("This is the person's own number."),
                _("Enter the number of the relative."),
            )


def _require_plausible(
    person: Record, claims: Mapping[str, object], day: date, *, actor: Actor, at: datetime
) -> None:
    for name, value in claims.items():
        require_unit(value, field=name)
    require_kin(person, claims, actor=actor, at=at)
    stored = stored_form(claims, day)
    born, died = (
        parse_iso(value) if isinstance(value, str) else None
        for value in (stored.get(name, person.get(name)) for name in ("birth_date", "death_date"))
    )
    if born and died and died.latest < born.earliest:
        raise wrong(
            "birth_date" if "birth_date" in claims else "death_date",
            "DEATH_BEFORE_BIRTH",
            _("This makes the death come before the birth."),
            _("Check both dates."),
        )


def _pid_is_wrong(person: Record, claims: Mapping[str, object], day: date) -> bool:
    if not person.text("pid") or not {"sex", "birth_date"} & set(claims):
        return False
    stored = stored_form(claims, day)
    pid = Pid(person.text("pid"))
    sex = stored.get("sex", person.get("sex"))
    born = str(stored.get("birth_date", person.get("birth_date")) or "")
    return pid.sex != sex or str(pid.birth_year) != born[:4]
