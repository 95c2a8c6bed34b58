"""Settling conflicts between sources."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from dancu.access.types import Actor
from dancu.catalogue.queries import attribute
from dancu.catalogue.types import CITIZEN, Attribute
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population import dictionary
from dancu.population.errors import ConflictSettled
from dancu.population.internal.recompute import recompute, refresh_disputes
from dancu.population.models import Conflict, CorrectionRequest, Statement
from dancu.population.services import gate
from dancu.population.services.corrections import (
    annul,
    given_form,
    require_correctable,
    require_kin,
    require_of_record,
    require_reason,
)
from dancu.population.services.records import Record, lock_one, require_unchanged
from dancu.population.services.weighing import (
    Change,
    enter_changes,
    not_the_authority,
    settle_displaced,
    would_win,
)
from dancu.population.types import Evidence

Decision = Literal["accept", "dismiss"]


@transaction.atomic
def settle_conflict(
    *,
    person_id: int,
    attribute_name: str,
    statement_id: int,
    decision: Decision,
    reason: str,
    actor: Actor,
    at: datetime,
    expected_statement_id: int | None = None,
) -> None:
    """Decide on a claim that lost: dismiss it, or take it over as the officer's own word.

    Where an equally strong later claim stands against it, that claim is withdrawn as wrong. A
    citizen's request that waits for this claim is thereby decided; that takes the right to. Raises
    ``ConflictSettled``, ``NotOfTheDead``, ``NotTheAuthority``, ``NotFoundOrNotYours``,
    ``kernel.errors.Conflict`` when something newer than the expected statement was said of the
    attribute, and ``Invalid`` naming ``reason``.
    """
    gate.require(actor, "conflict.settle")
    require_reason(reason)
    attr = attribute(attribute_name)
    person = lock_one(person_id)
    gate.require_people(actor, [person], today(at))
    conflict = _of(person_id, attr, statement_id).select_for_update().first()
    if conflict is None:
        raise NotFoundOrNotYours
    if conflict.settled_at is not None:
        raise ConflictSettled
    require_unchanged(person_id, [attr.name], expected_statement_id)
    waiting = _waiting_request(person_id, attr, statement_id)
    if waiting is not None:
        gate.require(actor, "correction.decide")
    if decision == "accept":
        require_correctable(attr.name)
        require_of_record(person, [attr.name])
        _take_over(person, attr, statement_id, reason, actor=actor, at=at)
    close_conflict(person_id, attr, statement_id, decision, reason, actor=actor, at=at)
    if waiting is not None:
        close_request(waiting, decision, reason, actor=actor, at=at)


def _waiting_request(
    person_id: int, attr: Attribute, statement_id: int
) -> CorrectionRequest | None:
    """Return the citizen's request that the claim comes from, when it still waits."""
    return (
        CorrectionRequest.objects.select_for_update()
        .filter(
            person_id=person_id,
            attribute=attr.number,
            statement_id=statement_id,
            state=CorrectionRequest.State.WAITING,
        )
        .first()
    )


def close_request(
    request: CorrectionRequest, decision: str, reason: str, *, actor: Actor, at: datetime
) -> None:
    """Note on a citizen's request who decided it, how and why."""
    state = CorrectionRequest.State
    request.state = state.ACCEPTED if decision == "accept" else state.DECLINED
    request.decided_at = at
    request.decided_by = actor.account_id or 0
    request.decision_reason = reason.strip()
    request.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])


def close_conflict(
    person_id: int,
    attr: Attribute,
    statement_id: int,
    decision: str,
    reason: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Note on a conflict who settled it, how and why."""
    outcome = Conflict.Outcome.ACCEPTED if decision == "accept" else Conflict.Outcome.DISMISSED
    _of(person_id, attr, statement_id).update(
        settled_at=at, settled_by=actor.account_id or 0, outcome=outcome, reason=reason.strip()
    )
    refresh_disputes([person_id])


def _of(person_id: int, attr: Attribute, statement_id: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return Conflict.objects.filter(
        person_id=person_id, attribute=attr.number, statement_id=statement_id
    )


def _take_over(
    person: Record,
    attr: Attribute,
    statement_id: int,
    reason: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Enter the losing value as the officer's own claim, from the day it was said to hold from."""
    losing = Statement.objects.get(person_id=person.id, id=statement_id)
    held = person.held.get(attr.name)
    kind = dictionary.source(actor.source).kind
    if not would_win(attr, kind=kind, day=losing.valid_from, held=held):
        if held is None or attr.rank(kind) < dictionary.rank(attr, held.source_id):
            raise not_the_authority(attr, held)
        annul(
            person_id=person.id,
            statement_id=held.statement_id,
            attribute_name=attr.name,
            reason=reason,
            actor=actor,
            at=at,
        )
        recompute([person.id], at=at)
        person = lock_one(person.id)
    claims = {attr.name: given_form(attr.name, losing.claims[attr.key])}
    if dictionary.sources_by_id()[losing.source_id].kind == CITIZEN:
        require_kin(person, claims, actor=actor, at=at)
    evidence = Evidence("conflict_settlement", f"{statement_id}")
    change = Change(person, claims, losing.valid_from, evidence)
    (entered,) = enter_changes([change], actor=actor, at=at)
    settle_displaced(change, entered, reason=reason, actor=actor, at=at)
