"""What an agency may ask, checked before it is kept: a wrong question waits for nothing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from dancu_agent.errors import WRONG_USE, AgentError, Problem
from dancu_agent.spool.types import Asked
from dancu_agent.texts import msg

VERIFICATION, LOOKUP = "verification", "lookup"
_COMMON = frozenset({"kind", "purpose", "case", "reference", "user", "key", "signed"})
_FIELDS = {
    VERIFICATION: _COMMON | {"claims", "questions"},
    LOOKUP: _COMMON | {"subject", "attributes"},
}
_LONGEST = 500
_MOST_CHARACTERS = {"purpose": 60, "case": 60, "reference": 100, "user": 100, "key": 255}
_MOST = 100
_UNPROCESSABLE = 422


def question_of(found: Any, *, purpose: str, file: str = "", row: int = 0, name: str = "") -> Asked:
    """Check a question as JSON and make it ready for the spool.

    ``purpose`` is the one of the settings, for questions that name none; ``name`` is the id, a
    fresh one when empty. Raises ``AgentError`` that names the field.
    """
    if not isinstance(found, dict):
        raise wrong("", msg("A question is a JSON object."), msg("see `dancu-agent ask --help`"))
    kind = _kind(found)
    for field in found:
        if field not in _FIELDS[kind]:
            raise wrong(
                str(field),
                msg("There is no such field in a question."),
                msg("take it out; known are: %(known)s"),
                known=", ".join(sorted(_FIELDS[kind])),
            )
    texts = {
        field: _text(found, field) for field in ("purpose", "case", "reference", "user", "key")
    }
    body: dict[str, Any] = {"purpose": texts["purpose"] or purpose}
    if not body["purpose"]:
        raise wrong(
            "purpose",
            msg("The question has no purpose."),
            msg("name one of the contract's purposes, or set `purpose` in agent.toml"),
            why=msg("Nobody is asked about without a purpose."),
        )
    body |= _verification(found) if kind == VERIFICATION else _lookup(found)
    if kind == LOOKUP and not texts["case"]:
        raise wrong(
            "case",
            msg("A look-up needs the number of the dossier or case it is for."),
            msg("add it as `case`"),
        )
    body |= {field: texts[field] for field in ("case", "reference") if texts[field]}
    _require_sendable(body)
    return Asked(
        id=name or str(uuid.uuid4()),
        kind=kind,
        body=body,
        user=texts["user"],
        key=texts["key"],
        signed=_truth(found, "signed"),
        file=file,
        row=row,
    )


def _require_sendable(body: Mapping[str, Any]) -> None:
    """Refuse now what could never be sent: half characters, and numbers that are none."""
    try:
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise wrong(
            "", msg("The body is not JSON."), msg("send one JSON object in UTF-8")
        ) from None


def _kind(found: Mapping[str, Any]) -> str:
    guessed = LOOKUP if "subject" in found or "attributes" in found else VERIFICATION
    kind = found.get("kind", guessed)
    if kind not in _FIELDS:
        raise wrong(
            "kind",
            msg("The kind %(kind)s is not known."),
            msg("write verification or lookup"),
            kind=repr(kind),
        )
    return str(kind)


def _text(found: Mapping[str, Any], field: str) -> str:
    value = found.get(field)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise wrong(field, msg("This must be text."), msg("write it in quotes"))
    value = value.strip()
    most = _MOST_CHARACTERS[field]
    if len(value) > most or not value.isprintable():
        raise wrong(
            field,
            msg("The text is longer than %(most)d characters or holds control characters."),
            msg("shorten or clean it"),
            most=most,
        )
    if field == "user" and (not value.isascii() or " " in value):
        raise wrong(
            field,
            msg("The user's name goes into a header, which holds ASCII without spaces only."),
            msg("send the officer's sign-in name without accents"),
        )
    return value


def _truth(found: Mapping[str, Any], field: str) -> bool:
    value = found.get(field, False)
    if not isinstance(value, bool):
        raise wrong(field, msg("This must be true or false."), msg("write true or false"))
    return value


def _verification(found: Mapping[str, Any]) -> dict[str, Any]:
    claims = _facts(found, "claims")
    body: dict[str, Any] = {"claims": claims}
    questions = found.get("questions")
    if questions is None:
        return body
    if not isinstance(questions, list) or len(questions) > _MOST:
        raise wrong("questions", msg("The questions are a list."), msg("write [ … ]"))
    for place, each in enumerate(questions):
        if not isinstance(each, dict) or not isinstance(each.get("question"), str):
            raise wrong(
                f"questions[{place}]",
                msg("Each question is an object that names itself."),
                msg('write for example {"question": "is_at_least", "years": 18}'),
            )
    return {**body, "questions": questions} if questions else body


def _lookup(found: Mapping[str, Any]) -> dict[str, Any]:
    attributes = found.get("attributes")
    if (
        not isinstance(attributes, list)
        or not 0 < len(attributes) <= _MOST
        or not all(isinstance(each, str) and each for each in attributes)
    ):
        raise wrong(
            "attributes",
            msg("A look-up names the attributes it wants."),
            msg('write for example ["permanent_residence"]'),
        )
    return {"subject": _facts(found, "subject"), "attributes": attributes}


def _facts(found: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Names of attributes with the values that the agency holds."""
    facts = found.get(field)
    if not isinstance(facts, dict) or not 0 < len(facts) <= _MOST:
        raise wrong(
            field,
            msg("There are no facts about the person."),
            msg('write for example {"pid": "079203000018", "full_name": "Nguyễn Văn An"}'),
        )
    for name, value in facts.items():
        place = f"{field}.{name}"
        if not isinstance(value, str):
            raise wrong(
                place,
                msg("The value must be text."),
                msg("write it in quotes; a number of a person keeps its leading zeros so"),
            )
        if len(value) > _LONGEST or not value.isprintable():
            raise wrong(
                place,
                msg("The text is longer than %(most)d characters or holds control characters."),
                msg("shorten or clean it"),
                most=_LONGEST,
            )
    return facts


def wrong(field: str, what: str, remedy: str, *, why: str = "", **params: object) -> AgentError:
    """The error of a question that cannot be asked."""
    problem = Problem("question", what, why, remedy, field=field, params=params)
    return AgentError(problem, exit_code=WRONG_USE, http_status=_UNPROCESSABLE)
