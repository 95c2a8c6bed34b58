"""Whether the register agrees with itself: golden records with statements, cards with both.

Each check looks at everything that one query can compare, and folds statements again for a sample
of people. None shows personal data: people are named by their key in the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from django.db import connection

from dancu.catalogue.queries import attribute
from dancu.population import dictionary
from dancu.population.internal.recompute import claims_of, fold, held_facts
from dancu.population.models import Golden, Person

SAMPLE = 500
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One person about whom two parts of the register say different things."""

    person_id: int
    what: str


def golden_disagreements(person_ids: Sequence[int]) -> list[Disagreement]:
    """Compare golden rows with the fold of all statements by the rules of ``arbitration``."""
    held: dict[int, dict[int, object]] = {person_id: {} for person_id in person_ids}
    for golden in Golden.objects.filter(person_id__in=list(person_ids)):
        for number, fact in held_facts(golden).items():
            held[golden.person_id][number] = fact
            if dictionary.facet_of()[str(number)] != golden.facet:
                held[golden.person_id][-number] = fact
    found = []
    for person_id, claims in claims_of(person_ids).items():
        folded = fold(claims)
        differing = {
            number
            for number in folded.keys() | held[person_id].keys()
            if folded.get(number) != held[person_id].get(number)
        }
        found += [Disagreement(person_id, _name(number)) for number in sorted(differing)]
    return found


def _name(number: int) -> str:
    return attribute(number).name if number > 0 else f"{attribute(-number).name} (facet)"


def card_disagreements(person_ids: Sequence[int]) -> list[Disagreement]:
    """Compare index cards with the facts they stand for."""
    core = dictionary.facet_numbers()["core"]
    found = []
    facts = dict(
        Golden.objects.filter(person_id__in=list(person_ids), facet=core).values_list(
            "person_id", "facts"
        )
    )
    for card in Person.objects.filter(pk__in=list(person_ids)).select_related("name"):
        held = facts.get(card.pk, {})
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
        }
        for name, value in shown.items():
            said = held.get(dictionary.key(name))
            if name == "birth_date" and said:
                said = said[:4]
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
          AND EXISTS (SELECT 1 FROM population_golden g WHERE g.person_id = c.person_id
                      AND g.facts ? c.attribute::text)
          AND NOT EXISTS (SELECT 1 FROM population_golden g WHERE g.person_id = c.person_id
                          AND c.attribute = ANY (g.disputed)) LIMIT %s""",
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
            FROM (SELECT max(id) AS last FROM population_person) AS bounds
            CROSS JOIN LATERAL (
                SELECT (random() * last)::bigint AS place FROM generate_series(1, %s)
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
