"""For whom somebody waits at this moment: keys among those asked for, and nothing about them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from dancu.disclosure.internal.ledger import Kind

_AWAITED = """
SELECT k.id
FROM unnest(%(people)s::bigint[]) AS k (id)
WHERE EXISTS (
    SELECT FROM disclosure_accessrecord a
    WHERE a.person_id = k.id AND a.at >= %(since)s AND a.kind = ANY (%(kinds)s::smallint[])
) OR EXISTS (
    SELECT FROM population_correctionrequest r
    WHERE r.person_id = k.id AND r.state = 'waiting'
)
"""


def awaited(*, people: Collection[int], since: datetime) -> frozenset[int]:
    """Return those about whom an agency asked since then, or whose own request waits.

    What an agency was answered is not kept, so everybody counts about whom it asked.
    """
    values: dict[str, Any] = {
        "people": list(people),
        "since": since,
        "kinds": [int(Kind.VERIFY), int(Kind.LOOKUP)],
    }
    with connection.cursor() as cursor:
        cursor.execute(_AWAITED, values)
        return frozenset(row[0] for row in cursor.fetchall())
