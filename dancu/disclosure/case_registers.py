"""Cases that live in this platform: an agency that names one is held to it.

A room that keeps cases registers how to read its numbers. For a number of that form the case must
be open and about the person who is asked about; numbers of any other form are the agency's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dancu.population import work

#: Given the number's groups: the person whom the open case is about; ``None`` when none is open.
AboutWhom = Callable[[re.Match[str]], int | None]


@dataclass(frozen=True, slots=True)
class CaseRegister:
    """How the numbers of one kind of case are read."""

    pattern: re.Pattern[str]
    about: AboutWhom


_registers: dict[str, CaseRegister] = {}


def register(name: str, pattern: str, about: AboutWhom) -> None:
    """Register cases whose whole number fits the pattern; the same name again replaces it."""
    _registers[name] = CaseRegister(re.compile(pattern, re.ASCII | re.IGNORECASE), about)


def is_case_of(number: str, person_id: int) -> bool:
    """Say whether a number may stand for a look-up of this person.

    It may not when the case lives here and is closed, unknown, or about somebody else.
    """
    for known in _registers.values():
        found = known.pattern.fullmatch(number.strip())
        if found is not None:
            return known.about(found) == person_id
    return True


def _of_request(found: re.Match[str]) -> int | None:
    row = work.request(int(found[1]))
    return row.person_id if row is not None and row.state == "waiting" else None


#: A citizen's request for a correction: ``YC-`` and its number, with whatever dash was typed.
register("correction", r"YC\s*[-\u2010-\u2015\u2212]\s*(\d{1,15})", _of_request)
