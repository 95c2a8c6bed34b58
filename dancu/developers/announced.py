"""What the catalogue announces: changes of the interface, and planned maintenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from dancu.catalogue.errors import CatalogueEntryInvalid, CatalogueFileMissing
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.developers.types import Change, Maintenance
from dancu.kernel.clock import VIETNAM

CHANGES = "interface_changes.yaml"
MAINTENANCE = "maintenance.yaml"


def changes() -> tuple[Change, ...]:
    """Return the changes of the interface, the newest first; none where no file tells of them."""
    return _changes(str(folder()))


def in_force() -> dict[str, str]:
    """Return the fingerprint of each operation as the changes, all together, leave it."""
    found: dict[str, str | None] = {}
    for change in reversed(changes()):
        found.update(change.operations)
    return {name: mark for name, mark in found.items() if mark is not None}


def planned(at: datetime) -> tuple[Maintenance, ...]:
    """Return the maintenance that has not ended yet, the next first."""
    return tuple(one for one in _maintenance(str(folder())) if one.ends > at)


def forget() -> None:
    """Read the files anew at the next use."""
    _changes.cache_clear()
    _maintenance.cache_clear()


@lru_cache(maxsize=4)
def _changes(path: str) -> tuple[Change, ...]:
    # The file is written from the top; what is above came later on the same day.
    found = [_change(entry) for entry in _entries(path, CHANGES, "changes")]
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def _change(entry: Mapping[str, Any]) -> Change:
    try:
        day = day_or_none(entry["day"], file=CHANGES)
        if day is None:
            raise ValueError("day is empty")
        return Change(
            day=day,
            version=str(entry["version"]),
            kind=entry["kind"],
            title_vi=entry["title_vi"],
            title_en=entry["title_en"],
            text_vi=entry["text_vi"],
            text_en=entry["text_en"],
            operations={
                name: None if mark is None else str(mark)
                for name, mark in (entry.get("operations") or {}).items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogueEntryInvalid(file=CHANGES, what=repr(error)) from error


@lru_cache(maxsize=4)
def _maintenance(path: str) -> tuple[Maintenance, ...]:
    found = [_planned(entry) for entry in _entries(path, MAINTENANCE, "planned")]
    return tuple(sorted(found, key=lambda one: one.begins))


def _planned(entry: Mapping[str, Any]) -> Maintenance:
    try:
        return Maintenance(
            begins=_moment(entry["begins"]),
            ends=_moment(entry["ends"]),
            parts=tuple(entry["parts"]),
            text_vi=entry["text_vi"],
            text_en=entry["text_en"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=MAINTENANCE, what=repr(error)) from error


def _moment(value: object) -> datetime:
    """Read a moment; without a time zone it is meant in Vietnam."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _entries(path: str, file: str, name: str) -> Iterator[Mapping[str, Any]]:
    try:
        entries = yaml_of(Path(path) / file).get(name) or ()
    except CatalogueFileMissing:
        return
    if not isinstance(entries, list | tuple):
        raise CatalogueEntryInvalid(file=file, what=f"{name} is no list")
    yield from entries
