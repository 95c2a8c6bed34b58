"""How the queue stands: who waits, what the day has left, and when each batch will be done.

Batches of the sandbox ask about nobody and cost nobody's quota, so they have no place in the queue:
they are worked on, the earliest first, while nobody in it may go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from dancu.catalogue.contracts import all_contracts, contracts, exchange_rules, last_contract
from dancu.exchange import quotas
from dancu.exchange.batches import queue
from dancu.exchange.batches.models import Batch
from dancu.exchange.batches.queue import Forecast, Share, Waiting
from dancu.exchange.models import ApprovedException
from dancu.exchange.types import Standing
from dancu.kernel.clock import today

#: Contracts beside which a batch waits for nothing; they keep their place all the same.
_NOTHING = 0
#: As many batches of the sandbox are looked at.
_MOST_TRIALS = 100


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue at a moment. ``left_today``: what the country may still ask about today.

    ``trials`` are batches of the sandbox, the earliest first.
    """

    day: date
    waiting: tuple[Waiting, ...]
    shares: tuple[Share, ...]
    left_today: int
    cap: Callable[[date], int]
    trials: tuple[Waiting, ...] = ()

    def forecast(self, *, cap: int | None = None) -> list[Forecast]:
        """Return when each batch is done; with another national cap a day, if given."""
        left, capacity = self.left_today, self.cap
        if cap is not None:
            used = max(0, self.cap(self.day) - self.left_today)
            left, capacity = max(0, cap - used), lambda _day: cap
        return queue.forecast(
            self.waiting, self.shares, day=self.day, left_today=left, capacity=capacity
        )


def queue_at(at: datetime, *, only: int | None = None) -> QueueView:
    """Return the queue; with ``only`` as if that batch waited alone."""
    day = today(at)
    rows = Batch.objects.filter(state=Batch.State.WAITING).order_by("confirmed_at", "id")
    if only is not None:
        rows = rows.filter(pk=only)
    sandboxes = _sandboxes()
    waiting = _waiting(rows.exclude(contract__in=sandboxes), day)
    stand = quotas.standing(day)
    country = stand[quotas.COUNTRY]
    return QueueView(
        day=day,
        waiting=waiting,
        shares=_shares({one.contract for one in waiting}, day, stand),
        left_today=country.left,
        cap=_cap(day),
        trials=_waiting(rows.filter(contract__in=sandboxes)[:_MOST_TRIALS], day),
    )


def trials_before(batch: Batch) -> int:
    """Return how many batches of the sandbox come before one of them."""
    rows = Batch.objects.filter(state=Batch.State.WAITING, contract=batch.contract)
    return rows.filter(confirmed_at__lt=batch.confirmed_at).count()


def is_trial(batch: Batch) -> bool:
    """Say whether a batch is one of the sandbox."""
    return batch.contract in _sandboxes()


def _sandboxes() -> list[str]:
    return sorted({one.name for one in all_contracts() if one.is_sandbox})


def _waiting(rows: QuerySet[Batch], day: date) -> tuple[Waiting, ...]:
    fields = rows.values_list("pk", "contract", "rows", "done", "done_today", "done_on")
    return tuple(
        Waiting(number, name, total - done, done_today if done_on == day else 0)
        for number, name, total, done, done_today, done_on in fields
    )


def _shares(names: set[str], day: date, stand: dict[str, Standing]) -> tuple[Share, ...]:
    extra = _approved(day)
    found = []
    in_force = {one.name for one in contracts(day)}
    for name in sorted(names):
        contract = last_contract(name)
        if contract is None:
            continue
        own = {e.day: e.records for e in contract.exceptions if e.day >= day}
        for on, records in extra.get(name, {}).items():
            own[on] = own.get(on, 0) + records
        per_day = contract.records_per_day if name in in_force else _NOTHING
        weight = exchange_rules().priority(contract.priority).weight
        used = stand[name].records if name in stand else 0
        found.append(Share(name, weight, per_day, used, own))
    return tuple(found)


def _approved(day: date) -> dict[str, dict[date, int]]:
    found: dict[str, dict[date, int]] = {}
    rows = ApprovedException.objects.filter(day__gte=day, withdrawn_at=None)
    for name, on, records in rows.values_list("contract", "day", "records"):
        days = found.setdefault(name, {})
        days[on] = days.get(on, 0) + records
    return found


def _cap(day: date) -> Callable[[date], int]:
    rules, extra = exchange_rules(), _approved(day).get(quotas.COUNTRY, {})
    return lambda on: rules.records_on(on) + extra.get(on, 0)
