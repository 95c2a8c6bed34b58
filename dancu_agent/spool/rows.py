"""Rows of the spool: one question in, one outcome written down, one question read."""

from __future__ import annotations

import json
import sqlite3

from dancu_agent.errors import AgentError, Problem
from dancu_agent.spool.types import Asked, Outcome, Question, State
from dancu_agent.texts import msg

_CONFLICT = 409
COLUMNS = (
    "id, kind, body, user, file, line, state, asked_at, tries, next_try, sent_at, round, signed, "
    "problem, closed_at, answer"
)


def add(database: sqlite3.Connection, asked: Asked, at: float) -> str:
    """Keep a question; its id, or that of the one that is there already."""
    known = database.execute(
        "SELECT id, digest FROM question WHERE id = ? OR key = ?", (asked.id, asked.key or None)
    ).fetchone()
    if known is not None:
        if known["digest"] != asked.digest:
            raise AgentError(_other_content(asked), http_status=_CONFLICT)
        return str(known["id"])
    database.execute(
        "INSERT INTO question "
        "(id, kind, body, digest, user, key, file, line, signed, state, asked_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?)",
        (
            asked.id,
            asked.kind,
            json.dumps(dict(asked.body), ensure_ascii=False),
            asked.digest,
            asked.user,
            asked.key or None,
            asked.file,
            asked.row,
            asked.signed,
            at,
        ),
    )
    return asked.id


def settle(database: sqlite3.Connection, outcome: Outcome, owner: str, at: float) -> None:
    """Write down what became of a try."""
    problem = json.dumps(outcome.problem.kept(), ensure_ascii=False) if outcome.problem else None
    if outcome.state is State.ANSWERED:
        database.execute(
            "UPDATE question SET state = 'answered', answer = ?, closed_at = ?, problem = NULL, "
            "owner = '' WHERE id = ? AND state <> 'answered'",
            (json.dumps(dict(outcome.answer or {}), ensure_ascii=False), at, outcome.id),
        )
        return
    closed_at = at if outcome.state is State.REFUSED else None
    database.execute(
        "UPDATE question SET state = ?, problem = ?, closed_at = ?, next_try = ?, owner = '', "
        "sent_at = CASE WHEN ? THEN sent_at ELSE ? END "
        "WHERE id = ? AND state = 'sending' AND owner = ?",
        (
            outcome.state,
            problem,
            closed_at,
            outcome.next_try,
            outcome.reached,
            outcome.sent_at,
            outcome.id,
            owner,
        ),
    )


def question_of(row: sqlite3.Row) -> Question:
    """Read a row of ``COLUMNS``."""
    return Question(
        id=row["id"],
        kind=row["kind"],
        body=json.loads(row["body"]),
        user=row["user"],
        file=row["file"],
        row=row["line"],
        state=State(row["state"]),
        asked_at=row["asked_at"],
        tries=row["tries"],
        next_try=row["next_try"],
        sent_at=row["sent_at"],
        round=row["round"],
        signed=bool(row["signed"]),
        problem=problem_of(row["problem"]),
        closed_at=row["closed_at"],
        answer=json.loads(row["answer"]) if row["answer"] else None,
    )


def problem_of(text: str | None) -> Problem | None:
    """Read a problem as it was kept."""
    return Problem.of(json.loads(text)) if text else None


def _other_content(asked: Asked) -> Problem:
    return Problem(
        "key-used",
        msg("The key %(key)s was used for another question before."),
        msg("One key names one question, so that none is asked twice."),
        msg("give the new question a key of its own"),
        field="Idempotency-Key",
        params={"key": asked.key or asked.id},
    )


def why_held() -> Problem:
    """What is told of a question that only a human may have sent again."""
    return Problem(
        "held",
        msg("It may have reached the exchange about a day ago, which no longer remembers its key."),
        msg("Sent again by itself it might be counted twice."),
        msg("look whether the answer is needed, then `dancu-agent retry` with its number"),
    )
