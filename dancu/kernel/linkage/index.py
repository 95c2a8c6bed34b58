"""One record against a register: an index of the blocking keys in memory.

For every rule the hashes of the keys of all records stand sorted in one array, so the candidates of
a record are a binary search a rule away; they are then weighed in Python. Built once, it serves
look-ups until it is thrown away; it is not updated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dancu.kernel.linkage.blocking import LARGEST_BLOCK, RULES, Rule
from dancu.kernel.linkage.duck import database, load
from dancu.kernel.linkage.model import Model
from dancu.kernel.linkage.options import USUAL, Options
from dancu.kernel.linkage.prepared import COLUMNS, Prepared, prepare
from dancu.kernel.linkage.scoring import explain_prepared
from dancu.kernel.linkage.types import Pair, Record

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

#: So many candidates are weighed at most, those under most rules first.
MOST_CANDIDATES = 600


class Index:
    """The records of a register, ready to be asked about one at a time."""

    def __init__(self, records: pa.Table | Path, model: Model, options: Options = USUAL) -> None:
        """Build the index. Raises ``BadRecords`` and ``AnalyticsMissing``."""
        from dancu.kernel.linkage.table import prepare as prepare_table
        from dancu.kernel.linkage.table import read

        self._model = model
        self._options = options
        self._table = prepare_table(read(records), model.frequencies, options.context)
        self._rules: list[tuple[Any, Any]] = []
        with database(options) as base:
            load(base, self._table, side=0)
            for rule in RULES:
                found = base.execute(_keys_sql(rule)).fetchnumpy()
                self._rules.append((found["block"], found["id"]))

    def find(self, record: Record) -> list[Pair]:
        """Return the records that are taken to be the same person, heaviest first.

        The record asked about is on the left; one with the same key is left out.
        """
        asked = prepare(record, self._options.context)
        least = self._model.least_weight
        pairs = (
            explain_prepared(asked, other, self._model)
            for other in self._candidates(asked)
            if other.key != asked.key
        )
        held = [pair for pair in pairs if pair.weight >= least]
        return sorted(held, key=lambda pair: (-pair.weight, pair.right))

    def _candidates(self, asked: Prepared) -> list[Prepared]:
        import numpy as np

        found = []
        for rule, (blocks, ids) in zip(RULES, self._rules, strict=True):
            key = rule.hash_of(asked)
            if key is None:
                continue
            sought = np.uint64(key)
            first = np.searchsorted(blocks, sought, "left")
            last = np.searchsorted(blocks, sought, "right")
            if last - first <= LARGEST_BLOCK:
                found.append(ids[first:last])
        if not found:
            return []
        places, times = np.unique(np.concatenate(found), return_counts=True)
        if len(places) > MOST_CANDIDATES:
            places = places[np.argsort(-times, kind="stable")[:MOST_CANDIDATES]]
        rows = self._table.take(places).select(COLUMNS).to_pylist()
        return [Prepared(**row) for row in rows]


def _keys_sql(rule: Rule) -> str:
    return f"""
    SELECT {rule.hash_sql} AS block, id FROM people WHERE {rule.known_sql} ORDER BY block, id
    """
