"""Recording at which step the residence was learnt (Decree 104/2022/NĐ-CP)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from dancu.access import policy
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue import roles
from dancu.kernel.clock import today
from dancu.onestop.errors import AlreadyRecorded
from dancu.onestop.models import StepRecord
from dancu.onestop.services.asking import ANSWER, own_question
from dancu.onestop.steps import require_complete
from dancu.onestop.types import Taken


def record_steps(
    *,
    actor: Actor,
    question_id: int,
    taken: Taken,
    at: datetime,
    corrects: int | None = None,
) -> StepRecord:
    """Keep which step succeeded and why those before it failed; nothing of it is changed later.

    ``corrects`` is the record that this one takes the place of: the one that stands now. Raises
    ``Invalid`` naming what lacks, ``NotFoundOrNotYours`` for a question of somebody else, and
    ``AlreadyRecorded`` when another record came first.
    """
    policy.require_action(actor, ANSWER, roles=roles())
    question = own_question(actor, question_id)
    require_complete(taken, today(at), is_found=question.person_id is not None)
    if corrects is not None and not question.records.filter(pk=corrects).exists():
        raise AlreadyRecorded
    try:
        with transaction.atomic():
            made = StepRecord.objects.create(
                question=question,
                at=at,
                account_id=actor.account_id,
                officer_id=actor.officer_id,
                office=actor.office_code[:40],
                succeeded=taken.succeeded,
                reasons=[
                    {"step": one.step, "reason": one.reason, "note": one.note}
                    for one in sorted(taken.reasons, key=lambda one: one.step)
                ],
                paper=taken.paper,
                corrects_id=corrects,
            )
            if corrects is not None:
                detail = {"question": question.pk, "record": made.pk, "corrects": corrects}
                record(event="one-stop.corrected", actor=actor, at=at, detail=detail)
    except IntegrityError:
        raise AlreadyRecorded from None
    return made
