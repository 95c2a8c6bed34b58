"""For whom somebody waits at this moment: keys among those asked for, and nothing about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from dancu.disclosure.internal.ledger import Kind
from dancu.operation.postgres.arrays import array_of

_AWAITED = """
SELECT k.id
FROM unnest(%(people)s::bigint[]) AS k (id)
WHERE EXISTS (
    SELECT FROM disclosure_accessrecord a
    WHERE a.person_id = k.id AND a.at >= %(since)s
      AND (a.kind = %(lookup)s OR a.kind = %(verify)s AND a.attributes[1] < 0)
) OR EXISTS (
    SELECT FROM population_correctionrequest r
    WHERE r.person_id = k.id AND r.state = 'waiting'
)
"""


def awaited(*, people: Collection[int], since: datetime) -> frozenset[int]:
    """Return for whom somebody waits: an agency since then, or they themselves.

    An agency waits when what it holds of somebody differed from the register (the attributes that
    differ are negative, and so first), and when it looked facts up for a case of its own.
    """
    values: dict[str, Any] = {
        "people": array_of(people),
        "since": since,
        "verify": int(Kind.VERIFY),
        "lookup": int(Kind.LOOKUP),
    }
    with connection.cursor() as cursor:
        cursor.execute(_AWAITED, values)
        return frozenset(row[0] for row in cursor.fetchall())
