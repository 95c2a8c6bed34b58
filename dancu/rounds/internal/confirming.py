"""What somebody met as registered confirms: their residence facts, said again by the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from dancu.access.types import Actor
from dancu.catalogue.campaigns import CampaignKind
from dancu.kernel.clock import today
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population import services as register
from dancu.population.errors import PopulationError
from dancu.population.services import Confirmation
from dancu.population.types import Evidence
from dancu.rounds.models import Subject
from dancu.rounds.types import BASES, Basis

#: What being met at a door says again, by why the door is theirs; the first that is held.
_SAYS: Mapping[Basis, tuple[str, ...]] = {
    "home": ("permanent_residence",),
    "stay": ("temporary_residence", "current_residence"),
    "lodging": (),
}
INSPECTION = "inspection"


def confirm(
    kind: CampaignKind,
    people: Sequence[Subject],
    *,
    seen: Mapping[int, int],
    case: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Say again the facts for which people are asked about; return of how many it was said.

    Where the office's word does not count, or nothing is held, the fact is left as it is. Raises
    ``kernel.errors.Conflict`` when a fact was changed since the person was shown.
    """
    asked: dict[str, list[Subject]] = defaultdict(list)
    for one in people:
        for name in _names(kind, one)[:1]:
            asked[name].append(one)
    return sum(
        _confirm(kind, name, some, seen=seen, case=case, actor=actor, at=at)
        for name, some in asked.items()
    )


def _names(kind: CampaignKind, one: Subject) -> list[str]:
    return [name for name in _SAYS[BASES[one.basis - 1]] if name in kind.confirms]


def _confirm(
    kind: CampaignKind,
    name: str,
    people: Sequence[Subject],
    *,
    seen: Mapping[int, int],
    case: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Confirm one fact of all together; where that is refused, of each by itself."""
    if _said([(one, name) for one in people], seen=seen, case=case, actor=actor, at=at):
        return len(people)
    return sum(
        any(
            _said([(one, other)], seen=seen, case=case, actor=actor, at=at)
            for other in _names(kind, one)
        )
        for one in people
    )


def _said(
    wanted: Sequence[tuple[Subject, str]],
    *,
    seen: Mapping[int, int],
    case: str,
    actor: Actor,
    at: datetime,
) -> bool:
    try:
        with transaction.atomic():
            register.confirm_together(
                confirmations=[
                    Confirmation(one.person_id, (name,), seen.get(one.person_id))
                    for one, name in wanted
                ],
                evidence=Evidence(INSPECTION, case),
                day=today(at),
                actor=actor,
                at=at,
            )
    except (PopulationError, Invalid, NotFoundOrNotYours):
        return False
    return True
