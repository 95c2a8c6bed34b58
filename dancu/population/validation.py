"""Whether a claimed value can be what it claims to be; and its one stored form.

``canonical(name, value, day)`` is called for every value that comes in, a million times in a
bulk load: each attribute has one small function, put together once from its type and checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from django.utils.translation import gettext_noop as _

from dancu.catalogue.queries import attribute, code_list
from dancu.catalogue.types import Attribute
from dancu.kernel import legacy
from dancu.kernel.dates import PartialDate, parse_iso
from dancu.kernel.errors import FieldError, Invalid
from dancu.kernel.memory import Memory
from dancu.kernel.text import INVISIBLE, clean_name, nfc
from dancu.population.types import AddressValue

#: The longest text in characters, for files and forms alike; an address has two parts of it.
MAX_TEXT = 200
MAX_AGE = 120

_FORMS: dict[str, tuple[re.Pattern[str], str]] = {
    "pid_form": (
        re.compile(r"\d{12}", re.ASCII),
        _("A personal identification number has 12 digits."),
    ),
    "old_id_form": (re.compile(r"\d{9}", re.ASCII), _("A former identity number has 9 digits.")),
    "phone_form": (
        re.compile(r"(?:\+84|0)\d{9,10}", re.ASCII),
        _("A phone number has 10 digits and begins with 0."),
    ),
    "email_form": (
        re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+"),
        _("An e-mail address looks like name@example.vn."),
    ),
    "health_insurance_form": (
        re.compile(r"\d{10}|[A-Z]{2}[1-5]\d{12}", re.ASCII),
        _("A health insurance number has 10 digits, or 15 characters on an old card."),
    ),
    "social_insurance_form": (
        re.compile(r"\d{10}", re.ASCII),
        _("A social insurance number has 10 digits."),
    ),
    "tax_code_form": (
        re.compile(r"\d{10}|\d{12}", re.ASCII),
        _("A personal tax code has 12 digits (the PID) or 10."),
    ),
    "driving_licence_form": (
        re.compile(r"[0-9A-Z][0-9A-Z /.-]{4,14}[0-9A-Z/.-]", re.ASCII),
        _("A driving licence has 12 digits, or the number of an old licence."),
    ),
    "passport_form": (
        re.compile(r"[A-Z]\d{7,8}", re.ASCII),
        _("A passport number is a capital letter and 7 or 8 digits."),
    ),
    "student_code_form": (re.compile(r"\d{10}", re.ASCII), _("A student code has 10 digits.")),
    "plate_form": (
        re.compile(r"\d{2}[A-ZĐ]{1,2}\d?\d{4,5}|[A-Z]{2}\d{4}"),
        _("A vehicle plate looks like 59A12345."),
    ),
}
#: What a spreadsheet would run instead of showing, when a list with it is opened there.
_FORMULA = re.compile(r"[=＝@]|[+-](?![\d\s.,()/-]*\Z)")
_SIGNS = frozenset("=＝@+-")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HIDDEN = dict.fromkeys(map(ord, INVISIBLE))
_NAME_BAD = re.compile(r"[0-9<>{}\[\]|\\/\"@#$%^*+=~_;:!?]")

Canonical = Callable[[object, date], object]


class _Wrong(Exception):
    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        self.code, self.message, self.remedy = code, message, remedy
        super().__init__(code)


def canonical(name: str, value: object, day: date) -> object:
    """Return the stored form of a value that a source claims for an attribute, valid from a day.

    ``None`` stays ``None``: known to be none, or ended. Raises ``Invalid`` with one field error
    that names the attribute. Addresses come back as they are, for the door to store.
    """
    try:
        return canonical_or_wrong(name, value, day)
    except _Wrong as wrong:
        raise Invalid([FieldError(name, wrong.code, wrong.message, wrong.remedy)]) from None


def canonical_or_wrong(name: str, value: object, day: date) -> object:
    return None if value is None else _canonical_of(name)(value, day)


def canonical_claims(
    claims: Mapping[str, object], day: date
) -> tuple[dict[str, object], list[FieldError]]:
    """Return the stored forms by attribute number, and what is wrong with the rest."""
    stored: dict[str, object] = {}
    errors: list[FieldError] = []
    for name, value in claims.items():
        try:
            plan = _PLANS[name]
        except KeyError:
            plan = _plan(name)
        key, function, plain = plan
        if value is None or (value.__class__ is str and value in plain):
            stored[key] = value
            continue
        try:
            stored[key] = function(value, day)
        except _Wrong as wrong:
            errors.append(FieldError(name, wrong.code, wrong.message, wrong.remedy))
    return stored, errors


#: How each attribute is stored: its key, its check, and values that pass as they are on any day.
_Plan: TypeAlias = tuple[str, Canonical, frozenset[str]]
_PLANS: dict[str, _Plan] = {}


def _plan(name: str) -> _Plan:
    attr = attribute(name)
    plan = (attr.key, _canonical_of(name), _codes_of_any_day(attr))
    _PLANS[name] = plan
    return plan


@lru_cache(maxsize=256)
def _canonical_of(name: str) -> Canonical:
    attr = attribute(name)
    if attr.type == "text" and "name_form" in attr.checks:
        return _name
    if attr.type == "text_list" and "name_form" in attr.checks:
        return _list_of(_name)
    by_type: dict[str, Callable[[Attribute], Canonical]] = {
        "text": _text_of,
        "pid": _text_of,
        "old_id_number": _text_of,
        "phone": _text_of,
        "email": _text_of,
        "date": _date_of,
        "code": _code_of,
        "code_list_values": lambda a: _list_of(_code_of(a)),
        "text_list": lambda a: _list_of(_text_of(a)),
        "integer": lambda _attr: _integer,
        "address": lambda _attr: _address,
        "boolean": lambda _attr: _boolean,
    }
    return by_type[attr.type](attr)


def _codes_of_any_day(attr: Attribute) -> frozenset[str]:
    if attr.type != "code":
        return frozenset()
    codes = code_list(attr.code_list or "").codes
    return frozenset(code for code, entry in codes.items() if entry.valid_from is None)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("not-text", _("This must be text."), _("Send it as text, in quotes."))
    if len(value) > MAX_TEXT:
        raise _Wrong("too-long", _("This is longer than 200 characters."), _("Shorten it."))
    value = _seen(value).strip()
    if value and value[0] in _SIGNS:
        _refuse_formula(value)
    return value


def _seen(value: str) -> str:
    """Return what a reader sees: without the characters that have no width or turn the others."""
    if value.isprintable():
        return value
    if not is_writable(value):
        raise _Wrong(
            "control-character", _("This holds a character that is not text."), _("Remove it.")
        )
    return value.translate(_HIDDEN)


def is_writable(value: str) -> bool:
    """Say whether a text can be kept, shown and put into any file.

    No database, workbook or page holds them all: control characters, halves of a UTF-16 pair and
    what is no character.
    """
    return value.isprintable() or not _UNWRITABLE.search(value)


def _refuse_formula(value: str) -> None:
    if _FORMULA.match(value):
        raise _Wrong(
            "formula",
            _("This begins like a formula of a spreadsheet."),
            _("Write the text itself, without the sign at its front."),
        )


def _is_plain(word: str) -> bool:
    """Say whether a word stands in a name just as it is, whatever its neighbours."""
    return (
        word != ""
        and word.isprintable()
        and word[0] not in _SIGNS
        and clean_name(word) == word
        and not _NAME_BAD.search(word)
        and legacy.reads_well(word)
    )


_PLAIN = Memory(_is_plain)


def _clean_name(value: str) -> str:
    if len(value) <= MAX_TEXT and all(map(_PLAIN.__getitem__, value.split(" "))):
        return value
    guess = legacy.detect(_string(value))
    if guess is not None and guess.certain:
        raise _Wrong(
            "LEGACY_ENCODING",
            _("This text is in an old encoding (TCVN3 or VNI)."),
            _("Convert the file to Unicode first."),
        )
    name = clean_name(value)
    if not name:
        raise _Wrong("EMPTY", _("A name is needed."), _("Give the full name."))
    if _NAME_BAD.search(name):
        raise _Wrong(
            "DIGIT",
            _("A name has no digits or signs."),
            _("Write the name as on the birth certificate."),
        )
    return name


def _name(value: object, _day: date) -> object:
    return _clean_name(value if isinstance(value, str) else _string(value))


def _text_of(attr: Attribute) -> Canonical:
    form, message = next((_FORMS[c] for c in attr.checks if c in _FORMS), (None, ""))
    # Forms of ASCII are short and leave no room for blanks at the ends, signs and controls: what
    # fits one needs no cleaning.
    needs_none = form.fullmatch if form is not None and form.flags & re.ASCII else None

    def text(value: object, _day: date) -> object:
        if needs_none is not None and value.__class__ is str and needs_none(value):
            return value
        found = _string(value)
        if not found.isascii():
            found = nfc(found)
        if form is not None and not form.fullmatch(found):
            raise _Wrong("form", message, _("Check it against the paper or card."))
        if not found:
            raise _Wrong(
                "EMPTY", _("This must not be empty."), _("Give a value or leave the field out.")
            )
        return found

    return text


@lru_cache(maxsize=100_000)
def _partial(value: str) -> _Day:
    return _day(parse_iso(value))


class _Day(NamedTuple):
    year: int
    earliest: date
    iso: str


def _day(found: PartialDate) -> _Day:
    return _Day(found.year, found.earliest, found.iso)


def _date_of(attr: Attribute) -> Canonical:
    not_future = "date_not_future" in attr.checks
    age_limit = "age_at_most_120" in attr.checks

    def partial_date(value: object, day: date) -> object:
        try:
            found = _partial(value) if isinstance(value, str) else _day(_as_partial(value))
        except Invalid as invalid:
            error = invalid.field_errors[0]
            raise _Wrong(error.code, error.message % dict(error.params), error.remedy) from None
        if not_future and found.earliest > day:
            raise _Wrong("FUTURE", _("This day has not come yet."), _("Check the year."))
        if age_limit and day.year - found.year > MAX_AGE:
            raise _Wrong("AGE_OVER_120", _("This makes the person over 120."), _("Check the year."))
        return found.iso

    return partial_date


def _as_partial(value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, date):
        return PartialDate(value.year, value.month, value.day)
    raise _Wrong("INVALID", _("This is not a date."), _("Write yyyy-mm-dd, yyyy-mm or yyyy."))


def _code_of(attr: Attribute) -> Canonical:
    codes = code_list(attr.code_list or "").codes

    def code(value: object, day: date) -> object:
        found = codes.get(value) if isinstance(value, str) else None
        if found is None:
            raise _Wrong(
                "unknown-code",
                _("This value is not in the code list."),
                _("Choose one of the list."),
            )
        if found.valid_from is not None and day < found.valid_from:
            raise _Wrong(
                "unknown-code", _("This value was not in use on that day."), _("Check the day.")
            )
        return value

    return code


def _list_of(one: Canonical) -> Canonical:
    def several(value: object, day: date) -> object:
        if not isinstance(value, (list, tuple)):
            raise _Wrong("not-a-list", _("This must be a list."), _("Send a list, even of one."))
        return [one(item, day) for item in value]

    return several


def _integer(value: object, _day: date) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _Wrong(
            "not-a-number", _("This must be a whole number, zero or more."), _("Correct it.")
        )
    return value


def _boolean(value: object, _day: date) -> object:
    if not isinstance(value, bool):
        raise _Wrong("not-yes-or-no", _("This must be yes or no."), _("Send true or false."))
    return value


def _address(value: object, _day: date) -> object:
    if not isinstance(value, AddressValue):
        raise _Wrong(
            "not-an-address",
            _("This must be an address with the code of its commune."),
            _("Give text, unit code and the day of the code."),
        )
    text = _address_text(value.text)
    return value if text == value.text else replace(value, text=text, parts=None)


@lru_cache(maxsize=65_536)
def _address_text(text: str) -> str:
    text = _seen(text)
    if not text.strip() or len(text) > 2 * MAX_TEXT:
        raise _Wrong(
            "too-long", _("An address has 1 to 400 characters."), _("Correct the address.")
        )
    _refuse_formula(text.lstrip())
    return text
