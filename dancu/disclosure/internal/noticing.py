"""Reading the statements that have come in, behind a horizon that no commit can fall short of.

Statements draw their numbers before they commit, so a lower number may appear after a higher one.
A *mark* notes the last number drawn and then the first transaction number not yet given: whoever
drew a number up to the mark had a transaction number by then, because the door in writes its
staging tables first. When the oldest running transaction is younger than the mark, everything up to
it has been committed or never will be.

A change is the difference between what held at one reach and what holds at the next, folded from
the statements by the rules of arbitration. So a repeated fact, a batch that comes twice and a
weaker source's word are no changes, however they came in, and no reach is read twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import orjson
from django.db import connection

from dancu.catalogue import attribute
from dancu.disclosure.changes import Mark, Reach
from dancu.population import dictionary

WATCHED = ("full_name", "permanent_residence", "life_status", "pid", "card_issue_date")

_DRAWN = """
SELECT CASE WHEN s.is_called THEN s.last_value ELSE 0 END,
       CASE WHEN a.is_called THEN a.last_value ELSE 0 END
FROM population_statement_id_seq s, population_annulment_id_seq a
"""
_NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_SETTLED = """
SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint
FROM pg_current_snapshot() AS s
"""
_SUMMARISE = "SELECT brin_summarize_new_values('population_statement_by_id')"
_FROM_REACH = """
    SELECT person_id FROM population_statement
    WHERE id > %(after)s AND id <= %(until)s AND claims ?| %(keys)s::text[]
    UNION
    SELECT person_id FROM population_annulment
    WHERE id > %(annulled_after)s AND id <= %(annulled_until)s
      AND (attribute IS NULL OR attribute = ANY (%(numbers)s::smallint[]))
"""
_FROM_PEOPLE = "SELECT unnest(%(people)s::bigint[]) AS person_id"
# Look-ups in large tables are LATERAL … OFFSET 0, one index descent for each person, as everywhere
# behind the door in. Somebody whose first record lies within the reach has not changed.
_CHANGES = """
WITH watch AS MATERIALIZED (
    SELECT * FROM unnest(%(numbers)s::smallint[], %(keys)s::text[], %(rules)s::smallint[])
        AS w (number, key, rule)
), spoken AS MATERIALIZED ({spoken}), known AS MATERIALIZED (
    SELECT p.person_id, f.id AS first, f.valid_from AS first_day
    FROM spoken p
    CROSS JOIN LATERAL (
        SELECT id, valid_from FROM population_statement s
        WHERE s.person_id = p.person_id ORDER BY s.id LIMIT 1
    ) f
    WHERE f.id <= %(after)s
), weighed AS MATERIALIZED (
    SELECT person_id, first, first_day, number, key,
           max(strength) FILTER (WHERE id <= %(after)s AND annulled > %(annulled_after)s) AS former,
           max(strength) FILTER (WHERE annulled > %(annulled_until)s) AS present
    FROM (
        SELECT k.person_id, k.first, k.first_day, w.number, w.key, s.id,
               coalesce(a.first, 9223372036854775807) AS annulled,
               CASE w.rule
                   WHEN 0 THEN ARRAY[r.rank, 0, s.id]
                   WHEN 1 THEN ARRAY[r.rank, s.day, s.id]
                   ELSE ARRAY[s.day, r.rank, s.id] END AS strength
        FROM known k
        CROSS JOIN LATERAL (
            SELECT id, source_id, claims, (valid_from - date '1800-01-01')::bigint AS day
            FROM population_statement s
            WHERE s.person_id = k.person_id AND s.id <= %(until)s AND s.claims ?| %(keys)s::text[]
            OFFSET 0
        ) s
        JOIN watch w ON s.claims ? w.key
        CROSS JOIN LATERAL (
            SELECT (%(ranks)s::smallint[])[
                (%(kinds)s::smallint[])[s.source_id] * %(width)s + w.number]::bigint AS rank
            OFFSET 0
        ) r
        LEFT JOIN LATERAL (
            SELECT min(a.id) AS first FROM population_annulment a
            WHERE a.person_id = k.person_id AND a.statement_id = s.id
              AND (a.attribute IS NULL OR a.attribute = w.number)
            OFFSET 0
        ) a ON true
        WHERE r.rank > 0
        OFFSET 0
    ) said
    GROUP BY person_id, first, first_day, number, key
)
SELECT w.person_id, w.number, w.first, w.first_day,
       b.id, b.value, b.valid_from, b.evidence,
       n.id, n.value, n.valid_from, n.evidence
FROM weighed w
LEFT JOIN LATERAL (
    SELECT s.id, s.valid_from, s.claims -> w.key AS value, e.code AS evidence
    FROM population_statement s JOIN population_evidencekind e ON e.id = s.evidence_kind_id
    WHERE s.person_id = w.person_id AND s.id = w.former[3] OFFSET 0
) b ON true
LEFT JOIN LATERAL (
    SELECT s.id, s.valid_from, s.claims -> w.key AS value, e.code AS evidence
    FROM population_statement s JOIN population_evidencekind e ON e.id = s.evidence_kind_id
    WHERE s.person_id = w.person_id AND s.id = w.present[3] OFFSET 0
) n ON true
WHERE w.former[3] IS DISTINCT FROM w.present[3] AND b.value IS DISTINCT FROM n.value
ORDER BY coalesce(n.id, %(until)s), w.person_id, w.number
"""


class Side(NamedTuple):
    """A claim that holds or held: its statement, value, day and kind of evidence."""

    statement: int
    value: Any
    day: date
    evidence: str


class Difference(NamedTuple):
    """One attribute of one person that held something else before; sides are ``None`` for nothing.

    ``first`` and ``first_day`` are of the person's first record.
    """

    person_id: int
    attribute: str
    first: int
    first_day: date
    former: Side | None
    present: Side | None


def mark() -> Mark:
    """Note what numbers have been drawn, and only then which transaction comes next."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN)
        statement, annulment = cursor.fetchone()
        cursor.execute(_NEXT_TRANSACTION)
        (following,) = cursor.fetchone()
    return Mark(Reach(statement, annulment), following)


def is_settled(marked: Mark) -> bool | None:
    """Say whether all transactions of before the mark have ended.

    ``None`` when the mark was noted in another server, whose numbers mean nothing here. Must be
    asked in a transaction that has not written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        oldest, following = cursor.fetchone()
    if marked.transaction > following:
        return None
    return bool(oldest >= marked.transaction)


def summarise() -> None:
    """Bring the index of statements by number up to date, so that a large reach is found fast."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARISE)


def spoken_of(begin: Reach, end: Reach) -> list[int]:
    """Return the people of whom anything watched was said or withdrawn between two reaches."""
    with connection.cursor() as cursor:
        cursor.execute(_FROM_REACH, _between(begin, end))
        return [row[0] for row in cursor.fetchall()]


def _between(begin: Reach, end: Reach) -> dict[str, Any]:
    watched = [attribute(name) for name in WATCHED]
    return {
        "after": begin.statement,
        "until": end.statement,
        "annulled_after": begin.annulment,
        "annulled_until": end.annulment,
        "numbers": [one.number for one in watched],
        "keys": [one.key for one in watched],
    }


def differences(begin: Reach, end: Reach, people: Sequence[int] | None = None) -> list[Difference]:
    """Return what holds at one reach and did not at another, in the order of statements.

    With ``people`` only theirs, whenever it came in.
    """
    known = dictionary.sources_by_id()
    if not known:
        return []
    watched = [attribute(name) for name in WATCHED]
    values = {
        **_between(begin, end),
        "people": list(people or ()),
        "rules": [dictionary.RULES[one.rule] for one in watched],
        "ranks": dictionary.ranks(),
        "kinds": dictionary.kind_list(),
        "width": dictionary.width(),
    }
    spoken = _FROM_REACH if people is None else _FROM_PEOPLE
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_CHANGES.replace("{spoken}", spoken), values)
        rows = cursor.fetchall()
    names = {one.number: one.name for one in watched}
    return [
        Difference(row[0], names[row[1]], row[2], row[3], _side(row[4:8]), _side(row[8:12]))
        for row in rows
    ]


def _side(row: Sequence[Any]) -> Side | None:
    """Return a side; the value of a JSON column comes as it is written."""
    statement, value, day, evidence = row
    if statement is None:
        return None
    return Side(statement, orjson.loads(value) if isinstance(value, str) else value, day, evidence)
