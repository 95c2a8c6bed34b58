"""Values of the one-stop desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from dancu.kernel.dates import PartialDate

#: What one question of a desk answers; all of it at once, so that nobody has to ask twice.
TOPICS = ("residence", "household", "marital_status")
PURPOSE = "one_stop_verification"


@dataclass(frozen=True, slots=True)
class Particulars:
    """By what somebody is known at the desk: the PID, and name or date of birth."""

    pid: str
    name: str | None = None
    birth_date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step failed; ``note`` is in the officer's own words."""

    step: int
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an officer says of a question: the step that succeeded and why others failed."""

    succeeded: int
    reasons: tuple[Reason, ...] = ()
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The steps of a question as they are recorded now."""

    record_id: int
    taken: Taken
    at: datetime
    account_id: int | None
    is_correction: bool


@dataclass(frozen=True, slots=True)
class QuestionValue:
    """One question; ``is_found`` says whether the register showed somebody."""

    id: int
    dossier: str
    at: datetime
    account_id: int | None
    office: str
    person_id: int | None
    standing: Standing | None = None
    extracts: tuple[str, ...] = ()

    @property
    def is_found(self) -> bool:
        return self.person_id is not None


@dataclass(frozen=True, slots=True)
class Paper:
    """An extract ready to be printed: what it says, its signed text, and its check code."""

    number: str
    check: str
    content: Mapping[str, Any] = field(hash=False)
    signed: str
    is_withdrawn: bool = False


Verdict = Literal["genuine", "expired", "superseded", "withdrawn", "altered"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody with the paper is told of it; ``facts`` only where their own text holds them.

    ``is_exact``: the file is, byte for byte, one that was handed out. ``compared`` says of each
    figure that was typed off the paper whether it is the one that was signed.
    """

    verdict: Verdict
    number: str = ""
    issued_at: datetime | None = None
    valid_until: date | None = None
    office: str = ""
    withdrawn_on: datetime | None = None
    is_exact: bool = False
    facts: Sequence[tuple[str, str]] = ()
    compared: Sequence[tuple[str, bool]] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Which records a measure counts: days (the last one included) and offices by code."""

    since: date
    until: date
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayLine:
    """One office on one day: dossiers by the step that succeeded, and those without a record."""

    office: str
    day: date
    dossiers: int
    steps: tuple[int, int, int, int, int]
    unrecorded: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What desks did in a span, never with whom. ``reasons`` by (step, reason)."""

    lines: tuple[DayLine, ...]
    reasons: tuple[tuple[int, str, int], ...]
    papers: tuple[tuple[str, int], ...]

    @property
    def dossiers(self) -> int:
        return sum(line.dossiers for line in self.lines)

    def at_step(self, number: int) -> int:
        """Return how many dossiers succeeded at a step."""
        return sum(line.steps[number - 1] for line in self.lines)

    @property
    def unrecorded(self) -> int:
        return sum(line.unrecorded for line in self.lines)


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One dossier behind a number: who asked when at which desk, and what was recorded."""

    dossier: str
    office: str
    at: datetime
    account_id: int | None
    taken: Taken | None
