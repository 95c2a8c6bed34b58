"""How many people may still be asked about today.

A day begins at midnight in Vietnam. Records are counted in the database, for all processes
together. How fast is a matter of ``pace``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Sum

from dancu.catalogue.contracts import Contract, contracts, exchange_rules
from dancu.exchange.errors import QuotaUsedUp
from dancu.exchange.models import ApprovedException, Usage
from dancu.exchange.types import Standing, Taken
from dancu.kernel.clock import start_of_day, today
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.operation.cursors import server_cursor
from dancu.operation.logs import logger

#: The name under which the whole country is counted.
COUNTRY = ""
_log = logger("dancu.exchange")
_TAKE = (
    "SELECT granted, own_left, national_left FROM exchange_take("
    "%s::date, %s::bigint, %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])"
)
# By itself a count need not wait for the disk; inside a transaction that is not ours to say.
_TAKE_ALONE = (
    f"{_TAKE} CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true) AS hurried OFFSET 0)"
    " s WHERE s.hurried = 'off'"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Records that one contract wants of the day, in so many requests."""

    contract: Contract
    records: int
    requests: int = 0


def take(contract: Contract, records: int, *, at: datetime) -> Taken:
    """Take records from the day's quota of the contract and of the country.

    Grants as many as are left, at most ``records``. Committed at once: what was taken and not used
    has to be given back.
    """
    return take_each([Wish(contract, records)], at=at)[0]


def take_each(wishes: Sequence[Wish], *, at: datetime) -> list[Taken]:
    """Take for several contracts at once, in one round trip; each contract at most once.

    The sandbox reads nobody: it is granted everything and not counted.
    """
    resets_at = reset_after(at)
    counted = [wish for wish in wishes if not wish.contract.is_sandbox]
    rows = iter(_taken(counted, at) if counted else ())
    return [
        Taken(wish.records, wish.contract.records_per_day, resets_at)
        if wish.contract.is_sandbox
        else _granted(wish, next(rows), resets_at)
        for wish in wishes
    ]


def _taken(wishes: Sequence[Wish], at: datetime) -> list[tuple[int, int, int]]:
    """Return what was granted, and what is left of the contract's share and of the country's."""
    day = today(at)
    values: list[Any] = [
        day,
        exchange_rules().records_on(day),
        [wish.contract.name for wish in wishes],
        [wish.contract.records_on(day) for wish in wishes],
        [wish.records for wish in wishes],
        [wish.requests for wish in wishes],
    ]
    sql = _TAKE if connection.in_atomic_block else _TAKE_ALONE
    with server_cursor() as cursor:
        return cursor.execute(sql, values, prepare=True).fetchall()


def _granted(wish: Wish, row: tuple[int, int, int], resets_at: datetime) -> Taken:
    granted, own, national = row
    clause = _clause(wish.records - granted, own)
    return Taken(granted, min(own, national), resets_at, clause)


def _clause(refused: int, own_left: int) -> str:
    if not refused:
        return ""
    return "national_cap" if own_left else "records_per_day"


def used_up(contract: Contract, taken: Taken) -> QuotaUsedUp:
    """Return the refusal of what was not granted."""
    when = taken.resets_at.strftime("%d/%m/%Y %H:%M")
    return QuotaUsedUp(contract=contract.name, clause=taken.clause, asked=when)


def give_back(wishes: Sequence[Wish], taken: Sequence[Taken], *, at: datetime) -> None:
    """Undo ``take_each`` of the same moment: what it was taken for was not done."""
    day = today(at)
    with transaction.atomic():
        names = [COUNTRY, *(wish.contract.name for wish in wishes)]
        rows = Usage.objects.filter(day=day, contract__in=names)
        # The country first, as when it was taken.
        list(rows.order_by("contract").select_for_update())
        for wish, one in zip(wishes, taken, strict=True):
            if not wish.contract.is_sandbox:
                rows.filter(contract__in=[COUNTRY, wish.contract.name]).update(
                    records=F("records") - one.granted,
                    requests=F("requests") - wish.requests,
                    refused=F("refused") - (wish.records - one.granted),
                )


@contextmanager
def used(wishes: Sequence[Wish], taken: Sequence[Taken], *, at: datetime) -> Iterator[None]:
    """Give back what was taken when the work raises: whoever tries again is not charged twice."""
    try:
        yield
    except NotFoundOrNotYours:
        # That is an answer, and on record.
        raise
    except Exception:
        try:
            if not connection.in_atomic_block:
                # What raised may have been the connection.
                connection.close_if_unusable_or_obsolete()
            give_back(wishes, taken, at=at)
        except DatabaseError as error:
            _log.exception("quota could not be given back", exc_info=error)
        raise


def standing(day: date) -> dict[str, Standing]:
    """Return how every contract in force stands, by name; the country under the empty name."""
    used = {row.contract: row for row in Usage.objects.filter(day=day)}
    extra = dict(
        ApprovedException.objects.filter(day=day, withdrawn_at=None)
        .values_list("contract")
        .annotate(Sum("records"))
    )
    shares = {COUNTRY: exchange_rules().records_on(day)}
    shares |= {contract.name: contract.records_on(day) for contract in contracts(day)}
    return {
        name: _standing(name, day, share + extra.get(name, 0), used.get(name))
        for name, share in shares.items()
    }


def _standing(name: str, day: date, share: int, row: Usage | None) -> Standing:
    if row is None:
        return Standing(name, day, share, 0, 0, 0)
    return Standing(name, day, share, row.records, row.requests, row.refused)


def reset_after(at: datetime) -> datetime:
    """Return the moment from which the counters begin anew: the next midnight in Vietnam."""
    return start_of_day(today(at) + timedelta(days=1))
