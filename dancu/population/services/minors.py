"""Minors live with their parents or a guardian, or elsewhere with their consent.

Law on Residence 68/2020, art. 12 and 28; the age is in ``catalogue/civil_rules.yaml``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population.services import gate, rules
from dancu.population.services.records import Record, people_of_pids, read, wrong

_GUARDIANS = ("father_pid", "mother_pid", "guardian_pid")


def minors_without_parents(
    *,
    person_ids: Iterable[int],
    day: date,
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
) -> tuple[int, ...]:
    """Return who of those that begin to live somewhere together needs the consent of parents.

    Raises ``NotFoundOrNotYours`` unless all are of the officer's area, or ``presented``.
    """
    movers = list(read(person_ids).values())
    gate.require_people(actor, movers, today(at), presented=presented)
    return tuple(minor.id for minor in minors_apart(movers, movers, day))


def require_consent(
    movers: Sequence[Record], together: Collection[Record], day: date, consent: str
) -> None:
    """Raise ``Invalid`` naming ``guardian_consent`` when a mover needs it and none was noted."""
    if consent.strip() or not minors_apart(movers, together, day):
        return
    raise wrong(
        "guardian_consent",
        "minor-without-parents",
        _("A minor is registered without parents and guardian only with their consent."),
        _("Note who agreed and how, or choose who of them comes along."),
    )


def minors_apart(movers: Iterable[Record], together: Collection[Record], day: date) -> list[Record]:
    """Return the minors with whom no living parent or guardian will live on a day.

    Where the register knows none of them, any adult will do; an unknown age is not a minor's.
    """
    limit = rules.value("residence_with_parents_below", day)
    minors = [one for one in movers if (age := one.age_on(day)) is not None and age < limit]
    if not minors:
        return []
    there = {one.id for one in together}
    has_adult = any((age := one.age_on(day)) is None or age >= limit for one in together)
    known = people_of_pids(pid for one in minors for pid in _numbers(one))
    living = {one.id for one in read(known.values()).values() if one.is_alive}

    def is_apart(minor: Record) -> bool:
        theirs = {known[pid] for pid in _numbers(minor) if pid in known} & living
        return not theirs & there if theirs else not has_adult

    return [minor for minor in minors if is_apart(minor)]


def _numbers(minor: Record) -> list[str]:
    return [pid for name in _GUARDIANS if (pid := minor.text(name))]
