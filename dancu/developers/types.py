"""Values of the developers' pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox client: its name is all that is told of it."""

    name: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """What was asked of the sandbox and what came back, as it goes over the line."""

    method: str
    address: str
    sent: str
    status: int
    media: str
    received: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Say whether it was answered rather than refused."""
        return self.status < 400  # noqa: PLR2004 - RFC 9110 §15


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement of one part; see ``models.Measurement``."""

    part: str
    is_up: bool
    value: float | None


@dataclass(frozen=True, slots=True)
class DayOfPart:
    """One day of a part: nothing measured, or the share of good measurements and their values."""

    day: date
    measured: int = 0
    up: int = 0
    mean: float | None = None
    worst: float | None = None

    @property
    def share(self) -> float | None:
        """Return the share of good measurements; None where nothing was measured."""
        return self.up / self.measured if self.measured else None


@dataclass(frozen=True, slots=True)
class PartState:
    """A part now, and its last days, the oldest first."""

    part: str
    at: datetime | None
    is_up: bool | None
    value: float | None
    days: Sequence[DayOfPart] = ()

    @property
    def share(self) -> float | None:
        """Return the share of good measurements over all days."""
        measured = sum(one.measured for one in self.days)
        return sum(one.up for one in self.days) / measured if measured else None


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """One member of a JSON value: its path, its type in words, whether it must be there."""

    path: str
    kind: str
    text: str = ""
    is_required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One situation in which the exchange refuses, as programs and people are told of it."""

    code: str
    status: int
    message: str
    remedy: str
    area: str
    is_retryable: bool = False
    oauth: str = ""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One way in which a single field can be wrong: an entry of ``errors`` in a problem."""

    field: str
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Snippet:
    """An example in one language: a file of the catalogue."""

    topic: str
    language: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the changelog; ``operations``: name → fingerprint, or None when removed."""

    day: date
    version: str
    kind: str
    title_vi: str
    title_en: str
    text_vi: str
    text_en: str
    operations: Mapping[str, str | None]

    def title(self, language: str) -> str:
        """Return the title in the language; Vietnamese for any but English."""
        return self.title_en if language.startswith("en") else self.title_vi

    def text(self, language: str) -> str:
        """Return the text in the language; Vietnamese for any but English."""
        return self.text_en if language.startswith("en") else self.text_vi


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Planned work: when, on which parts, and what it means for those who ask."""

    begins: datetime
    ends: datetime
    parts: tuple[str, ...]
    text_vi: str
    text_en: str

    def text(self, language: str) -> str:
        """Return the text in the language; Vietnamese for any but English."""
        return self.text_en if language.startswith("en") else self.text_vi


Json = Any
