"""Looking up contracted attributes for a numbered case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dancu.disclosure.services.looking_up import look_up_person
from dancu.exchange import quotas
from dancu.exchange.errors import QuotaUsedUp, TooManyRequests
from dancu.exchange.pace import pace
from dancu.exchange.quotas import Wish
from dancu.exchange.services import gate
from dancu.exchange.services.inquiring import inquiry_of
from dancu.exchange.types import Caller, LookedUp, LookUpAnswer, Taken, Verification
from dancu.kernel.errors import DancuError, NotFoundOrNotYours


def look_up(
    caller: Caller,
    *,
    purpose: str,
    subject: Mapping[str, object],
    attributes: Sequence[str],
    case: str,
    at: datetime,
) -> LookUpAnswer:
    """Return contracted attributes of the person named by PID and name or birth date.

    Raises ``ClauseRefused`` and its kinds, ``Unanswerable``, and ``NotFoundOrNotYours``: the same
    for nobody, for a name that does not fit, for somebody out of scope, and for a case of this
    platform that is not open or not about this person. Must not be called inside a transaction.
    """
    contract = caller.contract
    asked = Verification(caller, purpose, subject, case=case or caller.issue)
    try:
        wish, taken = _require(asked, attributes, at)
    except (QuotaUsedUp, TooManyRequests):
        raise
    except DancuError as error:
        known = [name for name in attributes if name in contract.lookup_attributes]
        look_up_person(inquiry_of(asked, error), known, at=at)
        raise
    with quotas.used([wish], [taken], at=at):
        told = look_up_person(inquiry_of(asked, None), attributes, at=at)
    if told is None:
        raise NotFoundOrNotYours
    return LookUpAnswer(
        id=str(told.record),
        contract=contract.name,
        at=at,
        attributes={
            name: LookedUp(fact.value, fact.source, fact.since) for name, fact in told.facts.items()
        },
    )


def _require(asked: Verification, attributes: Sequence[str], at: datetime) -> tuple[Wish, Taken]:
    """Check contract, case, what names the person, pace and quota, in this order."""
    caller = asked.caller
    gate.check_clauses(
        caller, mode="lookup", purpose=asked.purpose, attributes=attributes, questions=(), at=at
    )
    gate.require_case(caller, asked.case)
    gate.require_named(asked.claims)
    pace.require(caller, at=at)
    wish = Wish(caller.contract, 1, 1)
    [taken] = quotas.take_each([wish], at=at)
    if not taken.granted:
        raise quotas.used_up(caller.contract, taken)
    return wish, taken
