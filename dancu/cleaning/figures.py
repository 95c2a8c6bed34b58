"""Rules of cells that hold numbers, dates, telephone numbers and the sex."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dancu.catalogue.queries import code_list
from dancu.cleaning.clues import Clues
from dancu.cleaning.types import Certainty, Step
from dancu.exchange.batches.cleaning import date_of, repaired_number, sex_of
from dancu.kernel import datecells, phones, pid
from dancu.kernel.dates import OLDEST_AGE, PartialDate, format_vietnamese, parse_iso
from dancu.kernel.errors import Invalid
from dancu.kernel.pid import Sex

#: Code of the damage (``exchange.batches.cleaning``) → kind, and how sure it is.
_OF_NUMBERS: dict[str, tuple[str, Certainty]] = {
    "SPACES": ("NUMBER_WRITING", "sure"),
    "APOSTROPHE": ("NUMBER_WRITING", "sure"),
    "TRAILING_ZERO": ("NUMBER_WRITING", "sure"),
    "SCIENTIFIC": ("NUMBER_SCIENTIFIC", "sure"),
    "LEADING_ZERO_LOST": ("NUMBER_ZERO_LOST", "sure"),
    "POINT_LOST": ("NUMBER_POINT_LOST", "likely"),
    "NONDIGIT": ("NUMBER_LETTER", "likely"),
}
_OF_DATES = {
    "DATE_SERIAL": "DATE_SERIAL",
    "MONTH_FIRST": "MONTH_FIRST",
    "DAY_MONTH_SWAP": "DAY_MONTH_SWAP",
}
_DOUBTS = {
    "PROV_UNKNOWN": "PROVINCE_UNKNOWN",
    "SEX_MISMATCH": "SEX_MISMATCH",
    "YEAR_MISMATCH": "YEAR_MISMATCH",
}
_POWER = re.compile(r"\s*'?\d[.,]\d+E\+?\d+\s*", re.ASCII | re.IGNORECASE)
_SLIGHTLY = re.compile(r"['’\s.-]*(\d[\d\s.-]*\d)(?:\.0+)?\s*", re.ASCII)
#: Nobody in a list is so old without somebody noticing.
_RARE_AGE = 105


@dataclass(frozen=True, slots=True)
class Beside:
    """What the other cells of the row say: sex, year of birth, and the day of the file."""

    sex: Sex | None
    year: int | None
    today: date


def number(text: str, beside: Beside) -> Step | None:
    """Put a personal number right, or say why it has to be looked at."""
    if not text:
        return Step("NUMBER_MISSING", None)
    if pid.is_valid(text):
        return _doubt(text, beside)
    plain = text.lstrip("'’").strip()
    if len(plain) == pid.OLD_LENGTH and plain.isdecimal():
        return Step("NUMBER_WRITING", plain) if plain != text else Step("OLD_NUMBER_ONLY", None)
    found = repaired_number(text, beside.sex, beside.year)
    if found is None:
        return Step("NUMBER_LOST" if _POWER.fullmatch(text) else "NUMBER_WRONG", None)
    kind, certainty = _OF_NUMBERS.get(found.code, ("NUMBER_WRITING", "likely"))
    if _POWER.fullmatch(text):
        kind = "NUMBER_SCIENTIFIC"
    if found.code == "LEADING_ZERO_LOST" and (beside.sex is None or beside.year is None):
        certainty = "likely"
    return Step(kind, found.proposed, certainty)


def _doubt(text: str, beside: Beside) -> Step | None:
    provinces = code_list("pid_provinces").codes
    found = pid.findings(text, sex=beside.sex, birth_year=beside.year, provinces=provinces)
    return Step(_DOUBTS[found[0].code], None) if found else None


def old_number(text: str) -> Step | None:
    """Put the nine digits of a former card right."""
    if not text or (len(text) == pid.OLD_LENGTH and text.isdecimal()) or pid.is_valid(text):
        return None
    slightly = _SLIGHTLY.fullmatch(text)
    digits = re.sub(r"\D", "", slightly[1]) if slightly else ""
    if len(digits) == pid.OLD_LENGTH:
        return Step("NUMBER_WRITING", digits)
    if len(digits) == pid.OLD_LENGTH - 1 and text.isdecimal():
        return Step("NUMBER_ZERO_LOST", digits.zfill(pid.OLD_LENGTH), "likely")
    return Step("NUMBER_WRONG", None)


def birth(text: str, number_year: int | None, today: date, *, month_first: bool) -> Step | None:
    """Write a date dd/mm/yyyy, or say why it has to be looked at."""
    if not text:
        return Step("DATE_MISSING", None)
    iso, repair, fault = date_of(text, month_first)
    if not iso:
        return _unread(text, fault, number_year, today)
    written = format_vietnamese(parse_iso(iso))
    if repair:
        return Step(_OF_DATES[repair], written, "sure" if repair != "DAY_MONTH_SWAP" else "likely")
    if written != text:
        # 00/00/1963 may stand for an unknown day, or for a slip.
        is_whole = text.count("/") == written.count("/") or "/" not in text
        return Step("DATE_FORM", written, "sure" if is_whole else "likely")
    return _impossible(parse_iso(iso), today)


def _impossible(day: PartialDate, today: date) -> Step | None:
    if day.earliest > today:
        return Step("DATE_FUTURE", None)
    return Step("AGE_OVER_120", None) if today.year - day.year > OLDEST_AGE else None


def _unread(text: str, fault: str, number_year: int | None, today: date) -> Step:
    if fault != "TWO_DIGIT_YEAR":
        return Step("DATE_WRONG" if fault == "DATE_INVALID" else "DATE_OPEN", None)
    candidates = datecells.read(text).candidates
    by_number = [one for one in candidates if one.year == number_year]
    if by_number:
        return Step("TWO_DIGIT_YEAR", format_vietnamese(by_number[0]))
    possible = [
        one for one in candidates if one.earliest <= today and today.year - one.year <= _RARE_AGE
    ]
    if len(possible) == 1 and number_year is None:
        return Step("TWO_DIGIT_YEAR", format_vietnamese(possible[0]), "likely")
    return Step("DATE_OPEN", None)


@lru_cache(maxsize=65_536)
def phone(text: str) -> Step | None:
    """Write a telephone number with its ten digits (a fixed line has eleven)."""
    if not text:
        return None
    try:
        found = phones.parse(text, old_prefixes=phones.OLD_PREFIXES)
    except Invalid:
        return Step("PHONE_WRONG", None)
    if found.national == text:
        return None
    codes = {finding.code for finding in found.findings}
    if "PHONE_11" in codes:
        return Step("PHONE_ELEVEN", found.national)
    if "LEADING_ZERO_LOST" in codes:
        return Step("PHONE_ZERO_LOST", found.national)
    return Step("PHONE_WRITING", found.national)


def sex(text: str, clues: Clues) -> Step | None:
    """Write the sex as most rows of the column do."""
    if not text:
        return None
    known = clues.sexes.get(text) or sex_of(text)
    if known is None:
        return Step("SEX_UNKNOWN", None)
    word = clues.sex_words.get(known, text)
    return Step("SEX_WORD", word) if word != text else None


def birth_of(text: str) -> str:
    """Return a date in its stored form; empty when it cannot be read."""
    return date_of(text, False)[0]
