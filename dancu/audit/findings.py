"""What a check of the sealed log may find, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Damage(StrEnum):
    """What was done to the log."""

    DELETED = "deleted"
    CHANGED = "changed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    LEAF_LOST = "leaf-lost"
    LEAF_CHANGED = "leaf-changed"
    NODE_CHANGED = "node-changed"
    HEAD_CHANGED = "head-changed"
    SIGNATURE_WRONG = "signature-wrong"
    ROOT_WRONG = "root-wrong"


WORDS = {
    Damage.DELETED: "sealed records are gone from the table",
    Damage.CHANGED: "records do not read as they were sealed",
    Damage.INSERTED: "records were put in behind the seal",
    Damage.REORDERED: "records or their seals changed places",
    Damage.LEAF_LOST: "leaves of the seal are gone",
    Damage.LEAF_CHANGED: "leaves of the seal were changed, perhaps with their records",
    Damage.NODE_CHANGED: "a node of the tree was changed or is gone",
    Damage.HEAD_CHANGED: "a head does not say what its note says",
    Damage.SIGNATURE_WRONG: "a head is not signed by a key of this log",
    Damage.ROOT_WRONG: "no stored hash leads to the signed root any more",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Damage, located: records of a source and leaves, each as ranges with both ends."""

    damage: Damage
    source: str = ""
    records: tuple[tuple[int, int], ...] = ()
    leaves: tuple[tuple[int, int], ...] = ()
    note: str = ""

    @property
    def count(self) -> int:
        """How many records, or leaves where no records are known."""
        return sum(last - first + 1 for first, last in self.records or self.leaves) or 1

    def __str__(self) -> str:
        """Write it on one line."""
        parts = [f"{self.damage}: {WORDS[self.damage]}"]
        if self.records:
            parts.append(f"{self.source} records {ranges_in_words(self.records)}")
        if self.leaves:
            parts.append(f"leaves {ranges_in_words(self.leaves)}")
        if self.note:
            parts.append(self.note)
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked, and what was found; ``at`` and ``size`` are those of the last head."""

    size: int
    at: datetime | None
    heads: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


_SHOWN = 20


def ranges_of(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Fold numbers into ranges of neighbours."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def ranges_in_words(ranges: Sequence[tuple[int, int]]) -> str:
    """Write ranges, the first few of many."""
    words = [str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_SHOWN]]
    if len(ranges) > _SHOWN:
        words.append(f"and {len(ranges) - _SHOWN} more ranges")
    return ", ".join(words)
