"""The log of events as leaves of the sealed log.

Version 1, see ``dancu.audit.canonical``: ``v``, ``source`` ("event"), ``id``, ``at``, ``event``;
hashed only: ``account_id``, ``officer_id``, ``office`` and ``detail``.
"""

from __future__ import annotations

import json

from dancu.audit.canonical import entry_of, in_utc, present
from dancu.audit.sources import Row, Source, register

NAME = "event"
VERSION = 1
PRIVATE = ("account_id", "officer_id", "office", "detail")
COLUMNS = ("id", "at", "event", *PRIVATE)


def entry(version: int, row: Row, salt: bytes) -> bytes:
    """Return the bytes of an event. Raises ``ValueError`` for an unknown version."""
    if version != VERSION:
        raise ValueError(f"events have no version {version}")
    number, at, name, *rest, detail = row
    public = {"v": VERSION, "source": NAME, "id": number, "at": in_utc(at), "event": name}
    # PostgreSQL hands over JSON as text or as a value, depending on the connection.
    value = json.loads(detail) if isinstance(detail, str | bytes) else detail
    return entry_of(public, present(PRIVATE, [*rest, value], PRIVATE), salt)


def register_source() -> None:
    """Have the log of events sealed."""
    register(
        Source(
            name=NAME,
            number=2,
            table="audit_event",
            columns=COLUMNS,
            version=VERSION,
            entry=entry,
        )
    )
