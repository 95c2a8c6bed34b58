"""Change of name (Law on Civil Status 60/2014, art. 26–28)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population.errors import NothingToCorrect
from dancu.population.models import CivilEvent
from dancu.population.services import gate
from dancu.population.services.events import (
    EventRegistration,
    evidence_of,
    record_event,
    registered,
)
from dancu.population.services.kinship import children_of
from dancu.population.services.records import (
    Record,
    lock,
    people_of_pids,
    pids_of,
    read,
    require_alive,
    wrong,
)
from dancu.population.services.weighing import Change, changed_only, enter_changes


@transaction.atomic
def change_name(
    *,
    person_id: int,
    full_name: str,
    day: date,
    decision: str,
    keep_old_name: bool = True,
    registration_number: str = "",
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> EventRegistration:
    """Enter a new name from a day on; the former one is kept among the other names.

    The records of children and spouse, which repeat the name, follow on the same evidence. Raises
    ``NotFoundOrNotYours``, ``NothingToCorrect``, ``PersonNotAlive`` and ``Invalid``.
    """
    gate.require(actor, "civil_event.register")
    if not decision.strip():
        raise wrong(
            "decision",
            "EMPTY",
            _("A change of name rests on a decision."),
            _("Enter the number and the day of the decision."),
        )
    records = _lock_family(person_id)
    person = records.pop(person_id)
    gate.require_people(actor, [person], today(at), presented=presented)
    require_alive(person)
    claims = changed_only(person, {"full_name": full_name}, day)
    if not claims:
        raise NothingToCorrect
    if keep_old_name and (former := person.text("full_name")):
        claims["other_names"] = _with(person, former)
    event = record_event(
        kind=CivilEvent.Kind.NAME_CHANGE, day=day, number=registration_number, actor=actor, at=at
    )
    evidence = evidence_of(event, decision)
    changes = [Change(person, claims, day, evidence, event.pk)]
    pids = set(pids_of(person_id))
    for relative in records.values():
        repeated = _repeated(relative, pids, full_name, day)
        changes.append(Change(relative, repeated, day, evidence, event.pk))
    enter_changes(changes, actor=actor, at=at)
    return registered(event, *(change.record.id for change in changes if change.claims))


def _lock_family(person_id: int) -> dict[int, Record]:
    found = {person_id, *children_of(person_id)}
    for record in read([person_id]).values():
        found |= set(people_of_pids([record.text("spouse_pid")]).values())
    return lock(found)


def _with(person: Record, former: str) -> list[object]:
    known = person.get("other_names")
    names = list(known) if isinstance(known, list) else []
    return names if former in names else [*names, former]


def _repeated(relative: Record, pids: set[str], full_name: str, day: date) -> dict[str, object]:
    """Return where the relative's record names the person, with the new name."""
    names = {
        f"{role}_name": full_name
        for role in ("father", "mother", "spouse")
        if relative.text(f"{role}_pid") in pids
    }
    return changed_only(relative, names, day)
