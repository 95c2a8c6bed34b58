"""Training without labels: what each level weighs, found by Splink from the records alone.

``u`` is counted among pairs drawn at random. ``m`` comes from expectation maximisation, in sessions
that each look only at pairs agreeing in something strong (the number; name and birth date; the
telephone and the year) and learn the comparisons that the session does not rest on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dancu.kernel.linkage import frequencies
from dancu.kernel.linkage.comparisons import COMPARISONS, Comparison
from dancu.kernel.linkage.duck import database
from dancu.kernel.linkage.errors import AnalyticsMissing
from dancu.kernel.linkage.model import Model, Odds
from dancu.kernel.linkage.options import Options
from dancu.kernel.linkage.table import prepare, read

if TYPE_CHECKING:
    import pyarrow as pa

_STEPS = 3
_COLUMN = re.compile(r"\b([lr])\.(\w+)")
#: What pairs of each session agree in.
SESSIONS = (
    "l.pid = r.pid AND l.pid <> ''",
    "l.name = r.name AND l.birth = r.birth AND l.birth <> ''",
    "l.phone = r.phone AND l.bare = r.bare AND l.phone <> ''",
)
#: Levels that are set by hand: what they are seen with among pairs of one person, and why.
_TWINS = (
    "Twins share all but the name: records of another given name are not one person, whatever else "
    "agrees, unless the numbers do."
)
_COUSINS = (
    "Cousins share a given name; a surname or middle name that is another one altogether is seldom "
    "a slip."
)
_TWO_BIRTHS = (
    "A number holds the year of birth. Where two numbers confirm two years there were two births, "
    "even of brothers who bear one name."
)
FIXED: Mapping[tuple[str, str], tuple[float, str]] = {
    ("full_name", "other_name"): (2e-6, _TWINS),
    ("full_name", "same_given_name"): (2e-3, _COUSINS),
    ("birth_date", "other_year_in_both_numbers"): (1e-8, _TWO_BIRTHS),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. ``made_on`` is told by the caller; ``notes`` are kept with the model.

    ``share`` is the share of records expected to have a twin, and ``population`` the number of
    records that the model is for (0: as many as are trained on): both make the prior. ``sessions``
    are what pairs of each session agree in, ``fixed`` the levels that are set by hand.
    """

    name: str
    made_on: str
    seed: int
    share: float = 0.05
    population: int = 0
    threshold: float = 0.9
    random_pairs: int = 6_000_000
    sessions: tuple[str, ...] = SESSIONS
    fixed: Mapping[tuple[str, str], tuple[float, str]] = field(default_factory=lambda: FIXED)
    notes: Mapping[str, Any] | None = None


def train(records: pa.Table, plan: Plan, options: Options | None = None) -> Model:
    """Train a model on records that hold duplicates nobody has marked.

    Raises ``BadRecords`` and ``AnalyticsMissing``.
    """
    try:
        from splink import DuckDBAPI, Linker
    except ImportError as error:
        raise AnalyticsMissing from error
    used = options or Options()
    table = read(records)
    names = frequencies.count(_bare_names(table))
    prior = 2 * plan.share / max(plan.population or table.num_rows, 2)
    with database(used) as base:
        base.register("incoming", prepare(table, names, used.context))
        base.execute("CREATE TABLE trained AS SELECT key AS unique_id, * FROM incoming")
        base.unregister("incoming")
        api = DuckDBAPI(connection=base)
        linker = Linker(api.register("trained"), _settings(plan))
        linker.training.estimate_u_using_random_sampling(
            max_pairs=plan.random_pairs, seed=plan.seed
        )
        for session in plan.sessions:
            linker.training.estimate_parameters_using_expectation_maximisation(
                session, estimate_without_term_frequencies=True
            )
        learnt = linker.misc.save_model_to_json()
    return Model(
        name=plan.name,
        prior=prior,
        threshold=plan.threshold,
        odds=_odds(learnt, plan),
        frequencies=names,
        fixed={f"{one}.{level}": why for (one, level), (_, why) in plan.fixed.items()},
        training=_kept(plan, table.num_rows),
    )


def _bare_names(table: pa.Table) -> Iterable[str]:
    from dancu.kernel.linkage.prepared import name_keys

    for entry in table["full_name"].combine_chunks().value_counts().to_pylist():
        bare = name_keys(entry["values"])[1]
        for _ in range(entry["counts"]):
            yield bare


def _kept(plan: Plan, rows: int) -> dict[str, Any]:
    from importlib.metadata import version

    return {
        "made_on": plan.made_on,
        "seed": plan.seed,
        "records": rows,
        "population": plan.population or rows,
        "random_pairs": plan.random_pairs,
        "share_with_a_twin": plan.share,
        "sessions": list(plan.sessions),
        "splink": version("splink"),
        "duckdb": version("duckdb"),
        **(plan.notes or {}),
    }


# -- To Splink and back ----------------------------------------------------------------------------


def _settings(plan: Plan) -> dict[str, Any]:
    """Return the settings of Splink that describe our comparisons.

    Every session begins at even odds: among pairs that agree in something strong, one in two.
    """
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 0.5,
        "blocking_rules_to_generate_predictions": [],
        # A level that no pair of one person shows sinks with every step, and Splink refuses what
        # it cannot tell from zero. The sessions settle within a few steps.
        "max_iterations": _STEPS,
        "comparisons": [_comparison(one, plan) for one in COMPARISONS],
    }


def _comparison(comparison: Comparison, plan: Plan) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": _suffixed(comparison.unknown.sql),
            "label_for_charts": comparison.unknown.name,
            "is_null_level": True,
        }
    ]
    for level in comparison.levels:
        entry: dict[str, Any] = {
            "sql_condition": "ELSE" if level.sql == "TRUE" else _suffixed(level.sql),
            "label_for_charts": level.name,
        }
        by_hand = plan.fixed.get((comparison.name, level.name))
        if by_hand is not None:
            entry |= {"m_probability": by_hand[0], "fix_m_probability": True}
        levels.append(entry)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _suffixed(sql: str) -> str:
    """Write ``l.name`` as Splink does: ``name_l``."""
    return _COLUMN.sub(r'"\2_\1"', sql)


def _odds(learnt: Mapping[str, Any], plan: Plan) -> dict[str, dict[str, Odds]]:
    """Return what was learnt.

    What was never seen in a random pair is as seldom as half a pair of all. What was never seen in
    a pair of one person is one in a thousand, and speaks at most two bits for one person.
    """
    least_u = 0.5 / plan.random_pairs
    found: dict[str, dict[str, Odds]] = {}
    for comparison, told in zip(COMPARISONS, learnt["comparisons"], strict=True):
        entries = [one for one in told["comparison_levels"] if not one.get("is_null_level")]
        shares: dict[str, Odds] = {}
        for level, entry in zip(comparison.levels, entries, strict=True):
            by_hand = plan.fixed.get((comparison.name, level.name))
            u = max(_share(entry, "u"), least_u)
            m = by_hand[0] if by_hand else max(_share(entry, "m"), min(1e-3, 4 * u))
            shares[level.name] = Odds(float(f"{m:.4g}"), float(f"{u:.4g}"))
        found[comparison.name] = shares
    return found


def _share(entry: Mapping[str, Any], kind: str) -> float:
    value = entry.get(f"{kind}_probability")
    return float(value) if isinstance(value, int | float) else 0.0
