"""Who is told of a citizen's changes, for the citizen to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dancu.catalogue.contracts import Contract
from dancu.disclosure.services import telling
from dancu.exchange.feed import collecting
from dancu.exchange.feed.models import Subscription


@dataclass(frozen=True, slots=True)
class Follower:
    """A contract under which somebody is followed. ``since`` is ``None`` where everybody is."""

    contract: Contract
    purpose: str
    since: datetime | None


def followers_of(*, person_id: int, at: datetime) -> list[Follower]:
    """Return under which contracts a person is followed, for the page of that person only."""
    told = {one.name: one for one in collecting.feeding(at)}
    rows = Subscription.objects.filter(person_id=person_id, ended_at=None).order_by("-begun_at")
    own = [
        Follower(told[row.contract], row.purpose, row.begun_at)
        for row in rows
        if row.contract in told
    ]
    return [*own, *_of_everybody(person_id, list(told.values()), at)]


def _of_everybody(person_id: int, told: list[Contract], at: datetime) -> Iterator[Follower]:
    for contract in told:
        if contract.feed_people == "everyone":
            scope = contract.scope
            if scope is None or telling.people_within([person_id], scope, at=at):
                yield Follower(contract, contract.feed_purpose, None)
