"""Values that the register takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from dancu.places.types import AddressEntry as AddressValue

__all__ = ["AddressValue"]

#: What a claim may say. An ``AddressValue`` (an address as its source wrote it, with the commune
#: and the map that the code belongs to) is stored as the number of its address.
ClaimValue = object


@dataclass(frozen=True, slots=True)
class Evidence:
    """What claims rest on: a kind (``birth_certificate``, ``file``, …) and its reference."""

    kind: str
    reference: str

    def noting(self, *words: str) -> Evidence:
        """Return the same with what was noted besides, such as who consented."""
        said = (self.reference, *(one.strip() for one in words))
        return Evidence(self.kind, " · ".join(one for one in said if one))


class IncomingRow(NamedTuple):
    """One line of a batch: one statement about one person.

    ``pid`` says whom it is about (any PID the person ever had). ``new`` marks a person's first
    record, whose claims carry the PID where there is one. ``claims`` go by attribute name. A
    ``day`` that is still text could not be read; the door refuses the row.
    """

    pid: str | None
    new: bool
    day: date | str
    evidence_kind: str
    evidence_reference: str
    claims: Mapping[str, ClaimValue]


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement about one person, entered by a service.

    Without ``person_id`` it is the first record of a new person.
    """

    person_id: int | None
    day: date
    evidence: Evidence
    claims: Mapping[str, ClaimValue]
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a statement: its person, its number, and how many conflicts it opened."""

    person_id: int
    statement_id: int


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch has come, in rows."""

    done: int
    total: int | None
    accepted: int
    rejected: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that was not accepted: which field, what is wrong, and what to do."""

    row_number: int
    field: str
    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The outcome of a batch. ``seconds`` is 0 for a batch that had been loaded before."""

    batch_id: int
    source: str
    key: str
    accepted: int
    rejected: int
    conflicts: int
    seconds: float
    was_loaded_before: bool
    rejections: tuple[RejectedRow, ...] = field(default=(), repr=False)

    @property
    def rows(self) -> int:
        return self.accepted + self.rejected


@dataclass(frozen=True, slots=True)
class Claim:
    """One attribute of one statement, ready to be weighed."""

    attribute: int
    value: object
    day: date
    recorded_at: datetime
    statement_id: int
    source_id: int
    rank: int
    annulled_at: datetime | None = None
