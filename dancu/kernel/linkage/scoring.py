"""How much two records speak for one person, with every piece of evidence.

The engine says the same in SQL for millions of pairs; a test holds the two against each other.
"""

from __future__ import annotations

import math

from dancu.kernel.linkage.comparisons import COMPARISONS, UNKNOWN, Comparison
from dancu.kernel.linkage.model import MOST_ADJUSTED, Model
from dancu.kernel.linkage.prepared import NOTHING_KNOWN, Context, Prepared, prepare
from dancu.kernel.linkage.types import Evidence, Pair, Record

_PLACES = {"whole": 0, "ends": 1, "given": 2}


def explain(left: Record, right: Record, model: Model, context: Context = NOTHING_KNOWN) -> Pair:
    """Compare two records; the evidence comes in the order of the comparisons."""
    return explain_prepared(prepare(left, context), prepare(right, context), model)


def explain_prepared(left: Prepared, right: Prepared, model: Model) -> Pair:
    """Compare two records that have been prepared."""
    evidence = tuple(_evidence(comparison, left, right, model) for comparison in COMPARISONS)
    weight = model.prior_weight + sum(one.weight for one in evidence)
    return Pair(left.key, right.key, weight, probability(weight), evidence)


def probability(weight: float) -> float:
    """Return the probability of a weight in bits."""
    return 1.0 / (1.0 + math.exp2(-max(min(weight, 500.0), -500.0)))


def _evidence(comparison: Comparison, left: Prepared, right: Prepared, model: Model) -> Evidence:
    level = comparison.level(left, right)
    if level.name == UNKNOWN:
        return Evidence(comparison.name, UNKNOWN, 0.0)
    weight = model.weight(comparison.name, level)
    if level.frequency:
        place = _PLACES[level.frequency]
        bits = model.frequencies.bits
        rarity = min(bits(left.bare)[place], bits(right.bare)[place])
        weight += max(-MOST_ADJUSTED, min(MOST_ADJUSTED, rarity - model.usual(level.frequency)))
    return Evidence(comparison.name, level.name, weight)
