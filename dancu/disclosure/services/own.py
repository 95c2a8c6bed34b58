"""The citizen's own record and household (Law 91/2025/QH15, art. 4)."""

from __future__ import annotations

from datetime import datetime

from dancu.access.types import Actor
from dancu.catalogue import attribute
from dancu.disclosure.errors import NoOwnRecord
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Request
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import Showing
from dancu.disclosure.services.disclosing import reachable
from dancu.disclosure.services.pages import page_of
from dancu.disclosure.types import Disclosed, PersonPage
from dancu.population import reading


def own_record(*, actor: Actor, at: datetime) -> PersonPage:
    """Return everything that the register holds about the citizen. Raises ``NoOwnRecord``."""
    request = Request(actor, "own_data", "", at, Kind.OWN)
    grant = gate.enter(request, action="own.view")
    card = reachable(grant, [_own(actor)])[0]
    return page_of(grant, card)


def own_household(*, actor: Actor, at: datetime) -> list[Disclosed]:
    """Return the members of the citizen's household, the head first; empty when there is none.

    Every member gets an access record. Raises ``NoOwnRecord``.
    """
    request = Request(actor, "own_household", "", at, Kind.OWN_HOUSEHOLD)
    grant = gate.enter(request, action="own.view")
    card = reading.cards([_own(actor)]).get(_own(actor))
    if card is None:
        request.refuse(NoOwnRecord())
    members = reading.members(card.household) if card.household else []
    cards = [member.card for member in members]
    permitted = grant.everything()
    facets = {attribute(name).facet for name in permitted.all}
    held = reading.held([c.person_id for c in cards], facets)
    showing = Showing(permitted, request.day, can_reveal=False, addresses={}, numbers=None)
    facts = {person: showing.facts(values) for person, values in held.items()}
    entries = [
        Entry(c.person_id, Kind.OWN_HOUSEHOLD, gate.numbers(permitted, facts[c.person_id]))
        for c in cards
    ]
    number = grant.record(entries or [Entry(card.person_id, Kind.OWN_HOUSEHOLD)])
    return [
        Disclosed(c.person_id, showing.header(c, facts[c.person_id]), facts[c.person_id], number)
        for c in cards
    ]


def _own(actor: Actor) -> int:
    if actor.person_id is None:
        raise NoOwnRecord
    return actor.person_id
