"""Use cases on suspected pairs: noting what a search found, dismissing, merging, parting again.

Whoever works on a pair has both people in their area. Facts are changed by the register's own use
cases (``dancu.population.services``), of which the state of a pair is only a shadow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Q

from dancu.access.policy import require_action
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue.queries import roles
from dancu.disclosure import services as door
from dancu.duplicates.errors import PairDecided, ReasonMissing
from dancu.duplicates.models import Pair, Search
from dancu.duplicates.types import Finding, Noted
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population import services as register
from dancu.population.linking import communes_of

PROPOSE, CONFIRM = "merge.propose", "merge.confirm"
State = Pair.State
_AT_ONCE = 2_000
#: Suspected anew when what the records say has changed.
_LAID_ASIDE = (State.DISMISSED, State.UNDONE, State.CLEARED)


#: What two officers have begun or finished; a search leaves it alone.
_UNDER_WAY = (State.PROPOSED, State.MERGED, State.PARTING)


def note_findings(
    *, findings: Iterable[Finding], model: str, people: int, at: datetime, is_whole: bool = True
) -> Noted:
    """Keep what a search found. Pairs that a whole search no longer finds are cleared.

    A pair that was dismissed or parted stays so unless what its records say has changed. Cut
    short, the search has no end, nothing is cleared, and the next one begins anew.
    """
    search = Search.objects.create(model=model, began_at=at, people=people)
    found = new = again = 0
    rest = iter(findings)
    while part := list(islice(rest, _AT_ONCE)):
        with transaction.atomic():
            added, renewed = _note(part, search, at)
        found, new, again = found + len(part), new + added, again + renewed
    with transaction.atomic():
        cleared = _clear(search, at) if is_whole else 0
        Search.objects.filter(pk=search.pk).update(ended_at=at, pairs=found)
        detail = {"search": search.pk, "pairs": found, "new": new, "again": again}
        record(event="duplicates.found", actor=None, at=at, detail={**detail, "cleared": cleared})
    return Noted(people, found, new, again, cleared)


def _note(part: list[Finding], search: Search, at: datetime) -> tuple[int, int]:
    ordered = {(one.left_id, one.right_id): one for one in map(_in_order, part)}
    rows = Pair.objects.select_for_update().filter(left_id__in={left for left, _ in ordered})
    known = {(row.left_id, row.right_id): row for row in rows.order_by("pk")}
    new = [_row(one, search, at) for place, one in ordered.items() if place not in known]
    Pair.objects.bulk_create(new)
    again = 0
    changed = []
    for place, one in ordered.items():
        row = known.get(place)
        if row is None or row.state in _UNDER_WAY:
            continue
        if row.state in _LAID_ASIDE:
            if row.state != State.CLEARED and bytes(row.digest) == one.digest:
                continue
            row.state, row.decided_at, row.decided_by, row.reason = State.SUSPECTED, None, None, ""
            row.merge_id = None
            again += 1
        for name, value in _said(one).items():
            setattr(row, name, value)
        row.search, row.found_at = search, at
        changed.append(row)
    # Rows that are there, in one insert that meets them: bulk_update asks for each row which it is.
    Pair.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[
            "state", "decided_at", "decided_by", "reason", "merge_id", "search", "found_at",
            "weight", "probability", "evidence", "digest", "left_commune", "right_commune",
        ],
    )  # fmt: skip
    return len(new), again


def _in_order(one: Finding) -> Finding:
    if one.left_id < one.right_id:
        return one
    return Finding(
        left_id=one.right_id,
        right_id=one.left_id,
        weight=one.weight,
        probability=one.probability,
        evidence=one.evidence,
        digest=one.digest,
        left_commune=one.right_commune,
        right_commune=one.left_commune,
    )


def _said(one: Finding) -> dict[str, object]:
    return {
        "weight": one.weight,
        "probability": one.probability,
        "evidence": [[e.comparison, e.level, round(e.weight, 3)] for e in one.evidence],
        "digest": one.digest,
        "left_commune": one.left_commune,
        "right_commune": one.right_commune,
    }


def _row(one: Finding, search: Search, at: datetime) -> Pair:
    return Pair(
        left_id=one.left_id, right_id=one.right_id, search=search, found_at=at, **_said(one)
    )


def _clear(search: Search, at: datetime) -> int:
    """Lay aside what this search no longer found, and known pairs of which a record was closed."""
    suspected = Pair.objects.filter(state=State.SUSPECTED)
    gone = suspected.filter(suggested_by=None).exclude(search=search)
    known = list(suspected.exclude(suggested_by=None).values_list("pk", "left_id", "right_id"))
    open_ones = communes_of({key for _pk, *both in known for key in both})
    closed = [pk for pk, *both in known if not open_ones.keys() >= set(both)]
    cleared = gone.update(state=State.CLEARED, decided_at=at)
    return cleared + suspected.filter(pk__in=closed).update(state=State.CLEARED, decided_at=at)


@transaction.atomic
def dismiss(*, pair_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say that a suspected pair is two people, and why.

    Raises ``PairDecided``, ``ReasonMissing``, ``ActionNotAllowed`` and ``NotFoundOrNotYours``.
    """
    require_action(actor, PROPOSE, roles=roles())
    if not reason.strip():
        raise ReasonMissing
    row = _held(pair_id, actor, at)
    if row.state != State.SUSPECTED:
        raise PairDecided
    _decide(row, State.DISMISSED, reason, actor, at)
    record(event="duplicates.dismissed", actor=actor, at=at, detail={"pair": row.pk})


@transaction.atomic
def propose(
    *,
    pair_id: int,
    survivor_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    expected: Mapping[int, str] | None = None,
) -> int:
    """Propose to merge a suspected pair; returns the number of the merge.

    Raises ``PairDecided``, ``NotFoundOrNotYours`` and what ``propose_merge`` raises.
    """
    require_action(actor, PROPOSE, roles=roles())
    row = _held(pair_id, actor, at)
    if row.state != State.SUSPECTED:
        raise PairDecided
    if survivor_id not in {row.left_id, row.right_id}:
        raise NotFoundOrNotYours
    merged = row.right_id if survivor_id == row.left_id else row.left_id
    row.merge_id = register.propose_merge(
        survivor_id=survivor_id,
        merged_id=merged,
        reason=reason,
        expected=expected,
        actor=actor,
        at=at,
    )
    row.save(update_fields=["merge_id"])
    _decide(row, State.PROPOSED, reason, actor, at)
    return row.merge_id


@transaction.atomic
def confirm(*, pair_id: int, reason: str, actor: Actor, at: datetime, proposal: str = "") -> None:
    """Merge a proposed pair as the second officer.

    ``proposal`` (``proposal_of``) is the one that the officer saw. Raises ``PairDecided`` when it
    is another one by now, and what ``decide_merge`` raises.
    """
    row = _of_merge(pair_id, State.PROPOSED, actor, at, proposal)
    register.decide_merge(
        merge_id=row.merge_id or 0, decision="confirm", reason=reason, actor=actor, at=at
    )
    _decide(row, State.MERGED, reason, actor, at)
    merge = register.merge_of(merge_id=row.merge_id or 0)
    if merge is not None:
        _follow(merge.survivor_id, merge.merged_id, at)


def _follow(survivor: int, merged: int, at: datetime) -> None:
    """Let what is suspected of a record that was merged go, or follow to the one that stays.

    What an officer knows of it is known of the other; a search will find the rest anew.
    """
    rows = Pair.objects.select_for_update().filter(state=State.SUSPECTED)
    for row in rows.filter(Q(left_id=merged) | Q(right_id=merged)).order_by("pk"):
        other = row.left_id if row.right_id == merged else row.right_id
        left, right = sorted((survivor, other))
        communes = communes_of((left, right))
        is_known = Pair.objects.filter(left_id=left, right_id=right).exists()
        if row.suggested_by is None or is_known or len(communes) < 2:  # noqa: PLR2004 - a pair
            row.state, row.decided_at = State.CLEARED, at
        else:
            row.left_id, row.right_id = left, right
            row.left_commune, row.right_commune = communes[left], communes[right]
            row.weight, row.probability, row.evidence, row.digest = 0.0, 0.0, [], b""
        row.save()


@transaction.atomic
def decline(*, pair_id: int, reason: str, actor: Actor, at: datetime, proposal: str = "") -> None:
    """Decline a proposed merge, or take one's own proposal back: the pair is suspected as before.

    Raises what ``confirm`` raises.
    """
    row = _of_merge(pair_id, State.PROPOSED, actor, at, proposal)
    register.decide_merge(
        merge_id=row.merge_id or 0, decision="decline", reason=reason, actor=actor, at=at
    )
    _decide(row, State.SUSPECTED, reason, actor, at)


@transaction.atomic
def propose_undo(
    *,
    pair_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    to_merged: Collection[int] = (),
) -> None:
    """Propose to part a merged pair again. Raises what the register's ``propose_undo`` raises."""
    row = _of_merge(pair_id, State.MERGED, actor, at)
    register.propose_undo(
        merge_id=row.merge_id or 0, reason=reason, to_merged=to_merged, actor=actor, at=at
    )
    _decide(row, State.PARTING, reason, actor, at)


@transaction.atomic
def decide_undo(
    *,
    pair_id: int,
    is_confirmed: bool,
    reason: str,
    actor: Actor,
    at: datetime,
    proposal: str = "",
) -> None:
    """Part a pair as the second officer, or leave it merged; one's own proposal is taken back.

    ``proposal`` is the one that the officer saw. Raises ``PairDecided`` when it is another one by
    now, and what the register's ``decide_undo`` raises.
    """
    row = _of_merge(pair_id, State.PARTING, actor, at, proposal)
    register.decide_undo(
        merge_id=row.merge_id or 0,
        decision="confirm" if is_confirmed else "decline",
        reason=reason,
        actor=actor,
        at=at,
    )
    _decide(row, State.UNDONE if is_confirmed else State.MERGED, reason, actor, at)


def _held(pair_id: int, actor: Actor, at: datetime) -> Pair:
    row = Pair.objects.select_for_update().filter(pk=pair_id).first()
    if row is None or not all(
        door.may_handle(actor=actor, person_id=person, at=at)
        for person in (row.left_id, row.right_id)
    ):
        raise NotFoundOrNotYours
    return row


def _of_merge(
    pair_id: int, state: Pair.State, actor: Actor, at: datetime, proposal: str = ""
) -> Pair:
    row = _held(pair_id, actor, at)
    if row.state != state or (proposal and proposal != _proposal(row)):
        raise PairDecided
    return row


def _proposal(row: Pair) -> str:
    merge = register.merge_of(merge_id=row.merge_id or 0)
    return proposal_of(merge=merge) if merge is not None else ""


def proposal_of(*, merge: register.MergeView) -> str:
    """Return a text that is another one for every proposal to merge or to part a pair."""
    parting = merge.undo_proposed_at
    return f"{merge.id}.{parting.isoformat() if parting else ''}"


def _decide(row: Pair, state: Pair.State, reason: str, actor: Actor, at: datetime) -> None:
    row.state, row.reason = state, reason.strip()
    row.decided_at, row.decided_by = at, actor.account_id
    row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
