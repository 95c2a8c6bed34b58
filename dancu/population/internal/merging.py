"""What one record says, said of another: statements taken over, and taken back.

Statements are never changed, and each carries the key of its person. So a merge says again of the
record that stays what was said of the one that gives way: source, evidence, day and cause are the
same; recorded at the moment of the merge and entered by whoever confirmed it. The merged record
keeps its own. An undo withdraws what was said again, and both stand as they did.

The rules of ``arbitration`` let the later word win between equals, and what is said again is
later. So that both records are weighed as they came to be known, what the staying record said
after an equal word of the other is said again behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from dancu.catalogue.queries import attribute
from dancu.population import dictionary
from dancu.population.arbitration import Strength, strength
from dancu.population.internal.recompute import ByAttribute, claims_of, same_row
from dancu.population.models import Annulment, Conflict, Statement
from dancu.population.types import Claim, Evidence

_CONFLICT = (
    "attribute", "statement_id", "against_id", "source_id", "opened_at", "settled_at",
    "settled_by", "outcome", "reason",
)  # fmt: skip
_MOMENTS = ("opened_at", "settled_at")


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Statements entered by a merge: new number to original, by whose they were."""

    entered: Mapping[int, int]
    restated: Mapping[int, int]


def take_over(
    *, survivor_id: int, merged_id: int, entered_by: int | None, at: datetime
) -> TakenOver:
    """Say of the survivor what was said of the merged record, its numbers aside.

    The caller holds both and recomputes.
    """
    said = claims_of([survivor_id, merged_id])
    own, others = said[survivor_id], said[merged_id]
    plan = [(number, merged_id, keys) for number, keys in _standing(others).items()]
    plan += [(number, survivor_id, keys) for number, keys in _outrun(own, others).items()]
    plan.sort(key=lambda one: one[0])
    originals = {
        (one.person_id, one.id): one
        for one in Statement.objects.filter(person_id__in=[survivor_id, merged_id])
    }
    entered: dict[int, int] = {}
    restated: dict[int, int] = {}
    new = []
    for following, (number, person_id, keys) in zip(_numbers(len(plan)), plan, strict=True):
        original = originals[person_id, number]
        new.append(_again(original, survivor_id, following, keys, entered_by, at))
        (entered if person_id == merged_id else restated)[following] = number
    Statement.objects.bulk_create(new)
    return TakenOver(entered, restated)


def say_of(
    statement: Statement, *, person_id: int, entered_by: int | None, at: datetime
) -> Statement:
    """Say a statement again of somebody else; the caller holds both and recomputes."""
    (number,) = _numbers(1)
    keys = frozenset(statement.claims)
    new = _again(statement, person_id, number, keys, entered_by, at)
    Statement.objects.bulk_create([new])
    return new


def say_no_number(
    *,
    person_id: int,
    day: date,
    source: str,
    evidence: Evidence,
    entered_by: int | None,
    at: datetime,
) -> int:
    """Say of a merged record that its number holds no more; return the statement.

    The door takes a number away from nobody; here it is that of the record that stays from now on.
    The caller holds the person and recomputes.
    """
    (number,) = _numbers(1)
    statement = Statement(
        id=number,
        person_id=person_id,
        recorded_at=at,
        entered_by=entered_by,
        valid_from=day,
        source_id=dictionary.source(source).id,
        evidence_kind_id=dictionary.evidence_kind_id(evidence.kind),
        evidence=evidence.reference,
        claims={dictionary.key("pid"): None},
    )
    Statement.objects.bulk_create([statement])
    return number


def withdraw(
    person_id: int, statements: Iterable[int], *, by: int, reason: str, at: datetime
) -> None:
    """Withdraw whole statements; the caller holds the person and recomputes."""
    Annulment.objects.bulk_create(
        Annulment(
            person_id=person_id,
            statement_id=number,
            annulled_at=at,
            annulled_by=by,
            reason=reason,
        )
        for number in sorted(statements)
    )


def _again(  # noqa: PLR0917
    original: Statement,
    person_id: int,
    number: int,
    keys: Iterable[str],
    entered_by: int | None,
    at: datetime,
) -> Statement:
    return Statement(
        id=number,
        person_id=person_id,
        recorded_at=at,
        entered_by=entered_by,
        event_id=original.event_id,
        valid_from=original.valid_from,
        source_id=original.source_id,
        evidence_kind_id=original.evidence_kind_id,
        evidence=original.evidence,
        claims={key: original.claims[key] for key in keys},
    )


def _standing(said: ByAttribute) -> dict[int, set[str]]:
    """Return by statement the storage keys of claims that stand; numbers are not taken over."""
    found: dict[int, set[str]] = defaultdict(set)
    for number, claims in said.items():
        if number == dictionary.number("pid"):
            continue
        for claim in claims:
            if claim.annulled_at is None:
                found[claim.statement_id].add(attribute(number).key)
    return found


def _outrun(own: ByAttribute, others: ByAttribute) -> dict[int, set[str]]:
    """Return by statement the survivor's claims that an older, equal word would otherwise beat.

    What is said again is later than all that was not: where one claim is, its equals after it are.
    """
    found: dict[int, set[str]] = defaultdict(set)
    for number in own.keys() & others.keys() - {dictionary.number("pid")}:
        rule, restated = attribute(number).rule, set[Strength]()
        for claim in sorted(own[number], key=lambda one: one.statement_id):
            equals = strength(claim, rule)[:-1]
            if claim.annulled_at is None and (
                equals in restated or any(_would_beat(other, claim) for other in others[number])
            ):
                restated.add(equals)
                found[claim.statement_id].add(attribute(number).key)
    return found


def _would_beat(other: Claim, own: Claim) -> bool:
    rule = attribute(own.attribute).rule
    return (
        other.annulled_at is None
        and other.statement_id < own.statement_id
        and other.value != own.value
        and strength(other, rule)[:-1] == strength(own, rule)[:-1]
    )


def _numbers(count: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('population_statement_id_seq') FROM generate_series(1, %s)", [count]
        )
        return sorted(row[0] for row in cursor.fetchall())


def conflicts_of(person_id: int) -> list[dict[str, Any]]:
    """Return a person's conflicts in a form that can be kept and put back."""
    rows = Conflict.objects.filter(person_id=person_id).values(*_CONFLICT)
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in
         row.items()}
        for row in rows
    ]  # fmt: skip


def carry_settled(survivor_id: int, merged_id: int, taken: TakenOver) -> None:
    """Let what officers settled stay settled, under the new numbers of the losing statements.

    To be called before the survivor is recomputed.
    """
    new_of = {
        (merged_id, old): new for new, old in taken.entered.items()
    } | {(survivor_id, old): new for new, old in taken.restated.items()}  # fmt: skip
    settled = Conflict.objects.filter(
        person_id__in=[survivor_id, merged_id], settled_by__isnull=False
    )
    Conflict.objects.bulk_create(
        Conflict(
            person_id=survivor_id,
            **{name: getattr(one, name) for name in _CONFLICT}
            | {
                "statement_id": new_of[one.person_id, one.statement_id],
                "against_id": new_of.get((one.person_id, one.against_id or 0), one.against_id),
            },
        )
        for one in settled
        if (one.person_id, one.statement_id) in new_of
    )


def put_back_conflicts(
    person_id: int, kept: Iterable[Mapping[str, Any]], *, without: Iterable[int]
) -> None:
    """Bring the conflicts back to what was kept, but for those that an officer settled since.

    Those of the statements ``without`` go, and those that there were only against them. To be
    called before the person is recomputed, which opens again what still stands.
    """
    gone, before = set(without), {(row["attribute"], row["statement_id"]): row for row in kept}
    standing = {}
    for one in Conflict.objects.filter(person_id=person_id):
        place = (one.attribute, one.statement_id)
        is_new = place not in before and one.settled_by is None and one.against_id in gone
        if one.statement_id in gone or is_new:
            same_row(one).delete()
        else:
            standing[place] = one
    for row in before.values():
        known = standing.get((row["attribute"], row["statement_id"]))
        if known is None or known.settled_by not in (None, row["settled_by"]):
            continue
        moments = {
            name: datetime.fromisoformat(row[name]) if row[name] else None for name in _MOMENTS
        }
        same_row(known).update(
            **{name: row[name] for name in ("against_id", "settled_by", "outcome", "reason")},
            **moments,
        )
