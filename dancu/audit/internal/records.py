"""Comparing the sealed records with their leaves, and looking for what was never sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection

from dancu.audit.findings import Damage, Finding, ranges_of
from dancu.audit.internal.rows import fetch
from dancu.audit.models import LeafSource
from dancu.audit.sources import Row, Source, sources
from dancu.kernel.merkle import leaf_hash

_LEAVES = """
SELECT "index", source, version, record, salt, hash FROM audit_leaf
WHERE "index" >= %s AND "index" < %s ORDER BY 1
"""
#: So many changed records are tried for having changed places.
_TRIED = 200


class StoredLeaf(NamedTuple):
    """A row of the seal."""

    index: int  # type: ignore[assignment]  # Nobody looks for a place in a leaf.
    source: int
    version: int
    record: int
    salt: bytes
    hash: bytes


@dataclass(slots=True)
class _Changed:
    leaves: list[StoredLeaf] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


class RecordCheck:
    """Compares records with leaves, chunk by chunk, and keeps what does not fit."""

    def __init__(self) -> None:
        self._sources = {item.number: item for item in sources()}
        self._gone: dict[int, list[StoredLeaf]] = defaultdict(list)
        self._changed: dict[int, _Changed] = defaultdict(_Changed)

    def compare(self, leaves: Sequence[StoredLeaf]) -> None:
        """Compare leaves with the records that they seal."""
        by_source: dict[int, list[StoredLeaf]] = defaultdict(list)
        for leaf in leaves:
            by_source[leaf.source].append(leaf)
        for number, own in by_source.items():
            if (source := self._sources.get(number)) is None:
                self._gone[number] += own
            else:
                self._compare(source, own)

    def _compare(self, source: Source, leaves: Sequence[StoredLeaf]) -> None:
        rows = _records(source, [leaf.record for leaf in leaves])
        entry, changed = source.entry, self._changed[source.number]
        for leaf in leaves:
            row = rows.get(leaf.record)
            if row is None:
                self._gone[source.number].append(leaf)
            elif not _fits(entry, leaf, row):
                changed.leaves.append(leaf)
                changed.rows.append(row)

    def findings(self) -> Iterator[Finding]:
        """Yield what was found so far, and the records that were put in."""
        for number, leaves in self._gone.items():
            yield _finding(Damage.DELETED, self._name(number), leaves)
        for number, changed in self._changed.items():
            yield from _moved_or_changed(self._sources[number], changed)
        for source in self._sources.values():
            if strays := _never_sealed(source):
                yield Finding(Damage.INSERTED, source.name, records=ranges_of(strays))

    def _name(self, number: int) -> str:
        return self._sources[number].name if number in self._sources else f"source {number}"


def stored_leaves(begin: int, end: int) -> list[StoredLeaf]:
    """Read leaves ``[begin, end)``, those that there are."""
    return [StoredLeaf(*row) for row in fetch(_LEAVES, [begin, end])]


def _records(source: Source, numbers: Sequence[int]) -> dict[int, Row]:
    columns = ", ".join(source.columns)
    query = f"SELECT {columns} FROM {source.table} WHERE id = ANY(%s)"
    return {row[0]: row for row in fetch(query, [list(numbers)])}


def _fits(entry: Any, leaf: StoredLeaf, row: Row) -> bool:
    try:
        return leaf_hash(entry(leaf.version, row, leaf.salt)) == leaf.hash
    except ValueError:  # A version that was never written: the leaf was changed.
        return False


def _moved_or_changed(source: Source, changed: _Changed) -> Iterator[Finding]:
    moved = _moved(source, changed) if 1 < len(changed.leaves) <= _TRIED else {}
    if moved:
        words = ", ".join(f"{old} stands under {new}" for old, new in sorted(moved.items())[:20])
        there = [leaf for leaf in changed.leaves if leaf.record in moved]
        yield _finding(Damage.REORDERED, source.name, there, note=words)
    rest = [leaf for leaf in changed.leaves if leaf.record not in moved]
    if rest:
        yield _finding(Damage.CHANGED, source.name, rest)


def _moved(source: Source, changed: _Changed) -> dict[int, int]:
    """Where the content of changed records stands now, when it stands under another number."""
    found: dict[int, int] = {}
    for leaf in changed.leaves:
        for row in changed.rows:
            if _fits(source.entry, leaf, (leaf.record, *row[1:])):
                found[leaf.record] = row[0]
                break
    return found


def _finding(
    damage: Damage, source: str, leaves: Sequence[StoredLeaf], *, note: str = ""
) -> Finding:
    return Finding(
        damage,
        source,
        records=ranges_of(leaf.record for leaf in leaves),
        leaves=ranges_of(leaf.index for leaf in leaves),
        note=note,
    )


def _never_sealed(source: Source) -> list[int]:
    floor = LeafSource.objects.filter(number=source.number).values_list("floor", flat=True).first()
    query = f"""
        SELECT r.id FROM {source.table} r
        WHERE r.id <= %s AND NOT EXISTS (
            SELECT FROM audit_leaf l WHERE l.source = %s AND l.record = r.id
        )"""
    with connection.cursor() as cursor:
        cursor.execute(query, [floor or 0, source.number])
        return [row[0] for row in cursor.fetchall()]
