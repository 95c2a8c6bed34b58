"""Setting and ending targets. The history stays: a new target ends the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from dancu.access import policy
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.bulletins.access import is_in_area
from dancu.bulletins.errors import TargetGone
from dancu.bulletins.models import Target
from dancu.bulletins.types import COUNTRY, TargetKind
from dancu.catalogue import roles
from dancu.catalogue.bulletins import bulletins
from dancu.kernel.clock import today
from dancu.kernel.errors import FieldError, Invalid, NotFoundOrNotYours
from dancu.places import queries as places

SET = "target.set"
_LOCK = 0x74617267
#: More open issues than people could ever have.
MOST = 1_000_000_000
LONGEST_REASON = 200
_LONGEST_DAYS = 3 * 366


@transaction.atomic
def set_target(
    *,
    unit: str,
    group: str,
    kind: TargetKind,
    goal: int,
    by: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Set what a unit is to reach and return the target's number; the one before it ends.

    Officers who set one for the same issues take turns; the very same again changes nothing.
    ``group`` is empty for all issues. Raises ``ActionNotAllowed``, ``NotFoundOrNotYours`` for a
    unit that is not in the officer's area, and ``Invalid``.
    """
    policy.require_action(actor, SET, roles=roles())
    if not _may_set(actor, unit, today(at)):
        raise NotFoundOrNotYours
    if problems := list(_problems(group, kind, goal, by, today(at))):
        raise Invalid(problems)
    words = reason.strip()[:LONGEST_REASON]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, unit + group])
    before = Target.objects.filter(unit=unit, group=group, ended_at=None)
    if same := before.filter(kind=kind, goal=goal, by=by, reason=words).first():
        return same.pk
    before.update(ended_at=at, ended_by=actor.account_id, ended_reason="")
    row = Target.objects.create(
        unit=unit,
        group=group,
        kind=kind,
        goal=goal,
        by=by,
        reason=words,
        set_at=at,
        account_id=actor.account_id,
        officer_id=actor.officer_id,
        office=actor.office_code[:40],
    )
    detail = {"target": row.pk, "unit": unit, "group": group, "kind": kind, "goal": goal}
    record(event="target.set", actor=actor, at=at, detail=detail | {"by": by.isoformat()})
    return row.pk


@transaction.atomic
def end_target(*, target_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take a target back. Raises ``NotFoundOrNotYours`` and ``TargetGone``."""
    policy.require_action(actor, SET, roles=roles())
    row = Target.objects.select_for_update().filter(pk=target_id).first()
    if row is None or not _may_set(actor, row.unit, today(at)):
        raise NotFoundOrNotYours
    if row.ended_at is not None:
        raise TargetGone
    row.ended_at, row.ended_by = at, actor.account_id
    row.ended_reason = reason.strip()[:LONGEST_REASON]
    row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    record(event="target.ended", actor=actor, at=at, detail={"target": row.pk, "unit": row.unit})


def _may_set(actor: Actor, unit: str, day: date) -> bool:
    if unit == COUNTRY:
        return is_in_area(actor, unit, day)
    known = places.unit(unit, day)
    fits = known is not None and known.level != "neighbourhood"
    return fits and is_in_area(actor, unit, day)


def _problems(group: str, kind: str, goal: int, by: date, day: date) -> Iterator[FieldError]:
    if group and group not in {one.name for one in bulletins().groups}:
        yield FieldError(
            "group",
            "group-unknown",
            gettext_noop("There is no such group of issues."),
            gettext_noop("Choose a group from the list."),
        )
    if not 0 <= goal <= MOST or (kind == "daily" and goal == 0):
        yield FieldError(
            "goal",
            "goal-out-of-range",
            gettext_noop("This number cannot be a target."),
            gettext_noop("Give a whole number: issues left (0 is all mended), or mended a day."),
        )
    if by < day:
        yield FieldError(
            "by",
            "by-is-past",
            gettext_noop("This day is over, so nobody could keep the target."),
            gettext_noop("Choose today or a later day."),
        )
    elif (by - day).days > _LONGEST_DAYS:
        yield FieldError(
            "by",
            "by-too-far",
            gettext_noop("This day is more than three years away."),
            gettext_noop("Set a nearer target first."),
        )
