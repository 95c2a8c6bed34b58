"""Opening and closing issues from what a step measured: set by set, in one transaction.

The temporary tables ``measured`` and ``closing`` belong to ``dancu.population.measuring``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from dancu.population import measuring
from dancu.population.measuring import Some, Step
from dancu.quality.models import ClosedIssue

Cause = ClosedIssue.Cause

_EMPTY = "TRUNCATE measured, closing"
# One person may be found twice by a view of many people. What a run that began later has closed was
# mended after we had measured it.
_OPEN = """
INSERT INTO quality_issue (subject, opened_on, unit, run, rule)
SELECT m.person_id, %(day)s, coalesce(min(m.commune), '0')::integer, %(run)s, m.rule
FROM measured m
WHERE NOT EXISTS (
    SELECT FROM quality_issue i
    WHERE i.subject = m.person_id AND i.rule = m.rule AND {scope})
AND NOT EXISTS (
    SELECT FROM quality_closedissue c
    WHERE c.subject = m.person_id AND c.rule = m.rule AND c.run > %(run)s)
GROUP BY m.person_id, m.rule
ON CONFLICT DO NOTHING
"""
_MOVE = """
UPDATE quality_issue i SET unit = coalesce(m.commune, '0')::integer
FROM measured m
WHERE i.subject = m.person_id AND i.rule = m.rule AND {scope}
  AND i.unit <> coalesce(m.commune, '0')::integer
"""
_CLOSE = """
WITH gone AS (
    DELETE FROM quality_issue i
    WHERE {scope} AND i.rule = ANY (%(rules)s::smallint[]) AND NOT EXISTS (
        SELECT FROM measured m WHERE m.person_id = i.subject AND m.rule = i.rule)
    RETURNING subject, rule, unit, opened_on, run
)
INSERT INTO closing (subject, rule, unit, opened_on, since, since_annulment)
SELECT g.subject, g.rule, g.unit, g.opened_on, coalesce(r.statement, 0), coalesce(r.annulment, 0)
FROM gone g LEFT JOIN quality_run r ON r.id = g.run
"""
_REMEMBER = """
INSERT INTO quality_closedissue
    (subject, statement, opened_on, closed_on, unit, run, rule, cause)
SELECT subject, statement, opened_on, %(day)s, unit, %(run)s, rule,
       CASE WHEN is_gone THEN %(left)s
            WHEN statement IS NOT NULL THEN %(mended)s
            WHEN is_withdrawn THEN %(withdrawn)s
            WHEN rule = ANY (%(changed)s::smallint[]) THEN %(rule_changed)s
            ELSE %(around)s END
FROM closing
"""
_END = """
WITH gone AS (
    DELETE FROM quality_issue WHERE rule <> ALL (%(rules)s::smallint[])
    RETURNING subject, rule, unit, opened_on
)
INSERT INTO quality_closedissue
    (subject, statement, opened_on, closed_on, unit, run, rule, cause)
SELECT subject, NULL, opened_on, %(day)s, unit, %(run)s, rule, %(ended)s FROM gone
"""
_SCOPES = {
    "all": "true",
    "range": "i.subject BETWEEN %(first)s AND %(last)s",
    "some": "i.subject = ANY (%(subjects)s::bigint[])",
}


@dataclass(frozen=True, slots=True)
class Book:
    """What all steps of a run share. ``changed``: rules that mean something else than before."""

    run: int
    day: date
    keys: Mapping[int, Sequence[str]]
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many issues were opened and closed."""

    opened: int = 0
    closed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.opened + other.opened, self.closed + other.closed)


def settle(book: Book, steps: Sequence[Step], some: Some) -> Tally:
    """Measure steps of one scope for some people, and bring the issues of their rules into line."""
    rules = [number for step in steps for number in step.rules]
    measuring.open_table()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EMPTY)
        measuring.run_all(steps, some)
        scope, values = _scope(steps[0], some)
        values |= {"day": book.day, "run": book.run, "rules": rules}
        cursor.execute(_CLOSE.replace("{scope}", scope), values)
        closed = cursor.rowcount
        if closed:
            measuring.find_causes({rule: book.keys.get(rule, ()) for rule in rules})
            cursor.execute(_REMEMBER, _causes(book) | values)
        cursor.execute(_MOVE.replace("{scope}", scope), values)
        cursor.execute(_OPEN.replace("{scope}", scope), values)
        return Tally(cursor.rowcount, closed)


def end_others(book: Book, rules: Sequence[int]) -> int:
    """Close the issues of rules that are in force no more; return how many."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "rules": list(rules),
            "day": book.day,
            "run": book.run,
            "ended": Cause.RULE_ENDED,
        }
        cursor.execute(_END, values)
        return int(cursor.rowcount)


def count(step: Step, some: Some) -> dict[tuple[int, str], int]:
    """Return how many break the rules of a step, by rule and commune; changes nothing."""
    measuring.open_table()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EMPTY)
        measuring.run(step, some)
        cursor.execute(
            "SELECT rule, coalesce(commune, ''), count(DISTINCT person_id)"
            " FROM measured GROUP BY 1, 2"
        )
        return {(rule, commune): number for rule, commune, number in cursor.fetchall()}


def broken(steps: Sequence[Step], some: Some) -> list[tuple[int, int]]:
    """Return who breaks which of the rules of steps of one scope; changes nothing."""
    measuring.open_table()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EMPTY)
        measuring.run_all(steps, some)
        cursor.execute("SELECT DISTINCT person_id, rule FROM measured")
        return list(cursor.fetchall())


def some_of(step: Step, some: Some, communes: Sequence[str] | None, most: int) -> list[int]:
    """Return a few people who break the rules of a step, in some communes."""
    measuring.open_table()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_EMPTY)
        measuring.run(step, some)
        cursor.execute(
            "SELECT DISTINCT person_id FROM measured"
            " WHERE %(communes)s::text[] IS NULL OR commune = ANY (%(communes)s::text[])"
            " ORDER BY 1 LIMIT %(most)s",
            {"communes": None if communes is None else list(communes), "most": most},
        )
        return [row[0] for row in cursor.fetchall()]


def _scope(step: Step, some: Some) -> tuple[str, dict[str, Any]]:
    if some.keys is not None:
        return _SCOPES["some"], {"subjects": list(some.keys)}
    if step.scope == "people":
        return _SCOPES["range"], {"first": some.first, "last": some.last}
    return _SCOPES["all"], {}


def _causes(book: Book) -> dict[str, Any]:
    return {
        "left": Cause.SUBJECT_LEFT,
        "mended": Cause.MENDED,
        "withdrawn": Cause.WITHDRAWN,
        "rule_changed": Cause.RULE_CHANGED,
        "around": Cause.AROUND,
        "changed": list(book.changed),
    }
