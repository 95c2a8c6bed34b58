"""Values of the agencies register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceValue:
    """A source of claims."""

    code: str
    kind: str
    agency_code: str
    name_vi: str
    name_en: str
    valid_from: dt.date | None
    valid_to: dt.date | None

    def label(self, language: str = "vi") -> str:
        """Return the name in the language; Vietnamese for any language but English."""
        return self.name_en if language.startswith("en") else self.name_vi


@dataclass(frozen=True, slots=True)
class OfficeValue:
    """An office with the code of its agency and of its source (empty when it makes no claims)."""

    code: str
    agency_code: str
    name_vi: str
    name_en: str
    serves: tuple[str, ...]
    source: str

    def label(self, language: str = "vi") -> str:
        """Return the name in the language; Vietnamese for any language but English."""
        return self.name_en if language.startswith("en") else self.name_vi


@dataclass(frozen=True, slots=True)
class OfficerValue:
    """An officer with the office that he or she acts for."""

    id: int
    name: str
    title: str
    office: OfficeValue
    roles: frozenset[str]
    jurisdictions: frozenset[str]
    active_from: dt.date
    active_to: dt.date | None

    def is_active_on(self, day: dt.date) -> bool:
        """Say whether the appointment holds on the day."""
        return self.active_from <= day and (self.active_to is None or day < self.active_to)
