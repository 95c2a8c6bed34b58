"""A decision on the map as a value: which units end, which begin, and what goes where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dancu.places.types import Level

#: House numbers, both ends included; without a second one, up to the street's end.
Range: TypeAlias = "tuple[int, int | None]"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong in a decision file: the line, what and why, and what to do (msgids)."""

    line: int
    message: str
    remedy: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit as it is called from the day on."""

    line: int
    code: str
    level: Level
    name: str
    kind: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a unit and where it goes; all that is said of it must hold.

    ``ranges`` are house numbers, both ends included, the last one open when ``None``; ``side`` is
    ``odd``, ``even`` or empty for both.
    """

    line: int
    to: str
    neighbourhood: str = ""
    street: str = ""
    ranges: tuple[Range, ...] = ()
    side: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one unit that stood on the day before.

    ``to`` holds every unit that takes (a part of) it, each once; with one it goes there whole.
    ``rest`` takes what no part names. ``unclear`` is the unit whose ward settles what stays open.
    """

    line: int
    from_code: str
    to: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    rest: str = ""
    unclear: str = ""

    @property
    def is_whole(self) -> bool:
        """Say whether all of the unit goes one way."""
        return len(self.to) == 1 and not self.parts

    @property
    def custodian(self) -> str:
        """Return the unit that has what is unclear on its list, and that stands in for it."""
        return self.to[0] if self.is_whole else self.unclear or self.rest


@dataclass(frozen=True, slots=True)
class Ending:
    """A unit that ends without a follower, as the districts did."""

    line: int
    code: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that changes the map on a day. ``digest`` is of what the file says, not of how."""

    number: str
    title: str
    legal_basis: str
    decided_on: dt.date
    effective_on: dt.date
    units: tuple[NewUnit, ...]
    changes: tuple[Change, ...]
    ends: tuple[Ending, ...]
    digest: str
    text: str
