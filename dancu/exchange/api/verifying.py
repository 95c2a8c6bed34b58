"""Verifications over HTTP: the body read, the answer written. The gateway's hot path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from dancu.catalogue.queries import attributes
from dancu.exchange import services
from dancu.exchange.api import shapes
from dancu.exchange.api.checking import read_json, require
from dancu.exchange.api.shapes import answered, closed, text
from dancu.exchange.api.types import JSON, Call, Operation, Reply
from dancu.exchange.pace import pace
from dancu.exchange.types import Answer, Caller, Outcome, Question, Result, Verification
from dancu.kernel.errors import DancuError

PATH = "/verifications"
MOST_BYTES = 32 * 1024
_MOST_CLAIMS = 40
_LONGEST_CLAIM = 500
_OLDEST = 150

_VALUE = text(_LONGEST_CLAIM, about="As you hold it.")
#: How the argument of each question is called, and what it may be.
_QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "is_alive": ("", {}),
    "is_at_least": ("years", {"type": "integer", "minimum": 1, "maximum": _OLDEST}),
    "lives_in": ("unit", {"type": "string", "pattern": "^[0-9]{2,5}$"}),
}
_ARGUMENT_OF = {name: argument for name, (argument, _schema) in _QUESTIONS.items()}


def _question(name: str) -> dict[str, Any]:
    argument, schema = _QUESTIONS[name]
    members = {"question": {"const": name, "type": "string"}}
    if not argument:
        return closed(("question",), **members)
    return closed(("question", argument), **members, **{argument: schema})


QUESTIONS = {
    "type": "array",
    "maxItems": 10,
    "items": {"oneOf": [_question(name) for name in _QUESTIONS]},
}
REQUEST = closed(
    ("purpose", "claims"),
    purpose=shapes.PURPOSE,
    claims={
        "type": "object",
        "description": "What you hold of the person, by the names of the data dictionary. The "
        "number, or name and birth date, find the person.",
        "properties": {entry.name: _VALUE for entry in attributes()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": _MOST_CLAIMS,
    },
    questions=QUESTIONS,
    case=shapes.CASE,
    reference=shapes.REFERENCE,
)
EXAMPLE = {
    "purpose": "school_enrolment",
    "claims": {
        "pid": "079098000123",
        "full_name": "Trần Thị Thu Hương",
        "birth_date": "1998-03-02",
    },
    "questions": [{"question": "is_at_least", "years": 18}],
    "reference": "row 1",
}
ANSWER = answered(
    "id",
    "contract",
    "at",
    "outcome",
    "attributes",
    "answers",
    id={"type": "string", "description": "Number of the access record that the person can read."},
    reference={"type": "string"},
    contract={"type": "string"},
    at=shapes.MOMENT,
    outcome={"type": "string", "enum": [str(outcome) for outcome in Outcome]},
    successor={
        "type": "boolean",
        "description": "Only for pid_cancelled: whether the person has another number.",
    },
    attributes={
        "type": "object",
        "additionalProperties": answered(
            "result",
            result={"type": "string", "enum": [str(result) for result in Result]},
            reason={"type": "string", "description": "Why it is close, or does not match."},
        ),
    },
    answers={
        "type": "array",
        "items": answered(
            "question",
            "answer",
            question={"type": "string", "enum": list(_QUESTIONS)},
            years={"type": "integer"},
            unit={"type": "string"},
            answer={"type": "string", "enum": ["yes", "no", "unknown"]},
        ),
    },
)
_KNOWN = frozenset(REQUEST["properties"])
_LINES = (("purpose", 60), ("case", 60), ("reference", 100))
_ALIVE = {"question": "is_alive"}
_AT_LEAST = frozenset({"question", "years"})
_CLAIMS = frozenset(REQUEST["properties"]["claims"]["properties"])


def read(body: bytes, caller: Caller) -> tuple[Any, Verification]:
    """Return the parsed body and what it asks. Raises ``BodyUnreadable`` and ``Invalid``."""
    value = read_json(body)
    if not _is_plainly_good(value):
        require(REQUEST, value)
    return value, _verification(value, caller)


def _is_plainly_good(value: Any) -> bool:
    """Say whether the body fits the schema for sure; anything unusual is for the schema itself."""
    if type(value) is not dict or not value.keys() <= _KNOWN:
        return False
    claims = value.get("claims")
    if type(claims) is not dict or not claims or not claims.keys() <= _CLAIMS:
        return False
    if len(claims) > _MOST_CLAIMS or not value.get("purpose"):
        return False
    for claim in claims.values():
        if type(claim) is not str or len(claim) > _LONGEST_CLAIM or not claim.isprintable():
            return False
    for name, most in _LINES:
        line = value.get(name, "")
        if type(line) is not str or len(line) > most or not line.isprintable():
            return False
    questions = value.get("questions", ())
    return not questions or (type(questions) is list and all(map(_is_plain, questions)))


def _is_plain(question: Any) -> bool:
    return question == _ALIVE or (
        type(question) is dict
        and question.keys() == _AT_LEAST
        and question["question"] == "is_at_least"
        and type(question["years"]) is int
        and 0 < question["years"] <= _OLDEST
    )


def _verification(value: dict[str, Any], caller: Caller) -> Verification:
    return Verification(
        caller,
        value["purpose"],
        value["claims"],
        tuple(map(question_of, value["questions"])) if "questions" in value else (),
        value.get("case", "") or caller.issue,
        value.get("reference", ""),
    )


def question_of(value: dict[str, Any]) -> Question:
    """Return the question that a checked member of a body asks."""
    name = value["question"]
    argument = _ARGUMENT_OF[name]
    return Question(name, value[argument] if argument else None)


def written(answer: Answer, questions: tuple[Question, ...] = ()) -> dict[str, Any]:
    """Return the JSON value of an answer; ``questions`` as they were asked, for their order."""
    value: dict[str, Any] = {
        "id": answer.id,
        "contract": answer.contract,
        "at": answer.at,
        "outcome": answer.outcome,
        "attributes": {
            name: {"result": one.result, "reason": one.reason}
            if one.reason
            else {"result": one.result}
            for name, one in answer.attributes.items()
        },
        "answers": [_answered(question, answer.answers) for question in questions],
    }
    if answer.reference:
        value["reference"] = answer.reference
    if answer.successor is not None:
        value["successor"] = answer.successor
    return value


def _answered(question: Question, answers: Any) -> dict[str, Any]:
    value: dict[str, Any] = {"question": question.name}
    if question.argument is not None:
        value[_ARGUMENT_OF[question.name]] = question.argument
    value["answer"] = answers.get(question.key, "unknown")
    return value


def dumped(answer: Answer, questions: tuple[Question, ...] = ()) -> bytes:
    """Return the JSON bytes of an answer."""
    return orjson.dumps(written(answer, questions), option=orjson.OPT_NAIVE_UTC)


def verify(call: Call) -> Reply:
    """Answer one verification without gathering."""
    asked = _verification(call.json, call.who)
    pace.require(call.who, at=call.at)
    body = b""

    def keep(answers: Sequence[Answer | DancuError]) -> None:
        nonlocal body
        answer = answers[0]
        if isinstance(answer, Answer):
            body = dumped(answer, asked.questions)
            if call.keep is not None:
                call.keep(body, 200)

    answer = services.verify_many([asked], at=call.at, within=keep)[0]
    if isinstance(answer, DancuError):
        raise answer
    return Reply(body)


OPERATION = Operation(
    name="verify",
    method="POST",
    path=PATH,
    summary="Compare what you hold of a person with the register.",
    text="Tells per attribute whether it matches, and one outcome; never a value of the register. "
    "Yes-or-no questions may be added. The person asked about can read that you asked, and why.",
    answer=verify,
    tag="verification",
    body=REQUEST,
    examples={JSON: EXAMPLE},
    parameters=(shapes.IDEMPOTENCY, *shapes.X_ROAD),
    replies={200: shapes.answer(ANSWER, "The outcome.")},
    is_kept=True,
    most_bytes=MOST_BYTES,
)
