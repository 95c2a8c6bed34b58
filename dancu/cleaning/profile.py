"""What is in the columns: how filled, how many values, which shapes, which values most often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dancu.cleaning.types import Column

#: Shapes and values are counted in so many rows at the beginning of the file.
LOOKED_AT = 20_000
_MOST_DISTINCT = 20_000
_MOST_VALUES = 5_000
_TOP = 5
_LONGEST = 60
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d", re.ASCII)
_NUMERIC = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?", re.ASCII)


def shape_of(value: str) -> str:
    """Return the shape of a value: 9 for each digit, A, a or Aa for each word."""
    return _DIGIT.sub("9", _WORD.sub(_word, value[:_LONGEST]))


def _word(found: re.Match[str]) -> str:
    text = found[0]
    if text.isupper():
        return "A"
    return "Aa" if text[0].isupper() else "a"


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column holds. ``distinct`` stops counting at 20,000 (``has_more``).

    ``shapes`` and ``values``: the most frequent ones with their counts, values that occur more than
    once. ``is_number``: every filled
    cell is a number without lost zeros, so it stays one in a workbook.
    """

    column: Column
    rows: int
    filled: int
    distinct: int
    has_more: bool
    shapes: Sequence[tuple[str, int]]
    values: Sequence[tuple[str, int]]
    is_number: bool

    @property
    def share(self) -> float:
        """Which part of the rows has a value."""
        return self.filled / self.rows if self.rows else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the profile as it is stored."""
        column = self.column
        return {
            "place": column.place,
            "title": column.title,
            "meaning": column.meaning,
            "by_content": column.by_content,
            "rows": self.rows,
            "filled": self.filled,
            "distinct": self.distinct,
            "has_more": self.has_more,
            "shapes": [list(one) for one in self.shapes],
            "values": [list(one) for one in self.values],
            "is_number": self.is_number,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> ColumnProfile:
        """Return the stored profile."""
        column = Column(
            stored["place"], stored["title"], stored["meaning"], by_content=stored["by_content"]
        )
        return cls(
            column,
            stored["rows"],
            stored["filled"],
            stored["distinct"],
            stored["has_more"],
            [(shape, count) for shape, count in stored["shapes"]],
            [(value, count) for value, count in stored["values"]],
            stored["is_number"],
        )


@dataclass(slots=True)
class _Counts:
    filled: int = 0
    hashes: set[int] = field(default_factory=set)
    shapes: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    is_number: bool = True


class Profiler:
    """Counts while rows go by; its memory does not grow with the file."""

    def __init__(self, columns: Sequence[Column]) -> None:
        """Begin with nothing counted."""
        self._columns = columns
        self._counts = [_Counts() for _ in columns]
        self._rows = 0

    def add(self, cells: Sequence[str]) -> None:
        """Count a row as it stands in the file."""
        self._rows += 1
        is_looked_at = self._rows <= LOOKED_AT
        for counts, cell in zip(self._counts, cells, strict=True):
            if not cell:
                continue
            counts.filled += 1
            if len(counts.hashes) < _MOST_DISTINCT:
                counts.hashes.add(hash(cell))
            if counts.is_number:
                counts.is_number = _NUMERIC.fullmatch(cell) is not None
            if is_looked_at:
                counts.shapes[shape_of(cell)] += 1
                if len(counts.values) < _MOST_VALUES or cell in counts.values:
                    counts.values[cell[:_LONGEST]] += 1

    def profiles(self) -> list[ColumnProfile]:
        """Return what was counted."""
        return [
            ColumnProfile(
                column,
                self._rows,
                counts.filled,
                len(counts.hashes),
                len(counts.hashes) >= _MOST_DISTINCT,
                counts.shapes.most_common(_TOP),
                [(value, n) for value, n in counts.values.most_common(_TOP) if n > 1],
                counts.is_number and counts.filled > 0 and not column.meaning,
            )
            for column, counts in zip(self._columns, self._counts, strict=True)
        ]
