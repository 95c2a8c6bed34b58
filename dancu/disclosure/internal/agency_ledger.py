"""Access records of agencies: many at once, on disk before anybody is answered."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, transaction

from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.internal.ledger import Kind
from dancu.operation.cursors import server_cursor

# One statement is one journey and, outside a transaction, one of its own. The setting holds for
# that transaction whatever the server's default: no answer before the record is on disk.
_INSERT = """
INSERT INTO disclosure_accessrecord
    (disclosure, person_id, at, kind, attributes, office, source, role, purpose, case_number,
     refusal, asked, contract, client_id, agent, request_id)
SELECT r.d, r.p, %s, r.k, r.a::smallint[], r.o, r.s, 'agency', r.w, r.c, r.r, decode(r.h, 'hex'),
       r.t, r.i, r.g, r.q
FROM json_to_recordset(%s::json) AS r (
    d bigint, p bigint, k smallint, a text, o text, s text, w text, c text, r text, h text,
    t text, i bigint, g text, q text)
CROSS JOIN (SELECT set_config('synchronous_commit', 'on', true) AS durable OFFSET 0) s
WHERE s.durable = 'on'
"""
_NUMBERS = "SELECT nextval('disclosure_number_seq') FROM generate_series(1, %s)"
_AT_ONCE = 1_024
_NOT_STORABLE: dict[int, None] = {0: None}


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One person in one answer; ``number`` is that of the answer."""

    number: int
    inquiry: Inquiry
    person_id: int | None
    kind: Kind
    attributes: tuple[int, ...]
    refusal: str = ""
    asked: bytes | None = None


class Numbers:
    """Numbers of answers, fetched from the sequence by the thousand."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = threading.Lock()
        self._left: list[int] = []

    def take(self, count: int) -> list[int]:
        """Return so many numbers that nobody else has."""
        with self._lock:
            if len(self._left) < count:
                with connection.cursor() as cursor:
                    cursor.execute(_NUMBERS, [max(count, _AT_ONCE)])
                    self._left.extend(row[0] for row in cursor.fetchall())
            taken, self._left = self._left[:count], self._left[count:]
        return taken

    def forget(self) -> None:
        """Begin without any again: a forked process must not use its parent's numbers."""
        self._lock = threading.Lock()
        self._left = []


numbers = Numbers()
os.register_at_fork(after_in_child=numbers.forget)


def write(
    entries: Iterable[AgencyEntry],
    *,
    at: datetime,
    within: Callable[[], None] | None = None,
) -> None:
    """Commit the records in a transaction of their own; inside another: ``RuntimeError``.

    ``within`` is called in that transaction; when it raises, nothing is recorded.
    """
    rows = [_row(entry) for entry in entries]
    if not rows:
        return
    if within is None:
        require_no_transaction()
        _insert(rows, at)
        return
    with transaction.atomic(durable=True):
        _insert(rows, at)
        within()


def add(entries: Iterable[AgencyEntry], *, at: datetime) -> None:
    """Write records into the transaction that ``write`` has opened around ``within``."""
    rows = [_row(entry) for entry in entries]
    if rows:
        _insert(rows, at)


def _insert(rows: Sequence[dict[str, Any]], at: datetime) -> None:
    with server_cursor() as cursor:
        cursor.execute(_INSERT, [at, orjson.dumps(rows).decode()], prepare=True)
        if cursor.rowcount != len(rows):
            raise RuntimeError("Some access records were not written.")


def require_no_transaction() -> None:
    """Raise ``RuntimeError`` inside a transaction, those around tests aside, as Django does."""
    if any(not vars(block).get("_from_testcase") for block in connection.atomic_blocks):
        raise RuntimeError("An answer that could be rolled back would leave no trace.")


def _row(entry: AgencyEntry) -> dict[str, Any]:
    asked = entry.inquiry
    return {
        "d": entry.number,
        "p": entry.person_id,
        "k": int(entry.kind),
        "a": _array(entry.attributes),
        "o": stored(asked.office, 40),
        "s": stored(asked.source, 40),
        "w": stored(asked.purpose, 60),
        "c": stored(asked.case, 60),
        "r": stored(entry.refusal, 40),
        "h": entry.asked.hex() if entry.asked is not None else None,
        "t": stored(asked.contract, 60),
        "i": asked.client_id,
        "g": stored(asked.user, 100),
        "q": stored(asked.request_id, 100),
    }


@lru_cache(maxsize=4096)
def _array(numbers_seen: tuple[int, ...]) -> str:
    return f"{{{','.join(map(str, numbers_seen))}}}"


@lru_cache(maxsize=4096)
def stored(text: str, most: int) -> str:
    """Return a text as a column can hold it: without NUL and half characters, cut to its width."""
    return text.translate(_NOT_STORABLE).encode("utf-8", "replace").decode()[:most]
