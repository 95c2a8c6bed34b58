"""A pair that an officer knows, entered by hand; two officers decide on it as on any other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dancu.access.policy import require_action
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue.queries import roles
from dancu.disclosure import services as door
from dancu.duplicates.errors import HowKnownMissing, OneRecord, PairKnown, RecordClosed
from dancu.duplicates.models import Pair
from dancu.duplicates.services import PROPOSE
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population.linking import communes_of

_OPEN = (Pair.State.SUSPECTED, Pair.State.PROPOSED, Pair.State.MERGED, Pair.State.PARTING)


@transaction.atomic
def suggest(*, person_ids: tuple[int, int], reason: str, actor: Actor, at: datetime) -> int:
    """Enter a pair that the officer knows to be one person; return its number.

    Both people must be in the officer's sight. A pair that was laid aside is suspected anew, with
    the new reason. Raises ``OneRecord``, ``RecordClosed``, ``PairKnown``, ``HowKnownMissing``,
    ``ActionNotAllowed`` and ``NotFoundOrNotYours``.
    """
    require_action(actor, PROPOSE, roles=roles())
    if not reason.strip():
        raise HowKnownMissing
    left, right = sorted(person_ids)
    if left == right:
        raise OneRecord
    if not all(door.may_handle(actor=actor, person_id=one, at=at) for one in (left, right)):
        raise NotFoundOrNotYours
    communes = communes_of((left, right))
    if len(communes) < len(person_ids):
        raise RecordClosed
    row = Pair.objects.select_for_update().filter(left_id=left, right_id=right).first()
    if row is not None and row.state in _OPEN:
        raise PairKnown(pair=row.pk)
    if row is None:
        row = Pair(left_id=left, right_id=right, weight=0.0, probability=0.0, evidence=[])
        row.digest, row.found_at = b"", at
    row.state, row.merge_id = Pair.State.SUSPECTED, None
    row.decided_at, row.decided_by, row.reason = None, None, ""
    row.left_commune, row.right_commune = communes[left], communes[right]
    row.suggested_by, row.suggested_at, row.suggestion = actor.account_id, at, reason.strip()
    row.save()
    record(event="duplicates.suggested", actor=actor, at=at, detail={"pair": row.pk})
    return row.pk
