"""Values of the exchange: who asks, what is asked, what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from dancu.catalogue.contracts import Contract, Mode
from dancu.disclosure.inquiries import Outcome, Question
from dancu.kernel.compare import Compared, Result

__all__ = [
    "COMMAND_LINE",
    "Answer",
    "Caller",
    "Compared",
    "Contract",
    "LookUpAnswer",
    "LookedUp",
    "Mode",
    "Outcome",
    "Question",
    "Result",
    "Standing",
    "Taken",
    "Verification",
    "client_of_office",
]

#: Who asks from the command line, for no office in particular.
COMMAND_LINE = "dancu verify"


def client_of_office(code: str) -> str:
    """Return the client that an office of our own is."""
    return f"console:{code}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a client of an agency under a contract.

    ``user`` is the agency's officer (X-Road-UserId), ``request_id`` the agency's own number of the
    request (X-Road-Id or idempotency key), ``issue`` the case (X-Road-Issue).
    """

    client_id: int | None
    client: str
    contract: Contract
    user: str = ""
    request_id: str = ""
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """One person asked about: attribute names with the values that the agency holds."""

    caller: Caller
    purpose: str
    claims: Mapping[str, object]
    questions: tuple[Question, ...] = ()
    case: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told: never a value of the register.

    ``id`` is the number of the access record. ``successor`` is told of a cancelled PID only:
    whether the person has another. ``answers``: question key → ``yes``, ``no`` or ``unknown``.
    """

    id: str
    contract: str
    at: datetime
    outcome: Outcome
    successor: bool | None
    attributes: Mapping[str, Compared]
    answers: Mapping[str, str]
    reference: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A value of the register, the code of the source that it rests on, and since when it holds."""

    value: object
    source: str
    since: date | None


@dataclass(frozen=True, slots=True)
class LookUpAnswer:
    """The contracted attributes of one person; what the register does not hold is left out."""

    id: str
    contract: str
    at: datetime
    attributes: Mapping[str, LookedUp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """Records granted from the day's quota: none, some or all of those wanted.

    ``clause`` names the limit that was reached: ``records_per_day`` of the contract or
    ``national_cap``; empty when all were granted.
    """

    granted: int
    left_today: int
    resets_at: datetime
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one contract, or with an empty name the country, stands on a day."""

    contract: str
    day: date
    share: int
    records: int
    requests: int
    refused: int

    @property
    def left(self) -> int:
        """Return how many records are left."""
        return max(self.share - self.records, 0)
