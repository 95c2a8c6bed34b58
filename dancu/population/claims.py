"""Entering claims one statement at a time, or a few: what the register's services use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.catalogue.queries import attribute
from dancu.kernel.clock import today
from dancu.kernel.errors import FieldError, Invalid
from dancu.operation import metrics
from dancu.operation.cursors import server_cursor
from dancu.places.addresses import enter_addresses
from dancu.population import dictionary
from dancu.population.errors import PidAlreadyGiven
from dancu.population.internal import door
from dancu.population.internal.chunk import Chunk, Given, Preparer
from dancu.population.internal.names import store_names
from dancu.population.types import Entered, NewStatement


@transaction.atomic
def enter(
    *, statements: Sequence[NewStatement], actor: Actor, at: datetime, source: str = ""
) -> list[Entered]:
    """Enter statements of one source; all of them or, when one cannot be accepted, none.

    The source is the actor's own unless named. Raises ``Invalid`` with every field that is wrong
    and ``PidAlreadyGiven``.
    """
    origin_source = dictionary.source(source or actor.source)
    chunk = Chunk(first_row=0)
    preparer = Preparer(origin_source.kind, today(at))
    for number, statement in enumerate(statements):
        preparer.add(chunk, number, _given(statement))
    if chunk.refused:
        raise Invalid([error for _, error in chunk.refused])
    origin = door.Origin(origin_source.id, origin_source.kind, at, actor.account_id)
    enter_addresses(chunk.addresses.values())
    with server_cursor() as cursor:
        store_names(cursor, chunk.names)
        outcome = door.apply(cursor, chunk, origin, report=True)
    if outcome.refused:
        _raise_refusal(outcome.refused[0])
    _count(origin_source.code, statements, outcome.conflicts)
    return [outcome.entered[number] for number in range(len(statements))]


def _given(statement: NewStatement) -> Given:
    return Given(
        pid=None,
        person_id=statement.person_id,
        new=statement.person_id is None,
        day=statement.day,
        evidence_kind=statement.evidence.kind,
        evidence=statement.evidence.reference,
        event_id=statement.event_id,
        claims=dict(statement.claims),
    )


def _raise_refusal(refusal: tuple[int, str, str]) -> None:
    field, code = refusal[1:]
    if code == "pid-already-given":
        raise PidAlreadyGiven
    raise Invalid([FieldError(field, code, _("The register does not know this person."))])


def _count(source: str, statements: Sequence[NewStatement], conflicts: int) -> None:
    metrics.statements_total.labels(source).inc(len(statements))
    metrics.claims_accepted_total.labels(source).inc(sum(len(s.claims) for s in statements))
    if conflicts:
        metrics.conflicts_opened_total.labels(source).inc(conflicts)


def outranks(source: str, attribute_name: str, other_source_id: int) -> bool:
    """Say whether a source is at least as strong as another for an attribute."""
    attr = attribute(attribute_name)
    return attr.rank(dictionary.source(source).kind) >= dictionary.rank(attr, other_source_id)
