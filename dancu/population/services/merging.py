"""Two records of one human being become one, by two officers, and two again if that was wrong.

The record that gives way keeps all that was said of it, under the status ``MERGED``; the same is
said again of the one that stays, and both are weighed together. Its number is cancelled as a
duplicate and leads to the one that stays from then on. See decision 0023.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.population.internal import merging as internal
from dancu.population.internal.recompute import recompute
from dancu.population.internal.stillness import numbers_move
from dancu.population.models import CorrectionRequest, Merge, Person, Pid
from dancu.population.services import gate
from dancu.population.services.corrections import require_reason
from dancu.population.services.households import close_household
from dancu.population.services.merge_checks import (
    households_of,
    lock_both,
    require_heads,
    require_settled,
    require_sound,
    versions_of,
)
from dancu.population.services.merge_errors import (
    MergeWaiting,
    RecordChangedSince,
    SameOfficer,
)
from dancu.population.services.merge_rows import (
    CONFIRM,
    PROPOSE,
    Decision,
    account,
    held,
    note,
    reference_of,
    require_state,
)
from dancu.population.services.merge_views import is_stale
from dancu.population.services.numbers import ReissueReason
from dancu.population.services.records import Record, members_of, read
from dancu.population.services.weighing import Change, require_effective
from dancu.population.types import Evidence

EVIDENCE = "pid_decision"


@transaction.atomic
def propose_merge(
    *,
    survivor_id: int,
    merged_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    expected: Mapping[int, str] | None = None,
) -> int:
    """Note that two records are of one human being, for a second officer to confirm.

    Returns the number of the merge. ``expected`` are the versions (``merge_versions``) of what the
    officer saw. Whatever would refuse the merge refuses the proposal. Raises ``MergeOfOne``,
    ``NotFoundOrNotYours``, ``RecordMerged``, ``MergeWaiting``, ``RecordChangedSince``,
    ``RecordsDisagree`` and the other errors of ``merge_errors``, and ``Invalid`` naming ``reason``.
    """
    gate.require(actor, PROPOSE)
    require_reason(reason)
    proposer = account(actor)
    survivor, merged, _heads = lock_both(survivor_id, merged_id)
    gate.require_people(actor, [survivor, merged], today(at))
    seen = versions_of((survivor_id, merged_id))
    if expected is not None and dict(expected) != seen:
        raise RecordChangedSince
    require_settled(survivor, merged)
    _require_free(survivor_id, merged_id)
    try:
        with transaction.atomic():
            merge = Merge.objects.create(
                survivor_id=survivor_id,
                merged_id=merged_id,
                reason=reason.strip(),
                seen={str(key): version for key, version in seen.items()},
                proposed_at=at,
                proposed_by=proposer,
            )
    except IntegrityError:
        raise MergeWaiting from None
    note("merge.proposed", merge, actor, at)
    return merge.pk


def _require_free(survivor_id: int, merged_id: int) -> None:
    both = [survivor_id, merged_id]
    waiting = Merge.objects.filter(
        Q(survivor_id__in=both) | Q(merged_id__in=both), state=Merge.State.PROPOSED
    )
    if waiting.exists():
        raise MergeWaiting


@transaction.atomic
def decide_merge(
    *, merge_id: int, decision: Decision, reason: str, actor: Actor, at: datetime
) -> None:
    """Carry a proposed merge out as its second officer, or decline it.

    Whoever proposed it may only take it back, which is to decline it. Confirmed, it is one
    transaction: the number of the record that gives way is cancelled, its claims are weighed with
    the other's, and requests that wait go along. Raises ``MergeDecided``, ``SameOfficer``,
    ``RecordChangedSince``, the errors of ``propose_merge``, ``NumberWouldContradict``,
    ``HouseholdWouldLackHead`` and ``NotTheAuthority``.
    """
    is_own = Merge.objects.filter(pk=merge_id, proposed_by=account(actor)).exists()
    gate.require(actor, PROPOSE if is_own and decision == "decline" else CONFIRM)
    require_reason(reason)
    merge = held(merge_id)
    if decision == "decline":
        gate.require_people(actor, read([merge.survivor_id, merge.merged_id]).values(), today(at))
        require_state(merge, Merge.State.PROPOSED)
        _decide(merge, Merge.State.DECLINED, reason, actor, at)
        note("merge.declined", merge, actor, at)
        return
    if is_own:
        raise SameOfficer
    numbers_move()
    survivor, merged, heads = lock_both(merge.survivor_id, merge.merged_id)
    gate.require_people(actor, [survivor, merged], today(at))
    require_state(merge, Merge.State.PROPOSED)
    if is_stale(merge):
        raise RecordChangedSince
    require_settled(survivor, merged)
    _decide(merge, Merge.State.DONE, reason, actor, at)
    _carry_out(merge, survivor, merged, actor, at)
    require_sound({survivor.id: survivor, merged.id: merged}, survivor.id)
    _settle_households(heads, survivor.id, at)
    note("merge.done", merge, actor, at)


def _carry_out(merge: Merge, survivor: Record, merged: Record, actor: Actor, at: datetime) -> None:
    merge.conflicts = internal.conflicts_of(survivor.id)
    taken = internal.take_over(
        survivor_id=survivor.id, merged_id=merged.id, entered_by=actor.account_id, at=at
    )
    merge.entered = {str(new): old for new, old in taken.entered.items()}
    merge.restated = sorted(taken.restated)
    _cancel_number(merge, merged, actor, at)
    internal.carry_settled(survivor.id, merged.id, taken)
    _take_requests(merge, {old: new for new, old in taken.entered.items()})
    merge.followers = list(
        Person.objects.filter(merged_into=merged.id).values_list("pk", flat=True)
    )
    Person.objects.filter(pk__in=[merged.id, *merge.followers]).update(
        status=Person.Status.MERGED, merged_into=survivor.id
    )
    merge.save()
    recompute([survivor.id, merged.id], at=at)


def _cancel_number(merge: Merge, merged: Record, actor: Actor, at: datetime) -> None:
    """Cancel the number of the record that gives way; all it ever had lead to the other."""
    merge.pids = sorted(Pid.objects.filter(person_id=merged.id).values_list("pid", flat=True))
    if merged.text("pid"):
        evidence = Evidence(EVIDENCE, reference_of(merge.pk))
        change = Change(merged, {"pid": None}, today(at), evidence)
        require_effective(change, source=actor.source)
        merge.statement_id = internal.say_no_number(
            person_id=merged.id,
            day=change.day,
            source=actor.source,
            evidence=evidence,
            entered_by=actor.account_id,
            at=at,
        )
        merge.cancelled_pid = merged.text("pid")
        Pid.objects.filter(pid=merge.cancelled_pid).update(
            cancelled_on=today(at), cancel_reason=str(ReissueReason.DUPLICATE)
        )
    Pid.objects.filter(pid__in=merge.pids).update(person_id=merge.survivor_id)


def _take_requests(merge: Merge, new_of: Mapping[int, int]) -> None:
    waiting = CorrectionRequest.objects.select_for_update().filter(
        person_id=merge.merged_id, state=CorrectionRequest.State.WAITING
    )
    for request in waiting.order_by("pk"):
        merge.requests.append(request.pk)
        request.person_id = merge.survivor_id
        request.statement_id = new_of.get(request.statement_id or 0)
        request.save(update_fields=["person_id", "statement_id"])


def _settle_households(heads: Mapping[str, int], survivor_id: int, at: datetime) -> None:
    numbers = sorted({*heads, *households_of(survivor_id)})
    require_heads(heads, numbers)
    for number in heads:
        if not members_of(number):
            close_household(number, today(at))


def _decide(merge: Merge, state: Merge.State, reason: str, actor: Actor, at: datetime) -> None:
    merge.state = state
    merge.decided_at, merge.decided_by = at, account(actor)
    merge.decision_reason = reason.strip()
    merge.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
