"""How a batch stands, as told to whoever sent it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dancu.exchange.batches.table import Column


@dataclass(frozen=True, slots=True)
class Standing:
    """How a batch stands.

    ``state``: ``shown`` (columns wait to be confirmed), ``waiting`` (in the queue or being worked
    on), ``stopped``, ``failed`` or ``done``. ``place`` is its place in the order of finishing,
    ``finishes_on`` the day in Vietnam; ``seconds_left`` is known while it is worked on and the
    day's records suffice. ``counts``: group of errors → rows. ``problem``: msgids with values.
    """

    reference: str
    contract: str
    purpose: str
    name: str
    state: str
    rows: int
    done: int
    columns: Sequence[Column]
    meanings: Sequence[str]
    received_at: datetime
    client: str = ""
    user: str = ""
    encoding: str = ""
    has_head: bool = True
    left_out: Sequence[str] = ()
    place: int | None = None
    waiting: int = 0
    finishes_on: date | None = None
    rows_today: int | None = None
    seconds_left: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    problem: Mapping[str, Any] | None = None
    confirmed_at: datetime | None = None
    worked_at: datetime | None = None
    ended_at: datetime | None = None
    fetched_at: datetime | None = None
    forgotten_at: datetime | None = None
    stopped_by: str = ""
    questions: Sequence[tuple[str, str | int | None]] = ()

    @property
    def has_answers(self) -> bool:
        """Whether there is something to fetch."""
        return self.done > 0 and self.forgotten_at is None
