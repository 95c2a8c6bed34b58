"""Exceptions to the quota: more records on one day, with who allowed it and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue.contracts import contracts, exchange_rules
from dancu.exchange.batches.services import go_on
from dancu.exchange.models import ApprovedException
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours


@dataclass(frozen=True, slots=True)
class Allowed:
    """An exception, declared in the catalogue or approved on a page; no contract: the country.

    ``number``: under which it can be withdrawn; one of the catalogue has none. One that was
    withdrawn adds nothing any more.
    """

    contract: str
    day: date
    records: int
    approved_by: str
    reason: str
    number: int | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


def approve(
    *, contract: str, day: date, records: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Allow more records on a day, and have the worker look at the queue."""
    with transaction.atomic():
        made = ApprovedException.objects.create(
            contract=contract,
            day=day,
            records=records,
            approved_by=_who(actor),
            reason=reason,
            account_id=actor.account_id,
            approved_at=at,
        )
        _event("exception", made, actor, at)
        go_on()


def standing(*, number: int, at: datetime) -> Allowed:
    """Return an approved exception that still adds records. Raises ``NotFoundOrNotYours``."""
    found = _standing(at).filter(pk=number).first()
    if found is None:
        raise NotFoundOrNotYours
    return _allowed(found)


def withdraw(*, number: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take an approved exception back; what was asked under it stays asked.

    Raises ``NotFoundOrNotYours`` for one that is withdrawn already, or of a day that is over.
    """
    with transaction.atomic():
        found = _standing(at).select_for_update().filter(pk=number).first()
        if found is None:
            raise NotFoundOrNotYours
        ApprovedException.objects.filter(pk=number).update(
            withdrawn_at=at, withdrawn_by=_who(actor), withdrawn_reason=reason
        )
        _event("exception-withdrawn", found, actor, at, reason=reason)
        go_on()


def _who(actor: Actor) -> str:
    return f"{actor.name}, {actor.office_name}"[:200]


def _standing(at: datetime) -> QuerySet[ApprovedException]:
    return ApprovedException.objects.filter(day__gte=today(at), withdrawn_at=None)


def _event(what: str, about: ApprovedException, actor: Actor, at: datetime, **more: object) -> None:
    detail = {"contract": about.contract, "day": about.day.isoformat(), "records": about.records}
    record(event=f"exchange.{what}", actor=actor, at=at, detail=detail | more)


def _allowed(one: ApprovedException) -> Allowed:
    return Allowed(
        contract=one.contract,
        day=one.day,
        records=one.records,
        approved_by=one.approved_by,
        reason=one.reason,
        number=one.pk,
        withdrawn_at=one.withdrawn_at,
        withdrawn_by=one.withdrawn_by,
        withdrawn_reason=one.withdrawn_reason,
    )


def coming(*, day: date) -> Sequence[Allowed]:
    """Return the exceptions of today and of days to come, by day; the withdrawn ones too."""
    rows = ApprovedException.objects.filter(day__gte=day).order_by("pk")
    approved = [_allowed(one) for one in rows]
    declared = [
        Allowed(one.name, e.day, e.records, e.approved_by, e.reason)
        for one in contracts(day)
        for e in one.exceptions
        if e.day >= day
    ]
    national = [
        Allowed("", e.day, e.records, e.approved_by, e.reason)
        for e in exchange_rules().exceptions
        if e.day >= day
    ]
    return sorted([*national, *declared, *approved], key=lambda one: (one.day, one.contract))
