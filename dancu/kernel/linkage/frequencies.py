"""How rare a name is, in bits: minus log2 of the share of people who bear it.

Two people named Nguyễn Văn Hùng say little, two named Quách Mộc Lan much. Whole names that many
bear are counted; every other name is as rare as its parts together: surname, middle names, given
name. All of keys without accents, so that a name that lost its accents is no rarity.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: A part that was never seen is taken to be this rare.
RAREST = 14.0
_LARGEST_TABLE = 400
_WHOLE_NAMES = 2_000


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Bits of surnames, middle names together, given names, and of the commonest whole names.

    ``usual_*`` are the bits of the chance that two people agree, which the weights of the levels
    already hold.
    """

    surnames: Mapping[str, float]
    middles: Mapping[str, float]
    given: Mapping[str, float]
    whole: Mapping[str, float]
    usual_whole: float
    usual_ends: float
    usual_given: float

    def bits(self, bare: str) -> tuple[float, float, float]:
        """Return the bits of a whole name, of surname with given name, and of the given name."""
        words = bare.split()
        if not words:
            return 0.0, 0.0, 0.0
        given = self.given.get(words[-1], RAREST)
        ends = given + self.surnames.get(words[0], RAREST)
        whole = self.whole.get(bare)
        if whole is None:
            whole = ends + self.middles.get(" ".join(words[1:-1]), RAREST)
        return whole, ends, given


def count(names: Iterable[str]) -> Frequencies:
    """Count the names (match keys) of a population."""
    whole = Counter(name for name in names if " " in name)
    total = whole.total() or 1
    surnames: Counter[str] = Counter()
    middles: Counter[str] = Counter()
    given: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for name, number in whole.items():
        first, *between, last = name.split()
        surnames[first] += number
        middles[" ".join(between)] += number
        given[last] += number
        ends[f"{first} {last}"] += number
    return Frequencies(
        _bits(surnames, total, _LARGEST_TABLE),
        _bits(middles, total, _LARGEST_TABLE),
        _bits(given, total, _LARGEST_TABLE),
        _bits(whole, total, _WHOLE_NAMES),
        _usual(whole, total),
        _usual(ends, total),
        _usual(given, total),
    )


def _bits(counter: Counter[str], total: int, most: int) -> dict[str, float]:
    found = {name: round(-math.log2(n / total), 2) for name, n in counter.most_common(most)}
    return dict(sorted(found.items()))


def _usual(counter: Counter[str], total: int) -> float:
    return round(-math.log2(sum((n / total) ** 2 for n in counter.values()) or 1.0), 3)
