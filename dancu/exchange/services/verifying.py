"""Verifying what agencies hold against the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from dancu.disclosure.inquiries import Verdict
from dancu.disclosure.services.verifying import verify_people
from dancu.exchange import quotas
from dancu.exchange.errors import QuotaUsedUp, TooManyRequests, TooManyValues
from dancu.exchange.quotas import Wish
from dancu.exchange.services import gate
from dancu.exchange.services.inquiring import inquiry_of
from dancu.exchange.types import Answer, Mode, Taken, Verification
from dancu.kernel.errors import DancuError

#: Refusals that say nothing about anybody and may come by the thousand: counted, not recorded.
_COUNTED_ONLY = (QuotaUsedUp, TooManyRequests)


def verify_many(
    asked: Sequence[Verification],
    *,
    at: datetime,
    mode: Mode = "verify",
    is_taken: bool = False,
    within: Callable[[Sequence[Answer | DancuError]], None] | None = None,
) -> list[Answer | DancuError]:
    """Answer many verifications in the order asked; a refused one by its error.

    Checks every clause but the pace (``check`` does that where a request comes in), takes the
    records from the quota unless ``is_taken``, reads everybody at once and writes all access
    records at once, on disk before it returns. Must not be called inside a transaction. ``within``
    gets the answers in the transaction that records them; when it raises, nothing is recorded and
    what was taken is given back.
    """
    errors = [_refusal(one, mode, at) for one in asked]
    wishes = [] if is_taken else _wishes(asked, errors, mode)
    taken = quotas.take_each(wishes, at=at) if wishes else []
    _refuse_beyond(asked, errors, wishes, taken)
    with quotas.used(wishes, taken, at=at):
        return _verified(asked, errors, at, within)


def _verified(
    asked: Sequence[Verification],
    errors: Sequence[DancuError | None],
    at: datetime,
    within: Callable[[Sequence[Answer | DancuError]], None] | None,
) -> list[Answer | DancuError]:
    places = [place for place, error in enumerate(errors) if not isinstance(error, _COUNTED_ONLY)]
    inquiries = [inquiry_of(asked[place], errors[place]) for place in places]
    told: list[Answer | DancuError] = []

    def tell(verdicts: Sequence[Verdict | None]) -> None:
        told[:] = _told(asked, errors, verdicts, at)
        if within is not None:
            within(told)

    # With nothing to do in it no transaction is begun and ended: two journeys less.
    verdicts = verify_people(inquiries, at=at, within=tell if within else None)
    return told or _told(asked, errors, verdicts, at)


def _told(
    asked: Sequence[Verification],
    errors: Sequence[DancuError | None],
    verdicts: Sequence[Verdict | None],
    at: datetime,
) -> list[Answer | DancuError]:
    """Return the answers in the order asked; ``verdicts`` lack those that are only counted."""
    left = iter(verdicts)
    answers: list[Answer | DancuError] = []
    for one, error in zip(asked, errors, strict=True):
        verdict = None if isinstance(error, _COUNTED_ONLY) else next(left)
        if error is not None:
            answers.append(error)
        elif verdict is not None and verdict.overtried:
            answers.append(_overtried(one, verdict.overtried))
        elif verdict is not None:
            answers.append(
                Answer(
                    id=str(verdict.record),
                    contract=one.caller.contract.name,
                    at=at,
                    outcome=verdict.outcome,
                    successor=verdict.successor,
                    attributes=verdict.attributes,
                    answers=verdict.answers,
                    reference=one.reference,
                )
            )
    return answers


def _overtried(one: Verification, name: str) -> TooManyValues:
    contract = one.caller.contract.name
    return TooManyValues(contract=contract, clause="values_per_person", asked=name)


def verify(asked: Verification, *, at: datetime) -> Answer:
    """Answer one verification; raises what refused it."""
    answer = verify_many([asked], at=at)[0]
    if isinstance(answer, DancuError):
        raise answer
    return answer


def _refusal(one: Verification, mode: Mode, at: datetime) -> DancuError | None:
    try:
        gate.check_clauses(
            one.caller,
            mode=mode,
            purpose=one.purpose,
            attributes=one.claims,
            questions=one.questions,
            at=at,
        )
        gate.require_identified(name for name, said in one.claims.items() if said)
    except DancuError as error:
        return error
    return None


def _wishes(
    asked: Sequence[Verification], errors: Sequence[DancuError | None], mode: Mode
) -> list[Wish]:
    """Return a record for each verification that passed, by contract."""
    passed = [
        one.caller.contract for one, error in zip(asked, errors, strict=True) if error is None
    ]
    counts = Counter(contract.name for contract in passed)
    contracts = {contract.name: contract for contract in passed}
    is_single = mode == "verify"
    return [
        Wish(contracts[name], count, count if is_single else 0)
        for name, count in sorted(counts.items())
    ]


def _refuse_beyond(
    asked: Sequence[Verification],
    errors: list[DancuError | None],
    wishes: Sequence[Wish],
    taken: Sequence[Taken],
) -> None:
    """Refuse the verifications beyond what was granted; none where nothing had to be taken."""
    if all(not one.clause for one in taken):
        return
    granted = {wish.contract.name: one for wish, one in zip(wishes, taken, strict=True)}
    left = {name: one.granted for name, one in granted.items()}
    for place, one in enumerate(asked):
        contract = one.caller.contract
        if errors[place] is not None:
            continue
        if left[contract.name] > 0:
            left[contract.name] -= 1
        else:
            errors[place] = quotas.used_up(contract, granted[contract.name])
