"""Asking the register for one dossier, and keeping that it was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dancu.access import policy
from dancu.access.types import Actor
from dancu.catalogue import roles
from dancu.disclosure import services as door
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.onestop.models import Question
from dancu.onestop.types import PURPOSE, TOPICS, Particulars

ANSWER = "one_stop.answer"


def ask(*, actor: Actor, dossier: str, particulars: Particulars, at: datetime) -> Question:
    """Let somebody present themselves for a dossier, and keep the question with its outcome.

    Nobody of these particulars, somebody dead and somebody out of reach are one: the question has
    no ``person_id``, and the attempt is on record. Raises ``ActionNotAllowed``, and whatever the
    door raises for a purpose, a dossier or too many wrong particulars. Not inside a transaction.
    """
    policy.require_action(actor, ANSWER, roles=roles())
    try:
        person = door.present(
            actor=actor,
            purpose=PURPOSE,
            case=dossier,
            pid=particulars.pid,
            name=particulars.name,
            birth_date=particulars.birth_date,
            at=at,
        ).person_id
    except NotFoundOrNotYours:
        person = None
    return _keep(actor, dossier, at, person=person, topics=TOPICS)


def note_unasked(*, actor: Actor, dossier: str, at: datetime) -> Question:
    """Keep that nothing could be asked for a dossier, so that the steps can be recorded.

    For a link that was down, or a citizen without a number. Nobody is looked for.
    """
    policy.require_action(actor, ANSWER, roles=roles())
    return _keep(actor, dossier, at, person=None, topics=())


def own_question(actor: Actor, question_id: int) -> Question:
    """Return a question of this officer. Raises ``NotFoundOrNotYours`` for any other."""
    found = Question.objects.filter(pk=question_id, account_id=actor.account_id).first()
    if found is None or actor.account_id is None:
        raise NotFoundOrNotYours
    return found


def _keep(
    actor: Actor, dossier: str, at: datetime, *, person: int | None, topics: Iterable[str]
) -> Question:
    return Question.objects.create(
        at=at,
        account_id=actor.account_id,
        officer_id=actor.officer_id,
        office=actor.office_code[:40],
        dossier=dossier,
        person_id=person,
        topics=list(topics),
    )
