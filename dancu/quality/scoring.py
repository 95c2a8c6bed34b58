"""Scores by commune and dimension, one snapshot a day; those of larger units are sums of these."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection, transaction

from dancu.catalogue.quality import DIMENSIONS, quality
from dancu.population import measuring
from dancu.quality.queries import number_of

_SNAPSHOT = """
INSERT INTO quality_score (day, unit, people, affected, issues, dimension)
SELECT %(day)s, u.unit, u.people, coalesce(f.affected, 0), coalesce(f.issues, 0), d.dimension
FROM unnest(%(units)s::integer[], %(people)s::integer[]) AS u (unit, people)
CROSS JOIN generate_series(0, %(last)s) AS d (dimension)
LEFT JOIN (
    SELECT i.unit, d.dimension, count(*) AS issues, count(DISTINCT i.subject) AS affected
    FROM quality_issue i
    JOIN unnest(%(rules)s::smallint[], %(places)s::smallint[]) AS d (rule, dimension) USING (rule)
    GROUP BY 1, 2
) f ON f.unit = u.unit AND f.dimension = d.dimension
"""
_REFRESH = """
UPDATE quality_score s SET affected = f.affected, issues = f.issues
FROM (
    SELECT u.unit, d.dimension, count(DISTINCT i.subject) AS affected, count(i.subject) AS issues
    FROM unnest(%(units)s::integer[]) AS u (unit)
    CROSS JOIN generate_series(0, %(last)s) AS d (dimension)
    LEFT JOIN (
        SELECT i.unit, i.subject, r.dimension
        FROM quality_issue i
        JOIN unnest(%(rules)s::smallint[], %(places)s::smallint[]) AS r (rule, dimension)
            USING (rule)
        WHERE i.unit = ANY (%(units)s::integer[])
    ) i ON i.unit = u.unit AND i.dimension = d.dimension
    GROUP BY 1, 2
) f
WHERE s.day = %(day)s AND s.unit = f.unit AND s.dimension = f.dimension
"""


@transaction.atomic
def snapshot(*, day: date) -> int:
    """Write how every commune stands, in place of the same day's; return the rows."""
    people: dict[int, int] = {}
    for commune, number in measuring.people_by_commune().items():
        people[number_of(commune)] = people.get(number_of(commune), 0) + number
    rules = list(quality().rules.values())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM quality_score WHERE day = %s", [day])
        cursor.execute(
            _SNAPSHOT,
            {
                "day": day,
                "units": list(people),
                "people": list(people.values()),
                "last": len(DIMENSIONS) - 1,
                "rules": [rule.number for rule in rules],
                "places": [DIMENSIONS.index(rule.dimension) for rule in rules],
            },
        )
        return int(cursor.rowcount)


def refresh(*, units: Collection[int], day: date) -> int:
    """Bring a day's snapshot of some communes into line with their issues; return the rows.

    A day without a snapshot stays without one: it is made after the next run.
    """
    if not units:
        return 0
    rules = list(quality().rules.values())
    values: dict[str, Any] = {
        "units": sorted(units),
        "day": day,
        "last": len(DIMENSIONS) - 1,
        "rules": [rule.number for rule in rules],
        "places": [DIMENSIONS.index(rule.dimension) for rule in rules],
    }
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, values)
        return int(cursor.rowcount)
