"""The steps of a one-stop desk, why they fail, and its extract (``one_stop.yaml``), by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.catalogue.types import Label, in_force

_FILE = "one_stop.yaml"
#: The last step, at which a paper may be asked for.
PAPER = 5


@dataclass(frozen=True, slots=True)
class Dated(Label):
    """Something with a name that holds in a period, half-open."""

    valid_from: dt.date | None
    valid_to: dt.date | None

    def is_in_force(self, day: dt.date) -> bool:
        """Say whether it holds on the day."""
        return in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Step(Dated):
    """One way of learning the residence; ``reasons`` are those for which it may have failed."""

    number: int
    short_vi: str
    short_en: str
    legal_basis: str
    reasons: tuple[str, ...]

    def short(self, language: str = "vi") -> str:
        """Return the name for a column."""
        return self.short_en if language.startswith("en") else self.short_vi


@dataclass(frozen=True, slots=True)
class ExtractRule:
    """On what law the extract rests, and for how many days it is shown as valid."""

    legal_basis: str
    valid_days: int
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class OneStop:
    """What holds on a day."""

    steps: tuple[Step, ...]
    reasons: Mapping[str, Dated]
    papers: Mapping[str, Dated]
    extract: ExtractRule

    def reasons_of(self, number: int) -> tuple[Dated, ...]:
        """Return the reasons for which a step may have failed, in the declared order."""
        names = next((one.reasons for one in self.steps if one.number == number), ())
        return tuple(self.reasons[name] for name in names if name in self.reasons)


D = TypeVar("D", bound=Dated)


def one_stop(day: dt.date) -> OneStop:
    """Return the rules of a day. Raises ``CatalogueEntryInvalid``."""
    steps, reasons, papers, extracts = _read(str(folder()))
    rules = [one for one in extracts if in_force(one.valid_from, one.valid_to, day)]
    if not rules:
        raise CatalogueEntryInvalid(file=_FILE, what=f"no extract on {day.isoformat()}")
    return OneStop(
        steps=tuple(one for one in steps if one.is_in_force(day)),
        reasons=_by_name(reasons, day),
        papers=_by_name(papers, day),
        extract=rules[-1],
    )


def words(kind: str, name: str, language: str = "vi") -> str:
    """Return the label of a reason or a paper, in force or not; the name when it is unknown."""
    _steps, reasons, papers, _extracts = _read(str(folder()))
    entries = reasons if kind == "reason" else papers
    return next((one.label(language) for one in entries if one.name == name), name)


def _by_name(entries: Iterable[D], day: dt.date) -> dict[str, D]:
    return {one.name: one for one in entries if one.is_in_force(day)}


@lru_cache(maxsize=4)
def _read(
    path: str,
) -> tuple[tuple[Step, ...], tuple[Dated, ...], tuple[Dated, ...], tuple[ExtractRule, ...]]:
    data = yaml_of(Path(path) / _FILE)
    try:
        steps = tuple(_step(entry) for entry in data["steps"])
        known = {entry["name"] for entry in data["reasons"]}
        for step in steps:
            if unknown := set(step.reasons) - known:
                raise CatalogueEntryInvalid(
                    file=_FILE, what=f"step {step.number} names unknown reasons: {sorted(unknown)}"
                )
        return (
            tuple(sorted(steps, key=lambda one: one.number)),
            tuple(Dated(**_common(entry)) for entry in data["reasons"]),
            tuple(Dated(**_common(entry)) for entry in data["papers"]),
            tuple(_extract(entry) for entry in data["extract"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=_FILE, what=repr(error)) from error


def _common(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": entry["name"],
        "label_vi": entry["label_vi"],
        "label_en": entry["label_en"],
        **_period(entry),
    }


def _period(entry: Mapping[str, Any]) -> dict[str, dt.date | None]:
    return {
        "valid_from": day_or_none(entry["valid_from"], file=_FILE),
        "valid_to": day_or_none(entry["valid_to"], file=_FILE),
    }


def _step(entry: Mapping[str, Any]) -> Step:
    return Step(
        **_common(entry),
        number=int(entry["number"]),
        short_vi=entry["short_vi"],
        short_en=entry["short_en"],
        legal_basis=entry["legal_basis"],
        reasons=tuple(entry["reasons"]),
    )


def _extract(entry: Mapping[str, Any]) -> ExtractRule:
    return ExtractRule(
        legal_basis=entry["legal_basis"], valid_days=int(entry["valid_days"]), **_period(entry)
    )
