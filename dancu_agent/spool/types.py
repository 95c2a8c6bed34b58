"""What lies in the spool."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dancu_agent.errors import Problem

HELD_AFTER = 23 * 3600.0
"""Seconds: the exchange knows a key for 24 hours. A question that may have reached it longer ago
is not sent again by itself, since it might be counted twice."""


class State(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    SENDING = "sending"
    HELD = "held"
    ANSWERED = "answered"
    REFUSED = "refused"


OPEN = (State.WAITING, State.SENDING, State.HELD)
CLOSED = (State.ANSWERED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is handed to the spool.

    ``id`` is its name here and its idempotency key there. ``key`` is the name that the agency's
    software gave it, empty for none; ``file`` and ``row`` tell which line of which file it is;
    ``signed`` asks for an answer that others can check later.
    """

    id: str
    kind: str
    body: Mapping[str, Any]
    user: str = ""
    key: str = ""
    file: str = ""
    row: int = 0
    signed: bool = False

    @property
    def digest(self) -> str:
        """The same for the same question."""
        whole = [self.kind, dict(self.body), self.user, self.signed]
        text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Question:
    """A question in the spool, with what became of it; instants are seconds since 1970.

    ``sent_at`` is when it may first have reached the exchange; None when it certainly has not.
    """

    id: str
    kind: str
    body: Mapping[str, Any]
    user: str
    file: str
    row: int
    state: State
    asked_at: float
    tries: int
    next_try: float
    sent_at: float | None = None
    round: int = 0
    signed: bool = False
    problem: Problem | None = None
    closed_at: float | None = None
    answer: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """The idempotency key: another one after a human had a refused question asked anew.

        The exchange may answer a key that it refused with the same refusal for a day.
        """
        return f"{self.id}.{self.round}" if self.round else self.id

    @property
    def reference(self) -> str:
        """The agency's own name for the question."""
        return str(self.body.get("reference", ""))


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is known of the link by all processes: since when it is broken, until when they wait.

    ``asked_for`` tells that the exchange itself asked to wait so long.
    """

    since: float | None = None
    failures: int = 0
    until: float = 0.0
    problem: Problem | None = None
    asked_for: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try.

    ``reached`` tells that the question may have reached the exchange; otherwise ``sent_at`` is set
    back to when it may have done so in an earlier try.
    """

    id: str
    state: State
    problem: Problem | None = None
    answer: Mapping[str, Any] | None = None
    next_try: float = 0.0
    reached: bool = True
    sent_at: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions stand where, and since when the oldest open one waits."""

    by_state: Mapping[State, int] = field(default_factory=dict)
    oldest: float | None = None

    @property
    def waiting(self) -> int:
        """Those without an answer."""
        return sum(self.by_state.get(state, 0) for state in OPEN)
