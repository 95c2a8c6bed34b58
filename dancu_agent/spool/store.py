"""Reading and writing the spool; safe for several threads and processes at once."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dancu_agent.spool.rows import COLUMNS, add, problem_of, question_of, settle, why_held
from dancu_agent.spool.schema import connect, telling
from dancu_agent.spool.types import (
    CLOSED,
    HELD_AFTER,
    OPEN,
    Asked,
    Counts,
    LinkState,
    Outcome,
    Question,
    State,
)

FAR = 90_000.0
"""Seconds: a next try further off than this was set by a clock that has since been put back."""

_AT_ONCE = 500
_WAITING_DUE = "state = 'waiting' AND (next_try <= :now OR next_try > :far)"
_LEFT_BEHIND = "state = 'sending' AND (lease_until <= :now OR lease_until > :far)"


class Spool:
    """The file of questions.

    One object may be used by several threads of a process: they take turns.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, making it when it is not there."""
        self.path = path
        self._lock = threading.RLock()
        self._database = connect(path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that is on disk when it is over, or has not happened."""
        with self._lock, telling(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def _read(self, sql: str, params: dict[str, Any] | Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._lock, telling(self.path):
            return self._database.execute(sql, params).fetchall()

    # -- Questions come in --------------------------------------------------------------------

    def add(self, asked: Sequence[Asked], at: float) -> list[str]:
        """Keep questions; their ids, in order. They are on disk when this returns.

        One that is there already (the same id, or the same key with the same content) is not kept
        again: its id comes back. The same name with other content is refused, and then none of
        them is kept.
        """
        with self._writing() as database:
            return [add(database, each, at) for each in asked]

    # -- Questions go out ---------------------------------------------------------------------

    def claim(
        self, owner: str, *, limit: int, at: float, lease: float, only: Sequence[str] = ()
    ) -> list[Question]:
        """Take questions that are due, so that nobody else sends them, oldest first.

        Who takes them has ``lease`` seconds; after that (the process was killed) they are due
        again. That they are about to be sent is on disk before they are. A question that may have
        reached the exchange longer ago than it remembers keys is held instead.
        """
        moment = {"now": at, "far": at + FAR, "limit": limit}
        with self._lock, telling(self.path):
            if not _due(self._database, moment, only):
                return []
        with self._writing() as database:
            due = list(map(question_of, _due(database, moment, only)))
            held = [q for q in due if q.sent_at is not None and q.sent_at < at - HELD_AFTER]
            taken = [question for question in due if question not in held]
            database.executemany(
                "UPDATE question SET state = 'held', owner = '', problem = ? WHERE id = ?",
                [(json.dumps(why_held().kept()), question.id) for question in held],
            )
            database.executemany(
                "UPDATE question SET state = 'sending', owner = ?, lease_until = ?, "
                "tries = tries + 1, sent_at = coalesce(sent_at, ?) WHERE id = ?",
                [(owner, at + lease, at, question.id) for question in taken],
            )
        return taken

    def settle(self, outcomes: Sequence[Outcome], *, owner: str, at: float) -> None:
        """Write down what became of tries.

        An answer is kept whoever asked; a failure only while the question is still with ``owner``,
        since another process may have taken it over.
        """
        with self._writing() as database:
            for outcome in outcomes:
                settle(database, outcome, owner, at)

    def give_back(self, questions: Sequence[Question], *, owner: str) -> None:
        """Let go of questions that were taken but not sent."""
        with self._writing() as database:
            database.executemany(
                "UPDATE question SET state = 'waiting', owner = '', tries = ?, sent_at = ? "
                "WHERE id = ? AND owner = ? AND state = 'sending'",
                [(each.tries, each.sent_at, each.id, owner) for each in questions],
            )

    def release(self, owners: Sequence[str]) -> int:
        """Let go of what dead processes had taken; how many questions."""
        with self._writing() as database:
            return sum(
                database.execute(
                    "UPDATE question SET state = 'waiting', owner = '', next_try = 0 "
                    "WHERE state = 'sending' AND owner = ?",
                    (owner,),
                ).rowcount
                for owner in owners
            )

    def owners(self) -> list[str]:
        """Who has questions in hand."""
        rows = self._read("SELECT DISTINCT owner FROM question WHERE state = 'sending'")
        return [row["owner"] for row in rows]

    def next_due(self, only: Sequence[str] = ()) -> float | None:
        """When the next waiting question is due; None when none waits."""
        if only:
            found = [self.get(name) for name in only]
            times = [q.next_try for q in found if q and q.state is State.WAITING]
            return min(times, default=None)
        row = self._read("SELECT min(next_try) AS due FROM question WHERE state = 'waiting'")[0]
        return None if row["due"] is None else float(row["due"])

    # -- The link -----------------------------------------------------------------------------

    def link(self) -> LinkState:
        """What is known of the link."""
        rows = self._read("SELECT * FROM link")
        if not rows:
            return LinkState()
        row = rows[0]
        return LinkState(
            row["since"],
            row["failures"],
            row["until"],
            problem_of(row["problem"]),
            bool(row["asked_for"]),
        )

    def set_link(self, state: LinkState) -> None:
        """Write down what is known of the link."""
        problem = json.dumps(state.problem.kept()) if state.problem else None
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO link VALUES (1, ?, ?, ?, ?, ?)",
                (state.since, state.failures, state.until, problem, state.asked_for),
            )

    def note(self, name: str) -> str:
        """A remembered value; empty when there is none."""
        rows = self._read("SELECT value FROM note WHERE name = ?", (name,))
        return str(rows[0]["value"]) if rows else ""

    def set_note(self, name: str, value: str) -> None:
        """Remember a value."""
        with self._writing() as database:
            database.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    # -- What the user asks of the spool ------------------------------------------------------

    def get(self, name: str) -> Question | None:
        """A question by its id."""
        rows = self._read(f"SELECT {COLUMNS} FROM question WHERE id = ?", (name,))
        return question_of(rows[0]) if rows else None

    def open_questions(self, limit: int) -> list[Question]:
        """Those without an answer, oldest first."""
        rows = self._read(
            f"SELECT {COLUMNS} FROM question WHERE state IN ({_in(OPEN)}) ORDER BY seq LIMIT ?",
            (limit,),
        )
        return list(map(question_of, rows))

    def results(self, *, file: str = "", names: Sequence[str] = ()) -> Iterator[Question]:
        """Questions in order: of a file, of some ids, or all that are closed."""
        if names:
            yield from (found for name in names if (found := self.get(name)))
            return
        where = "file = :file" if file else f"state IN ({_in(CLOSED)})"
        order, after = ("line" if file else "seq"), -1
        while rows := self._read(
            f"SELECT {COLUMNS}, {order} AS place FROM question "
            f"WHERE {where} AND {order} > :after ORDER BY {order} LIMIT {_AT_ONCE}",
            {"file": file, "after": after},
        ):
            yield from map(question_of, rows)
            after = rows[-1]["place"]

    def files(self) -> list[str]:
        """The files that were sent, latest last."""
        rows = self._read(
            "SELECT file FROM question WHERE file <> '' GROUP BY file ORDER BY min(seq)"
        )
        return [row["file"] for row in rows]

    def counts(self, file: str = "") -> Counts:
        """How many questions stand where, of a file or of all."""
        where = "WHERE file = :file" if file else ""
        rows = self._read(
            f"SELECT state, count(*) AS n, min(asked_at) AS oldest FROM question {where} "
            "GROUP BY state",
            {"file": file},
        )
        oldest = [row["oldest"] for row in rows if row["state"] in OPEN]
        return Counts({State(row["state"]): row["n"] for row in rows}, min(oldest, default=None))

    def is_moving(self, file: str) -> bool:
        """Whether questions of a file are still to be sent, or under way."""
        sql = "SELECT 1 FROM question WHERE file = ? AND state IN ('waiting', 'sending') LIMIT 1"
        return bool(self._read(sql, (file,)))

    def retry(self, names: Sequence[str]) -> int:
        """Make questions due at once; how many.

        Without names: those that wait. Named ones also when they were held or refused: a human
        has looked, so what went before no longer holds them.
        """
        with self._writing() as database:
            if not names:
                return database.execute(
                    "UPDATE question SET next_try = 0 WHERE state = 'waiting'"
                ).rowcount
            return sum(
                database.execute(
                    "UPDATE question SET state = 'waiting', next_try = 0, closed_at = NULL, "
                    "owner = '', round = round + (state = 'refused'), "
                    "sent_at = CASE WHEN state = 'waiting' THEN sent_at END "
                    "WHERE id = ? AND state IN ('waiting', 'held', 'refused')",
                    (name,),
                ).rowcount
                for name in names
            )

    def forget(self, names: Sequence[str], *, file: str = "", also_open: bool = False) -> int:
        """Delete questions by id or of a file; how many. Open ones only when told so."""
        states = (*CLOSED, *(OPEN if also_open else ()))
        with self._writing() as database:
            if file:
                sql = f"DELETE FROM question WHERE file = ? AND state IN ({_in(states)})"
                return database.execute(sql, (file,)).rowcount
            sql = f"DELETE FROM question WHERE id = ? AND state IN ({_in(states)})"
            return sum(database.execute(sql, (name,)).rowcount for name in names)

    def purge(self, before: float) -> int:
        """Delete what was closed before an instant; how many."""
        if not self._read("SELECT 1 FROM question WHERE closed_at < ? LIMIT 1", (before,)):
            return 0
        with self._writing() as database:
            deleted = database.execute(
                "DELETE FROM question WHERE closed_at < ?", (before,)
            ).rowcount
        # What was deleted must not live on in the log.
        self._read("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted


def _in(states: Sequence[State]) -> str:
    return ", ".join(f"'{state}'" for state in states)


def _due(
    database: sqlite3.Connection, moment: dict[str, Any], only: Sequence[str]
) -> list[sqlite3.Row]:
    """The questions that may be taken, those that a dead process left behind first."""
    found: list[sqlite3.Row] = []
    for condition in (_LEFT_BEHIND, _WAITING_DUE):
        sql = f"SELECT {COLUMNS} FROM question WHERE {condition}"
        if not only:
            found += database.execute(f"{sql} ORDER BY seq LIMIT :limit", moment).fetchall()
        for name in only:
            found += database.execute(f"{sql} AND id = :id", {**moment, "id": name}).fetchall()
    return found[: moment["limit"]]
