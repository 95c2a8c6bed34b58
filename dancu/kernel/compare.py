"""Comparing what an agency holds with what the register holds, without telling the latter.

Every function takes the value that was *said* first and the *held* one second, and returns how the
first stands to the second. Pure: no database, no clock. Addresses and codes need catalogues and
are compared by whoever has them, with the same results and reasons; names by ``compare_names``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from dancu.kernel import syllables
from dancu.kernel.dates import InvalidDate, PartialDate, parse, parse_iso
from dancu.kernel.text import accent_key, fold, match_key


class Result(StrEnum):
    """How one value stands to the register's."""

    MATCH = "match"
    CLOSE = "close"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """The result for one value; ``reason`` says in what it differs, where that can be said."""

    result: Result
    reason: str = ""

    @property
    def is_same(self) -> bool:
        """Say whether both are the same value, in another writing perhaps."""
        return self.result is Result.MATCH or (
            self.result is Result.CLOSE and self.reason in SAME_VALUE
        )

    @property
    def is_near(self) -> bool:
        """Say whether the value does not speak against the register's."""
        return self.result in (Result.MATCH, Result.CLOSE)


#: Reasons for which two values are one value in two writings. With any other reason the value is
#: close, but somebody has to look at it.
SAME_VALUE = frozenset(
    {"i_y", "tone_mark", "punctuation", "number_form", "old_unit_code", "old_place_name"}
)

#: Every reason there is, for whoever puts them in words.
REASONS = SAME_VALUE | {
    "abbreviated",
    "accents",
    "cancelled",
    "day_month_swapped",
    "encoding",
    "given_name_only",
    "incomplete",
    "kinship_spelling",
    "leading_zero_lost",
    "middle_name",
    "month_only",
    "old_number",
    "order",
    "other_accents",
    "part_of_address",
    "part_of_list",
    "same_unit",
    "split_unit",
    "two_digit_year",
    "typing",
    "unit_only",
    "unreadable",
    "year_only",
}

MATCH = Compared(Result.MATCH)
MISMATCH = Compared(Result.MISMATCH)
UNKNOWN = Compared(Result.UNKNOWN)
#: What was said cannot be read.
UNREADABLE = Compared(Result.UNKNOWN, "unreadable")
INCOMPLETE = Compared(Result.MISMATCH, "incomplete")


@lru_cache(maxsize=64)
def close(reason: str) -> Compared:
    """Return the result “close” with its reason."""
    return Compared(Result.CLOSE, reason)


_DIGITS = re.compile(r"\d+", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{2})", re.ASCII)


def compare_dates(said: object, held: str) -> Compared:
    """Compare a date as people write it with a stored one (``1985-03-02``, ``1985-03``, ``1985``).

    Close: ``day_month_swapped``, ``year_only`` or ``month_only`` (one is vaguer than the other; 1
    January stands for an unknown day), ``two_digit_year``. Not a date: unknown, ``unreadable``.
    """
    try:
        known = parse_iso(held)
    except InvalidDate:
        return UNKNOWN
    if said == held:
        return MATCH
    try:
        found = said_date(said)
    except InvalidDate as error:
        return _odd_date(str(said), known, error.reason)
    return UNKNOWN if found is None else _of_dates(found, known)


def said_date(said: object) -> PartialDate | None:
    """Read a date as it was said; ``None`` for nothing. Raises ``InvalidDate``."""
    if isinstance(said, PartialDate):
        return said
    if isinstance(said, date):
        return PartialDate(said.year, said.month, said.day)
    text = "" if said is None else str(said).strip()
    return parse(text) if text else None


def _of_dates(said: PartialDate, known: PartialDate) -> Compared:
    if said == known:
        return MATCH
    if said.year != known.year:
        return MISMATCH
    if said.swapped() == known:
        return close("day_month_swapped")
    if said.month is None or known.month is None or (said.month, said.day) == (1, 1):
        return close("year_only")
    if (said.day is None or known.day is None) and said.month == known.month:
        return close("month_only")
    return MISMATCH


def _odd_date(text: str, known: PartialDate, reason: str) -> Compared:
    """Compare what is no date day first: month first, or with two digits for the year."""
    if reason == "DAY_MONTH_SWAP" and known.day and known.month:
        american = f"{known.month:02d}/{known.day:02d}/{known.year}"
        is_swapped = _digit_runs(text) == _digit_runs(american)
        return close("day_month_swapped") if is_swapped else MISMATCH
    short = _SHORT_YEAR.fullmatch(text.strip())
    if short is None:
        return UNREADABLE
    day, month, year = map(int, short.groups())
    is_same = (known.day, known.month, known.year % 100) == (day, month, year)
    return close("two_digit_year") if is_same else MISMATCH


def _digit_runs(text: str) -> list[int]:
    return [int(run) for run in _DIGITS.findall(text)]


_NOT_SIGNS = re.compile(r"[\s.\-_/'’`´\u200b]+")
_POINT_ZERO = re.compile(r"(\d+)[.,]0+", re.ASCII)


def compare_numbers(said: object, held: str) -> Compared:
    """Compare numbers and codes of papers; blanks, dots, dashes and case are their writing only.

    Close: ``number_form`` (the same number, written otherwise), ``leading_zero_lost``.
    """
    text = "" if said is None else str(said).strip()
    if not text or not held:
        return UNKNOWN
    if text == held:
        return MATCH
    whole = _POINT_ZERO.fullmatch(text)
    bare, known = _signs(whole[1] if whole else text), _signs(held)
    if bare == known:
        return close("number_form")
    is_cut = bare.isdigit() and known.isdigit() and known[0] == "0" and bare == known.lstrip("0")
    return close("leading_zero_lost") if is_cut else MISMATCH


def _signs(text: str) -> str:
    return _NOT_SIGNS.sub("", text).upper().replace("Ð", "Đ")


def compare_texts(said: object, held: str) -> Compared:
    """Compare free text, such as the name of a school or a place; close: ``accents``."""
    text = "" if said is None else str(said)
    if not text.strip() or not held:
        return UNKNOWN
    if accent_key(text) == accent_key(held):
        return MATCH
    return close("accents") if match_key(text) == match_key(held) else MISMATCH


def compare_integers(said: object, held: int) -> Compared:
    """Compare whole numbers; ``3``, ``"3"`` and ``3.0`` are one."""
    try:
        number = float(str(said).strip())
    except ValueError:
        return UNREADABLE
    return MATCH if number == held else MISMATCH


def compare_lists(
    said: object, held: Iterable[str], compare: Callable[[object, str], Compared]
) -> Compared:
    """Compare what may have several values: all are there, or (close) ``part_of_list``."""
    values = list(said) if isinstance(said, list | tuple) else [said]
    known = list(held)
    if not values or not known:
        return UNKNOWN
    found = [best(compare(value, one) for one in known) for value in values]
    worst = max(found, key=_order)
    if worst.result is not Result.MATCH or len(values) == len(known):
        return worst
    return close("part_of_list")


def best(results: Iterable[Compared]) -> Compared:
    """Return the result nearest to a match."""
    return min(results, key=_order)


def _order(one: Compared) -> tuple[int, bool]:
    return _PLACES[one.result], not one.is_same


_PLACES = {Result.MATCH: 0, Result.CLOSE: 1, Result.UNKNOWN: 2, Result.MISMATCH: 3}


# "T. lộ 10" is Tỉnh lộ 10, and "X. Đàn" Xã Đàn: programs that shorten units shorten streets too.
_ANNOUNCING = (
    "ap ban bon d dan duong hem khu kiet kp lang ngach ngo nha p pho q sn so t tdp thon tinh to x "
    "xa xom"
)
_FILLERS = frozenset(_ANNOUNCING.split())
_ADDRESS_SIGNS = re.compile(r"[^\w/]+")


def compare_details(said: str, held: str) -> Compared:
    """Compare house, street and neighbourhood; the words that only announce them do not count.

    Close: ``unit_only`` (one of the two stops at the commune), ``accents``.
    """
    one, other = _detail_words(said), _detail_words(held)
    if one == other:
        return MATCH
    if not one or not other:
        return close("unit_only")
    if set(one) <= set(other) or set(other) <= set(one):
        return close("part_of_address")
    return MISMATCH


def detail_key(text: str) -> str:
    """Return house, street and neighbourhood under which their writings meet: ``12/3a le loi``."""
    return " ".join(_detail_words(text))


def _detail_words(text: str) -> list[str]:
    words = _ADDRESS_SIGNS.sub(" ", _folded(text)).split()
    return [word.lstrip("0") or "0" for word in words if word not in _FILLERS]


def _folded(text: str) -> str:
    """Return the folded text, i for y, with the slashes of house numbers kept: ``12/3a le loi``."""
    return " ".join(map(syllables.y_to_i, fold(text).split()))
