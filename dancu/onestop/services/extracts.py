"""Making, printing and withdrawing sealed extracts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db import IntegrityError, connection, transaction

from dancu.access import policy
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue import purposes, roles
from dancu.catalogue.one_stop import one_stop
from dancu.disclosure import services as door
from dancu.disclosure.types import PersonPage
from dancu.kernel.clock import today
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.onestop import contents, signing
from dancu.onestop.errors import AlreadyWithdrawn, FactsChanged, NothingFound
from dancu.onestop.models import Copy, Extract, Withdrawal
from dancu.onestop.services.asking import ANSWER, own_question
from dancu.onestop.types import PURPOSE, Paper

T = TypeVar("T")
_LOCK = 0x6F_73_65_78  # "osex": one number after the other.


def issue(*, actor: Actor, question_id: int, at: datetime) -> str:
    """Seal what the register says now of the person of a question, and return the number.

    Discloses the person once more, for the same dossier: facts are those of this moment. Raises
    ``NothingFound``, ``NotFoundOrNotYours``, and what the door raises when the person is not at
    the desk any more. Not inside a transaction.
    """
    policy.require_action(actor, ANSWER, roles=roles())
    question = own_question(actor, question_id)
    if question.person_id is None:
        raise NothingFound
    page = door.disclose_page(
        actor=actor, purpose=PURPOSE, case=question.dossier, subject=question.person_id, at=at
    )
    rule = one_stop(today(at)).extract
    draft = Extract(
        question=question,
        at=at,
        account_id=actor.account_id,
        officer_id=actor.officer_id,
        office=actor.office_code[:40],
        officer_name=actor.name[:120],
        office_name=actor.office_name[:200],
        legal_basis=rule.legal_basis[:300],
        valid_until=today(at) + timedelta(days=rule.valid_days),
        disclosure=page.record,
    )
    signing.prepare(at=at)  # May turn the keys over, in a transaction of its own.
    with transaction.atomic():
        draft.number = _next_number(draft.office, today(at))
        check = signing.check_code(draft.number)
        payload = contents.as_bytes(contents.content_of(_head(draft, check), page))
        draft.kid, draft.signature = signing.sign(payload, at=at)
        draft.content_hash = signing.hash_of(payload)
        draft.check_hash = signing.hash_of(check.encode())
        draft.facts = contents.digests_of(page, check, dossier=question.dossier)
        draft.save(force_insert=True)
        record(event="extract.issued", actor=actor, at=at, detail={"number": draft.number})
    return draft.number


def paper_of(*, actor: Actor, number: str, at: datetime, made: Callable[[Paper], T]) -> T:
    """Return what ``made`` makes of an extract of this officer, recorded as printing once it is.

    Raises ``NotFoundOrNotYours``, ``FactsChanged`` when the register says something else by now
    (which is recorded as a look), and what the door raises when the person is not at the desk any
    more. Not inside a transaction.
    """
    policy.require_action(actor, ANSWER, roles=roles())
    found = Extract.objects.select_related("question", "withdrawal").filter(
        number=number, account_id=actor.account_id
    )
    extract = found.first()
    if extract is None or extract.question.person_id is None:
        raise NotFoundOrNotYours
    disclose = partial(
        door.disclose_page,
        actor=actor,
        purpose=PURPOSE,
        case=extract.question.dossier,
        subject=extract.question.person_id,
        at=at,
    )
    results: list[T] = []
    try:
        disclose(for_print=True, before=lambda page: results.append(made(_paper(extract, page))))
    except FactsChanged:
        disclose()
        raise
    return results[0]


def _paper(extract: Extract, page: PersonPage) -> Paper:
    """Put an extract together anew. Raises ``FactsChanged``."""
    check = signing.check_code(extract.number)
    content = contents.content_of(_head(extract, check), page)
    payload = contents.as_bytes(content)
    if signing.hash_of(payload) != bytes(extract.content_hash):
        raise FactsChanged
    signed = signing.compact(payload, kid=extract.kid, signature=bytes(extract.signature))
    is_withdrawn = hasattr(extract, "withdrawal")
    return Paper(extract.number, check, content, signed, is_withdrawn=is_withdrawn)


def made_copy(*, number: str, file: bytes, at: datetime) -> None:
    """Keep the hash of a file that is handed out, so that it is known again byte for byte."""
    extract = Extract.objects.get(number=number)
    Copy.objects.create(extract=extract, at=at, digest=signing.hash_of(file))


def withdraw(*, actor: Actor, number: str, reason: str, at: datetime) -> None:
    """Take an extract of the officer's own office back; whoever checks its paper is told so.

    Raises ``NotFoundOrNotYours`` and ``AlreadyWithdrawn``.
    """
    policy.require_action(actor, ANSWER, roles=roles())
    extract = Extract.objects.filter(number=number, office=actor.office_code[:40]).first()
    if extract is None:
        raise NotFoundOrNotYours
    try:
        with transaction.atomic():
            Withdrawal.objects.create(
                extract=extract,
                at=at,
                account_id=actor.account_id,
                officer_id=actor.officer_id,
                office=actor.office_code[:40],
                reason=reason[:300],
            )
            record(event="extract.withdrawn", actor=actor, at=at, detail={"number": number})
    except IntegrityError:
        raise AlreadyWithdrawn from None


def _next_number(office: str, day: date) -> str:
    """Return ``TL-<office>-YYMMDD-NNNN``, counted by office and day; inside a transaction."""
    beginning = f"TL-{office}-{day:%y%m%d}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, office])
    last = Extract.objects.filter(number__startswith=beginning).count()
    return f"{beginning}{last + 1:04d}"


def _head(extract: Extract, check: str) -> contents.Head:
    return contents.Head(
        number=extract.number,
        check=check,
        dossier=extract.question.dossier,
        purpose=purposes()[PURPOSE].label_vi,
        legal_basis=extract.legal_basis,
        office_code=extract.office,
        office_name=extract.office_name,
        officer_name=extract.officer_name,
        issued_at=extract.at,
        valid_until=extract.valid_until,
    )
