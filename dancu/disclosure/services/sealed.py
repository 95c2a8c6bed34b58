"""A citizen's receipt for an access: what shows to anybody that it stands in the sealed log."""

from __future__ import annotations

from datetime import datetime

from dancu.access.types import Actor
from dancu.audit.log import Receipt, receipt_of
from dancu.disclosure.internal import gate
from dancu.disclosure.internal.gate import Request
from dancu.disclosure.internal.ledger import Kind
from dancu.disclosure.internal.sealing import NAME
from dancu.disclosure.models import AccessRecord


def receipt_of_access(*, actor: Actor, record: int, at: datetime) -> Receipt:
    """Return the receipt of one of the citizen's accesses, by its number in the log.

    Raises ``NotFoundOrNotYours`` for an access of anybody else, and ``NotSealedYet``.
    """
    request = Request(actor, "own_data", "", at, Kind.OWN)
    gate.enter(request, action="access_log.read_own")
    own = AccessRecord.objects.filter(person_id__in=gate.own_keys(actor))
    if not own.filter(pk=record).exists():
        raise gate.absent()
    return receipt_of(NAME, record)
