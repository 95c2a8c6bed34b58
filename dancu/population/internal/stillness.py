"""Holding the register still while something changes under writers: readers go on, writers wait.

For the map it is the whole register; for a merge of two records, or its undo, what numbers lead to.
"""

from __future__ import annotations

import time
from typing import Any, LiteralString

import psycopg
from django.db import OperationalError, connection, transaction

from dancu.population.errors import PopulationError

# Above the server's search for deadlocks (one second) and below twice that: whoever holds a person
# and wants an address is never the one that it ends.
_PATIENCE = "SET LOCAL lock_timeout = '1500ms'"
_LOCK = "LOCK TABLE places_address, population_person IN EXCLUSIVE MODE"
_NUMBERS: LiteralString = "hashtextextended('population.numbers', 0)"
_ATTEMPTS = 40
_PAUSE = 0.5
_WAITED = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class RegisterBusy(PopulationError):
    """Others are writing without a pause, so that the map cannot be changed under them."""

    http_status = 503
    retryable = True
    remedy = "Nothing was changed. Do it again when the running deliveries are done."


def hold_still() -> None:
    """Let nobody else write people and addresses until the transaction ends.

    Between attempts writers get through, so that a long load is not stopped by waiting for it.
    Raises ``RegisterBusy`` when they leave no gap for a minute.
    """
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_PATIENCE)
                cursor.execute(_LOCK)
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        except OperationalError as error:
            if not isinstance(error.__cause__, _WAITED):
                raise
        else:
            return
    raise RegisterBusy


def numbers_stay(cursor: psycopg.Cursor[Any]) -> None:
    """Let every number lead to whom it leads to now, until the transaction of ``cursor`` ends.

    Taken before anybody is locked, so that whoever holds a person never waits here.
    """
    cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_NUMBERS})")


def numbers_move() -> None:
    """Wait for all who rely on numbers, and let them wait until this transaction ends.

    Taken before anybody is locked, as in ``numbers_stay``.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_NUMBERS})")
