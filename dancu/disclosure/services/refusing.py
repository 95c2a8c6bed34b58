"""Refusals of others than the door, recorded like its own."""

from __future__ import annotations

from datetime import datetime

from dancu.access.types import Actor
from dancu.disclosure.internal import gate, ledger
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.services.disclosing import card_of
from dancu.kernel.errors import DancuError


def refused(
    *, actor: Actor, purpose: str, case: str, person_id: int, error: DancuError, at: datetime
) -> None:
    """Record that somebody wanted to change a person and a service said no.

    An error that the door raised is recorded already, and left alone. About a key that belongs to
    nobody only its hash is kept. Must not be called inside a transaction.
    """
    if gate.is_recorded(error):
        return
    card = card_of(person_id)
    ledger.write(
        actor=actor,
        at=at,
        purpose=purpose,
        case=case,
        role=gate.role_for(actor, purpose),
        entries=[Entry(card.person_id if card else None, Kind.CHANGE, refusal=error.code[:40])],
        asked="" if card else str(person_id),
    )
    gate.mark_recorded(error)
