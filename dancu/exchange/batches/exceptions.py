"""Exceptions to the quota: more records on one day, with who allowed it and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from dancu.access.types import Actor
from dancu.catalogue.contracts import contracts, exchange_rules
from dancu.exchange.batches.services import go_on
from dancu.exchange.models import ApprovedException


@dataclass(frozen=True, slots=True)
class Allowed:
    """An exception, declared in the catalogue or approved on a page; no contract: the country."""

    contract: str
    day: date
    records: int
    approved_by: str
    reason: str


def approve(
    *, contract: str, day: date, records: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Allow more records on a day, and have the worker look at the queue."""
    with transaction.atomic():
        ApprovedException.objects.create(
            contract=contract,
            day=day,
            records=records,
            approved_by=f"{actor.name}, {actor.office_name}"[:200],
            reason=reason,
            account_id=actor.account_id,
            approved_at=at,
        )
        go_on()


def coming(*, day: date) -> Sequence[Allowed]:
    """Return the exceptions of today and of days to come, by day."""
    rows = ApprovedException.objects.filter(day__gte=day, withdrawn_at=None)
    approved = [
        Allowed(one.contract, one.day, one.records, one.approved_by, one.reason) for one in rows
    ]
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
