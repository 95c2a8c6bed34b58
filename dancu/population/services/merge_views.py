"""How merges stand: values for the pages, which show nothing of the people but their keys."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from dancu.population.models import Merge, Statement
from dancu.population.services.merge_checks import versions_of


@dataclass(frozen=True, slots=True)
class MergeView:
    """How a merge stands; shows nothing of the people but their keys.

    ``since`` are the statements about the record that stays which were entered after the merge.
    """

    id: int
    survivor_id: int
    merged_id: int
    state: str
    reason: str
    proposed_at: datetime
    proposed_by: int
    decided_at: datetime | None
    decided_by: int | None
    decision_reason: str
    undone_at: datetime | None
    undone_by: int | None
    undo_reason: str
    undo_proposed_at: datetime | None = None
    undo_proposed_by: int | None = None
    undo_decision_reason: str = ""
    undo_to_merged: tuple[int, ...] = ()
    is_stale: bool = False
    is_undo_stale: bool = False
    since: tuple[int, ...] = ()


def entered_since(merge: Merge) -> list[Statement]:
    """Return what was entered about the record that stays after the merge, in its order."""
    own = [*map(int, merge.entered), *merge.restated, merge.statement_id or 0]
    return list(
        Statement.objects.filter(person_id=merge.survivor_id, id__gt=max(own)).order_by("id")
    )


def is_stale(merge: Merge) -> bool:
    """Say whether one of the records has changed since the merge was proposed."""
    seen = {int(key): version for key, version in merge.seen.items()}
    return seen != versions_of((merge.survivor_id, merge.merged_id))


def is_undo_stale(merge: Merge) -> bool:
    """Say whether one of the records has changed since it was proposed to part them."""
    seen = {int(key): version for key, version in (merge.undo_seen or {}).items()}
    return seen != versions_of((merge.survivor_id, merge.merged_id))


def merge_versions(*, person_ids: Collection[int]) -> dict[int, str]:
    """Return the versions of people's records, to be handed back with a proposal."""
    return versions_of(tuple(person_ids))


def merge_of(*, merge_id: int) -> MergeView | None:
    """Return how a merge stands; ``None`` when there is none of this number."""
    merge = Merge.objects.filter(pk=merge_id).first()
    return _view(merge) if merge else None


def merges_of(*, person_id: int) -> list[MergeView]:
    """Return the merges that a record has part in, the newest first."""
    rows = Merge.objects.filter(Q(survivor_id=person_id) | Q(merged_id=person_id))
    return [_view(one) for one in rows.order_by("-pk")]


def _view(merge: Merge) -> MergeView:
    is_done = merge.state == Merge.State.DONE
    return MergeView(
        id=merge.pk,
        survivor_id=merge.survivor_id,
        merged_id=merge.merged_id,
        state=merge.state,
        reason=merge.reason,
        proposed_at=merge.proposed_at,
        proposed_by=merge.proposed_by,
        decided_at=merge.decided_at,
        decided_by=merge.decided_by,
        decision_reason=merge.decision_reason or "",
        undone_at=merge.undone_at,
        undone_by=merge.undone_by,
        undo_reason=merge.undo_reason or "",
        undo_proposed_at=merge.undo_proposed_at,
        undo_proposed_by=merge.undo_proposed_by,
        undo_decision_reason=merge.undo_decision_reason or "",
        undo_to_merged=tuple(merge.undo_to_merged),
        is_stale=merge.state == Merge.State.PROPOSED and is_stale(merge),
        is_undo_stale=is_done and merge.undo_proposed_by is not None and is_undo_stale(merge),
        since=tuple(one.id for one in entered_since(merge)) if is_done else (),
    )
