"""Giving people their personal identification numbers, and others when the first was wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.dates import PartialDate, parse_iso
from dancu.kernel.pid import Pid, Sex
from dancu.population.models import Pid as PidRow
from dancu.population.numbers import PidProvince, province_of, reserve_pid_of
from dancu.population.services import gate
from dancu.population.services.errors import (
    HasNoPid,
    HasPid,
    PidFactsMissing,
    PidJustChanged,
    PidRight,
)
from dancu.population.services.records import (
    Record,
    address_of,
    lock_one,
    require_alive,
    wrong,
)
from dancu.population.services.weighing import Change, changed_only, enter_changes, stored_form
from dancu.population.types import Evidence


class ReissueReason(StrEnum):
    """Why a number is cancelled and another one given (Decree 70/2024, art. 4)."""

    WRONG_SEX = "wrong_sex"
    WRONG_BIRTH_YEAR = "wrong_birth_year"
    DUPLICATE = "duplicate"
    OTHER = "other"


_ABOUT_ITS_DIGITS = (ReissueReason.WRONG_SEX, ReissueReason.WRONG_BIRTH_YEAR)
#: Words that make a reason of “other”, and the longest that evidence keeps besides its number.
_FEWEST_WORDS = 3
_LONGEST_WORDS = 300


@transaction.atomic
def issue_pid(
    *,
    person_id: int,
    province: str | None = None,
    presented: Collection[int] = (),
    evidence: Evidence,
    actor: Actor,
    at: datetime,
) -> Pid:
    """Give a registered person without a number one, valid from today.

    ``province`` are the three digits; without them they follow from the place of birth
    registration. Raises ``NotFoundOrNotYours``, ``HasPid``, ``PidFactsMissing``, ``PidsExhausted``,
    ``PersonNotAlive``.
    """
    gate.require(actor, "pid.issue")
    person = lock_one(person_id)
    gate.require_people(actor, [person], today(at), presented=presented)
    require_alive(person)
    if person.text("pid"):
        raise HasPid
    pid = _reserve(person, person.text("sex"), person.day("birth_date"), province)
    change = Change(person, {"pid": pid}, today(at), evidence)
    enter_changes([change], actor=actor, at=at)
    return pid


@transaction.atomic
def reissue_pid(
    *,
    person_id: int,
    reason: ReissueReason | str,
    corrected: Mapping[str, object] | None = None,
    explanation: str = "",
    province: str | None = None,
    presented: Collection[int] = (),
    evidence: Evidence,
    actor: Actor,
    at: datetime,
) -> Pid:
    """Cancel a person's number, which is kept, and give another one, both from today.

    ``corrected`` may carry the right ``sex`` and ``birth_date``, entered on the same evidence.
    ``explanation`` is kept with the evidence; the reason “other” is nothing without it. Unless the
    digits are proved wrong, nobody gets a second number on one day. Raises ``NotFoundOrNotYours``,
    ``HasNoPid``, ``PidRight``, ``PidJustChanged``, ``NotTheAuthority``, ``PidsExhausted``,
    ``PersonNotAlive``, and ``Invalid`` naming ``explanation``.
    """
    gate.require(actor, "pid.cancel")
    why = ReissueReason(reason)
    basis = _basis(why, explanation, evidence)
    person = lock_one(person_id)
    gate.require_people(actor, [person], today(at), presented=presented)
    require_alive(person)
    if not person.text("pid"):
        raise HasNoPid
    old = Pid(person.text("pid"))
    day = today(at)
    facts = changed_only(person, corrected or {}, day)
    sex, born = _right_facts(person, facts, day)
    if why in _ABOUT_ITS_DIGITS and born and (old.sex, old.birth_year) == (sex, born.year):
        raise PidRight
    if why not in _ABOUT_ITS_DIGITS and _was_changed_on(person_id, day):
        raise PidJustChanged
    pid = _reserve(person, sex, born, province or old.province)
    enter_changes([Change(person, {**facts, "pid": pid}, day, basis)], actor=actor, at=at)
    PidRow.objects.filter(pid=old, cancelled_on__isnull=False).update(cancel_reason=str(why))
    return pid


def _basis(why: ReissueReason, explanation: str, evidence: Evidence) -> Evidence:
    """Return the evidence with the words that explain it."""
    words = " ".join(explanation.split())
    if why is ReissueReason.OTHER and len(words.split()) < _FEWEST_WORDS:
        raise wrong(
            "explanation",
            "EMPTY",
            _("“Another reason” needs to be put into words."),
            _("Say in a sentence why the number has to be cancelled."),
        )
    if len(words) > _LONGEST_WORDS:
        raise wrong(
            "explanation",
            "too-long",
            _("The explanation has over 300 characters."),
            _("Shorten it."),
        )
    return Evidence(evidence.kind, " · ".join(w for w in (evidence.reference, words) if w))


def _was_changed_on(person_id: int, day: date) -> bool:
    return PidRow.objects.filter(person_id=person_id, cancelled_on=day).exists()


def _right_facts(
    person: Record, facts: Mapping[str, object], day: date
) -> tuple[str, PartialDate | None]:
    stored = stored_form(facts, day)
    born = stored.get("birth_date")
    sex = stored.get("sex") or person.text("sex")
    return str(sex), parse_iso(str(born)) if born else person.day("birth_date")


def _reserve(person: Record, sex: str, born: PartialDate | None, province: str | None) -> Pid:
    if born is None or sex not in ("M", "F"):
        raise PidFactsMissing
    known: Sex = "F" if sex == "F" else "M"
    place = PidProvince("", province, (), None, None) if province else _province(person)
    return reserve_pid_of(place=place, sex=known, birth_year=born.year)


def _province(person: Record) -> PidProvince:
    place = address_of(person, "birth_registration_place") or address_of(person, "birth_place")
    if place is None or not place.unit_code:
        raise PidFactsMissing
    return province_of(place.unit_code, place.code_date)
