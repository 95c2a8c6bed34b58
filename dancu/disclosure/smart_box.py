"""One box for everything: what a typed line means.

``nguyen van an 1985`` · ``001199000015`` · ``12/3A Nguyễn Trãi`` · ``an, phường Sài Gòn``
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dancu.disclosure.types import Criteria
from dancu.kernel import pid as pids
from dancu.kernel.dates import InvalidDate, PartialDate, parse
from dancu.kernel.errors import FieldError, Invalid
from dancu.kernel.text import fold
from dancu.places import queries as places
from dancu.population.search import Wanted
from dancu.population.validation import MAX_TEXT

OLD_LENGTH = 9
_PHONE_LENGTH = 10
FIRST_YEAR = 1900

_NUMBER = re.compile(r"\d[\d\s.]{7,20}\d", re.ASCII)
_DATE = re.compile(r"(?<![\d/])(?:\d{1,2}\s*[/.-]\s*){0,2}(?:19|20)\d\d(?![\d/])", re.ASCII)
_FULL = re.compile(r"\d+([/.-])\d+\1\d{4}", re.ASCII)
_UNIT = re.compile(
    r"(?:,|\s)\s*(?:phường|phuong|xã|xa|đặc khu|dac khu|p\.|x\.)\s*(?P<name>[^,\d][^,]*)$",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"^(?:số\s+|so\s+)?\d+[\w/.-]*\s+\S", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:đường|duong|phố|pho|ngõ|ngo|hẻm|hem|ấp|ap|thôn|thon|tổ|to)\s", re.IGNORECASE
)
_KINDS = ("phuong", "xa", "dac khu", "p.", "x.")


@dataclass(frozen=True, slots=True)
class Understood:
    """What is looked for, and how the box was read, by field of ``Criteria``."""

    wanted: Wanted
    fields: Mapping[str, str]

    @property
    def kind(self) -> str:
        """One word for the metrics."""
        for name in ("pid", "old_id_number", "household", "address", "name", "birth"):
            if self.fields.get(name):
                return name
        return "nothing"


def understand(criteria: Criteria, *, area: frozenset[str] | None, day: date) -> Understood:
    """Return what is looked for. Fields of their own win over what the box says.

    Raises ``Invalid`` for a number or date that cannot be one, naming its field.
    """
    _require_readable(criteria)
    fields = _read_box(_tidy(criteria.text), area, day)
    for name in ("pid", "old_id_number", "name", "birth", "sex", "commune", "address", "household"):
        given = _tidy(getattr(criteria, name))
        if given:
            fields[name] = given
    birth = _birth(fields["birth"]) if fields.get("birth") else None
    wanted = Wanted(
        pid=_number(fields["pid"]) if fields.get("pid") else "",
        old_id_number=_old_number(fields.get("old_id_number", "")),
        name=fields.get("name", ""),
        birth=birth,
        sex=_sex(fields.get("sex", "")),
        commune=fields.get("commune", ""),
        address=fields.get("address", ""),
        household=fields.get("household", "").upper(),
        area=area,
        window=criteria.window,
    )
    return Understood(wanted, {name: value for name, value in fields.items() if value})


def _tidy(text: str) -> str:
    """Return the text with single spaces."""
    return " ".join(text.split())


def _read_box(text: str, area: frozenset[str] | None, day: date) -> dict[str, str]:
    if not text:
        return {}
    number = _NUMBER.fullmatch(text)
    if number:
        return _read_number("".join(c for c in text if c.isdigit()))
    if text.upper().startswith("HO-") or text.upper().startswith("HK-"):
        return {"household": text}
    text, commune = _take_commune(text, area, day)
    fields = {"commune": commune} if commune else {}
    if _HOUSE.match(text) and not _DATE.fullmatch(text.split()[0]):
        return {**fields, "address": text}
    text, born = _take_date(text)
    if born:
        fields["birth"] = born
    text = text.strip(" ,;")
    if _STREET.search(f"{text} ") and not born:
        return {**fields, "address": text}
    if text:
        fields["name"] = text
    return fields


def _read_number(digits: str) -> dict[str, str]:
    if len(digits) == OLD_LENGTH:
        return {"old_id_number": digits}
    if len(digits) != pids.LENGTH:
        candidates = pids.repair(digits)
        if len(candidates) == 1:
            return {"pid": str(candidates[0].pid)}
    return {"pid": digits}


def _take_date(text: str) -> tuple[str, str]:
    """Take a date or a year of birth off the text; a number that can be none stays.

    Raises ``InvalidDate`` for a day that the calendar does not have.
    """
    for found in _DATE.finditer(text):
        written = re.sub(r"\s", "", found[0])
        try:
            parsed: PartialDate = parse(written)
        except InvalidDate as error:
            if _FULL.fullmatch(written):
                raise InvalidDate(error.finding, "birth") from error
            continue
        if parsed.year >= FIRST_YEAR:
            return f"{text[: found.start()]} {text[found.end() :]}", parsed.iso
    return text, ""


def _take_commune(text: str, area: frozenset[str] | None, day: date) -> tuple[str, str]:
    """Take the name of a commune at the end off the text, where exactly one of the area has it."""
    found = _UNIT.search(text)
    name = found["name"] if found else text.rpartition(",")[2] if "," in text else ""
    wanted = fold(name)
    if not wanted:
        return text, ""
    codes = [
        unit.code
        for unit in places.tree().units
        if unit.level == "commune"
        and unit.is_valid_on(day)
        and (area is None or unit.code in area)
        and fold(unit.name) == _without_kind(wanted)
    ]
    if len(codes) != 1:
        return text, ""
    start = found.start() if found else text.rindex(",")
    return text[:start].strip(" ,"), codes[0]


def _without_kind(name: str) -> str:
    for kind in _KINDS:
        if name.startswith(f"{kind} "):
            return name[len(kind) + 1 :]
    return name


def _birth(given: str) -> PartialDate:
    try:
        return parse(given)
    except InvalidDate as error:
        raise InvalidDate(error.finding, "birth") from error


def _number(given: str) -> str:
    """Return the number; of one with too few or too many digits, say what somebody typing needs."""
    try:
        return str(pids.parse(given))
    except pids.InvalidPid as error:
        if error.reason not in ("LEN", "LEADING_ZERO_LOST"):
            raise
        digits = "".join(given.split())
        is_phone = digits.startswith("0") and len(digits) == _PHONE_LENGTH
        wrong = FieldError(
            "pid",
            "LEN",
            "This has %(length)d digits; a personal identification number has 12, a former one 9.",
            "Nobody is found by a telephone number: give the name or the address."
            if is_phone
            else "Compare with the card and enter every digit.",
            {"length": len(digits)},
        )
        raise Invalid([wrong]) from error


def _sex(given: str) -> str:
    if given in ("", "M", "F"):
        return given
    unknown = FieldError("sex", "UNKNOWN", "There is no such sex in the list.", "Choose one of it.")
    raise Invalid([unknown])


def _old_number(given: str) -> str:
    digits = "".join(given.split())
    if not digits:
        return ""
    if len(digits) != OLD_LENGTH or not digits.isascii() or not digits.isdigit():
        raise Invalid(
            [
                FieldError(
                    "old_id_number",
                    "LEN",
                    "A former identity number has exactly 9 digits.",
                    "Compare with the old card.",
                )
            ]
        )
    return digits


def _require_readable(criteria: Criteria) -> None:
    errors = [
        error
        for name in criteria.__slots__
        if isinstance(value := getattr(criteria, name), str)
        and (error := unreadable(name, value)) is not None
    ]
    if errors:
        raise Invalid(errors)


def unreadable(name: str, value: str) -> FieldError | None:
    """Return what is wrong with words that nobody can look for; None for all others."""
    if len(value) > MAX_TEXT:
        return FieldError(name, "TOO_LONG", "This has over 200 characters.", "Enter less.")
    if "\x00" in value:
        return FieldError(
            name,
            "UNREADABLE",
            "There is a character in it that cannot be kept.",
            "Type the words anew.",
        )
    return None
