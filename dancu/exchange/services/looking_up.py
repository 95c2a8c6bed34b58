"""Looking up contracted attributes for a numbered case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dancu.disclosure.services.looking_up import ToldOf, look_up_person
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
    within: Callable[[LookUpAnswer], None] | None = None,
) -> LookUpAnswer:
    """Return contracted attributes of the person named by PID and name or birth date.

    Raises ``ClauseRefused`` and its kinds, ``Unanswerable``, and ``NotFoundOrNotYours``: the same
    for nobody, for a name that does not fit, for somebody out of scope, and for a case of this
    platform that is not open or not about this person. Must not be called inside a transaction.
    ``within`` gets the answer in the transaction that records it; when it raises, nothing is
    recorded and what was taken is given back.
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

    answers: list[LookUpAnswer] = []

    def tell(told: ToldOf) -> None:
        answers.append(_answer(told, contract.name, at))
        if within is not None:
            within(answers[-1])

    with quotas.used([wish], [taken], at=at):
        look_up_person(inquiry_of(asked, None), attributes, at=at, within=tell)
    if not answers:
        raise NotFoundOrNotYours
    return answers[-1]


def _answer(told: ToldOf, contract: str, at: datetime) -> LookUpAnswer:
    return LookUpAnswer(
        id=str(told.record),
        contract=contract,
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
