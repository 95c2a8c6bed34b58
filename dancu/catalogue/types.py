"""Values of the catalogue: frozen, typed, without Django and without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

Language = Literal["vi", "en"]
Rule = Literal["once", "authority", "latest"]
Sensitivity = Literal["basic", "personal", "sensitive"]
Mask = Literal["none", "pid", "tail", "name", "hide"]
Scope = Literal["jurisdiction", "guests", "presented", "own", "own_household", "country"]

#: From the least to the most sensitive; a limit allows itself and everything before it.
SENSITIVITIES: tuple[Sensitivity, ...] = ("basic", "personal", "sensitive")

#: The kind of source that never wins by itself: its claims await a decision.
CITIZEN = "citizen"


def in_force(valid_from: dt.date | None, valid_to: dt.date | None, day: dt.date) -> bool:
    """Say whether a half-open period holds the day; ``None`` is an open end."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day < valid_to)


@dataclass(frozen=True, slots=True)
class Label:
    """A name that people read, in both languages."""

    name: str
    label_vi: str
    label_en: str

    def label(self, language: str = "vi") -> str:
        """Return the label in the language; Vietnamese for any language but English."""
        return self.label_en if language.startswith("en") else self.label_vi


@dataclass(frozen=True, slots=True)
class Attribute(Label):
    """One entry of the data dictionary."""

    number: int
    statutory: int | None
    group: str
    facet: str
    type: str
    code_list: str | None
    rule: Rule
    authority: str
    then: tuple[str, ...]
    legal_basis: str
    sensitivity: Sensitivity
    freshness_days: int | None
    checks: tuple[str, ...]
    mask: Mask
    valid_from: dt.date

    @property
    def key(self) -> str:
        """The key of the attribute in stored claims."""
        return str(self.number)

    def rank(self, kind: str) -> int:
        """Return the strength of a kind of source: 0 never wins, 1 is unnamed, more is stronger."""
        if kind == CITIZEN:
            return 0
        order = (self.authority, *self.then)
        return len(order) - order.index(kind) + 1 if kind in order else 1


@dataclass(frozen=True, slots=True)
class Code(Label):
    """One value of a code list. ``name`` is the code; ``extra`` holds the list's own columns."""

    valid_from: dt.date | None
    valid_to: dt.date | None
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    @property
    def code(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of permitted values, in the order in which they are shown."""

    name: str
    codes: Mapping[str, Code] = field(hash=False)

    def __contains__(self, code: object) -> bool:
        """Say whether the code was ever permitted."""
        return code in self.codes

    def get(self, code: str) -> Code | None:
        """Return the code, or ``None``."""
        return self.codes.get(code)

    def label(self, code: str, language: str = "vi") -> str:
        """Return the label of a code; the code itself when it is not in the list."""
        found = self.codes.get(code)
        return found.label(language) if found else code

    def on(self, day: dt.date) -> tuple[Code, ...]:
        """Return the codes that are permitted on the day."""
        return tuple(c for c in self.codes.values() if in_force(c.valid_from, c.valid_to, day))

    def choices(self, language: str = "vi") -> list[tuple[str, str]]:
        """Return ``(code, label)`` pairs for a form."""
        return [(code, c.label(language)) for code, c in self.codes.items()]


@dataclass(frozen=True, slots=True)
class Role(Label):
    """What an actor may do, for which purposes, up to which sensitivity."""

    kind: str
    sensitivity: Sensitivity
    actions: frozenset[str]
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Purpose(Label):
    """Why people may be read: legal basis, who may use it, and how far it reaches.

    ``attributes`` holds the names of all permitted attributes (groups already resolved);
    ``unmasked`` those shown in full. For a purpose that does not mask, both are equal.
    ``actions`` are what may be done, beyond reading, in a case opened for it.
    """

    legal_basis: str
    roles: frozenset[str]
    attributes: frozenset[str]
    unmasked: frozenset[str]
    actions: frozenset[str]
    scope: Scope
    masked: bool
    case_number: Literal["required", "optional", "none"]
    valid_from: dt.date | None
    valid_to: dt.date | None
    #: Of whoever presents themselves: name and birth date, or at least one of them.
    particulars: Literal["all", "one"] = "all"

    def is_in_force(self, day: dt.date) -> bool:
        """Say whether the purpose may be used on the day."""
        return in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class SourceEntry(Label):
    """A source of claims as declared; ``name`` is its code."""

    kind: str
    agency: str | None
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class LocalSource(Label):
    """A pattern of sources, one for each unit with offices; ``name`` is the prefix."""

    level: str
    kind: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that is declared, read once."""

    groups: tuple[Label, ...]
    facets: tuple[Label, ...]
    checks: Mapping[str, Label] = field(hash=False)
    attributes: tuple[Attribute, ...]
    by_name: Mapping[str, Attribute] = field(hash=False)
    code_lists: Mapping[str, CodeList] = field(hash=False)
    actions: Mapping[str, Label] = field(hash=False)
    roles: Mapping[str, Role] = field(hash=False)
    purposes: Mapping[str, Purpose] = field(hash=False)
    source_kinds: Mapping[str, Label] = field(hash=False)
    sources: Mapping[str, SourceEntry] = field(hash=False)
    local_sources: tuple[LocalSource, ...]
