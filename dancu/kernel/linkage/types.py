"""What is linked, and what is said about two records."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Record:
    """A person as one source wrote it; an empty text is unknown.

    ``birth_date`` is a partial date as in ``dancu.kernel.dates``; ``sex`` is M or F;
    ``birth_place`` is text or the code of a unit, ``commune`` the code of a unit; ``address``
    begins with house and street.
    """

    key: str
    full_name: str = ""
    birth_date: str = ""
    sex: str = ""
    pid: str = ""
    old_id_number: str = ""
    father_name: str = ""
    mother_name: str = ""
    birth_place: str = ""
    commune: str = ""
    address: str = ""
    phone: str = ""


#: The columns of a table of records, in order.
COLUMNS = tuple(field.name for field in fields(Record))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one comparison says: its level and its weight.

    The weight is in bits: log2 of how many times more often the level is seen among pairs of one
    person than among pairs of two; term frequencies included. Unknown weighs nothing.
    """

    comparison: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, the sum of the evidence in bits (prior included), and its probability."""

    left: str
    right: str
    weight: float
    probability: float
    evidence: tuple[Evidence, ...]
