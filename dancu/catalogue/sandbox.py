"""The invented people of the sandbox, with the answers that are known about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import folder, yaml_of

_FILE = "sandbox_people.yaml"


@dataclass(frozen=True, slots=True)
class Example:
    """Claims and questions, and the answer to them.

    ``attributes``: ``result`` or ``result reason`` of what is not simply a match. ``questions``:
    key → answer.
    """

    claims: Mapping[str, str] = field(hash=False)
    outcome: str
    successor: bool | None
    attributes: Mapping[str, str] = field(hash=False)
    questions: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """One invented person; values in their stored form, ``facts`` by name of the attribute."""

    pid: str
    full_name: str
    birth_date: str
    sex: str
    status: Literal["alive", "dead", "missing"]
    residence: str
    unit: str
    former: tuple[str, ...]
    old_id_number: str | None
    facts: Mapping[str, str] = field(hash=False)
    examples: tuple[Example, ...]


def sandbox_people() -> tuple[SandboxPerson, ...]:
    """Return the invented people in the order of the file."""
    return _read(str(folder()))


def forget() -> None:
    """Read the file anew at the next use."""
    _read.cache_clear()


@lru_cache(maxsize=4)
def _read(path: str) -> tuple[SandboxPerson, ...]:
    try:
        return tuple(map(_person, yaml_of(Path(path) / _FILE)["people"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise CatalogueEntryInvalid(file=_FILE, what=repr(error)) from error


def _person(entry: Mapping[str, Any]) -> SandboxPerson:
    return SandboxPerson(
        pid=entry["pid"],
        full_name=entry["full_name"],
        birth_date=entry["birth_date"],
        sex=entry["sex"],
        status=entry["status"],
        residence=entry["permanent_residence"]["text"],
        unit=entry["permanent_residence"]["unit"],
        former=tuple(entry.get("former", ())),
        old_id_number=entry.get("old_id_number"),
        facts=MappingProxyType(dict(entry["facts"])),
        examples=tuple(map(_example, entry["examples"])),
    )


def _example(entry: Mapping[str, Any]) -> Example:
    return Example(
        claims=MappingProxyType(dict(entry["claims"])),
        outcome=entry["outcome"],
        successor=entry.get("successor"),
        attributes=MappingProxyType(dict(entry.get("attributes", {}))),
        questions=MappingProxyType(dict(entry.get("questions", {}))),
    )
