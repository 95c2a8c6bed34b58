"""Checking the sealed log from inside: records against leaves, leaves against signed heads.

Everything looked at is append-only, so sealing may go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from django.db import connection

from dancu.audit import notes
from dancu.audit.errors import NoteInvalid
from dancu.audit.findings import Damage, Finding, Verified, ranges_of
from dancu.audit.internal.records import RecordCheck, StoredLeaf, stored_leaves
from dancu.audit.internal.walk import Place, Walk
from dancu.audit.models import SigningKey, TreeHead
from dancu.audit.notes import Verifier, read_verifier
from dancu.audit.queries import CHECKED
from dancu.audit.services import record
from dancu.kernel.merkle import STRIDE

CHUNK = 65_536
_KEPT, _LONGEST = 20, 500
Report = Callable[[int, int], None]
_NODES = (
    "SELECT level, number, hash FROM audit_node WHERE level = %s AND number >= %s AND number < %s"
)


_BEYOND = """
SELECT coalesce((SELECT size FROM audit_treehead ORDER BY id DESC LIMIT 1), 0),
       coalesce((SELECT max("index") + 1 FROM audit_leaf), 0)
"""


@dataclass(frozen=True, slots=True)
class _SignedHead:
    size: int
    root: bytes


def verify(*, report: Report = lambda _done, _total: None) -> Verified:
    """Recompute every leaf from its record and every head from the leaves; says where they differ.

    ``report`` gets the leaves done and their total. The private key is not needed.
    """
    last = TreeHead.objects.order_by("-id").first()
    heads, found = _checked_heads(last.pk if last else 0)
    records, walk = RecordCheck(), Walk()
    size = heads[-1].size if heads else 0
    for begin in range(0, size, CHUNK):
        end = min(begin + CHUNK, size)
        leaves = stored_leaves(begin, end)
        records.compare(leaves)
        found += _gaps(leaves, begin, end)
        found += _out_of_order(leaves, [h.size for h in heads if begin < h.size < end])
        hashes = _hashes(leaves, begin, end)
        _walk(walk, hashes, begin, heads, _nodes(begin, end))
        report(end, size)
    found += [*records.findings(), *map(_with_records, walk.findings), *walk.end(), *_unsigned()]
    return Verified(size, last.at if last else None, len(heads), tuple(found))


def _checked_heads(newest: int) -> tuple[list[_SignedHead], list[Finding]]:
    """Every head by size, as its note says, and what is wrong with notes and rows."""
    verifiers = [
        read_verifier(text) for text in SigningKey.objects.values_list("verifier", flat=True)
    ]
    heads: dict[tuple[int, bytes], _SignedHead] = {}
    found: list[Finding] = []
    former = 0
    rows = TreeHead.objects.filter(pk__lte=newest).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        problem, head = _examine(row, verifiers)
        if problem is None and head is not None and head.size < former:
            problem = Finding(
                Damage.HEAD_CHANGED, note=f"head {row.pk}: smaller than the one before"
            )
        if problem is not None:
            found.append(problem)
        if head is not None:
            heads.setdefault((head.size, head.root), head)
            former = max(former, head.size)
    return sorted(heads.values(), key=lambda head: head.size), found


def _examine(
    row: TreeHead, verifiers: Sequence[Verifier]
) -> tuple[Finding | None, _SignedHead | None]:
    which = f"head {row.pk} of {row.at:%Y-%m-%d %H:%M:%S} UTC"
    try:
        note = notes.read_note(row.note)
        said = notes.read_head(note)
    except NoteInvalid as error:
        return Finding(Damage.SIGNATURE_WRONG, note=f"{which}: {error}"), None
    if not any(notes.is_signed_by(note, verifier) for verifier in verifiers):
        return Finding(Damage.SIGNATURE_WRONG, note=which), None
    head = _SignedHead(said.size, said.root)
    if (said.size, said.root) != (row.size, bytes(row.root)):
        return Finding(Damage.HEAD_CHANGED, note=which), head
    return None, head


def _gaps(leaves: Sequence[StoredLeaf], begin: int, end: int) -> list[Finding]:
    if len(leaves) == end - begin:
        return []
    there = {leaf.index for leaf in leaves}
    lost = (index for index in range(begin, end) if index not in there)
    return [Finding(Damage.LEAF_LOST, leaves=ranges_of(lost))]


def _out_of_order(leaves: Sequence[StoredLeaf], boundaries: Iterable[int]) -> Iterator[Finding]:
    """Find leaves in another order than sealing gives them: by number, from head to head."""
    starts = set(boundaries)
    for former, leaf in pairwise(leaves):
        if leaf.index in starts or former.source != leaf.source or former.record < leaf.record:
            continue
        places = ranges_of((former.index, leaf.index))
        records = ranges_of((former.record, leaf.record))
        yield Finding(Damage.REORDERED, f"source {leaf.source}", records, places)


def _hashes(leaves: Sequence[StoredLeaf], begin: int, end: int) -> list[bytes]:
    if len(leaves) == end - begin:
        return [leaf.hash for leaf in leaves]
    known = {leaf.index: leaf.hash for leaf in leaves}
    return [known.get(index, b"") for index in range(begin, end)]


def _walk(
    walk: Walk,
    hashes: Sequence[bytes],
    begin: int,
    heads: Sequence[_SignedHead],
    nodes: dict[Place, bytes],
) -> None:
    end = begin + len(hashes)
    at = begin
    # A head of size n stands behind leaf n - 1.
    passed = [head for head in heads if begin < head.size <= end]
    for size, group in groupby(passed, key=lambda head: head.size):
        walk.extend(hashes[at - begin : size - begin], nodes)
        at = size
        walk.heads([head.root for head in group])
    walk.extend(hashes[at - begin :], nodes)


def _nodes(begin: int, end: int) -> dict[Place, bytes]:
    """Read the stored nodes that end among the leaves ``[begin, end)``."""
    found: dict[Place, bytes] = {}
    level = STRIDE
    with connection.cursor() as cursor:
        while end >> level:
            cursor.execute(_NODES, [level, begin >> level, end >> level])
            found.update({(row[0], row[1]): bytes(row[2]) for row in cursor.fetchall()})
            level += STRIDE
    return found


def _unsigned() -> Iterator[Finding]:
    """Find leaves behind the last head: sealing signs whatever it appends."""
    with connection.cursor() as cursor:
        cursor.execute(_BEYOND)
        size, end = cursor.fetchone()
    if end > size:
        yield Finding(Damage.LEAF_CHANGED, leaves=((size, end - 1),), note="behind the last head")


def _with_records(finding: Finding) -> Finding:
    """Name the records that stand behind the leaves of a finding."""
    if finding.damage is not Damage.LEAF_CHANGED:
        return finding
    ((first, last),) = finding.leaves
    leaves = stored_leaves(first, last + 1)
    numbers = {leaf.source for leaf in leaves}
    if len(numbers) != 1:
        return finding
    records = ranges_of(leaf.record for leaf in leaves)
    return Finding(finding.damage, f"source {numbers.pop()}", records, finding.leaves)


def check_and_record(*, at: datetime) -> Verified:
    """Verify, and keep in the log of events what was found; auditors see it on their page."""
    found = verify()
    words = [str(item)[:_LONGEST] for item in found.findings[:_KEPT]]
    detail = {"size": found.size, "findings": words, "count": len(found.findings)}
    record(event=CHECKED, actor=None, at=at, detail=detail)
    return found
