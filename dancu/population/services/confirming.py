"""Confirming: the officer's source says again what the register holds, from a day, on a paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population.errors import NothingToCorrect
from dancu.population.services import gate
from dancu.population.services.corrections import given_form, require_of_record
from dancu.population.services.records import Record, lock, require_unchanged, wrong
from dancu.population.services.weighing import Change, enter_changes
from dancu.population.types import Entered, Evidence


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Facts of one person that still hold, as the officer saw them at ``version``.

    ``version`` is the newest statement about the person then; ``None`` asks for no comparison.
    """

    person_id: int
    attributes: tuple[str, ...]
    version: int | None = None


@transaction.atomic
def confirm_together(
    *,
    confirmations: Sequence[Confirmation],
    evidence: Evidence,
    day: date,
    actor: Actor,
    at: datetime,
) -> list[Entered]:
    """Say again what the register holds of several people: of all of them, or of nobody.

    Each fact then counts as current from ``day``, by the officer's word, which must win by its
    rank; what the register does not know is left out. Raises ``NothingToCorrect`` when it knows
    none of a person's facts, ``NotTheAuthority``, ``HasItsOwnWay``, ``NotOfTheDead``,
    ``NotFoundOrNotYours``, ``kernel.errors.Conflict`` when somebody changed one of the facts
    since, and ``Invalid``.
    """
    gate.require(actor, "people.correct")
    _require_evidence(evidence)
    asked = [one for one in confirmations if one.attributes]
    records = lock(one.person_id for one in asked)
    gate.require_people(actor, records.values(), today(at))
    changes = [_said_again(records[one.person_id], one, evidence, day) for one in asked]
    if not changes:
        raise NothingToCorrect
    return enter_changes(changes, actor=actor, at=at)


def confirm_facts(
    *,
    person_id: int,
    attributes: Iterable[str],
    evidence: Evidence,
    day: date,
    actor: Actor,
    at: datetime,
    expected_statement_id: int | None = None,
) -> Entered:
    """Say again what the register holds of one person; see ``confirm_together``."""
    asked = Confirmation(person_id, tuple(attributes), expected_statement_id)
    (entered,) = confirm_together(
        confirmations=[asked], evidence=evidence, day=day, actor=actor, at=at
    )
    return entered


def _said_again(record: Record, asked: Confirmation, evidence: Evidence, day: date) -> Change:
    """Return the held facts as claims of that day."""
    require_of_record(record, asked.attributes)
    require_unchanged(record.id, asked.attributes, asked.version)
    known = [name for name in asked.attributes if name in record.held]
    if not known:
        raise NothingToCorrect
    claims = {name: given_form(name, record.get(name)) for name in known}
    return Change(record, claims, day, evidence)


def _require_evidence(evidence: Evidence) -> None:
    if not evidence.kind.strip():
        raise wrong(
            "evidence",
            "EMPTY",
            _("It is not said on what this rests."),
            _("Name the paper, or the record of the visit."),
        )
