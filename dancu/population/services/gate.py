"""Whether the actor may do this, to this person, in this place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dancu.access.policy import has_jurisdiction, require_action, require_jurisdiction
from dancu.access.types import Actor
from dancu.catalogue.queries import roles
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places.queries import is_within
from dancu.population.services.records import Record


def require(actor: Actor, action: str) -> None:
    """Raise ``ActionNotAllowed`` unless one of the actor's roles permits the action."""
    require_action(actor, action, roles=roles())


def require_place(actor: Actor, unit_code: str, day: date) -> None:
    """Raise ``OutsideJurisdiction`` unless the unit lies in the officer's area on the day."""
    require_jurisdiction(
        actor, [unit_code], is_within=lambda code, areas: is_within(code, areas, day)
    )


def require_people(actor: Actor, records: Iterable[Record], day: date) -> None:
    """Raise ``NotFoundOrNotYours`` unless everybody lives or stays in the officer's area."""
    for record in records:
        if not _is_theirs(actor, record, day):
            raise NotFoundOrNotYours


def _is_theirs(actor: Actor, record: Record, day: date) -> bool:
    units = [code for code in (record.commune, record.stay_commune) if code]
    return has_jurisdiction(actor, units, is_within=lambda code, areas: is_within(code, areas, day))
