"""``dancu doctor``: is everything as it must be, and what to do where it is not.

A room adds a check in ``<room>/doctor.py``:

    @check("catalogue", label="The catalogue is valid")
    def catalogue_is_valid() -> Finding: ...

A check answers within seconds, changes nothing and never shows personal data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; ``remedy`` is empty when all is well."""

    verdict: Verdict
    detail: str
    remedy: str = ""


def good(detail: str) -> Finding:
    """All is well."""
    return Finding("good", detail)


def warning(detail: str, remedy: str) -> Finding:
    """It works, but somebody should look at it."""
    return Finding("warning", detail, remedy)


def bad(detail: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding("bad", detail, remedy)


Check = Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class NamedCheck:
    """A check with its stable name and its words for the reader."""

    name: str
    label: str
    run: Check
    needs_database: bool


_checks: dict[str, NamedCheck] = {}


def check(name: str, *, label: str, needs_database: bool = False) -> Callable[[Check], Check]:
    """Register the decorated function as a check."""

    def declare(run: Check) -> Check:
        _checks[name] = NamedCheck(name, label, run, needs_database)
        return run

    return declare


def checks() -> list[NamedCheck]:
    """Every check of every room, in the order in which they were registered."""
    from django.utils.module_loading import autodiscover_modules

    from dancu.operation import doctor_checks  # noqa: F401 - registers the platform's own

    autodiscover_modules("doctor")
    return list(_checks.values())


def examine(item: NamedCheck) -> Finding:
    """Run a check; one that fails itself is a finding too."""
    try:
        return item.run()
    except Exception as error:  # noqa: BLE001 - the doctor goes on to the next check
        line = (str(error).strip().splitlines() or [""])[0]
        return bad(f"{type(error).__name__}: {line}", "mend what is named and run this again")
