"""General checks and rounds: whom they visit, what is asked at the door, what an answer leads to.

Declared in ``catalogue/campaigns``, one file each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from dancu.catalogue.conditions import ConditionError, Node, parse
from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.catalogue.quality import quality, vocabulary
from dancu.catalogue.types import Label, in_force

Subjects = Literal["residents", "stayers", "lodgers", "cancelled_numbers"]
#: What an answer says of a person: as registered, or otherwise.
LeadsTo = Literal["confirmed", "differs", "moved", "absent", "not_found", "refused"]
Service = Literal[
    "none", "correct", "move", "stay", "stay_end", "absence", "death", "number", "admit"
]
CONFIRMED: LeadsTo = "confirmed"
#: What an officer does in a round, and which purpose a round may have.
VISIT = "round.visit"


@dataclass(frozen=True, slots=True)
class Answer(Label):
    """One answer to a question. ``attribute`` is what ``correct`` corrects."""

    leads_to: LeadsTo
    service: Service
    attribute: str


@dataclass(frozen=True, slots=True)
class Question(Label):
    """What is asked about each person; the first answer leaves everything as it stands."""

    answers: tuple[Answer, ...]

    def answer(self, name: str) -> Answer | None:
        """Return the answer of a name."""
        return next((one for one in self.answers if one.name == name), None)


@dataclass(frozen=True, slots=True)
class CampaignKind(Label):
    """A general check or a round. ``condition`` narrows ``subjects``; ``None``: all of them."""

    checks_vi: str
    checks_en: str
    subjects: Subjects
    when: str
    purpose: str
    shows: tuple[str, ...]
    confirms: tuple[str, ...]
    legal_basis: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    questions: tuple[Question, ...]
    condition: Node | None = field(hash=False, compare=False)

    def checks(self, language: str = "vi") -> str:
        """Return what is checked."""
        return self.checks_en if language.startswith("en") else self.checks_vi

    def is_in_force(self, day: dt.date) -> bool:
        """Say whether a campaign of this kind may be opened on the day."""
        return in_force(self.valid_from, self.valid_to, day)

    def question(self, name: str) -> Question | None:
        """Return the question of a name."""
        return next((one for one in self.questions if one.name == name), None)


def campaign_kinds() -> Mapping[str, CampaignKind]:
    """Return all kinds by name, whether in force or not. Raises ``CatalogueEntryInvalid``."""
    return _read(str(folder()))


def forget() -> None:
    """Read the files anew at the next use."""
    _read.cache_clear()


@lru_cache(maxsize=4)
def _read(path: str) -> Mapping[str, CampaignKind]:
    files = sorted((Path(path) / "campaigns").glob("*.yaml"))
    kinds = [_kind(yaml_of(file), f"campaigns/{file.name}") for file in files]
    return MappingProxyType({kind.name: kind for kind in kinds})


def _kind(data: Mapping[str, Any], file: str) -> CampaignKind:
    try:
        entry = data["campaign"]
        return CampaignKind(
            **_labels(entry),
            checks_vi=entry["checks_vi"],
            checks_en=entry["checks_en"],
            subjects=entry["subjects"],
            when=entry["when"] or "",
            purpose=entry["purpose"],
            shows=tuple(entry["shows"]),
            confirms=tuple(entry["confirms"]),
            legal_basis=entry["legal_basis"],
            valid_from=day_or_none(entry["valid_from"], file=file),
            valid_to=day_or_none(entry["valid_to"], file=file),
            questions=tuple(_question(one) for one in entry["questions"]),
            condition=_condition(entry["when"]),
        )
    except (ConditionError, KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=file, what=repr(error)) from error


def _condition(text: str | None) -> Node | None:
    if not text:
        return None
    nodes = {name: one.condition for name, one in quality().populations.items()}
    return parse(text, vocabulary(nodes, "person"))


def _question(entry: Mapping[str, Any]) -> Question:
    return Question(**_labels(entry), answers=tuple(_answer(one) for one in entry["answers"]))


def _answer(entry: Mapping[str, Any]) -> Answer:
    return Answer(
        **_labels(entry),
        leads_to=entry["leads_to"],
        service=entry["service"],
        attribute=entry.get("attribute", ""),
    )


def _labels(entry: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(entry[name]) for name in ("name", "label_vi", "label_en")}
