"""Faults of birth dates. Cells are ``dd/mm/yyyy``, ``mm/yyyy`` or ``yyyy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dancu.synthesis.dirty.drafts import Draft

MONTHS = 12
PARTS = 3


def _parts(draft: Draft) -> list[str]:
    """Return day, month and year; nothing when the date is partial or changed already."""
    parts = draft.text("birth").split("/")
    return parts if len(parts) == PARTS and len(parts[2]) == len("yyyy") else []


def _set(draft: Draft, text: str) -> bool:
    changed = text != draft.text("birth")
    draft.cells["birth"] = text
    return changed


def invalid(draft: Draft, draw: int) -> bool:
    """A day that no calendar has."""
    parts = _parts(draft)
    day = ("30/02", "31/04", "32/01", "00/00")[draw & 3]
    return bool(parts) and _set(draft, f"{day}/{parts[2]}")


def day_month_swap(draft: Draft, _: int) -> bool:
    """Day and month change places, where that makes a date."""
    parts = _parts(draft)
    if not parts or int(parts[0]) > MONTHS:
        return False
    return _set(draft, f"{parts[1]}/{parts[0]}/{parts[2]}")


def year_only(draft: Draft, _: int) -> bool:
    """Only the year is written."""
    parts = _parts(draft)
    return bool(parts) and _set(draft, parts[2])


def future(draft: Draft, draw: int) -> bool:
    """A year that has not come."""
    parts = _parts(draft)
    return bool(parts) and _set(draft, f"{parts[0]}/{parts[1]}/{2030 + draw % 60}")


def too_old(draft: Draft, draw: int) -> bool:
    """A year that makes the person more than 120."""
    parts = _parts(draft)
    return bool(parts) and _set(draft, f"{parts[0]}/{parts[1]}/{1880 + draw % 20}")


def two_digit_year(draft: Draft, _: int) -> bool:
    """The century is left out."""
    parts = _parts(draft)
    return bool(parts) and _set(draft, f"{parts[0]}/{parts[1]}/{parts[2][2:]}")


def first_of_january(draft: Draft, _: int) -> bool:
    """1 January stands for an unknown day."""
    year = draft.text("birth").split("/")[-1]
    return len(year) == len("yyyy") and _set(draft, f"01/01/{year}")


CHANGES: dict[str, Callable[[Draft, int], bool]] = {
    "DATE_INVALID": invalid,
    "DAY_MONTH_SWAP": day_month_swap,
    "YEAR_ONLY": year_only,
    "FUTURE": future,
    "AGE_OVER_120": too_old,
    "TWO_DIGIT_YEAR": two_digit_year,
    "FIRST_OF_JANUARY": first_of_january,
}
