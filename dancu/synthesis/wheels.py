"""Weighted choice at the price of one list look-up.

A wheel is a list of 2**bits slots in which every value takes as many slots as its weight asks.
Drawing is ``wheel[getrandbits(bits)]``, several times faster than bisecting cumulative weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
BITS = 10


def wheel(weights: Iterable[tuple[T, float]], bits: int = BITS) -> list[T]:
    """Return the 2**bits slots; every value of positive weight takes at least one."""
    wanted = [(value, float(weight)) for value, weight in weights if weight > 0]
    slots = 1 << bits
    total = sum(weight for _, weight in wanted)
    counts = [max(1, int(weight / total * slots)) for _, weight in wanted]
    rests = sorted(
        range(len(wanted)),
        key=lambda i: (counts[i] - wanted[i][1] / total * slots, i),
    )
    missing = slots - sum(counts)
    position = 0
    while missing > 0:
        counts[rests[position % len(rests)]] += 1
        missing -= 1
        position += 1
    while missing < 0:
        largest = max(range(len(counts)), key=counts.__getitem__)
        counts[largest] -= 1
        missing += 1
    return [value for (value, _), n in zip(wanted, counts, strict=True) for _ in range(n)]


def wheel_of(mapping: Mapping[str, Any], bits: int = BITS) -> list[str]:
    """Return the wheel of a mapping from value to weight."""
    return wheel(((str(k), float(v)) for k, v in mapping.items()), bits)


def threshold(share: float, bits: int = 16) -> int:
    """Return the number below which ``getrandbits(bits)`` falls with this probability."""
    return round(share * (1 << bits))
