"""Whether the actor may do this, to this person, in this place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.translation import gettext_noop as _

from dancu.access.policy import has_jurisdiction, require_action, require_jurisdiction
from dancu.access.types import Actor
from dancu.catalogue.queries import roles
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.places.queries import is_within
from dancu.population.services.records import Record, people_of_pids, read, wrong


def require(actor: Actor, action: str) -> None:
    """Raise ``ActionNotAllowed`` unless one of the actor's roles permits the action."""
    require_action(actor, action, roles=roles())


def require_place(actor: Actor, unit_code: str, day: date) -> None:
    """Raise ``OutsideJurisdiction`` unless the unit lies in the officer's area on the day."""
    require_jurisdiction(
        actor, [unit_code], is_within=lambda code, areas: is_within(code, areas, day)
    )


def require_people(
    actor: Actor, records: Iterable[Record], day: date, *, presented: Collection[int] = ()
) -> None:
    """Raise ``NotFoundOrNotYours`` unless everybody lives or stays in the officer's area.

    ``presented`` are keys of people from elsewhere whom the door out has admitted to the case.
    """
    for record in records:
        if record.id not in presented and not is_theirs(actor, record, day):
            raise NotFoundOrNotYours


def person_of_number(
    actor: Actor, pid: str, *, field: str, day: date, presented: Collection[int] = ()
) -> int:
    """Return whom a number leads to, in the officer's area or presented.

    Raises ``Invalid`` naming the field, alike for a number that nobody has and for one of somebody
    elsewhere: a form must not tell whether a person exists.
    """
    found = people_of_pids([pid]).get(pid)
    if found is not None and found in presented:
        return found
    records = read([] if found is None else [found])
    if found is None or not all(is_theirs(actor, one, day) for one in records.values()):
        raise wrong(
            field,
            "person-unknown",
            _("Nobody of your area or admitted to this case has this number."),
            _("Compare every digit with the card; admit people from elsewhere to the case first."),
        )
    return found


def is_theirs(actor: Actor, record: Record, day: date) -> bool:
    """Say whether the person lives or stays in the officer's area."""
    units = [code for code in (record.commune, record.stay_commune) if code]
    return has_jurisdiction(actor, units, is_within=lambda code, areas: is_within(code, areas, day))
