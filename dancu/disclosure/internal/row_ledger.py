"""Access records of many people about whom one agency asked the same: only two columns differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.internal.agency_ledger import stored
from dancu.disclosure.internal.ledger import Kind
from dancu.operation.cursors import server_cursor

# The setting holds for the transaction whatever the server's default: no answer before the records
# are on disk.
_INSERT = """
INSERT INTO disclosure_accessrecord
    (disclosure, person_id, at, kind, attributes, office, source, role, purpose, case_number,
     refusal, contract, client_id, agent, request_id)
SELECT r.number, r.person, %s, %s, %s::smallint[], %s, %s, 'agency', %s, %s, '', %s, %s, %s, %s
FROM unnest(%s::bigint[], %s::bigint[]) AS r (number, person)
CROSS JOIN (SELECT set_config('synchronous_commit', 'on', true) AS durable OFFSET 0) s
WHERE s.durable = 'on'
"""


def insert(
    asked: Inquiry,
    *,
    numbers: Sequence[int],
    persons: Sequence[int],
    attributes: Sequence[int],
    at: datetime,
) -> None:
    """Write a record for each number of an answer and its person, in the caller's transaction."""
    values = [
        at,
        int(Kind.VERIFY),
        _array(attributes),
        stored(asked.office, 40),
        stored(asked.source, 40),
        stored(asked.purpose, 60),
        stored(asked.case, 60),
        stored(asked.contract, 60),
        asked.client_id,
        stored(asked.user, 100),
        stored(asked.request_id, 100),
        _array(numbers),
        _array(persons),
    ]
    with server_cursor() as cursor:
        cursor.execute(_INSERT, values, prepare=True)
        if cursor.rowcount != len(numbers):
            raise RuntimeError("Some access records were not written.")


def _array(numbers: Sequence[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"
