"""Values of the feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dancu.disclosure.changes import Change

__all__ = ["Change", "Follow", "Page", "Standing", "WebhookView"]


@dataclass(frozen=True, slots=True)
class Follow:
    """Somebody to be followed: the facts as the agency holds them, and its own mark."""

    claims: Mapping[str, object]
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription that stands, as its agency sees it."""

    key: str
    purpose: str
    reference: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Events as they are told, and the cursor behind the last one that may be told."""

    events: tuple[Mapping[str, Any], ...]
    cursor: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook as its agency sees it."""

    key: str
    address: str
    changes: tuple[str, ...]
    state: str
    why: str
    cursor: str
    waiting: int
    attempts: int
    failing_since: datetime | None
    last_status: int | None
    last_problem: str
    last_taken_at: datetime | None
    next_at: datetime | None
    created_at: datetime
