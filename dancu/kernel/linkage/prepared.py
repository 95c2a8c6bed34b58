"""Records as the comparisons want them: every spelling reduced to keys, once per value.

Each function turns one value as written into keys; ``prepare`` does so for a record, the engine for
the distinct values of each column. An empty key is unknown and speaks neither for nor against.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache

from dancu.kernel import legacy, phones, pid, syllables
from dancu.kernel.compare import detail_key
from dancu.kernel.compare_names import kinship_key
from dancu.kernel.dates import InvalidDate, PartialDate, parse
from dancu.kernel.linkage.types import Record
from dancu.kernel.memory import Memory
from dancu.kernel.text import accent_key, clean_name, match_key, phonetic_key


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows of places and telephones.

    ``successions``: code of a former unit → codes of those that took it over. ``old_prefixes``: the
    first four digits of an 11-digit mobile number → the three of today.
    """

    successions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    old_prefixes: Mapping[str, str] = field(default_factory=dict)


NOTHING_KNOWN = Context()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record in keys. The columns of the engine's table have the same names."""

    key: str
    #: Accents kept, tone placement and i/y made alike; then without accents; then with the twins of
    #: regions (Huỳnh, Hoàng) made alike.
    name: str = ""
    bare: str = ""
    kin: str = ""
    #: The words of ``kin``: sorted; first and last; those between; the last alone.
    ordered: str = ""
    ends: str = ""
    middle: str = ""
    given: str = ""
    #: ``kin`` as it sounds in any region, words sorted.
    sound: str = ""
    #: First letters of all words but the last.
    initials: str = ""
    is_bare: bool = False
    is_short: bool = False
    is_odd: bool = False
    is_single: bool = False
    #: The whole date when it is known and not 1 January; the same with day and month exchanged
    #: where that is a date; the year.
    birth: str = ""
    birth_turned: str = ""
    birth_year: str = ""
    sex: str = ""
    pid: str = ""
    old_id: str = ""
    father: str = ""
    mother: str = ""
    birth_place: str = ""
    commune: str = ""
    address: str = ""
    phone: str = ""


COLUMNS = tuple(one.name for one in fields(Prepared))
FLAGS = frozenset({"is_bare", "is_short", "is_odd", "is_single"})


def prepare(record: Record, context: Context = NOTHING_KNOWN) -> Prepared:
    """Return the keys of a record."""
    number, old = number_keys(record.pid, record.old_id_number)
    return Prepared(
        record.key,
        *name_keys(record.full_name),
        *birth_keys(record.birth_date),
        sex_key(record.sex),
        number,
        old,
        parent_key(record.father_name),
        parent_key(record.mother_name),
        place_key(record.birth_place, context),
        place_key(record.commune, context),
        address_key(record.address),
        phone_key(record.phone, context),
    )


# -- Names -----------------------------------------------------------------------------------------

NameKeys = tuple[str, str, str, str, str, str, str, str, str, bool, bool, bool, bool]
NO_NAME: NameKeys = ("", "", "", "", "", "", "", "", "", False, False, False, False)
_SIGNS = re.compile(r"[\d~]+")
_IS_SYLLABLE = Memory(syllables.is_syllable)


def name_keys(text: str) -> NameKeys:
    """Return the keys of a full name, in the order of the fields ``name`` to ``is_single``."""
    plain = _readable(text)
    name = accent_key(plain)
    if not name:
        return NO_NAME
    bare = match_key(plain)
    kin = kinship_key(plain)
    words, kin_words, words_of_name = bare.split(), kin.split(), name.split()
    return (
        name,
        bare,
        kin,
        " ".join(sorted(kin_words)),
        f"{kin_words[0]} {kin_words[-1]}",
        " ".join(kin_words[1:-1]),
        words[-1],
        " ".join(sorted(phonetic_key(kin).split())),
        "".join(word[0] for word in words[:-1]),
        name == bare,
        "." in text or "~" in text,
        not all(map(_IS_SYLLABLE.__getitem__, words_of_name)),
        len(words) == 1,
    )


def parent_key(text: str) -> str:
    """Return the key of a father's or mother's name."""
    return kinship_key(_readable(text))


def _readable(text: str) -> str:
    """Return the name in Unicode, digits that slipped in taken out."""
    if text.isascii():
        return _SIGNS.sub(" ", text).strip()
    plain = clean_name(text)
    if all(map(_IS_SYLLABLE.__getitem__, plain.lower().split())):
        return plain
    guess = legacy.detect(text)
    return _SIGNS.sub(" ", guess.repaired if guess is not None else plain)


# -- Dates -----------------------------------------------------------------------------------------

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", re.ASCII)


@lru_cache(maxsize=1 << 16)
def birth_keys(text: str) -> tuple[str, str, str]:
    """Return the whole date, the date with day and month exchanged, and the year.

    1 January stands for an unknown day, so only its year is kept; so is the year of a date that
    no calendar has.
    """
    text = text.strip()
    if not text:
        return "", "", ""
    try:
        date = parse(text)
    except InvalidDate as error:
        return _odd_date(text, error.reason)
    if date.day is None or (date.month, date.day) == (1, 1):
        return "", "", f"{date.year:04d}"
    return _of_date(date)


def _odd_date(text: str, reason: str) -> tuple[str, str, str]:
    found = _YEAR.search(text)
    if found is None:
        return "", "", ""
    if reason == "DAY_MONTH_SWAP":
        month, day = (int(part) for part in re.findall(r"\d+", text)[:2])
        return _of_date(PartialDate(int(found[1]), month, day))
    return "", "", found[1]


def _of_date(date: PartialDate) -> tuple[str, str, str]:
    turned = date.swapped()
    return date.iso, turned.iso if turned else "", f"{date.year:04d}"


_SEXES = {"m": "M", "f": "F", "nam": "M", "nu": "F"}


def sex_key(text: str) -> str:
    """Return M or F; empty for anything else."""
    return _SEXES.get(match_key(text), "")


# -- Numbers ---------------------------------------------------------------------------------------

_TWELVE = re.compile(r"\d{12}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_LIKE_DIGITS = str.maketrans("OoQlI", "00011")
#: A PID that lost zeros at the front, or one digit anywhere, still has so many.
_FEWEST = 10


def number_keys(number: str, old: str = "") -> tuple[str, str]:
    """Return the PID and the number of the former card.

    Nine digits are the latter wherever they stand. Zeros that a spreadsheet dropped are put back:
    every PID begins with one.
    """
    own = old.strip()
    former = own.zfill(pid.OLD_LENGTH) if _DIGITS.fullmatch(own) else ""
    if _TWELVE.fullmatch(number):
        return number, former
    digits = _digits(number)
    if not digits:
        return "", former
    if len(digits) in (pid.OLD_LENGTH - 1, pid.OLD_LENGTH):
        return "", former or digits.zfill(pid.OLD_LENGTH)
    if len(digits) < _FEWEST:
        return "", former
    is_cut = len(digits) < pid.LENGTH and digits[0] != "0"
    return digits.zfill(pid.LENGTH) if is_cut else digits, former


def _digits(text: str) -> str:
    """Return the digits of a number as people and spreadsheets write it; empty when none."""
    if not text.strip():
        return ""
    for candidate in pid.repair(text):
        return str(candidate.pid)
    bare = re.sub(r"[\s.'’-]+", "", re.sub(r"[.,]0+$", "", text)).translate(_LIKE_DIGITS)
    return bare if _DIGITS.fullmatch(bare) else ""


# -- Places and telephones -------------------------------------------------------------------------


def place_key(text: str, context: Context = NOTHING_KNOWN) -> str:
    """Return today's code of a unit (several joined by ``|`` when it was split), or a text's key.

    A code that still exists among its own successors stands for itself.
    """
    text = text.strip()
    if not text:
        return ""
    if not _DIGITS.fullmatch(text):
        return detail_key(text)
    after = context.successions.get(text)
    if not after or text in after:
        return text
    return "|".join(sorted(after))


def address_key(text: str) -> str:
    """Return house and street of an address, without the words that announce them.

    A house needs a number and a street: hamlets with a number alone say too little.
    """
    key = detail_key(text.split(",", 1)[0])
    has_digit = any(letter.isdigit() for letter in key)
    return key if has_digit and " " in key else ""


def phone_key(text: str, context: Context = NOTHING_KNOWN) -> str:
    """Return the national number as of today; empty when it is none."""
    if not text.strip():
        return ""
    try:
        return phones.parse(text, old_prefixes=context.old_prefixes).national
    except phones.InvalidPhone:
        return ""
