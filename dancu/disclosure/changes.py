"""What is noticed of people's changes, and what an agency is told of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from dancu.disclosure.inquiries import Inquiry


class Change(StrEnum):
    """What happened to somebody; the names are those of contracts."""

    DEATH = "death"
    NAME_CHANGE = "name_change"
    MOVE = "move"
    PID_CANCELLED = "pid_cancelled"
    CARD_ISSUED = "card_issued"


class Nature(StrEnum):
    """How the register came to hold something else.

    ``CORRECTED``: what was told before was wrong, this is right. ``WITHDRAWN``: what was told did
    not happen; what held before holds again.
    """

    HAPPENED = "happened"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the truth has been read: the last statement and the last withdrawal."""

    statement: int
    annulment: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A reach noted at a moment, and the first transaction that began after it."""

    reach: Reach
    transaction: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """One change of one person, without any value.

    ``statement``: the one that holds now, ``former`` the one that held before; keys of the
    register, 0 for none.
    """

    person_id: int
    change: Change
    nature: Nature
    statement: int
    former: int


@dataclass(frozen=True, slots=True)
class ToTell:
    """A change that an agency is to be told of, with the attributes that may go with it.

    ``inquiry`` says to whom and for which purpose. With ``tells_pid`` the agency learns whose
    change it is by the number; else it knows by its own subscription. ``leaves``: by this move the
    person left the contract's area, the only thing that is told of people outside it.
    """

    person_id: int
    change: Change
    former: int
    inquiry: Inquiry
    attributes: tuple[str, ...]
    tells_pid: bool = False
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A value of today, the code of the source that it rests on, and since when it holds."""

    value: object
    source: str
    since: date


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of one change.

    ``successor``: of a cancelled PID, whether the person has another. ``is_elsewhere``: the person
    has left the contract's area; nothing but that is told.
    """

    facts: Mapping[str, ToldFact] = field(default_factory=dict)
    successor: bool | None = None
    pid: str | None = None
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What an agency is told at once; ``None`` for somebody of whom nothing may be told.

    ``record`` is the number of the access records.
    """

    record: int
    tellings: tuple[Telling | None, ...]
