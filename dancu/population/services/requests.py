"""Correction requests by citizens, decided by their ward in two working days (Decree 58/2026)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from dancu.access.types import Actor
from dancu.catalogue.queries import attribute
from dancu.catalogue.types import Attribute
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population.claims import enter
from dancu.population.errors import NothingToCorrect, RequestDecided
from dancu.population.models import Conflict, CorrectionRequest, Statement
from dancu.population.services import gate, rules
from dancu.population.services.addresses import require_unit
from dancu.population.services.conflicts import close_conflict, close_request
from dancu.population.services.corrections import (
    given_form,
    require_correctable,
    require_kin,
    require_of_record,
    require_reason,
)
from dancu.population.services.errors import OwnRecordOnly, RequestWaiting
from dancu.population.services.records import Record, lock_one, require_alive, who_stays
from dancu.population.services.weighing import (
    Change,
    changed_only,
    enter_changes,
    settle_displaced,
)
from dancu.population.types import Evidence, NewStatement

#: The source under which citizens speak (catalogue/sources.yaml); its claims never win.
CITIZENS = "CONGDAN"


@dataclass(frozen=True, slots=True)
class RequestMade:
    """A request that now waits for the ward, until ``due_at`` at the latest."""

    request_id: int
    statement_id: int
    due_at: datetime


@transaction.atomic
def request_correction(
    *, attribute_name: str, value: object, reason: str, actor: Actor, at: datetime
) -> RequestMade:
    """Ask, as a citizen, for a correction of one's own record.

    The value becomes a claim that waits. Raises ``OwnRecordOnly``, ``HasItsOwnWay``,
    ``NothingToCorrect``, ``RequestWaiting`` and ``Invalid``.
    """
    gate.require(actor, "correction.request")
    if actor.kind != "citizen" or actor.person_id is None:
        raise OwnRecordOnly
    require_reason(reason)
    require_correctable(attribute_name)
    attr = attribute(attribute_name)
    person = lock_one(who_stays(actor.person_id))
    require_alive(person)
    require_unit(value, field=attr.name)
    claims = changed_only(person, {attr.name: value}, today(at))
    if not claims:
        raise NothingToCorrect
    _require_none_waiting(person, attr)
    evidence = Evidence("citizen_request", reason.strip()[:200])
    (entered,) = enter(
        statements=[NewStatement(person.id, today(at), evidence, claims)],
        actor=actor,
        at=at,
        source=CITIZENS,
    )
    request = CorrectionRequest.objects.create(
        person_id=person.id,
        statement_id=entered.statement_id,
        attribute=attr.number,
        reason=reason.strip(),
        commune=person.commune or person.stay_commune,
        asked_at=at,
        due_at=rules.correction_due(at),
    )
    return RequestMade(request.pk, entered.statement_id, request.due_at)


@transaction.atomic
def decide_correction(
    *,
    request_id: int,
    decision: Literal["accept", "decline"],
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Decline a request, or accept it as the officer's own claim from the day it was asked.

    Raises ``RequestDecided``, ``NotTheAuthority`` and ``NotOfTheDead`` (the request then goes on
    waiting), ``NotFoundOrNotYours`` and ``Invalid`` naming ``reason``.
    """
    gate.require(actor, "correction.decide")
    require_reason(reason)
    about = CorrectionRequest.objects.filter(pk=request_id).values_list("person_id", flat=True)
    if not about:
        raise NotFoundOrNotYours
    person = lock_one(about[0])
    gate.require_people(actor, [person], today(at))
    request = CorrectionRequest.objects.select_for_update().get(pk=request_id)
    if request.state != CorrectionRequest.State.WAITING:
        raise RequestDecided
    attr = attribute(request.attribute)
    if decision == "accept":
        require_of_record(person, [attr.name])
        _take_over(person, attr, request, reason, actor=actor, at=at)
    _close(request, attr, decision, reason, actor=actor, at=at)


def _require_none_waiting(person: Record, attr: Attribute) -> None:
    waiting = CorrectionRequest.objects.filter(
        person_id=person.id, attribute=attr.number, state=CorrectionRequest.State.WAITING
    )
    if waiting.exists():
        raise RequestWaiting


def _take_over(
    person: Record,
    attr: Attribute,
    request: CorrectionRequest,
    reason: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    asked = Statement.objects.get(person_id=person.id, id=request.statement_id or 0)
    claims = {attr.name: given_form(attr.name, asked.claims[attr.key])}
    require_kin(person, claims, actor=actor, at=at)
    evidence = Evidence("correction_request", str(request.pk))
    change = Change(person, claims, asked.valid_from, evidence)
    (entered,) = enter_changes([change], actor=actor, at=at)
    settle_displaced(change, entered, reason=reason, actor=actor, at=at)


def _close(
    request: CorrectionRequest,
    attr: Attribute,
    decision: str,
    reason: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    close_request(request, decision, reason, actor=actor, at=at)
    said = request.statement_id or 0
    conflict = Conflict.objects.filter(
        person_id=request.person_id, attribute=attr.number, statement_id=said
    )
    if conflict.exists():
        close_conflict(request.person_id, attr, said, decision, reason, actor=actor, at=at)
