"""Idempotency keys: the same question again gets the same answer for 24 hours.

The answer is kept in the transaction that wrote its access record, so that neither exists without
the other, whatever dies in between.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from dancu.exchange.api.errors import KeyUsedForAnother
from dancu.exchange.oauth.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
_FIND = """
SELECT k.client_id, k.key, k.asked, k.body, k.status
FROM unnest(%s::bigint[], %s::bytea[]) AS w (client_id, key)
JOIN exchange_keptanswer k ON k.client_id = w.client_id AND k.key = w.key
WHERE k.at > %s
"""
_KEEP = """
INSERT INTO exchange_keptanswer (client_id, key, asked, status, body, at)
SELECT w.*, %s FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::smallint[], %s::bytea[]) AS w
ON CONFLICT (client_id, key) DO UPDATE
SET asked = excluded.asked, status = excluded.status, body = excluded.body, at = excluded.at
WHERE exchange_keptanswer.at <= %s
RETURNING client_id, key
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A question under an idempotency key: whose, which key, and what exactly was asked."""

    client_id: int
    key: bytes
    asked: bytes

    @property
    def name(self) -> tuple[int, bytes]:
        """Return what the answer is kept under."""
        return self.client_id, self.key


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    asked: bytes
    body: bytes
    status: int


class KeptElsewhere(Exception):
    """Another process answered one of the questions in the meantime: ask ``find`` again."""


def ticket(client_id: int, contract: str, operation: str, key: str, value: Any) -> Ticket:
    """Return the ticket of a question; ``value`` is its parsed body.

    What one contract was answered is no answer under another of the same client.
    """
    canonical = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return Ticket(
        client_id,
        hashlib.sha256(f"{contract}\n{operation}\n{key}".encode()).digest(),
        hashlib.sha256(canonical).digest(),
    )


def find(tickets: Sequence[Ticket], *, at: datetime) -> dict[tuple[int, bytes], Kept]:
    """Return the answers that are kept for these questions, by the tickets' names."""
    if not tickets:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND, [[t.client_id for t in tickets], [t.key for t in tickets], at - KEPT_FOR]
        )
        return {
            (row[0], bytes(row[1])): Kept(bytes(row[2]), bytes(row[3]), row[4])
            for row in cursor.fetchall()
        }


def require_same(ticket: Ticket, kept: Kept) -> Kept:
    """Return the kept answer. Raises ``KeyUsedForAnother`` when something else was asked."""
    if kept.asked != ticket.asked:
        raise KeyUsedForAnother
    return kept


def keep(answers: Sequence[tuple[Ticket, bytes, int]], *, at: datetime) -> None:
    """Keep answers within the caller's transaction. Raises ``KeptElsewhere``: then roll back."""
    if not answers:
        return
    tickets = [ticket for ticket, _body, _status in answers]
    columns: list[Any] = [
        [ticket.client_id for ticket in tickets],
        [ticket.key for ticket in tickets],
        [ticket.asked for ticket in tickets],
        [status for _ticket, _body, status in answers],
        [body for _ticket, body, _status in answers],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [at, *columns, at - KEPT_FOR])
        if cursor.rowcount != len(answers):
            raise KeptElsewhere


def forget(*, at: datetime) -> int:
    """Delete what is older than 24 hours; return how many."""
    return KeptAnswer.objects.filter(at__lte=at - KEPT_FOR).delete()[0]
