"""What a contract lets its agency ask. Every refusal names the clause."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from dancu.disclosure.inquiries import Question
from dancu.exchange.errors import ClauseRefused, Unanswerable
from dancu.exchange.pace import pace
from dancu.exchange.types import Caller, Mode
from dancu.kernel.clock import today
from dancu.kernel.errors import FieldError
from dancu.places import queries as places

_OLDEST = 150
_LONGEST_CASE = 60


def check(
    caller: Caller,
    *,
    mode: Mode,
    purpose: str,
    attributes: Collection[str],
    questions: Iterable[Question],
    at: datetime,
) -> None:
    """Raise ``ClauseRefused`` with the clause that does not allow this, counting one request.

    Clauses: ``dates``, ``modes``, ``purposes``, ``attributes``, ``questions``,
    ``requests_per_second``.
    """
    check_clauses(
        caller, mode=mode, purpose=purpose, attributes=attributes, questions=questions, at=at
    )
    pace.require(caller, at=at)


def check_clauses(
    caller: Caller,
    *,
    mode: Mode,
    purpose: str,
    attributes: Collection[str],
    questions: Iterable[Question],
    at: datetime,
) -> None:
    """Check everything that the contract says but how much and how fast; counts nothing."""
    contract = caller.contract
    day = today(at)
    if not contract.is_in_force(day):
        raise ClauseRefused(contract=contract.name, clause="dates", asked=day.isoformat())
    if mode not in contract.modes:
        raise ClauseRefused(contract=contract.name, clause="modes", asked=mode)
    if purpose not in contract.purposes:
        raise ClauseRefused(contract=contract.name, clause="purposes", asked=purpose[:60] or "-")
    allowed = contract.lookup_attributes if mode == "lookup" else contract.verify_attributes
    if not allowed.issuperset(attributes):
        name = next(name for name in attributes if name not in allowed)
        raise ClauseRefused(contract=contract.name, clause="attributes", asked=name[:60])
    for question in questions:
        if question.name not in contract.questions:
            asked = question.name[:60]
            raise ClauseRefused(contract=contract.name, clause="questions", asked=asked)
        _require_answerable(question, at)


def _require_answerable(question: Question, at: datetime) -> None:
    """Raise ``Unanswerable`` for a question whose argument makes no sense."""
    argument = question.argument
    match question.name:
        case "is_at_least" if not _is_years(argument):
            raise Unanswerable([_years_wrong(argument)])
        case "lives_in" if places.unit(str(argument or ""), today(at)) is None:
            raise Unanswerable([_unit_wrong(argument)])
        case _:
            return


def _is_years(argument: object) -> bool:
    text = str(argument)
    return text.isascii() and text.isdigit() and 0 < int(text) <= _OLDEST


def _years_wrong(argument: object) -> FieldError:
    return FieldError(
        "questions.is_at_least",
        "years",
        "“%(argument)s” is no number of years from 1 to 150.",
        "Ask for example whether the person is at least 18.",
        {"argument": str(argument)[:20]},
    )


def _unit_wrong(argument: object) -> FieldError:
    return FieldError(
        "questions.lives_in",
        "unit",
        "No commune or province has the code “%(argument)s” today.",
        "Use a code of the administrative map in force since 01/07/2025.",
        {"argument": str(argument)[:20]},
    )


def require_identified(claims: Iterable[str]) -> None:
    """Raise ``Unanswerable`` unless the claims can lead to one person.

    A number needs the name or the birth date beside it, so that nobody tries numbers; without a
    number both are needed.
    """
    names = set(claims)
    has_number = bool(names & {"pid", "old_id_number"})
    has_name, has_birth = "full_name" in names, "birth_date" in names
    if (has_name and has_birth) or (has_number and (has_name or has_birth)):
        return
    raise Unanswerable([_TOO_LITTLE_WITH_NUMBER if has_number else _TOO_LITTLE])


def require_named(subject: Mapping[str, object]) -> None:
    """Raise ``Unanswerable`` unless the subject of a look-up has a PID and name or birth date."""
    names = {name for name, said in subject.items() if said}
    if "pid" not in names or not names & {"full_name", "birth_date"}:
        raise Unanswerable([_TOO_LITTLE_TO_LOOK_UP])


_TOO_LITTLE_TO_LOOK_UP = FieldError(
    "subject",
    "too-little",
    "A look-up needs the PID and the name or the birth date.",
    "Send them as they stand on the person's card.",
)
_TOO_LITTLE_WITH_NUMBER = FieldError(
    "claims",
    "too-little",
    "A number alone says too little.",
    "Send the name or the birth date with it.",
)
_TOO_LITTLE = FieldError(
    "claims",
    "too-little",
    "There is neither a number nor both name and birth date.",
    "Send the PID with the name or the birth date, or the name and the birth date.",
)


def require_case(caller: Caller, case: str) -> None:
    """Raise ``ClauseRefused`` when the contract wants a case number and there is none."""
    is_named = sum(map(str.isalnum, case)) >= _SHORTEST_CASE and len(case) <= _LONGEST_CASE
    is_needed = caller.contract.lookup_case == "required"
    if not is_named and (is_needed or case):
        raise ClauseRefused(
            contract=caller.contract.name,
            clause="case",
            asked=case[:_LONGEST_CASE] or "-",
            remedy="Send the number of the dossier or case, 3 to 60 characters.",
        )


_SHORTEST_CASE = 3
