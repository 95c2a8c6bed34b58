"""Values of bulletins: what is left, what moved, how units stand beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from dancu.catalogue.bulletins import Kind
from dancu.quality.models import ClosedIssue

Cause = ClosedIssue.Cause
#: In the order in which closings are kept.
CAUSES: tuple[Cause, ...] = tuple(Cause)
#: Work that was done: the facts were mended, or a wrong claim was taken back.
MENDING = (Cause.MENDED, Cause.WITHDRAWN)
#: The whole country, and what is known of no commune.
COUNTRY, NOWHERE = "VN", "-"
#: The group of issues whose rule is in the catalogue no more.
ENDED = "ended"
NO_CLOSINGS = (0,) * len(CAUSES)
TargetKind = Literal["left", "daily"]
State = Literal["reached", "on_course", "behind", "not_moving", "overdue"]


@dataclass(frozen=True, slots=True)
class Movement:
    """Issues left at the end, those left before, opened, and closed by cause (as ``CAUSES``).

    ``passed``: of those left, how many were passed on to another office than the rule names.
    """

    left: int = 0
    before: int = 0
    opened: int = 0
    closed: tuple[int, ...] = NO_CLOSINGS
    passed: int = 0

    def __add__(self, other: Movement) -> Movement:
        closed = tuple(a + b for a, b in zip(self.closed, other.closed, strict=True))
        return Movement(
            self.left + other.left,
            self.before + other.before,
            self.opened + other.opened,
            closed,
            self.passed + other.passed,
        )

    @property
    def mended(self) -> int:
        """Closings by real work."""
        return sum(self.closed[CAUSES.index(cause)] for cause in MENDING)

    @property
    def closed_otherwise(self) -> int:
        """Closings without work: rules, people and calendar changed."""
        return sum(self.closed) - self.mended

    @property
    def net(self) -> int:
        """How many more are left than before; negative is better."""
        return self.left - self.before

    @property
    def moved(self) -> int:
        """Issues that came (or went, negative) with people who moved; 0 for the country."""
        return self.net - self.opened + sum(self.closed)

    @property
    def share(self) -> float | None:
        """The part mended of what was there to mend, 0 to 1; ``None`` when nothing was."""
        to_do = self.left + self.mended
        return self.mended / to_do if to_do else None


@dataclass(frozen=True, slots=True)
class Cell:
    """Rules counted together: one group, mended by one kind of office."""

    group: str
    dimension: str
    remedy_by: str
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a unit stands among its sisters: a shared place is shared. ``of``: how many are placed.

    ``share`` and ``per_thousand`` are the plain figures, not those drawn to the average.
    """

    share: float | None
    per_thousand: float | None
    place: int | None = None
    of: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """A target and whether it will be kept; the way it is frozen in a bulletin.

    ``goal``: issues left at the end of ``by``, or mended on each working day until then.
    ``needed``, ``kept``: issues a working day; ``units`` of ``of`` children have the targets whose
    sum this is, both 0 when it is the unit's own.
    """

    group: str
    kind: TargetKind
    goal: int
    by: date
    left: int
    mended_today: int
    mended_week: int
    opened_week: int
    working_days: int
    needed: float
    kept: float
    forecast: date | None
    state: State
    units: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class EditionValue:
    """One bulletin for all units: when it was due and made, and from where on it counts.

    ``previous``: the day of the one before it, from which on it counts; ``None`` for the first.
    """

    id: int
    kind: Kind
    day: date
    since: date
    previous: date | None
    due_at: datetime
    made_at: datetime
    examined_at: datetime | None
    is_late: bool
    league: Mapping[str, int] = field(hash=False)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit's line in a table."""

    code: str
    name: str
    level: str
    parent: str
    people: int
    total: Movement
    placing: Placing


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of rules, its words as they were, and what moved in it."""

    name: str
    dimension: str
    label_vi: str
    label_en: str
    movement: Movement

    def label(self, language: str = "vi") -> str:
        """Return the words of the group."""
        return self.label_en if language.startswith("en") else self.label_vi


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How a unit stood in one bulletin."""

    day: date
    left: int
    opened: int
    mended: int


@dataclass(frozen=True, slots=True)
class Sisters:
    """Where the units beside one lie, without names: how many; best, middle and last share."""

    count: int
    best: float
    middle: float
    last: float


@dataclass(frozen=True, slots=True)
class Bulletin:
    """All that a bulletin says of one unit."""

    edition: EditionValue
    unit: UnitLine
    groups: Sequence[GroupLine]
    offices: Sequence[tuple[str, Movement]]
    children: Sequence[UnitLine]
    sisters: Sisters | None
    paces: Sequence[Pace]
    trend: Sequence[TrendPoint]

    def dimension(self, name: str) -> Movement:
        """Return the sum of the groups of a dimension."""
        found = (one.movement for one in self.groups if one.dimension == name)
        return sum(found, start=Movement())


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A target as it was set; ``ended_at`` when it is over or was replaced."""

    id: int
    unit: str
    group: str
    kind: TargetKind
    goal: int
    by: date
    set_at: datetime
    office: str
    reason: str
    ended_at: datetime | None
    ended_reason: str


def plain(pace: Pace) -> dict[str, Any]:
    """Return a pace as it is kept in a bulletin."""
    from dataclasses import asdict

    found = asdict(pace)
    return found | {
        "by": pace.by.isoformat(),
        "forecast": pace.forecast.isoformat() if pace.forecast else None,
    }


def pace_of(data: Mapping[str, Any]) -> Pace:
    """Return a pace from what a bulletin keeps."""
    forecast = data["forecast"]
    return Pace(
        **{
            **data,
            "by": date.fromisoformat(data["by"]),
            "forecast": date.fromisoformat(forecast) if forecast else None,
        }
    )
