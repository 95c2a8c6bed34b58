"""Taking new records into the tree and signing its head.

**No record is lost.** Records get their numbers before they commit, so a lower number may appear
after a higher one. Of each source a *floor* is kept: whatever has a number up to it is sealed, for
good. Above it, every visible record without a leaf is sealed. The floor rises to the highest number
seen only when every transaction has ended that held a write lock on the table after that number
was seen: a number is drawn inside the INSERT or COPY, which holds the lock from before it draws
until its transaction ends, so nothing below can appear any more. An open transaction holds back the
floor, never the sealing of others. It needs no transaction numbers, and so survives a restore into
another server.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import count
from struct import Struct
from typing import Any

from django.db import connection, transaction

from dancu.audit.canonical import SALT
from dancu.audit.errors import SealBroken
from dancu.audit.internal import keys
from dancu.audit.internal.rows import fetch
from dancu.audit.internal.tree import HashMissing, StoredTree
from dancu.audit.models import LeafSource, TreeHead
from dancu.audit.notes import Head, sign
from dancu.audit.sources import Row, Source, sources
from dancu.kernel.merkle import CompactRange, Node

CHUNK = 50_000
_PORTION = 2000
#: How long to wait for writers that were at work when we looked.
WAIT_SECONDS = 2.0
_STEP_SECONDS = 0.02
_LOCK = 0x64616E6375_5EA1

# PostgreSQL's binary COPY: a row is the number of its fields, and each field with its length.
_HEAD, _TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_LEAF = Struct(">hiqihihiqi32si32s")
_NODE = Struct(">hihiqi32s")

_WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND relation = %s::regclass
  AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was sealed, by source, and the head that was signed last."""

    head: Head
    added: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a source may be read: ``highest`` was seen, and ``settled`` means for good."""

    highest: int
    settled: bool


def seal(*, at: datetime) -> Sealed:
    """Seal every committed record of every source, and sign a head in any case.

    Works in transactions of its own, one for each chunk; two at once take turns. Raises
    ``KeyMissing``, and ``SealBroken`` when the stored hashes do not lead to the last head.
    """
    added = {item.name: 0 for item in sources()}
    head = None
    for item in sources():
        reach = _reach(item)
        after, count = 0, CHUNK
        while count == CHUNK:
            signed, count, after = _seal_chunk(item, reach, after, at)
            head = signed or head
            added[item.name] += count
    return Sealed(head or _head_only(at), added)


def _reach(source: Source) -> _Reach:
    highest = _highest(source)
    waiting = _writers(source)
    until = time.monotonic() + WAIT_SECONDS
    while waiting and time.monotonic() < until:
        time.sleep(_STEP_SECONDS)
        waiting &= _writers(source)
    return _Reach(highest, not waiting)


def _highest(source: Source) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {source.table}")
        return int(cursor.fetchone()[0] or 0)


def _writers(source: Source) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [source.table])
        return {row[0] for row in cursor.fetchall()}


def _seal_chunk(
    source: Source, reach: _Reach, after: int, at: datetime
) -> tuple[Head | None, int, int]:
    """Seal the next records; returns the head, how many there were, and the last number read."""
    with transaction.atomic(durable=True):
        edge, last = _edge()
        state = _state(source)
        rows = _unsealed(source, max(state.floor, after))
        final = int(rows[-1][0]) if rows else after
        if reach.settled:
            whole = len(rows) == CHUNK
            _raise_floor(state, min(reach.highest, final) if whole else reach.highest)
        if not rows:
            return None, 0, final
        _append(source, rows, edge)
        return _sign(edge, last, at), len(rows), final


def _head_only(at: datetime) -> Head:
    with transaction.atomic(durable=True):
        edge, last = _edge()
        return _sign(edge, last, at)


def locked_edge() -> tuple[CompactRange, TreeHead | None]:
    """Wait for other sealers; the edge of the tree, which fits the last head, and that head."""
    return _edge()


def _edge() -> tuple[CompactRange, TreeHead | None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = TreeHead.objects.order_by("-id").first()
    try:
        edge = StoredTree().edge(last.size if last else 0)
    except HashMissing:
        raise SealBroken from None
    if last is not None and edge.root() != bytes(last.root):
        raise SealBroken
    return edge, last


def _state(source: Source) -> LeafSource:
    found, _made = LeafSource.objects.get_or_create(
        number=source.number, defaults={"name": source.name}
    )
    return found


def _raise_floor(state: LeafSource, floor: int) -> None:
    if floor > state.floor:
        state.floor = floor
        state.save(update_fields=["floor"])


def _unsealed(source: Source, begin: int) -> list[Row]:
    columns = ", ".join(f"r.{name}" for name in source.columns)
    # The floor is named twice, or the whole seal might be read for a handful of records.
    query = f"""
        SELECT {columns} FROM {source.table} r
        WHERE r.id > %s AND NOT EXISTS (
            SELECT FROM audit_leaf l WHERE l.source = %s AND l.record = r.id AND l.record > %s
        )
        ORDER BY r.id LIMIT %s"""
    return fetch(query, [begin, source.number, begin, CHUNK])


def _append(source: Source, rows: Sequence[Row], edge: CompactRange) -> None:
    hashes: list[bytes] = []
    leaves = _packed_leaves(source, rows, edge.size, hashes)
    # The server stores one portion while we hash the next.
    _copy('audit_leaf ("index", source, version, record, salt, hash)', leaves)
    if nodes := edge.extend(hashes):
        _copy("audit_node (level, number, hash)", [b"".join(map(_packed_node, nodes))])


def _packed_leaves(
    source: Source, rows: Sequence[Row], first: int, hashes: list[bytes]
) -> Iterator[bytes]:
    """Yield the rows of leaves in portions, and append their hashes to the list."""
    number, version, entry, pack = source.number, source.version, source.entry, _LEAF.pack
    for begin in range(0, len(rows), _PORTION):
        portion = rows[begin : begin + _PORTION]
        random = os.urandom(SALT * len(portion))
        salts = [random[at : at + SALT] for at in range(0, len(random), SALT)]
        found = [
            sha256(b"\x00" + entry(version, row, salt)).digest()
            for row, salt in zip(portion, salts, strict=True)
        ]
        hashes += found
        index = count(first + begin)
        yield b"".join(
            [
                pack(6, 8, next(index), 2, number, 2, version, 8, row[0], 32, salt, 32, leaf)
                for row, salt, leaf in zip(portion, salts, found, strict=True)
            ]
        )


def _packed_node(node: Node) -> bytes:
    level, number, value = node
    return _NODE.pack(3, 2, level, 8, number, 32, value)


def _copy(target: str, portions: Iterable[bytes]) -> None:
    with connection.cursor() as cursor:
        raw: Any = cursor.cursor
        with raw.copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_HEAD)
            for portion in portions:
                copy.write(portion)
            copy.write(_TAIL)


def _sign(edge: CompactRange, last: TreeHead | None, at: datetime) -> Head:
    signer = keys.signer()
    # A clock that was set back must not make the log's own time run backwards.
    moment = max(at, last.at) if last else at
    head = Head(signer.verifier.name, edge.size, edge.root(), moment)
    TreeHead.objects.create(at=moment, size=head.size, root=head.root, note=sign(head, signer.pair))
    return head
