"""Dated rules that the services apply: ages, limits, working days. Read from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.catalogue.types import in_force
from dancu.kernel.clock import VIETNAM, today

_FILE = "civil_rules.yaml"
_HOLIDAYS = "holidays.yaml"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DatedRule:
    """One rule with its value, its law and the days in which it is in force (half-open)."""

    name: str
    value: int
    legal_basis: str
    valid_from: date | None
    valid_to: date | None


def rule(name: str, day: date) -> DatedRule:
    """Return the rule in force on a day; the earliest known one for days before all of them.

    Raises ``CatalogueEntryInvalid`` when the catalogue has no such rule.
    """
    versions = _rules(str(folder())).get(name, ())
    for version in versions:
        if in_force(version.valid_from, version.valid_to, day):
            return version
    if not versions:
        raise CatalogueEntryInvalid(file=_FILE, what=f"there is no rule {name}")
    return versions[0]


def value(name: str, day: date) -> int:
    """Return the value of the rule in force on a day."""
    return rule(name, day).value


def is_working_day(day: date) -> bool:
    """Say whether offices work on the day: no Saturday, Sunday or public holiday."""
    closed, worked = _calendar(str(folder()))
    return day in worked or (day.weekday() < _SATURDAY and day not in closed)


def working_days_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after a day, which itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def correction_due(asked_at: datetime) -> datetime:
    """Return the end of the last working day on which a correction request must be decided.

    Two working days (Decree 58/2026), the day of the request not counted.
    """
    asked = today(asked_at)
    last = working_days_after(asked, value("correction_working_days", asked))
    return datetime.combine(last, time(value("office_closes_at_hour", last)), tzinfo=VIETNAM)


@lru_cache(maxsize=4)
def _rules(root: str) -> dict[str, tuple[DatedRule, ...]]:
    found: dict[str, list[DatedRule]] = {}
    for entry in _entries(root, _FILE, "rules"):
        new = _rule(entry)
        found.setdefault(new.name, []).append(new)
    return {
        name: tuple(sorted(versions, key=lambda r: r.valid_from or date.min))
        for name, versions in found.items()
    }


def _rule(entry: dict[str, Any]) -> DatedRule:
    try:
        return DatedRule(
            name=str(entry["name"]),
            value=int(entry["value"]),
            legal_basis=str(entry["legal_basis"]),
            valid_from=day_or_none(entry["valid_from"], file=_FILE),
            valid_to=day_or_none(entry["valid_to"], file=_FILE),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=_FILE, what=repr(error)) from error


@lru_cache(maxsize=4)
def _calendar(root: str) -> tuple[frozenset[date], frozenset[date]]:
    closed: set[date] = set()
    worked: set[date] = set()
    for entry in _entries(root, _HOLIDAYS, "days"):
        day = day_or_none(entry.get("day"), file=_HOLIDAYS)
        if day is None:
            raise CatalogueEntryInvalid(file=_HOLIDAYS, what=f"{entry!r} has no day")
        (worked if entry.get("works") else closed).add(day)
    return frozenset(closed), frozenset(worked)


def _entries(root: str, file: str, key: str) -> list[dict[str, Any]]:
    entries = yaml_of(Path(root) / file).get(key)
    if not isinstance(entries, list):
        raise CatalogueEntryInvalid(file=file, what=f"{key} is not a list")
    return entries
