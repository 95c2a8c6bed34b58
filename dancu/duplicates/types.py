"""Suspected pairs as other rooms see them: keys, weights and states, no particulars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["suspected", "dismissed", "proposed", "merged", "parting", "undone", "cleared"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one comparison of linkage says: its level, and its weight in bits."""

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A pair as a search found it. ``digest`` is of what both records said."""

    left_id: int
    right_id: int
    weight: float
    probability: float
    evidence: tuple[Evidence, ...]
    digest: bytes = b""
    left_commune: str = ""
    right_commune: str = ""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Two records that may be of one person. Weights are in bits; below zero speaks against.

    ``suggested_by``: an officer who knows it, and says how in ``suggestion``.
    """

    id: int
    left_id: int
    right_id: int
    state: State
    weight: float
    probability: float
    evidence: tuple[Evidence, ...]
    found_at: datetime
    merge_id: int | None
    decided_at: datetime | None
    decided_by: int | None
    reason: str
    suggested_by: int | None = None
    suggested_at: datetime | None = None
    suggestion: str = ""

    @property
    def people(self) -> tuple[int, int]:
        """The keys of both records."""
        return self.left_id, self.right_id


@dataclass(frozen=True, slots=True)
class SuspicionPage:
    """A window of pairs, the heaviest first."""

    rows: tuple[Suspicion, ...]
    window: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """What a search changed: pairs new, suspected again, known, and no longer alike."""

    people: int = 0
    found: int = 0
    new: int = 0
    again: int = 0
    cleared: int = 0
