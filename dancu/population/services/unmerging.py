"""Two records of one again, by two officers, when one human being had been seen in two.

One officer proposes to part them, another one confirms. Both records stand as before the merge;
what was said since stays with the one that stayed, unless the proposal names what belongs to the
other. See decisions 0023 and 0030.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population import dictionary
from dancu.population.internal import merging as internal
from dancu.population.internal.recompute import recompute
from dancu.population.internal.stillness import numbers_move
from dancu.population.models import CorrectionRequest, Household, Merge, Person, Pid, Statement
from dancu.population.services import gate
from dancu.population.services.corrections import require_reason
from dancu.population.services.merge_checks import (
    heads_of,
    households_of,
    require_heads,
    versions_of,
)
from dancu.population.services.merge_errors import (
    MergedFurther,
    RecordChangedSince,
    SameOfficer,
    StatementNotSince,
    UndoNotProposed,
    UndoWaiting,
)
from dancu.population.services.merge_rows import (
    CONFIRM,
    PROPOSE,
    Decision,
    account,
    held,
    note,
    require_state,
)
from dancu.population.services.merge_views import entered_since, is_undo_stale
from dancu.population.services.records import lock, read

_PROPOSAL = ["undo_proposed_at", "undo_proposed_by", "undo_reason", "undo_to_merged", "undo_seen"]


@transaction.atomic
def propose_undo(
    *,
    merge_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    to_merged: Collection[int] = (),
) -> None:
    """Note that a merge was wrong, for a second officer to confirm.

    ``to_merged`` are the statements entered since that go to the other record. Raises
    ``MergeDecided`` unless the merge was carried out, ``UndoWaiting``, ``MergedFurther``,
    ``StatementNotSince``, ``NotFoundOrNotYours`` and ``Invalid``.
    """
    gate.require(actor, PROPOSE)
    require_reason(reason)
    merge = held(merge_id)
    require_state(merge, Merge.State.DONE)
    if merge.undo_proposed_by is not None:
        raise UndoWaiting
    both = (merge.survivor_id, merge.merged_id)
    _lock(both)
    gate.require_people(actor, read(both).values(), today(at))
    _require_last(merge)
    _since(merge, to_merged)
    merge.undo_proposed_at, merge.undo_proposed_by = at, account(actor)
    merge.undo_reason = reason.strip()
    merge.undo_to_merged = sorted(set(to_merged))
    merge.undo_seen = {str(key): version for key, version in versions_of(both).items()}
    merge.save(update_fields=_PROPOSAL)
    note("merge.undo-proposed", merge, actor, at)


@transaction.atomic
def decide_undo(
    *, merge_id: int, decision: Decision, reason: str, actor: Actor, at: datetime
) -> None:
    """Part two records again as the second officer, or decline it; one's own is only taken back.

    Raises ``MergeDecided``, ``UndoNotProposed``, ``SameOfficer``, ``RecordChangedSince``,
    ``MergedFurther``, ``StatementNotSince``, ``HouseholdWouldLackHead``, ``NotFoundOrNotYours``
    and ``Invalid``.
    """
    is_own = Merge.objects.filter(pk=merge_id, undo_proposed_by=account(actor)).exists()
    gate.require(actor, PROPOSE if is_own and decision == "decline" else CONFIRM)
    require_reason(reason)
    merge = held(merge_id)
    require_state(merge, Merge.State.DONE)
    both = (merge.survivor_id, merge.merged_id)
    if decision == "decline":
        gate.require_people(actor, read(both).values(), today(at))
        _require_proposed(merge)
        merge.undo_proposed_at = merge.undo_proposed_by = merge.undo_reason = None
        merge.undo_to_merged, merge.undo_seen = [], None
        merge.save(update_fields=_PROPOSAL)
        note("merge.undo-declined", merge, actor, at)
        return
    if is_own:
        raise SameOfficer
    numbers_move()
    heads = _lock(both)
    gate.require_people(actor, read(both).values(), today(at))
    _require_proposed(merge)
    _require_last(merge)
    if is_undo_stale(merge):
        raise RecordChangedSince
    merge.undo_decision_reason = reason.strip()
    _carry_out(merge, both, heads, actor, at)
    note("merge.undone", merge, actor, at)


def _require_proposed(merge: Merge) -> None:
    if merge.undo_proposed_by is None:
        raise UndoNotProposed


def _require_last(merge: Merge) -> None:
    if not Person.objects.filter(pk=merge.merged_id, merged_into=merge.survivor_id).exists():
        raise MergedFurther


def _carry_out(
    merge: Merge, both: tuple[int, int], heads: dict[str, int], actor: Actor, at: datetime
) -> None:
    moved = _since(merge, merge.undo_to_merged)
    merge.state = Merge.State.UNDONE
    merge.undone_at, merge.undone_by = at, account(actor)
    merge.save(update_fields=["state", "undone_at", "undone_by", "undo_decision_reason"])
    _take_back(merge)
    for statement in moved:
        internal.say_of(statement, person_id=merge.merged_id, entered_by=actor.account_id, at=at)
    _withdraw(merge, moved, at)
    recompute(both, at=at)
    _reopen_households(both)
    require_heads(heads, households_of(*both))


def _lock(both: tuple[int, int]) -> dict[str, int]:
    numbers = households_of(*both)
    list(Household.objects.select_for_update().filter(number__in=numbers).order_by("number"))
    lock(both, merged_too=True)
    if Person.objects.filter(pk=both[0], status=Person.Status.MERGED).exists():
        raise MergedFurther
    return heads_of(numbers)


def _since(merge: Merge, wanted: Collection[int]) -> list[Statement]:
    """Return the statements that are to go to the other record, in their order."""
    found = [one for one in entered_since(merge) if one.id in set(wanted)]
    if len(found) < len(set(wanted)) or any(_gives_number(one) for one in found):
        raise StatementNotSince
    return found


def _gives_number(statement: Statement) -> bool:
    return dictionary.key("pid") in statement.claims


def _take_back(merge: Merge) -> None:
    """Put numbers, earlier merges, requests and conflicts back where they were."""
    Pid.objects.filter(pid__in=merge.pids).exclude(pid=merge.cancelled_pid).update(
        person_id=merge.merged_id
    )
    Pid.objects.filter(pid=merge.cancelled_pid).update(
        person_id=merge.merged_id, cancelled_on=None, cancel_reason=None
    )
    Person.objects.filter(pk=merge.merged_id).update(status=Person.Status.ALIVE, merged_into=None)
    Person.objects.filter(pk__in=merge.followers, merged_into=merge.survivor_id).update(
        merged_into=merge.merged_id
    )
    old_of = {int(new): old for new, old in merge.entered.items()}
    waiting = CorrectionRequest.objects.filter(
        pk__in=merge.requests, state=CorrectionRequest.State.WAITING
    )
    for request in waiting:
        request.person_id = merge.merged_id
        request.statement_id = old_of.get(request.statement_id or 0)
        request.save(update_fields=["person_id", "statement_id"])
    internal.put_back_conflicts(
        merge.survivor_id, merge.conflicts, without=[*old_of, *merge.restated]
    )


def _withdraw(merge: Merge, moved: Collection[Statement], at: datetime) -> None:
    reason, by = merge.undo_reason or "", merge.undone_by or 0
    gone = [*map(int, merge.entered), *merge.restated, *(one.id for one in moved)]
    internal.withdraw(merge.survivor_id, gone, by=by, reason=reason, at=at)
    if merge.statement_id is not None:
        internal.withdraw(merge.merged_id, [merge.statement_id], by=by, reason=reason, at=at)


def _reopen_households(both: tuple[int, int]) -> None:
    Household.objects.filter(number__in=households_of(*both), closed_on__isnull=False).update(
        closed_on=None
    )
