"""Access records of agencies: many at once, on disk before anybody is answered."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection, transaction

from dancu.disclosure.inquiries import Inquiry
from dancu.disclosure.internal.ledger import Kind

#: The role of whoever asks through the exchange.
ROLE = "agency"
_COLUMNS = (
    "disclosure, person_id, at, kind, attributes, office, source, role, purpose, case_number, "
    "refusal, asked, contract, client_id, agent, request_id"
)
_COPY = f"COPY disclosure_accessrecord ({_COLUMNS}) FROM STDIN"
_DURABLE = "SELECT set_config('synchronous_commit', 'on', true)"
_NUMBERS = "SELECT nextval('disclosure_number_seq') FROM generate_series(1, %s)"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One person in one answer; ``number`` is that of the answer."""

    number: int
    inquiry: Inquiry
    person_id: int | None
    kind: Kind
    attributes: Sequence[int]
    refusal: str = ""
    asked: bytes | None = None


class Numbers:
    """Numbers of answers, fetched from the sequence by the hundred."""

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
    moment = at.isoformat()
    block = "".join(_line(entry, moment) for entry in entries)
    if not block:
        return
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_DURABLE)
        with cursor.copy(_COPY) as copy:
            copy.write(block)
        if within is not None:
            within()


def _line(entry: AgencyEntry, moment: str) -> str:
    asked = entry.inquiry
    seen = ",".join(map(str, entry.attributes))
    person = "\\N" if entry.person_id is None else entry.person_id
    client = "\\N" if asked.client_id is None else asked.client_id
    digest = "\\N" if entry.asked is None else f"\\\\x{entry.asked.hex()}"
    return "\t".join(
        (
            f"{entry.number}\t{person}\t{moment}\t{int(entry.kind)}\t{{{seen}}}",
            _safe(asked.office, 40),
            _safe(asked.source, 40),
            ROLE,
            _safe(asked.purpose, 60),
            _safe(asked.case, 60),
            _safe(entry.refusal, 40),
            digest,
            _safe(asked.contract, 60),
            str(client),
            _safe(asked.user, 100),
            f"{_safe(asked.request_id, 100)}\n",
        )
    )


@lru_cache(maxsize=4096)
def _safe(text: str, most: int) -> str:
    """Return a text as COPY reads it, cut to what the column holds."""
    return text[:most].translate(_ESCAPES) if text else ""
