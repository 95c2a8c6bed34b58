"""The queries that propose and weigh pairs: one wording for every backend.

They speak of a table ``people`` (``id``, ``side``, the columns of ``Prepared``, the rarity of the
name) and a table ``candidates`` (``one``, ``other``: ids). Besides SQL that DuckDB and Spark share
they use three functions that each backend defines in its own way:

``key_hash(text)``: a number of 64 bits; ``within_one(a, b)``: at most one edit between the bytes of
two texts, letters exchanged with their neighbour counted as one; ``has_words(a, b)``: every word of
``b`` stands in ``a``.
"""

from __future__ import annotations

from collections.abc import Sequence

from dancu.kernel.linkage.blocking import LARGEST_BLOCK, Rule
from dancu.kernel.linkage.comparisons import COMPARISONS, Comparison
from dancu.kernel.linkage.model import MOST_ADJUSTED, Model

#: The order of what ``scoring`` finds.
HEAVIEST_FIRST = "weight DESC, left_key, right_key"


def candidates(rules: Sequence[Rule], *, between: bool) -> str:
    """Return the query of the pairs of some rules; a pair of several rules comes more than once.

    The records of a block are joined by the hash of its key; should two keys share a hash, a few
    pairs more are weighed. ``between`` leaves out pairs of one side.
    """
    carried = ", birth, birth_turned" if any(rule.also for rule in rules) else ""
    sides = " AND l.side < r.side" if between else ""
    keyed = " UNION ALL ".join(
        f"SELECT {place} AS rule, {rule.hash_sql} AS block, id, side{carried} FROM people"
        f" WHERE {rule.known_sql}"
        for place, rule in enumerate(rules)
    )
    also = "".join(
        f" AND (l.rule <> {place} OR {rule.also})" for place, rule in enumerate(rules) if rule.also
    )
    return f"""
    WITH keyed AS ({keyed}), blocks AS (
        SELECT rule, block FROM keyed GROUP BY rule, block
        HAVING count(*) BETWEEN 2 AND {LARGEST_BLOCK}
    ), shared AS (
        SELECT keyed.* FROM keyed
        SEMI JOIN blocks ON keyed.block = blocks.block AND keyed.rule = blocks.rule
    )
    SELECT l.id AS one, r.id AS other FROM shared l JOIN shared r
    ON l.block = r.block AND l.rule = r.rule AND l.id < r.id{sides}{also}
    """


def scoring(model: Model, *, between: bool) -> str:
    """Return the query that weighs the candidates: keys, weight, weight of the name, levels.

    Within one table the smaller key comes first, between two the key of the first table.
    """
    levels = ",\n".join(
        f"{_level(comparison)} AS level_{place}" for place, comparison in enumerate(COMPARISONS)
    )
    weights = " + ".join(
        ["name_weight"] + [_weight(model, place) for place in range(1, len(COMPARISONS))]
    )
    places = ", ".join(f"level_{place}" for place in range(len(COMPARISONS)))
    first, second = ("one", "other") if between else ("least(one, other)", "greatest(one, other)")
    return f"""
    WITH pairs AS (SELECT DISTINCT one, other FROM candidates),
    compared AS (
        SELECT l.key AS one, r.key AS other, {levels},
               least(l.whole_bits, r.whole_bits) AS whole_bits,
               least(l.ends_bits, r.ends_bits) AS ends_bits,
               least(l.given_bits, r.given_bits) AS given_bits
        FROM pairs JOIN people l ON l.id = pairs.one JOIN people r ON r.id = pairs.other
    ),
    named AS (SELECT *, {_name(model)} AS name_weight FROM compared),
    weighed AS (SELECT *, {_number(model.prior_weight)} + {weights} AS weight FROM named)
    SELECT {first} AS left_key, {second} AS right_key, weight, name_weight, {places}
    FROM weighed
    """


def heavy_enough(least: float) -> str:
    """Return the condition on what ``scoring`` finds."""
    return f"weight >= {_number(least)}"


def _number(value: float) -> str:
    """Return a literal that is a floating-point number, no decimal, everywhere."""
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"


def _level(comparison: Comparison) -> str:
    """Return the expression of the place of the level that holds; -1 for unknown."""
    cases = [f"WHEN {comparison.unknown.sql} THEN -1"]
    cases += [f"WHEN {level.sql} THEN {place}" for place, level in enumerate(comparison.levels)]
    return f"CASE {' '.join(cases)} END"


def _weight(model: Model, place: int) -> str:
    comparison = COMPARISONS[place]
    cases = [
        f"WHEN {number} THEN {_number(model.weight(comparison.name, level))}"
        for number, level in enumerate(comparison.levels)
    ]
    return f"CASE level_{place} {' '.join(cases)} ELSE 0e0 END"


def _name(model: Model) -> str:
    """Return the weight of the name, the rarity of what agrees included."""
    name = COMPARISONS[0]
    most, least = _number(MOST_ADJUSTED), _number(-MOST_ADJUSTED)
    cases = []
    for number, level in enumerate(name.levels):
        weight = _number(model.weight(name.name, level))
        if level.frequency:
            rarity = f"{level.frequency}_bits - {_number(model.usual(level.frequency))}"
            weight += f" + greatest({least}, least({most}, {rarity}))"
        cases.append(f"WHEN {number} THEN {weight}")
    return f"CASE level_0 {' '.join(cases)} ELSE 0e0 END"
