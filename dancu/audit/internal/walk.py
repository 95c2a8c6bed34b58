"""Rebuilding the tree from the stored leaves, and comparing it with stored nodes and heads.

Where a block of 256 leaves does not hash to its stored node, the tree is built twice: once as the
leaves say, and once as the nodes say. The next signed root tells which of the two was changed, and
the walk goes on from the true one, so that damage in one place does not hide damage in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dancu.audit.findings import Damage, Finding
from dancu.kernel.merkle import BLOCK, STRIDE, CompactRange, joined, peaks

Place = tuple[int, int]
"""Level and number of a node."""


class Walk:
    """Goes through the leaves from the first to the last, with the heads on the way."""

    def __init__(self) -> None:
        self.size = 0
        self.findings: list[Finding] = []
        self._by_leaves = CompactRange()
        self._by_nodes = CompactRange()
        self._open: list[bytes] = []
        self._doubtful: list[int] = []
        self._good = 0
        self._first_bad: int | None = None

    def extend(self, leaves: Sequence[bytes], nodes: Mapping[Place, bytes]) -> None:
        """Go over leaves; ``nodes`` are the stored ones that they complete."""
        begin = 0
        while begin < len(leaves):
            taken = leaves[begin : begin + BLOCK - len(self._open)]
            self._open += taken
            self.size += len(taken)
            begin += len(taken)
            if len(self._open) == BLOCK:
                self._close_block(nodes)

    def _close_block(self, nodes: Mapping[Place, bytes]) -> None:
        number = (self.size >> STRIDE) - 1
        (found,) = peaks(self._open)
        stored = nodes.get((STRIDE, number))
        self._open = []
        if stored != found:
            self._doubtful.append(number)
        self._by_leaves.extend([found])
        for level, place, value in self._by_nodes.extend([stored or found]):
            # Counted from the blocks, so every level lies one stride higher.
            if nodes.get((level + STRIDE, place)) != value:
                self._node_wrong(level + STRIDE, place)

    def _node_wrong(self, level: int, number: int) -> None:
        leaves = ((number << level, ((number + 1) << level) - 1),)
        note = f"level {level}, number {number}"
        self.findings.append(Finding(Damage.NODE_CHANGED, leaves=leaves, note=note))

    def heads(self, roots: Sequence[bytes]) -> None:
        """Compare with the signed roots of the heads of this size: one, unless the log forked."""
        edge = peaks(self._open)
        if _root(self._by_leaves, edge) in roots:
            for number in self._doubtful:
                self._node_wrong(STRIDE, number)
            self._by_nodes = CompactRange(self._by_leaves.edges)
        elif _root(self._by_nodes, edge) in roots:
            self.findings += map(self._leaf_changed, self._doubtful)
            self._by_leaves = CompactRange(self._by_nodes.edges)
        else:
            if self._first_bad is None:
                self._first_bad = self.size
            return
        if len(roots) > 1:
            note = f"{len(roots)} signed roots for the size {self.size}"
            self.findings.append(Finding(Damage.ROOT_WRONG, note=note))
        self._doubtful = []
        self._good, self._first_bad = self.size, None

    def _leaf_changed(self, number: int) -> Finding:
        begin, end = number << STRIDE, (number + 1) << STRIDE
        if number == self._doubtful[0]:
            # The heads on the way narrow it down: right before it, wrong behind it.
            begin = max(begin, self._good)
            if self._first_bad is not None:
                end = min(end, self._first_bad)
        return Finding(Damage.LEAF_CHANGED, leaves=((begin, end - 1),))

    def end(self) -> Iterator[Finding]:
        """Yield what is left unexplained at the last head."""
        if self._first_bad is not None:
            leaves = ((self._good, self._first_bad - 1),) if self._good < self._first_bad else ()
            yield Finding(Damage.ROOT_WRONG, leaves=leaves)


def _root(blocks: CompactRange, edge: Iterable[bytes]) -> bytes:
    higher = [peak for row in reversed(blocks.edges) for peak in peaks(row)]
    return joined([*higher, *edge])
