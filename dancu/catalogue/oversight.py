"""Thresholds of the auditor's page (``audit.yaml``), and the days on which offices are closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, yaml_of

_FILE = "audit.yaml"
_HOLIDAYS = "holidays.yaml"


@dataclass(frozen=True, slots=True)
class Signs:
    """From which numbers on a reader is unusual.

    ``opens`` and ``closes`` are local times; ``holidays`` are closed days besides weekends,
    ``worked`` weekend days on which offices are open.
    """

    periods: tuple[int, ...]
    opens: dt.time
    closes: dt.time
    holidays: tuple[dt.date, ...]
    worked: tuple[dt.date, ...]
    volume_people: int
    volume_times_peers: float
    hours_answers: int
    outside_people: int
    again_people: int
    again_looks: int
    refused_answers: int
    asked_people: int
    asked_answers: int


def signs() -> Signs:
    """Return the thresholds, read once per folder. Raises ``CatalogueEntryInvalid``."""
    return _read(str(folder()))


@lru_cache(maxsize=4)
def _read(path: str) -> Signs:
    data = yaml_of(Path(path) / _FILE)
    holidays, worked = _calendar(Path(path))
    try:
        hours, said = data["office_hours"], data["signs"]
        return Signs(
            periods=tuple(int(days) for days in data["periods_days"]),
            opens=dt.time.fromisoformat(hours["from"]),
            closes=dt.time.fromisoformat(hours["to"]),
            holidays=holidays,
            worked=worked,
            volume_people=int(said["volume"]["people"]),
            volume_times_peers=float(said["volume"]["times_peers"]),
            hours_answers=int(said["hours"]["answers"]),
            outside_people=int(said["outside"]["people"]),
            again_people=int(said["again"]["people"]),
            again_looks=int(said["again"]["looks"]),
            refused_answers=int(said["refused"]["answers"]),
            asked_people=int(said["asked"]["people"]),
            asked_answers=int(said["asked"]["answers"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=_FILE, what=repr(error)) from error


def _calendar(path: Path) -> tuple[tuple[dt.date, ...], tuple[dt.date, ...]]:
    closed: list[dt.date] = []
    worked: list[dt.date] = []
    for entry in yaml_of(path / _HOLIDAYS).get("days", ()):
        day = day_or_none(entry.get("day"), file=_HOLIDAYS)
        if day is not None:
            (worked if entry.get("works") else closed).append(day)
    return tuple(closed), tuple(worked)
