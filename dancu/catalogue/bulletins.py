"""When bulletins are made, groups of issues, and how units are placed (``bulletins.yaml``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from dancu.catalogue.errors import CatalogueEntryInvalid, UnknownAttribute
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.catalogue.quality import DIMENSIONS, Dimension, QualityRule
from dancu.catalogue.queries import attribute
from dancu.catalogue.types import Label, in_force

Kind = Literal["weekly", "evening"]
KINDS: tuple[Kind, ...] = ("weekly", "evening")
_FILE = "bulletins.yaml"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When bulletins of a kind are due: on ``weekday`` (1 Monday to 7; 0 daily), Vietnam's clock.

    ``catch_up``: so many missed ones are made after a standstill.
    """

    kind: Kind
    weekday: int
    at: dt.time
    late_after: dt.timedelta
    catch_up: int
    valid_from: dt.date | None
    valid_to: dt.date | None

    def is_due_on(self, day: dt.date) -> bool:
        """Say whether one is due on the day."""
        fits = self.weekday in (0, day.isoweekday())
        return fits and in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class League:
    """How units are placed: the weight of the average, and who is too small to be placed."""

    average_issues: int
    average_people: int
    least_people: int
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Group(Label):
    """Rules of one dimension that are told of together; without a condition it takes the rest."""

    dimension: Dimension
    files: tuple[str, ...]
    attribute_groups: tuple[str, ...]
    asks: str

    def takes(self, rule: QualityRule) -> bool:
        """Say whether a rule fits all that is asked."""
        if rule.dimension != self.dimension:
            return False
        if self.files and Path(rule.file).stem not in self.files:
            return False
        if self.asks and not rule.when.startswith(f"{self.asks}("):
            return False
        return not self.attribute_groups or _group_of(rule) in self.attribute_groups


@dataclass(frozen=True, slots=True)
class Bulletins:
    """The whole file."""

    schedules: tuple[Schedule, ...]
    leagues: tuple[League, ...]
    groups: tuple[Group, ...]

    def group_of(self, rule: QualityRule) -> Group:
        """Return the group of a rule: the first that takes it."""
        for one in self.groups:
            if one.takes(rule):
                return one
        raise CatalogueEntryInvalid(file=_FILE, what=f"no group takes {rule.name}")


class _Dated(Protocol):
    @property
    def valid_from(self) -> dt.date | None: ...
    @property
    def valid_to(self) -> dt.date | None: ...


D = TypeVar("D", bound=_Dated)


def bulletins() -> Bulletins:
    """Return what is declared. Raises ``CatalogueEntryInvalid``."""
    return _read(str(folder()))


def schedule(kind: Kind, day: dt.date) -> Schedule | None:
    """Return when bulletins of a kind are due as of a day; ``None`` when none are."""
    found = (one for one in bulletins().schedules if one.kind == kind)
    return _of_day(found, day)


def league(day: dt.date) -> League:
    """Return how units are placed on a day. Raises ``CatalogueEntryInvalid``."""
    found = _of_day(bulletins().leagues, day)
    if found is None:
        raise CatalogueEntryInvalid(file=_FILE, what=f"no league on {day.isoformat()}")
    return found


def _of_day(entries: Iterable[D], day: dt.date) -> D | None:
    fitting = [one for one in entries if in_force(one.valid_from, one.valid_to, day)]
    return fitting[-1] if fitting else None


def _group_of(rule: QualityRule) -> str:
    try:
        return attribute(rule.attribute).group
    except UnknownAttribute:
        return ""


@lru_cache(maxsize=4)
def _read(path: str) -> Bulletins:
    data = yaml_of(Path(path) / _FILE)
    try:
        groups = tuple(_group(entry) for entry in data["groups"])
        return Bulletins(
            schedules=tuple(_schedule(entry) for entry in data["schedules"]),
            leagues=tuple(_league(entry) for entry in data["leagues"]),
            groups=tuple(sorted(groups, key=lambda one: DIMENSIONS.index(one.dimension))),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=_FILE, what=repr(error)) from error


def _period(entry: Mapping[str, Any]) -> dict[str, dt.date | None]:
    return {name: day_or_none(entry[name], file=_FILE) for name in ("valid_from", "valid_to")}


def _schedule(entry: Mapping[str, Any]) -> Schedule:
    weekday = entry["weekday"]
    return Schedule(
        kind=entry["kind"],
        weekday=0 if weekday == "daily" else int(weekday),
        at=dt.time.fromisoformat(entry["at"]),
        late_after=dt.timedelta(minutes=int(entry["late_after_minutes"])),
        catch_up=int(entry["catch_up"]),
        **_period(entry),
    )


def _league(entry: Mapping[str, Any]) -> League:
    names = ("average_issues", "average_people", "least_people")
    return League(**{name: int(entry[name]) for name in names}, **_period(entry))  # type: ignore[arg-type]


def _group(entry: Mapping[str, Any]) -> Group:
    return Group(
        name=entry["name"],
        label_vi=entry["label_vi"],
        label_en=entry["label_en"],
        dimension=entry["dimension"],
        files=tuple(entry.get("files", ())),
        attribute_groups=tuple(entry.get("attribute_groups", ())),
        asks=entry.get("asks", ""),
    )
