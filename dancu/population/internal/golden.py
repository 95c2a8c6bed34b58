"""Golden rows unfolded into facts.

A golden row names the statement that its facts rest on and holds only what other statements say
over it (see ``models.Golden``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection

from dancu.population import dictionary

DAY_ZERO = date(1800, 1, 1)

_ROWS = """
SELECT g.person_id, g.facet, g.statement_id, g.source_id, g.valid_from, g.overrides, g.disputed,
       b.claims
FROM population_golden g
LEFT JOIN LATERAL (
    SELECT claims FROM population_statement s
    WHERE s.person_id = g.person_id AND s.id = g.statement_id OFFSET 0
) b ON true
WHERE g.person_id = ANY (%s) AND (%s::smallint[] IS NULL OR g.facet = ANY (%s))
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What holds today for one attribute, and the statement that it rests on.

    ``value`` is in its stored form; ``source_id`` and ``day`` are the statement's.
    """

    value: object
    statement_id: int
    source_id: int
    day: date
    is_disputed: bool = False


def held(
    person_ids: Iterable[int], facets: Iterable[int] | None = None
) -> dict[int, dict[int, Held]]:
    """Return what holds today for people, by person and attribute number, in one query.

    Everybody asked for has an entry. ``facets`` are numbers; without them all are read.
    """
    asked = list(person_ids)
    wanted = None if facets is None else list(facets)
    found: dict[int, dict[int, Held]] = {person: {} for person in asked}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [asked, wanted, wanted])
        for row in map(_Row._make, cursor.fetchall()):
            found[row.person_id].update(_unfold(row))
    return found


class _Row(NamedTuple):
    person_id: int
    facet: int
    statement_id: int
    source_id: int
    day: date
    overrides: Any
    disputed: Sequence[int] | None
    claims: Any


def _unfold(row: _Row) -> Iterator[tuple[int, Held]]:
    above = _json(row.overrides)
    facet_of, at_odds = dictionary.facet_of(), row.disputed or ()
    base = (row.statement_id, row.source_id, row.day)
    for key, value in _json(row.claims).items():
        if facet_of.get(key) == row.facet and key not in above:
            number = int(key)
            yield number, Held(value, *base, is_disputed=number in at_odds)
    for key, (value, statement, source, days) in above.items():
        number = int(key)
        since = DAY_ZERO + timedelta(days=days)
        yield number, Held(value, statement, source, since, is_disputed=number in at_odds)


def _json(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    found: Mapping[str, Any] = orjson.loads(value) if isinstance(value, str) else value
    return found


def columns(facet: int, facts: Mapping[int, Held], said: Mapping[int, set[int]]) -> dict[str, Any]:
    """Lay the facts of a facet out as a golden row.

    ``said`` are the attributes that each statement claims. The base is the statement with most of
    the facts among those that claim nothing in the facet which is not held.
    """
    facet_of = dictionary.facet_list()
    counted: dict[int, int] = {}
    for fact in facts.values():
        counted[fact.statement_id] = counted.get(fact.statement_id, 0) + 1
    fitting = [
        statement
        for statement in counted
        if all(n in facts for n in said[statement] if facet_of[n - 1] == facet)
    ]
    own = max(fitting, key=lambda statement: (counted[statement], -statement), default=None)
    base = next((fact for fact in facts.values() if fact.statement_id == own), None)
    above = {
        str(number): [fact.value, fact.statement_id, fact.source_id, (fact.day - DAY_ZERO).days]
        for number, fact in facts.items()
        if fact.statement_id != own
    }
    return {
        "statement_id": own,
        "source_id": base.source_id if base else None,
        "valid_from": base.day if base else None,
        "held": len(facts),
        "overrides": above or None,
    }
