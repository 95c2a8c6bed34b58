"""Values of the places register: units as they stood in a period, and links between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["province", "district", "commune", "neighbourhood"]

LEVELS: tuple[Level, ...] = ("province", "district", "commune", "neighbourhood")

#: The first day of units whose true beginning the maps do not tell.
BEGINNING = dt.date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class UnitValue:
    """One administrative unit in one period, half-open. The same code may have several."""

    code: str
    level: Level
    name: str
    kind: str
    kind_label: str
    parent_code: str
    valid_from: dt.date
    valid_to: dt.date | None

    @property
    def full_name(self) -> str:
        """The name as it is written: ``Phường Bến Nghé``, ``Quận 1``."""
        return f"{self.kind_label} {self.name}"

    def is_valid_on(self, day: dt.date) -> bool:
        """Say whether the unit stood so on the day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Link:
    """One step of succession: a unit that ended, and one that took over (a part of) its area."""

    from_code: str
    from_valid_from: dt.date
    to_code: str
    on: dt.date
    is_default: bool
    share: float | None = None
    cross_check: str = ""


@dataclass(frozen=True, slots=True)
class Successor:
    """A unit that took over the area of another. ``is_sure``: it took over all of it."""

    code: str
    is_default: bool
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """The unit of the newest map that covers another; not sure where a split leaves it open."""

    code: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """A map that was in force for a time; ``as_of`` is the day that names it on addresses."""

    as_of: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    label_vi: str
    label_en: str
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class AddressParts:
    """The parts of an address as they were written; empty where they were not."""

    house: str = ""
    street: str = ""
    neighbourhood: str = ""
    commune: str = ""
    district: str = ""
    province: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the parts that are there: the form in which they are stored."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that an address may mean, on the asked map."""

    code: str
    is_default: bool
    #: ``written``: it is named so; ``succession``: it took over the area of the unit that is named.
    why: Literal["written", "succession"]


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What an address text says.

    ``unit_code`` is set only when one unit alone fits, under the map of ``code_date``: the asked
    map, or an earlier one when the text names units that had ended. ``candidates`` are always units
    of the asked map, the default first; more than one means that a person has to choose.
    """

    text: str
    parts: AddressParts
    unit_code: str
    code_date: dt.date
    candidates: tuple[Candidate, ...]

    @property
    def needs_review(self) -> bool:
        """Say whether a person has to choose the unit."""
        return not self.unit_code or len(self.candidates) != 1


@dataclass(frozen=True, slots=True)
class AddressEntry:
    """An address to enter. Without ``parts`` they are taken from the text."""

    text: str
    unit_code: str
    code_date: dt.date
    parts: AddressParts | None = None


@dataclass(frozen=True, slots=True)
class AddressValue:
    """A stored address."""

    id: int
    text: str
    unit_code: str
    code_date: dt.date
    unit_now: str
    unit_now_is_sure: bool
    parts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
