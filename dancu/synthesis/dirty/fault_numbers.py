"""Faults of identification numbers and telephone numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.kernel import phones

if TYPE_CHECKING:
    from collections.abc import Callable

    from dancu.synthesis.dirty.drafts import Draft

PID_LENGTH = 12
#: Prefixes of ten-digit numbers and the four digits that they had before September 2018.
OLD_PREFIXES = {new: old for old, new in phones.OLD_PREFIXES.items()}


def _pid(draft: Draft) -> str:
    """Return the PID if it still stands in the row untouched."""
    pid = draft.text("pid")
    return pid if pid == draft.truth.pid else ""


def leading_zero_lost(draft: Draft, _: int) -> bool:
    """079… becomes the number 79…."""
    pid = _pid(draft)
    if not pid.startswith("0"):
        return False
    draft.cells["pid"] = int(pid)
    return True


def scientific(draft: Draft, _: int) -> bool:
    """The number is shown as a spreadsheet shows a long number."""
    pid = _pid(draft)
    if pid:
        draft.cells["pid"] = f"{int(pid):.5E}"
    return bool(pid)


def too_short(draft: Draft, draw: int) -> bool:
    """A digit in the middle is missing."""
    pid = _pid(draft)
    if pid:
        cut = 4 + draw % 7
        draft.cells["pid"] = pid[:cut] + pid[cut + 1 :]
    return bool(pid)


def letter_for_zero(draft: Draft, _: int) -> bool:
    """A letter O stands for a zero."""
    pid = _pid(draft)
    if "0" not in pid[1:]:
        return False
    where = pid.index("0", 1)
    draft.cells["pid"] = f"{pid[:where]}O{pid[where + 1 :]}"
    return True


def unknown_province(draft: Draft, draw: int) -> bool:
    """The first three digits belong to no province."""
    pid = _pid(draft)
    if pid:
        draft.cells["pid"] = ("003", "097", "099", "050")[draw & 3] + pid[3:]
    return bool(pid)


def wrong_sex(draft: Draft, _: int) -> bool:
    """The fourth digit belongs to the other sex."""
    pid = _pid(draft)
    if pid:
        draft.cells["pid"] = f"{pid[:3]}{int(pid[3]) ^ 1}{pid[4:]}"
    return bool(pid)


def wrong_year(draft: Draft, draw: int) -> bool:
    """The two digits of the year belong to another year."""
    pid = _pid(draft)
    if pid:
        year = (int(pid[4:6]) + 1 + draw % 98) % 100
        draft.cells["pid"] = f"{pid[:4]}{year:02d}{pid[6:]}"
    return bool(pid)


def old_number_only(draft: Draft, _: int) -> bool:
    """Only the old 9-digit number is known."""
    if not _pid(draft) or not draft.person.old_id:
        return False
    draft.cells["pid"] = draft.person.old_id
    return True


def no_number(draft: Draft, _: int) -> bool:
    """There is no number at all."""
    if not _pid(draft):
        return False
    draft.cells["pid"] = ""
    return True


def cancelled(draft: Draft, _: int) -> bool:
    """The number that was cancelled and given anew."""
    if not _pid(draft) or not draft.person.wrong_pid:
        return False
    draft.cells["pid"] = draft.person.wrong_pid
    return True


def eleven_digits(draft: Draft, _: int) -> bool:
    """The telephone number as it was before 2018."""
    phone = draft.text("phone")
    old = OLD_PREFIXES.get(phone[:3])
    if old is None:
        return False
    draft.cells["phone"] = old + phone[3:]
    return True


CHANGES: dict[str, Callable[[Draft, int], bool]] = {
    "LEADING_ZERO_LOST": leading_zero_lost,
    "SCIENTIFIC": scientific,
    "LEN": too_short,
    "NONDIGIT": letter_for_zero,
    "PROV_UNKNOWN": unknown_province,
    "SEX_MISMATCH": wrong_sex,
    "YEAR_MISMATCH": wrong_year,
    "CMND_ONLY": old_number_only,
    "PID_MISSING": no_number,
    "CANCELLED": cancelled,
    "PHONE_11": eleven_digits,
}
