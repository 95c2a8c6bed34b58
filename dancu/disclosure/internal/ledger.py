"""Writing access records: committed before anything is answered."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max

from dancu.access.types import Actor
from dancu.disclosure.models import AccessRecord
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.kernel.text import fold

Kind = AccessRecord.Kind
#: How long somebody who was at the desk may be looked up for the same case.
PRESENTED_FOR = timedelta(hours=8)

# The setting holds for the transaction, whatever the server's default: no answer before the record
# is on disk.
_INSERT = """
INSERT INTO disclosure_accessrecord
    (disclosure, person_id, account_id, officer_id, at, kind, attributes, office, source, role,
     purpose, case_number, refusal, asked)
SELECT d.number, p.person_id, %(account)s, %(officer)s, %(at)s, p.kind,
       CASE WHEN p.seen = '' THEN NULL ELSE p.seen::smallint[] END, %(office)s, %(source)s,
       %(role)s, %(purpose)s, p.case_number, p.refusal, %(asked)s
FROM unnest(%(persons)s::bigint[], %(kinds)s::smallint[], %(seen)s::text[], %(refusals)s::text[],
            %(cases)s::text[])
         AS p (person_id, kind, seen, refusal, case_number)
CROSS JOIN (
    SELECT nextval('disclosure_number_seq') AS number,
           set_config('synchronous_commit', 'on', true) AS durable
    OFFSET 0
) d
WHERE d.durable = 'on'
RETURNING disclosure
"""

_PRESENTED = """
SELECT DISTINCT a.person_id
FROM unnest(%(persons)s::bigint[]) AS p (id)
CROSS JOIN LATERAL (
    SELECT person_id FROM disclosure_accessrecord a
    WHERE a.person_id = p.id AND a.at > %(since)s AND a.kind = %(kind)s AND a.refusal = ''
      AND a.account_id = %(account)s AND a.purpose = %(purpose)s AND a.case_number = %(case)s
    OFFSET 0
) a
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded of one person: attribute numbers, the masked ones negative.

    ``case`` is for answers in which each person is there for a case of their own.
    """

    person_id: int | None
    kind: Kind
    attributes: tuple[int, ...] = ()
    refusal: str = ""
    case: str = ""


def digest(asked: str) -> bytes:
    """Return the keyed hash under which something asked for is kept; equal for equal words."""
    key = getattr(settings, "ACCESS_PEPPER", None) or settings.SECRET_KEY
    return hmac.digest(_derived(key), fold(asked).encode(), "sha256")[:16]


@lru_cache(maxsize=4)
def _derived(key: str) -> bytes:
    """Return the key that Django's ``salted_hmac`` derives."""
    return sha256(b"dancu.disclosure.asked" + key.encode()).digest()


def write(
    *,
    actor: Actor,
    at: datetime,
    purpose: str,
    case: str,
    role: str,
    entries: Iterable[Entry],
    asked: str = "",
) -> int:
    """Commit the records of one answer and return their common number.

    Its own transaction, always: inside another it raises ``RuntimeError``, for a caller that could
    still roll back would have shown a person without a trace.
    """
    rows = list(entries)
    values: dict[str, Any] = {
        "account": actor.account_id,
        "officer": actor.officer_id,
        "at": at,
        "office": actor.office_code[:40],
        "source": actor.source[:40],
        "role": role,
        "purpose": purpose[:60],
        "asked": digest(asked) if asked else None,
        "persons": [row.person_id for row in rows],
        "kinds": [int(row.kind) for row in rows],
        "seen": [_array(row.attributes) for row in rows],
        "refusals": [row.refusal for row in rows],
        "cases": [row.case or case for row in rows],
    }
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return int(cursor.fetchone()[0])


def presented(
    person_ids: Sequence[int], *, actor: Actor, purpose: str, case: str, at: datetime
) -> frozenset[int]:
    """Return those who presented themselves to this actor for this case in the last hours."""
    values: dict[str, Any] = {
        "persons": list(person_ids) or [0],
        "since": at - PRESENTED_FOR,
        "kind": int(Kind.PRESENTED),
        "account": actor.account_id,
        "purpose": purpose,
        "case": case,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PRESENTED, values)
        return frozenset(row[0] for row in cursor.fetchall())


def wrong_particulars(*, actor: Actor, since: datetime) -> tuple[int, datetime | None]:
    """Return how often the actor presented somebody in vain since then, and when last."""
    found = AccessRecord.objects.filter(
        account_id=actor.account_id,
        at__gt=since,
        kind=Kind.PRESENTED,
        refusal=NotFoundOrNotYours.code,
    ).aggregate(count=Count("id"), last=Max("at"))
    return found["count"], found["last"]


def _array(numbers: tuple[int, ...]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}" if numbers else ""
