"""The specialised files as ``catalogue/synthesis/dirty.yaml`` declares them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dancu.catalogue.files import folder, yaml_of
from dancu.synthesis.errors import UnknownDirtyFile

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Sheet:
    """One specialised file: who is in it, what it says, and how often it errs."""

    name: str
    file: str
    title: str
    ages: tuple[int, int]
    share: float
    dead_kept: float
    needs_phone: bool
    upper_case: bool
    sexes: tuple[str, str]
    columns: tuple[tuple[str, str], ...]
    rates: Mapping[str, float]
    most_faults: int
    truncated: bool


@lru_cache(maxsize=1)
def sheets() -> dict[str, Sheet]:
    """Return all specialised files by name, in the order of the catalogue."""
    config = yaml_of(folder() / "synthesis" / "dirty.yaml")
    return {name: _sheet(name, entry, config) for name, entry in config["files"].items()}


def chosen(names: list[str] | None) -> list[Sheet]:
    """Return the sheets of these names (all when none is named). Raises ``UnknownDirtyFile``."""
    known = sheets()
    for name in names or ():
        if name not in known:
            raise UnknownDirtyFile(name=name, known=", ".join(known))
    return [known[name] for name in names or known]


def _sheet(name: str, entry: Mapping[str, Any], config: Mapping[str, Any]) -> Sheet:
    man, woman = entry["sex"]
    first, up_to = entry["ages"]
    return Sheet(
        name=name,
        file=entry["file"],
        title=entry["sheet"],
        ages=(first, up_to),
        share=float(entry["share"]),
        dead_kept=float(entry.get("dead_kept", config["dead_kept"])),
        needs_phone=bool(entry.get("needs_phone")),
        upper_case=bool(entry.get("upper_case")),
        sexes=(str(man), str(woman)),
        columns=tuple((heading, value) for heading, value in entry["columns"]),
        rates={**config["rates"], **entry.get("rates", {})},
        most_faults=config["most_faults"],
        truncated=name in config["truncated"],
    )
