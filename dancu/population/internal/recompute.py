"""Golden records computed anew from all statements of a person, by the rules of ``arbitration``.

The door in weighs only what comes in. When a claim is withdrawn, what it had beaten must come
back: then everything the person's sources ever said is folded again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from dancu.catalogue.queries import attribute
from dancu.operation.cursors import server_cursor
from dancu.population import dictionary
from dancu.population.arbitration import rivals, winner
from dancu.population.internal import door, golden
from dancu.population.internal.golden import Held
from dancu.population.models import Annulment, Conflict, Golden, Person, Statement
from dancu.population.types import Claim

#: Claims of one person by attribute number.
ByAttribute = Mapping[int, Sequence[Claim]]


def claims_of(person_ids: Iterable[int]) -> dict[int, dict[int, list[Claim]]]:
    """Return all claims ever made about the people, withdrawn ones marked as such."""
    wanted = list(person_ids)
    withdrawn: dict[tuple[int, int, int | None], datetime] = {
        (a.person_id, a.statement_id, a.attribute): a.annulled_at
        for a in Annulment.objects.filter(person_id__in=wanted)
    }
    found: dict[int, dict[int, list[Claim]]] = {p: defaultdict(list) for p in wanted}
    for statement in Statement.objects.filter(person_id__in=wanted).order_by("person_id", "id"):
        for key, value in statement.claims.items():
            attr = attribute(key)
            at = withdrawn.get((statement.person_id, statement.id, None)) or withdrawn.get(
                (statement.person_id, statement.id, attr.number)
            )
            found[statement.person_id][attr.number].append(
                Claim(
                    attribute=attr.number,
                    value=value,
                    day=statement.valid_from,
                    recorded_at=statement.recorded_at,
                    statement_id=statement.id,
                    source_id=statement.source_id,
                    rank=dictionary.rank(attr, statement.source_id),
                    annulled_at=at,
                )
            )
    return found


def fold(claims: ByAttribute) -> dict[int, Held]:
    """Return what holds today by attribute number: the strongest claim of each."""
    facts: dict[int, Held] = {}
    for number, said in claims.items():
        best = winner(said, attribute(number).rule)
        if best is not None:
            facts[number] = Held(best.value, best.statement_id, best.source_id, best.day)
    return facts


def facets_of(facts: Mapping[int, Held]) -> dict[int, dict[int, Held]]:
    """Return the facts by facet number."""
    facets: dict[int, dict[int, Held]] = defaultdict(dict)
    for number, held in facts.items():
        facets[dictionary.facet_of()[str(number)]][number] = held
    return facets


@transaction.atomic
def recompute(person_ids: Iterable[int], *, at: datetime) -> None:
    """Fold all statements of the people again and write golden records, conflicts and cards.

    Conflicts that an officer settled stay settled.
    """
    wanted = sorted(set(person_ids))
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    claims = claims_of(wanted)
    for person_id, said in claims.items():
        _write_golden(person_id, facets_of(fold(said)), said)
        _write_conflicts(person_id, said, at)
    refresh_disputes(wanted)
    refresh_cards(wanted)
    with server_cursor() as cursor:
        cursor.execute(door.lodgers("SELECT unnest(%s::bigint[]) AS person_id"), [wanted])


def _write_golden(
    person_id: int, facets: Mapping[int, Mapping[int, Held]], said: ByAttribute
) -> None:
    attributes_said: dict[int, set[int]] = defaultdict(set)
    for number, claims in said.items():
        for claim in claims:
            attributes_said[claim.statement_id].add(number)
    # A row whose facts are all withdrawn stays, empty: the index card is computed from it.
    standing = Golden.objects.filter(person_id=person_id).values_list("facet", flat=True)
    for facet in {*standing, *facets}:
        Golden.objects.update_or_create(
            person_id=person_id,
            facet=facet,
            defaults=golden.columns(facet, facets.get(facet, {}), attributes_said),
        )


def _write_conflicts(person_id: int, claims: ByAttribute, at: datetime) -> None:
    standing: dict[tuple[int, int], Claim] = {}
    against: dict[int, int] = {}
    for number, said in claims.items():
        rule = attribute(number).rule
        best = winner(said, rule)
        if best is not None:
            against[number] = best.statement_id
        for rival in rivals(said, rule):
            standing[number, rival.statement_id] = rival
    known = {(c.attribute, c.statement_id): c for c in Conflict.objects.filter(person_id=person_id)}
    for place, conflict in known.items():
        if place not in standing and conflict.settled_at is None:
            outcome = _why_closed(conflict, claims.get(place[0], ()))
            same_row(conflict).update(settled_at=at, outcome=outcome)
        elif place in standing and conflict.settled_at is not None and conflict.settled_by is None:
            same_row(conflict).update(
                settled_at=None, outcome=None, opened_at=at, against_id=against.get(place[0])
            )
    Conflict.objects.bulk_create(
        Conflict(
            person_id=person_id,
            attribute=number,
            statement_id=statement_id,
            against_id=against.get(number),
            source_id=rival.source_id,
            opened_at=at,
        )
        for (number, statement_id), rival in standing.items()
        if (number, statement_id) not in known
    )


def _why_closed(conflict: Conflict, said: Sequence[Claim]) -> Conflict.Outcome:
    own = next((c for c in said if c.statement_id == conflict.statement_id), None)
    if own is None or own.annulled_at is not None:
        return Conflict.Outcome.WITHDRAWN
    best = winner(said, attribute(conflict.attribute).rule)
    if best is not None and best.value == own.value:
        return Conflict.Outcome.ACCEPTED
    newer = any(c.source_id == own.source_id and c.statement_id > own.statement_id for c in said)
    return Conflict.Outcome.WITHDRAWN if newer else Conflict.Outcome.SUPERSEDED


def same_row(conflict: Conflict) -> Any:
    """Return the row of a conflict, which has no key of its own."""
    return Conflict.objects.filter(
        person_id=conflict.person_id,
        attribute=conflict.attribute,
        statement_id=conflict.statement_id,
    )


def refresh_disputes(person_ids: Sequence[int]) -> None:
    """Bring the lists of disputed attributes on golden rows into line with the open conflicts."""
    rows = Golden.objects.filter(person_id__in=person_ids).values_list("person_id", "facet")
    pairs = list(rows)
    if not pairs:
        return
    values = {
        "persons": [person for person, _ in pairs],
        "facets": [facet for _, facet in pairs],
        "facet_of": dictionary.facet_list(),
    }
    with server_cursor() as cursor:
        cursor.execute(door.sql("dispute"), values)


def refresh_cards(person_ids: Sequence[int]) -> None:
    """Bring the index cards of the people into line with their golden records."""
    touched = "SELECT unnest(%(persons)s::bigint[]), NULL::bigint[]"
    with server_cursor() as cursor:
        cursor.execute(door.cards(touched), {"persons": list(person_ids)})
