"""What the door out gives: frozen values, ready to be shown, holding nothing that may not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from dancu.catalogue import attribute, code_list, groups
from dancu.catalogue.types import Attribute
from dancu.disclosure import words
from dancu.kernel.dates import PartialDate
from dancu.population.search import Kind as SearchKind
from dancu.population.search import Matched

#: A person, by the register's key or by any PID they ever had.
Subject = int | str
#: No key of the register is beyond this, so whoever asks for one asks for nobody.
LARGEST_KEY = 2**63 - 1
#: Empty where the purpose does not permit it.
Status = Literal["alive", "dead", "missing", "merged", "cancelled", ""]


@dataclass(frozen=True, slots=True)
class Address:
    """An address as its source wrote it. ``is_sure`` is about ``unit_now``, today's commune."""

    id: int
    text: str
    unit_code: str
    unit_now: str
    unit_name: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Event:
    """The civil event that caused a fact. ``registered_by`` is an account."""

    id: int
    kind: str
    number: str
    office: str
    happened_on: date
    registered_at: datetime
    registered_by: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from. ``entered_by`` is an account; identity knows its name."""

    statement_id: int
    source: str
    evidence_kind: str
    evidence: str
    since: date
    recorded_at: datetime | None = None
    entered_by: int | None = None
    event: Event | None = None

    def source_label(self, language: str = "vi") -> str:
        """Return the name of the source."""
        return words.source_label(self.source, language)

    def evidence_label(self, language: str = "vi") -> str:
        """Return the name of the kind of evidence."""
        return words.evidence_label(self.evidence_kind, language)


@dataclass(frozen=True, slots=True)
class OfAttribute:
    """Something about one attribute of the data dictionary."""

    attribute: str

    @property
    def entry(self) -> Attribute:
        """The entry of the data dictionary."""
        return attribute(self.attribute)

    @property
    def group(self) -> str:
        """The heading under which officers find it."""
        return self.entry.group

    def label(self, language: str = "vi") -> str:
        """Return the name of the attribute."""
        return self.entry.label(language)


@dataclass(frozen=True, slots=True)
class Fact(OfAttribute):
    """One disclosed fact. A masked one holds the masked text only.

    ``is_none``: known to have none. ``confirmed_on``: the last day on which a source said so.
    ``can_reveal``: it is masked, and ``services.reveal`` may show it in full.
    """

    value: object
    is_masked: bool = False
    origin: Origin | None = None
    confirmed_on: date | None = None
    is_stale: bool = False
    has_conflict: bool = False
    can_reveal: bool = False

    @property
    def is_none(self) -> bool:
        return self.value is None

    def text(self, language: str = "vi") -> str:
        """Return the value as people read it."""
        return _text(self, self.value, language)


@dataclass(frozen=True, slots=True)
class Span(OfAttribute):
    """A value that held from ``start`` until ``end`` (half-open, ``None``: until now)."""

    value: object
    is_masked: bool
    start: date
    end: date | None
    origin: Origin
    confirmations: tuple[Origin, ...] = ()

    def text(self, language: str = "vi") -> str:
        """Return the value as people read it."""
        return _text(self, self.value, language)


@dataclass(frozen=True, slots=True)
class Conflict(OfAttribute):
    """A claim that lost and says something else than the one that holds (``against_value``)."""

    value: object
    is_masked: bool
    origin: Origin | None
    against_value: object
    against: Origin | None
    opened_at: datetime
    settled_at: datetime | None
    settled_by: int | None
    outcome: str | None
    reason: str | None
    statement_id: int

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    def text(self, language: str = "vi") -> str:
        """Return the losing value as people read it."""
        return _text(self, self.value, language)

    def against_text(self, language: str = "vi") -> str:
        """Return the value that holds as people read it."""
        return _text(self, self.against_value, language)


def _text(shown: Fact | Span | Conflict, value: object, language: str) -> str:
    if shown.is_masked:
        return "" if value is None else str(value)
    return words.text_of(shown.entry, value, language)


@dataclass(frozen=True, slots=True)
class PidEntry:
    """One number of a person, masked where the purpose masks it; cancelled ones stay."""

    pid: str
    valid_from: date
    cancelled_on: date | None
    cancel_reason: str | None


@dataclass(frozen=True, slots=True)
class Relative:
    """A relative. Of one outside the actor's area, initials, or what the person's own facts say.

    ``role``: father, mother, spouse, guardian, child, sibling, or a code of the list
    ``relationships`` for members of a household. ``person_id`` is there when the actor may open it.
    """

    role: str
    name: str
    pid: str = ""
    sex: str = ""
    birth_year: int | None = None
    is_inside: bool = False
    in_register: bool = False
    is_alive: bool = True
    person_id: int | None = None

    def role_label(self, language: str = "vi") -> str:
        """Return the role in words."""
        relationships = code_list("relationships")
        if self.role in relationships:
            return relationships.label(self.role, language)
        return words.kin_label(self.role, self.sex, language)


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline: a fact that began to hold, a civil event, or a number."""

    day: date
    kind: Literal["fact", "event", "pid"]
    span: Span | None = None
    event: Event | None = None
    pid: PidEntry | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """Who this is, at the head of a page; what the purpose does not permit is empty."""

    person_id: int
    name: str
    pid: str
    pid_is_masked: bool
    sex: str
    birth_date: PartialDate | None
    residence: str
    status: Status
    death_date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The facts of one person that were asked for and may be seen, by attribute name."""

    person_id: int
    header: Header
    facts: Mapping[str, Fact]
    record: int


@dataclass(frozen=True, slots=True)
class Group:
    """Facts under one heading, in the order of the data dictionary."""

    name: str
    facts: tuple[Fact, ...]

    def label(self, language: str = "vi") -> str:
        """Return the heading."""
        return next(g.label(language) for g in groups() if g.name == self.name)


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about one person that the purpose permits."""

    header: Header
    groups: tuple[Group, ...]
    facts: Mapping[str, Fact]
    history: Mapping[str, tuple[Span, ...]]
    conflicts: tuple[Conflict, ...]
    timeline: tuple[Happening, ...]
    pids: tuple[PidEntry, ...]
    family: tuple[Relative, ...]
    household: tuple[Relative, ...]
    as_of: date | None
    known_at: datetime | None
    first_day: date | None
    record: int


@dataclass(frozen=True, slots=True)
class Criteria:
    """What somebody looks for: one box (``text``), fields, or both. Dates as people write them."""

    text: str = ""
    pid: str = ""
    old_id_number: str = ""
    name: str = ""
    birth: str = ""
    sex: str = ""
    commune: str = ""
    address: str = ""
    household: str = ""
    window: int = 1


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One person found; the PID is masked. ``is_stay``: here by temporary or current residence."""

    person_id: int
    name: str
    pid: str
    sex: str
    birth_year: int | None
    commune_name: str
    address: str
    status: Status
    matched: Matched
    is_stay: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A window of people found. ``narrow``: more fit than are looked through; say more.

    ``understood`` tells what the one box was taken to mean, by field of ``Criteria``.
    """

    rows: tuple[SearchRow, ...]
    window: int
    has_next: bool
    kind: SearchKind
    narrow: bool = False
    understood: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One access in plain words. The person and the account are given to auditors only.

    ``record`` is its number in the log.
    """

    record: int
    at: datetime
    kind: str
    purpose: str
    agency: str
    office: str
    role: str
    attributes: tuple[str, ...]
    masked: tuple[str, ...]
    case: str
    refusal: str
    person_id: int | None = None
    name: str = ""
    pid: str = ""
    account_id: int | None = None
    #: Of an agency that asked through the exchange; ``agent`` is its own officer, for auditors.
    contract: str = ""
    agent: str = ""
    #: What an agency holds otherwise than the register, of the attributes that it compared.
    differing: tuple[str, ...] = ()
    #: Refused because more values were tried on the person than the contract allows.
    is_overtried: bool = False

    @property
    def is_refused(self) -> bool:
        return bool(self.refusal)

    def purpose_label(self, language: str = "vi") -> str:
        """Return the purpose in words."""
        return words.purpose_label(self.purpose, language, contract=self.contract)

    def role_label(self, language: str = "vi") -> str:
        """Return the role of who looked."""
        return words.role_label(self.role, language)

    def kind_label(self, language: str = "vi") -> str:
        """Return what kind of access it was."""
        return words.kind_label(self.kind, language)

    def attribute_labels(self, language: str = "vi") -> tuple[str, ...]:
        """Return the names of what was shown, masked or not."""
        return tuple(attribute(a).label(language) for a in (*self.attributes, *self.masked))


@dataclass(frozen=True, slots=True)
class AccessPage:
    """A window of the access log, the newest first."""

    rows: tuple[AccessRow, ...]
    window: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class LookGroup:
    """Looks that belong together: one day in Vietnam, office, role, purpose, case and outcome.

    ``newest`` are the last of the ``count`` looks; ``by_kind`` has one row for each kind among all
    of them, with everything that was seen in that way.
    """

    newest: tuple[AccessRow, ...]
    by_kind: tuple[AccessRow, ...]
    count: int
    first: datetime
    last: datetime
    office_code: str


@dataclass(frozen=True, slots=True)
class LookGroups:
    """A window of groups of looks, the newest first."""

    groups: tuple[LookGroup, ...]
    window: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class LooksAsked:
    """Which looks at themselves a citizen asks for; ``until`` is the first day not wanted.

    ``office`` is a code; ``attributes`` are names, of which at least one was seen; ``record`` is
    the number of the one look.
    """

    since: date | None = None
    until: date | None = None
    office: str = ""
    attributes: tuple[str, ...] = ()
    include_own: bool = False
    record: int | None = None


@dataclass(frozen=True, slots=True)
class LogCriteria:
    """What an auditor looks for in the access log; ``until`` is the first day not wanted.

    ``person_id`` is for whoever comes from a report, in which there is no PID. What the auditor
    reads of the log is written down with every page of it, and left out unless asked for.
    """

    pid: str = ""
    person_id: int | None = None
    account_id: int | None = None
    office: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None
    refused_only: bool = False
    include_own_reading: bool = False
    window: int = 1
