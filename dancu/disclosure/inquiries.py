"""What agencies ask about people, and the only things they are told: never a register's value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dancu.kernel.compare import Compared


class Outcome(StrEnum):
    """What became of one verification."""

    FULL_MATCH = "full_match"
    FACTS_DIFFER = "facts_differ"
    ONE_CANDIDATE = "one_candidate"
    SEVERAL_CANDIDATES = "several_candidates"
    NOT_FOUND = "not_found"
    DEAD = "dead"
    PID_CANCELLED = "pid_cancelled"


@dataclass(frozen=True, slots=True)
class Question:
    """A yes-or-no question: ``is_alive``, ``is_at_least`` years, ``lives_in`` a unit's code."""

    name: str
    argument: str | int | None = None

    @property
    def key(self) -> str:
        """Return the name under which it is answered: ``is_at_least:18``, ``is_alive``."""
        return self.name if self.argument is None else f"{self.name}:{self.argument}"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One person asked about: the facts as the agency holds them, and questions.

    ``office``, ``source``, ``contract``, ``client_id``, ``user`` and ``request_id`` say who asks
    and go into the access record. ``scope``: units whose people may be asked about, ``None`` for
    all. ``refusal`` is the code of the error when the asking was refused: nobody is looked for.
    ``is_sandbox``: only the invented people of the catalogue are looked for. ``most_values``: how
    many different values of one attribute or question may be tried on one person in a day; 0 for
    any number.
    """

    claims: Mapping[str, object]
    questions: tuple[Question, ...]
    purpose: str
    office: str
    source: str
    contract: str
    client_id: int | None = None
    user: str = ""
    request_id: str = ""
    case: str = ""
    scope: frozenset[str] | None = None
    refusal: str = ""
    is_sandbox: bool = False
    most_values: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is told of one inquiry. ``successor``: of a cancelled PID, whether another exists.

    ``overtried``: the attribute or question of which too many values were tried on this person
    today; then nothing else of the verdict may be told.
    """

    record: int
    outcome: Outcome
    successor: bool | None
    attributes: Mapping[str, Compared]
    answers: Mapping[str, str]
    overtried: str = ""
