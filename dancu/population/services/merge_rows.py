"""What all use cases on a merge share: its row, who acts, and the line in the log of events."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population.models import Merge
from dancu.population.services.merge_errors import MergeDecided, SameOfficer

PROPOSE, CONFIRM = "merge.propose", "merge.confirm"
Decision = Literal["confirm", "decline"]


def held(merge_id: int) -> Merge:
    """Lock a merge until the transaction ends. Raises ``NotFoundOrNotYours``."""
    merge = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if merge is None:
        raise NotFoundOrNotYours
    return merge


def require_state(merge: Merge, state: Merge.State) -> None:
    """Raise ``MergeDecided`` unless the merge stands so."""
    if merge.state != state:
        raise MergeDecided


def account(actor: Actor) -> int:
    """Return whose account acts; two officers are two accounts, so none cannot act."""
    if actor.account_id is None:
        raise SameOfficer
    return actor.account_id


def note(event: str, merge: Merge, actor: Actor, at: datetime) -> None:
    """Write what was done with a merge into the log of events."""
    detail = {"merge": merge.pk, "survivor": merge.survivor_id, "merged": merge.merged_id}
    record(event=event, actor=actor, at=at, detail=detail)


def reference_of(merge_id: int) -> str:
    """Return the number of a merge as papers and evidence name it: ``GB-12``."""
    return f"GB-{merge_id}"
