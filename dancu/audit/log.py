"""What anybody may read of the sealed log: heads, keys, proofs and hashes of leaves. No people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from dancu.audit import notes
from dancu.audit.errors import NoHeadYet, NoSuchTree, NotSealedYet
from dancu.audit.internal.rows import fetch
from dancu.audit.internal.tree import StoredTree
from dancu.audit.models import Leaf, SigningKey, TreeHead
from dancu.audit.notes import Head, Verifier, read_verifier
from dancu.audit.sources import source
from dancu.kernel import merkle

#: Hashes that are handed out at once.
MOST_ENTRIES = 4096
_ENTRIES = 'SELECT hash FROM audit_leaf WHERE "index" >= %s AND "index" < %s ORDER BY "index"'


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head and its note."""

    head: Head
    note: str


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key of the log; ``introduction`` is the note in which the former one vouches for it."""

    verifier: Verifier
    made_at: datetime
    introduction: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that shows that a record is in the log: its bytes, the way to the root, the head."""

    entry: bytes
    index: int
    proof: tuple[bytes, ...]
    signed: SignedHead
    verifier: Verifier


def latest_head() -> SignedHead:
    """Return the last signed head. Raises ``NoHeadYet``."""
    row = TreeHead.objects.order_by("-id").first()
    if row is None:
        raise NoHeadYet
    return SignedHead(notes.read_head(notes.read_note(row.note)), row.note)


def list_keys() -> list[KeyEntry]:
    """Return the keys of the log, the first one first."""
    rows = SigningKey.objects.order_by("id")
    return [KeyEntry(read_verifier(k.verifier), k.made_at, k.introduction) for k in rows]


def prove_inclusion(*, index: int, size: int) -> list[bytes]:
    """Return the audit path of a leaf in the tree of a size. Raises ``NoSuchTree``."""
    _require_size(size)
    if not 0 <= index < size:
        raise NoSuchTree(what=f"index {index}")
    return merkle.inclusion_proof(index, size, StoredTree().subtree)


def prove_consistency(*, first: int, second: int) -> list[bytes]:
    """Return the proof that one size of the log is a beginning of another."""
    _require_size(second)
    if not 0 <= first <= second:
        raise NoSuchTree(what=f"first {first}")
    return merkle.consistency_proof(first, second, StoredTree().subtree)


def leaf_hashes(*, start: int, end: int) -> list[bytes]:
    """Return the hashes of leaves ``[start, end)``, at most ``MOST_ENTRIES`` of those signed."""
    size = latest_head().head.size
    if not 0 <= start <= end:
        raise NoSuchTree(what=f"start {start}")
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [start, min(end, size, start + MOST_ENTRIES)])
        return [bytes(row[0]) for row in cursor.fetchall()]


def receipt_of(source_name: str, record: int) -> Receipt:
    """Return what shows that a record is sealed. Raises ``NotSealedYet``.

    The caller has made sure that whoever gets it may read the record.
    """
    own = source(source_name)
    leaf = Leaf.objects.filter(source=own.number, record=record).first()
    signed = latest_head()
    if leaf is None or leaf.index >= signed.head.size:
        raise NotSealedYet
    rows = fetch(f"SELECT {', '.join(own.columns)} FROM {own.table} WHERE id = %s", [record])
    if not rows:
        raise NotSealedYet
    proof = merkle.inclusion_proof(leaf.index, signed.head.size, StoredTree().subtree)
    return Receipt(
        entry=own.entry(leaf.version, rows[0], bytes(leaf.salt)),
        index=leaf.index,
        proof=tuple(proof),
        signed=signed,
        verifier=list_keys()[-1].verifier,
    )


def _require_size(size: int) -> None:
    if not 0 <= size <= latest_head().head.size:
        raise NoSuchTree(what=f"size {size}")
