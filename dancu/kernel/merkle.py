"""The Merkle tree of RFC 9162 §2.1 (the same as RFC 6962 §2.1), over SHA-256.

Pure: leaves and nodes are ``bytes`` of 32; where they are stored is the caller's affair. A
*subtree* is named by the half-open range of leaves ``[begin, end)`` that it covers. A *complete*
subtree has 2^level leaves and is named by ``(level, number)``: its first leaf is
``number << level``.

Every subtree that the RFC's proofs mention begins at a multiple of the smallest power of two that
is not below its length, so it is a row of complete subtrees, the largest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TypeAlias

#: The root of the tree without leaves.
EMPTY_ROOT = sha256(b"").digest()
SIZE = 32
#: Levels between two rows of nodes that are worth storing: a block has 256 children.
STRIDE = 8
BLOCK = 1 << STRIDE

Subtree: TypeAlias = Callable[[int, int], bytes]
"""Gives the root of the subtree over the leaves ``[begin, end)``."""
Node: TypeAlias = tuple[int, int, bytes]
"""Level, number and hash of a complete subtree."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over 0x00 and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 over 0x01 and its two children."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the next level above an even number of neighbours."""
    pairs = iter(hashes)
    return [
        sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)
    ]


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (MTH of the RFC); ``EMPTY_ROOT`` over none."""
    return joined(peaks(hashes))


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the roots of the complete subtrees that a row of neighbours falls into."""
    found = []
    begin = 0
    for size in _powers(len(hashes)):
        level: Sequence[bytes] = hashes[begin : begin + size]
        while len(level) > 1:
            level = parents(level)
        found.append(level[0])
        begin += size
    return found


def joined(found: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees that get smaller from left to right."""
    if not found:
        return EMPTY_ROOT
    root = found[-1]
    for peak in reversed(found[:-1]):
        root = node_hash(peak, root)
    return root


def cover(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield ``(level, number)`` of the complete subtrees that make up a subtree of the RFC."""
    for size in _powers(end - begin):
        level = size.bit_length() - 1
        yield level, begin >> level
        begin += size


def _powers(length: int) -> Iterator[int]:
    """Yield the powers of two in a number, the largest first."""
    while length:
        power = 1 << (length.bit_length() - 1)
        yield power
        length -= power


def _split(length: int) -> int:
    """The largest power of two smaller than a length of at least two."""
    return 1 << ((length - 1).bit_length() - 1)


class CompactRange:
    """The right edge of a growing tree: all that is needed to append and to know the root.

    ``edges[k]`` holds the hashes at level ``8 k`` that no complete block of 256 has taken up yet.
    """

    __slots__ = ("edges", "size")

    def __init__(self, edges: Iterable[Iterable[bytes]] = ()) -> None:
        """Begin with the edges of a tree, the leaves' first; without any the tree is empty."""
        self.edges = [list(edge) for edge in edges] or [[]]
        if any(len(edge) >= BLOCK for edge in self.edges):
            raise ValueError("An edge holds fewer than 256 hashes; its block is complete.")
        self.size = sum(len(edge) << (STRIDE * k) for k, edge in enumerate(self.edges))

    def extend(self, leaves: Sequence[bytes]) -> list[Node]:
        """Append leaf hashes; returns the nodes at levels 8, 16, … that became complete."""
        before = self.size
        self.size += len(leaves)
        complete: list[Node] = []
        rising: Sequence[bytes] = leaves
        depth = 0
        while rising:
            if depth == len(self.edges):
                self.edges.append([])
            edge = self.edges[depth]
            first = before >> (STRIDE * (depth + 1))
            edge.extend(rising)
            whole = len(edge) // BLOCK * BLOCK
            risen: Sequence[bytes] = edge[:whole]
            del edge[:whole]
            for _level in range(STRIDE if whole else 0):
                risen = parents(risen)
            depth += 1
            level = STRIDE * depth
            complete += [(level, first + i, item) for i, item in enumerate(risen)]
            rising = risen
        return complete

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        return joined([peak for edge in reversed(self.edges) for peak in peaks(edge)])


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the audit path of a leaf in the tree of a size (RFC 9162 §2.1.3.1), leaf first."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}.")
    begin, end = 0, size
    path = []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(begin, middle))
            begin = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that the tree of size ``old`` is a beginning of ``new`` (§2.1.4.1).

    Empty for equal sizes and for an empty old tree, which is a beginning of every tree.
    """
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {old} is no beginning of a tree of {new}.")
    if old in (0, new):
        return []
    begin, end, at_edge = 0, new, True
    path = []
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(begin, middle))
            begin, at_edge = middle, False
    if not at_edge:
        path.append(subtree(begin, end))
    return path[::-1]


def root_from_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes]
) -> bytes | None:
    """Return the root to which an audit path leads (§2.1.3.2); None when it cannot be one."""
    if not 0 <= index < size:
        return None
    number, last, root = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return None
        if number & 1 or number == last:
            root = node_hash(other, root)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            root = node_hash(root, other)
        number, last = number >> 1, last >> 1
    return root if last == 0 else None


def is_included(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the proof shows that the leaf stands at the index of the tree with this root."""
    return root_from_inclusion(leaf=leaf, index=index, size=size, proof=proof) == root


def is_consistent(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether the proof shows that the new tree begins with the old one (§2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old & (old - 1) == 0 else [*proof]
    if not path:
        return False
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    from_old = from_new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            from_old, from_new = node_hash(other, from_old), node_hash(other, from_new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            from_new = node_hash(from_new, other)
        number, last = number >> 1, last >> 1
    return last == 0 and from_old == old_root and from_new == new_root
