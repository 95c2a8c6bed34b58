"""Campaigns, stops and coverage as other rooms see them: keys, counts and words of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from dancu.catalogue.campaigns import CampaignKind

#: What was found at a door.
Outcome = Literal["met", "differs", "nobody_home", "refused", "no_such_house"]
StopState = Literal["waiting", "met", "differs", "nobody_home", "refused", "no_such_house"]
#: In this order they are shown; only the first two have still to be reached.
STOP_STATES: tuple[StopState, ...] = (
    "waiting",
    "nobody_home",
    "met",
    "differs",
    "refused",
    "no_such_house",
)
OUTCOMES: tuple[Outcome, ...] = ("met", "differs", "nobody_home", "refused", "no_such_house")
OPEN_STATES: tuple[StopState, ...] = ("waiting", "nobody_home")
PersonState = Literal["waiting", "confirmed", "differs", "moved", "absent", "not_found", "refused"]
PERSON_STATES: tuple[PersonState, ...] = (
    "waiting",
    "confirmed",
    "differs",
    "moved",
    "absent",
    "not_found",
    "refused",
)
Basis = Literal["home", "stay", "lodging"]
BASES: tuple[Basis, ...] = ("home", "stay", "lodging")
#: Answers about people: by person, question and answer.
Answers = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A general check or round of a kind, in a unit, for some days (both included)."""

    id: int
    kind: CampaignKind
    unit: str
    begins_on: date
    ends_on: date
    opened_at: datetime
    opened_by: int | None
    closed_at: datetime | None
    areas: int
    drawn: int

    @property
    def case(self) -> str:
        """The number under which looks at people are recorded."""
        return f"KT-{self.opened_at.year}-{self.id}"

    @property
    def is_drawn(self) -> bool:
        """Say whether all lists have been made."""
        return self.drawn == self.areas

    def is_running(self, day: date) -> bool:
        """Say whether visits can be noted on the day."""
        return self.closed_at is None and self.begins_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far some place has been visited. Every stop is counted once, by how it stands now.

    ``settled`` are those of ``people`` of whom it was said how they were found.
    """

    key: str
    label: str
    stops: Mapping[StopState, int] = field(hash=False)
    people: int = 0
    settled: int = 0
    #: People who were met and are not on the lists.
    others: int = 0

    @property
    def all(self) -> int:
        """All stops."""
        return sum(self.stops.values())

    @property
    def visited(self) -> int:
        """Stops at which something was found, and nobody has to come again."""
        return self.all - sum(self.stops.get(state, 0) for state in OPEN_STATES)

    @property
    def share(self) -> float:
        """The part of the stops that was visited, 0 to 1; 1 where there is none."""
        return self.visited / self.all if self.all else 1.0

    @property
    def people_share(self) -> float:
        """The part of the people who were settled, 0 to 1."""
        return self.settled / self.people if self.people else 1.0


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on a day, or by a team: stops by their last visit, and their people.

    Of visits without the name of a team, ``account`` noted them.
    """

    key: str
    visited: int
    settled: int
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """One household at one door, and how it stands. ``version`` grows with each visit."""

    id: int
    campaign_id: int
    commune: str
    neighbourhood: str
    neighbourhood_key: str
    street: str
    street_key: str
    house: str
    state: StopState
    attempts: int
    people: int
    settled: int
    version: int
    visited_at: datetime | None
    visited_by: int | None
    team: str

    @property
    def is_open(self) -> bool:
        """Say whether somebody has to come, or to come again."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody to be asked about at a stop."""

    person_id: int
    stop_id: int
    basis: Basis
    state: PersonState


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit found: the whole history of a stop."""

    version: int
    at: datetime
    account_id: int | None
    team: str
    outcome: Outcome
    others: int
    note: str
    answers: Answers = field(hash=False)


@dataclass(frozen=True, slots=True)
class StopWindow:
    """Some stops, in the order of streets and houses."""

    stops: Sequence[Stop]
    window: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """What making or renewing the lists of a commune changed."""

    people: int = 0
    stops: int = 0
    joined: int = 0
    left: int = 0
    changed_door: int = 0

    def __add__(self, other: Drawn) -> Drawn:
        return Drawn(
            self.people + other.people,
            self.stops + other.stops,
            self.joined + other.joined,
            self.left + other.left,
            self.changed_door + other.changed_door,
        )
