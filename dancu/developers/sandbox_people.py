"""The invented people with the answers known about them, and bodies that ask about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dancu.catalogue.sandbox import Example, SandboxPerson, sandbox_people
from dancu.exchange.api.types import Operation

PURPOSE = "trial"
CASE = "T-2026-001"
_ARGUMENTS = {"is_at_least": "years", "lives_in": "unit"}


@dataclass(frozen=True, slots=True)
class Known:
    """A question with its known answer. ``key`` names it in addresses."""

    key: str
    person: SandboxPerson
    example: Example

    @property
    def body(self) -> dict[str, Any]:
        """Return the body of the verification."""
        body: dict[str, Any] = {"purpose": PURPOSE, "claims": dict(self.example.claims)}
        if self.example.questions:
            body["questions"] = [_question(key) for key in self.example.questions]
        return body


def known() -> list[Known]:
    """Return every question with a known answer, by person."""
    return [
        Known(f"{person.pid}-{number}", person, example)
        for person in sandbox_people()
        for number, example in enumerate(person.examples, start=1)
    ]


def find(key: str) -> Known | None:
    """Return a question by its key."""
    return next((one for one in known() if one.key == key), None)


def _question(key: str) -> dict[str, Any]:
    name, _, argument = key.partition(":")
    asked: dict[str, Any] = {"question": name}
    if argument:
        asked[_ARGUMENTS[name]] = int(argument) if name == "is_at_least" else argument
    return asked


def look_up_body() -> dict[str, Any] | None:
    """Return the body of a look-up that the sandbox answers; None without people."""
    person = next((one for one in sandbox_people() if one.status == "alive"), None)
    if person is None:
        return None
    return {
        "purpose": PURPOSE,
        "subject": {"pid": person.pid, "full_name": person.full_name},
        "attributes": ["permanent_residence", "marital_status"],
        "case": CASE,
    }


def body_of(operation: Operation) -> Any:
    """Return a body that works with a sandbox key as it stands; None for other operations."""
    asked = known()
    match operation.name:
        case "verify" if asked:
            return asked[0].body
        case "lookUp":
            return look_up_body()
        case "sendBatch" if asked:
            people = {one.person.pid: dict(one.example.claims) for one in reversed(asked)}
            return {"purpose": PURPOSE, "rows": list(people.values())}
        case _:
            return None


def answer_of(operation: Operation) -> Any:
    """Return the answer to ``body_of``, where it is known beforehand; None for other operations."""
    asked = known()
    if operation.name != "verify" or not asked:
        return None
    example = asked[0].example
    results = dict.fromkeys(example.claims, "match") | dict(example.attributes)
    return {
        "id": "4711",
        "contract": "sandbox",
        "at": "2026-11-22T09:00:00+07:00",
        "outcome": example.outcome,
        "attributes": {name: _result(said) for name, said in results.items()},
        "answers": [
            {**_question(key), "answer": answer} for key, answer in example.questions.items()
        ],
    }


def _result(said: str) -> dict[str, str]:
    result, _space, reason = said.partition(" ")
    return {"result": result, "reason": reason} if reason else {"result": result}
