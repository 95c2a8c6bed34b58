"""Registration of an adoption (Law on Adoption 52/2010, art. 8, 14, 22, 24)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population.models import CivilEvent
from dancu.population.services import gate, rules
from dancu.population.services.errors import AdopterTooYoung, NotAChild
from dancu.population.services.events import (
    EventRegistration,
    evidence_of,
    record_event,
    registered,
)
from dancu.population.services.records import Record, lock, require_alive, wrong
from dancu.population.services.weighing import Change, enter_changes


@transaction.atomic
def register_adoption(
    *,
    child_id: int,
    father_id: int | None,
    mother_id: int | None,
    day: date,
    decision: str,
    registration_number: str = "",
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> EventRegistration:
    """Enter adoptive parents as the child's parents from a day on; the birth parents stay known.

    Raises ``NotFoundOrNotYours``, ``NotAChild``, ``AdopterTooYoung``, ``PersonNotAlive`` and
    ``Invalid``.
    """
    gate.require(actor, "civil_event.register")
    parents = {"father": father_id, "mother": mother_id}
    ids = [person_id for person_id in parents.values() if person_id is not None]
    if not ids or len({*ids, child_id}) <= len(ids):
        raise wrong(
            "mother_id",
            "EMPTY",
            _("An adoption names at least one adoptive parent, another person than the child."),
            _("Choose the adoptive father, the adoptive mother, or both."),
        )
    records = lock([child_id, *ids])
    child = records[child_id]
    gate.require_people(actor, records.values(), today(at), presented=presented)
    require_alive(*records.values())
    _require_child(child, day)
    claims: dict[str, object] = {}
    for role, person_id in parents.items():
        if person_id is not None:
            claims |= _as_parent(records[person_id], role, child, day)
    event = record_event(
        kind=CivilEvent.Kind.ADOPTION, day=day, number=registration_number, actor=actor, at=at
    )
    change = Change(child, claims, day, evidence_of(event, decision), event.pk)
    enter_changes([change], actor=actor, at=at)
    return registered(event, child_id, *ids)


def _require_child(child: Record, day: date) -> None:
    limit = rules.value("adoption_child_below", day)
    age = child.age_on(day)
    if age is None or age >= limit:
        raise NotAChild(years=limit)


def _as_parent(parent: Record, role: str, child: Record, day: date) -> dict[str, object]:
    if parent.text("sex") != ("M" if role == "father" else "F"):
        raise wrong(
            f"{role}_id",
            "SEX_MISMATCH",
            _("The register has this person under the other sex."),
            _("Check whether father and mother were exchanged."),
        )
    years = rules.value("adoption_age_difference", day)
    own, childs = parent.age_on(day), child.age_on(day)
    if own is None or childs is None or own - childs < years:
        raise AdopterTooYoung(years=years)
    facts = {
        f"{role}_pid": parent.text("pid"),
        f"{role}_name": parent.text("full_name"),
        f"{role}_nationality": parent.text("nationality"),
    }
    return {name: value for name, value in facts.items() if value}
