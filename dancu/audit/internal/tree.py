"""The tree as stored: hashes of leaves, and of complete subtrees at levels 8, 16, 24 and so on.

What lies between is hashed anew from at most 256 rows, so a proof over a million leaves reads four
blocks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from django.db import connection

from dancu.kernel.merkle import (
    BLOCK,
    STRIDE,
    CompactRange,
    cover,
    joined,
    parents,
)

_KEPT = 64
_LEAVES = 'SELECT "index", hash FROM audit_leaf WHERE "index" >= %s AND "index" < %s ORDER BY 1'
_NODES = (
    "SELECT number, hash FROM audit_node WHERE number >= %s AND number < %s AND level = %s "
    "ORDER BY 1"
)


class HashMissing(LookupError):
    """A hash that the tree needs is not stored."""

    def __init__(self, level: int, number: int) -> None:
        self.level = level
        self.number = number
        super().__init__(f"the hash of node {number} at level {level} is missing")


class StoredTree:
    """Reads hashes of complete and other subtrees; keeps the blocks last read."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[tuple[int, int], dict[int, bytes]] = OrderedDict()

    def subtree(self, begin: int, end: int) -> bytes:
        """Return the root over the leaves ``[begin, end)`` as the proofs name them."""
        return joined([self.complete(level, number) for level, number in cover(begin, end)])

    def root(self, size: int) -> bytes:
        """Return the root of the tree of a size."""
        return self.subtree(0, size)

    def complete(self, level: int, number: int) -> bytes:
        """Return the root of a complete subtree. Raises ``HashMissing``."""
        base = level // STRIDE * STRIDE
        width = 1 << (level - base)
        hashes = self.row(base, number * width, (number + 1) * width)
        while len(hashes) > 1:
            hashes = parents(hashes)
        return hashes[0]

    def row(self, level: int, begin: int, end: int) -> list[bytes]:
        """Return neighbours at a stored level, all of one block. Raises ``HashMissing``."""
        block = self._block(level, begin // BLOCK)
        try:
            return [block[number] for number in range(begin, end)]
        except KeyError as error:
            raise HashMissing(level, error.args[0]) from None

    def edge(self, size: int) -> CompactRange:
        """Return the right edge of the tree of a size."""
        return CompactRange(self._edges(size))

    def _edges(self, size: int) -> Iterator[list[bytes]]:
        level = 0
        while count := size >> level:
            yield self.row(level, count // BLOCK * BLOCK, count)
            level += STRIDE

    def _block(self, level: int, number: int) -> dict[int, bytes]:
        key = (level, number)
        if key in self._blocks:
            self._blocks.move_to_end(key)
            return self._blocks[key]
        limits = [number * BLOCK, (number + 1) * BLOCK]
        with connection.cursor() as cursor:
            cursor.execute(_NODES if level else _LEAVES, [*limits, level] if level else limits)
            found = {row[0]: bytes(row[1]) for row in cursor.fetchall()}
        self._blocks[key] = found
        if len(self._blocks) > _KEPT:
            self._blocks.popitem(last=False)
        return found
