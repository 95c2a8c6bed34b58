"""Whether the register agrees with itself: golden records with statements, cards with both.

Each check looks at everything that one query can compare, and folds statements again for a sample
of people. None shows personal data: people are named by their key in the register.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import LiteralString

from django.db import connection

from dancu.catalogue.queries import attribute
from dancu.population import dictionary
from dancu.population.internal import golden
from dancu.population.internal.recompute import claims_of, fold
from dancu.population.models import Golden, Lodger, Person

SAMPLE = 500
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One person about whom two parts of the register say different things."""

    person_id: int
    what: str


def golden_disagreements(person_ids: Sequence[int]) -> list[Disagreement]:
    """Compare golden rows with the fold of all statements by the rules of ``arbitration``."""
    held = golden.held(person_ids)
    counted = _counted(person_ids)
    found = []
    for person_id, claims in claims_of(person_ids).items():
        folded = fold(claims)
        facts = {n: replace(fact, is_disputed=False) for n, fact in held[person_id].items()}
        differing = {n for n in folded.keys() | facts.keys() if folded.get(n) != facts.get(n)}
        found += [Disagreement(person_id, attribute(n).name) for n in sorted(differing)]
        facets = Counter(dictionary.facet_list()[number - 1] for number in folded)
        if facets != counted[person_id]:
            found.append(Disagreement(person_id, "the number of facts"))
    return found


def _counted(person_ids: Sequence[int]) -> Mapping[int, Counter[int]]:
    counted: dict[int, Counter[int]] = defaultdict(Counter)
    rows = Golden.objects.filter(person_id__in=list(person_ids))
    for person_id, facet, facts in rows.values_list("person_id", "facet", "held"):
        counted[person_id][facet] = facts
    return counted


def card_disagreements(person_ids: Sequence[int]) -> list[Disagreement]:
    """Compare index cards, and where people lodge, with the facts they stand for."""
    facets = [dictionary.facet_numbers()[name] for name in ("core", "lodging")]
    found = []
    facts = golden.held(person_ids, facets)
    lodging = dict(Lodger.objects.filter(pk__in=list(person_ids)).values_list("pk", "address_id"))
    for card in Person.objects.filter(pk__in=list(person_ids)).select_related("name"):
        shown = {
            "full_name": card.name.full_name if card.name else None,
            "birth_date": str(card.birth_year) if card.birth_year else None,
            "sex": card.sex,
            "pid": card.pid,
            "old_id_number": card.old_id_number,
            "household_number": card.household,
            "father_pid": card.father_pid,
            "mother_pid": card.mother_pid,
            "permanent_residence": card.address_id,
            "lodging": lodging.get(card.pk),
        }
        for name, value in shown.items():
            held = facts[card.pk].get(dictionary.number(name))
            said = held.value if held else None
            if name == "birth_date" and said:
                said = str(said)[:4]
            if said != value:
                found.append(Disagreement(card.pk, name))
    return found


#: What no row may be, as queries that return people (at most a few).
_NEVER: dict[str, LiteralString] = {
    "statements without a person": """
        SELECT s.person_id FROM population_statement s
        WHERE NOT EXISTS (SELECT 1 FROM population_person p WHERE p.id = s.person_id) LIMIT %s""",
    "golden rows without a person": """
        SELECT g.person_id FROM population_golden g
        WHERE NOT EXISTS (SELECT 1 FROM population_person p WHERE p.id = g.person_id) LIMIT %s""",
    "people without a statement": """
        SELECT p.id FROM population_person p
        WHERE NOT EXISTS (SELECT 1 FROM population_statement s WHERE s.person_id = p.id)
        LIMIT %s""",
    "people with two current numbers": """
        SELECT person_id FROM population_pid WHERE cancelled_on IS NULL
        GROUP BY person_id HAVING count(*) > 1 LIMIT %s""",
    "cards whose number is not the current one": """
        SELECT p.id FROM population_person p
        LEFT JOIN population_pid k ON k.person_id = p.id AND k.cancelled_on IS NULL
        WHERE p.pid IS DISTINCT FROM k.pid LIMIT %s""",
    "cards whose name has no search form": """
        SELECT p.id FROM population_person p
        WHERE p.name_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM population_nameform n WHERE n.id = p.name_id) LIMIT %s""",
    "open conflicts that the golden record does not show": """
        SELECT DISTINCT c.person_id FROM population_conflict c
        WHERE c.settled_at IS NULL
          AND EXISTS (
              SELECT 1 FROM population_golden g
              LEFT JOIN population_statement b
                ON b.person_id = g.person_id AND b.id = g.statement_id
              WHERE g.person_id = c.person_id
                AND (g.overrides ? c.attribute::text OR b.claims ? c.attribute::text))
          AND NOT EXISTS (SELECT 1 FROM population_golden g WHERE g.person_id = c.person_id
                          AND c.attribute = ANY (g.disputed)) LIMIT %s""",
    "merged records that lead to another merged one": """
        SELECT p.id FROM population_person p
        JOIN population_person into_ ON into_.id = p.merged_into_id
        WHERE p.status = 4 AND into_.status = 4 LIMIT %s""",
    "merged records that still hold numbers": """
        SELECT p.id FROM population_person p
        JOIN population_pid k ON k.person_id = p.id
        WHERE p.status = 4 LIMIT %s""",
    "merged records of which no merge tells": """
        SELECT p.id FROM population_person p
        WHERE p.status = 4 AND NOT EXISTS (
            SELECT 1 FROM population_merge m WHERE m.merged_id = p.id AND m.state = 'done')
        LIMIT %s""",
    "merged records of which something was said since": """
        SELECT m.merged_id FROM population_merge m
        WHERE m.state = 'done' AND EXISTS (
            SELECT 1 FROM population_statement s
            WHERE s.person_id = m.merged_id AND s.id IS DISTINCT FROM m.statement_id
              AND s.id > (SELECT max(k::bigint) FROM jsonb_object_keys(m.entered) k))
        LIMIT %s""",
    "households of living people that are closed or unknown": """
        SELECT p.id FROM population_person p
        LEFT JOIN population_household h ON h.number = p.household
        WHERE p.household IS NOT NULL AND p.status IN (1, 3)
          AND (h.number IS NULL OR h.closed_on IS NOT NULL) LIMIT %s""",
}


def impossible_rows() -> dict[str, list[int]]:
    """Return, by what is wrong, the keys of a few people concerned; empty when all is well."""
    found: dict[str, list[int]] = {}
    with connection.cursor() as cursor:
        for what, query in _NEVER.items():
            cursor.execute(query, [_SHOWN])
            if rows := [row[0] for row in cursor.fetchall()]:
                found[what] = rows
    return found


def sample(size: int = SAMPLE) -> list[int]:
    """Return keys of people from everywhere in the register, other ones each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT p.id
            FROM (SELECT min(id) AS first, max(id) AS last FROM population_person) AS bounds
            CROSS JOIN LATERAL (
                SELECT first + (random() * (last - first))::bigint AS place
                FROM generate_series(1, %s)
            ) AS picked
            CROSS JOIN LATERAL (
                SELECT id FROM population_person WHERE id >= place ORDER BY id LIMIT 1
            ) AS p
            """,
            [size],
        )
        return sorted(row[0] for row in cursor.fetchall())


def disagreements(size: int = SAMPLE) -> tuple[int, list[Disagreement]]:
    """Compare a sample of people; return how many were looked at and what disagrees."""
    people = sample(size)
    return len(people), golden_disagreements(people) + card_disagreements(people)
