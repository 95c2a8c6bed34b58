"""What the door out gives of the work that waits: frozen values, holding nothing that may not be.

A list names people and what is asked about, never values; these are on the page of one request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from dancu.disclosure import words
from dancu.disclosure.types import Fact, Header, OfAttribute
from dancu.population.work import Count

State = Literal["waiting", "accepted", "declined"]


def case_of_request(request_id: int) -> str:
    """Return the number that a request has for people, and as a case: ``YC-12``."""
    return f"YC-{request_id}"


@dataclass(frozen=True, slots=True)
class RequestLine(OfAttribute):
    """A citizen's request that waits for the officer's decision; the PID is masked."""

    request_id: int
    person_id: int
    name: str
    pid: str
    asked_at: datetime
    due_at: datetime

    def is_overdue(self, at: datetime) -> bool:
        """Say whether the time to decide has passed."""
        return self.due_at < at


@dataclass(frozen=True, slots=True)
class RequestList:
    """A window of requests, the one due first at its head."""

    rows: tuple[RequestLine, ...]
    window: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class OwnRequest(OfAttribute):
    """A citizen's request: what they say, why, until when it waits, and what was decided."""

    request_id: int
    value: object
    is_masked: bool
    reason: str
    state: State
    asked_at: datetime
    due_at: datetime
    decided_at: datetime | None
    decision_reason: str

    @property
    def is_waiting(self) -> bool:
        return self.state == "waiting"

    def is_overdue(self, at: datetime) -> bool:
        """Say whether it still waits although the time to decide has passed."""
        return self.is_waiting and self.due_at < at

    def text(self, language: str = "vi") -> str:
        """Return what the citizen says it should be, as people read it."""
        if self.is_masked:
            return str(self.value)
        return words.text_of(self.entry, self.value, language)


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request for whoever decides it.

    ``present`` is what the register holds today, with its provenance, and ``before`` what it held
    when the request was decided; both are None where it knows nothing. ``is_hidden``: the purpose
    does not show this attribute, so neither value is there. ``decided_by`` is an account.
    """

    asked: OwnRequest
    header: Header
    present: Fact | None
    before: Fact | None
    is_hidden: bool
    decided_by: int | None
    case: str
    record: int

    @property
    def is_already_so(self) -> bool:
        """Whether the register says today what the citizen asked for."""
        return self.present is not None and self.present.value == self.asked.value


@dataclass(frozen=True, slots=True)
class Said:
    """Who said something, from which day and on which kind of paper; never what."""

    source: str
    kind: str
    day: date
    paper: str

    def source_label(self, language: str = "vi") -> str:
        """Return the name of the source."""
        return words.source_label(self.source, language)


@dataclass(frozen=True, slots=True)
class ConflictLine(OfAttribute):
    """An open conflict; the PID is masked. ``source`` is the code of the source that lost.

    ``said`` is the word that lost, ``against`` the one that holds, as far as it is known.
    """

    person_id: int
    name: str
    pid: str
    statement_id: int
    source: str
    opened_at: datetime
    said: Said
    against: Said | None

    def source_label(self, language: str = "vi") -> str:
        """Return the name of the source."""
        return words.source_label(self.source, language)


@dataclass(frozen=True, slots=True)
class ConflictList:
    """A window of open conflicts, the newest first."""

    rows: tuple[ConflictLine, ...]
    window: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class Duty(OfAttribute):
    """A request that waits, without whose it is."""

    request_id: int
    due_at: datetime

    def is_overdue(self, at: datetime) -> bool:
        """Say whether the time to decide has passed."""
        return self.due_at < at


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """How much waits for an officer; None where the roles do not permit the work."""

    requests: Count | None = None
    overdue: int = 0
    first: tuple[Duty, ...] = ()
    conflicts: Count | None = None
