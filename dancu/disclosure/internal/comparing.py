"""How facts that an agency holds stand to those of one person, attribute by attribute.

Values of the register come in and only results go out. Code lists and the administrative map are
asked here; the craft of names, dates and numbers is ``dancu.kernel.compare``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial

from dancu.catalogue import attribute, code_list
from dancu.catalogue.types import Attribute
from dancu.disclosure.internal.address_reading import ReadAddress, read_address
from dancu.kernel import phones
from dancu.kernel.compare import (
    INCOMPLETE,
    MATCH,
    MISMATCH,
    UNKNOWN,
    UNREADABLE,
    Compared,
    Result,
    close,
    compare_dates,
    compare_details,
    compare_integers,
    compare_lists,
    compare_numbers,
    compare_texts,
)
from dancu.kernel.compare_names import compare_names
from dancu.kernel.text import match_key
from dancu.places import queries as places
from dancu.places.types import AddressValue
from dancu.population.verification_reading import Known

#: What the first reading brings along; everything else needs the facts.
ON_THE_CARD = frozenset(
    {"full_name", "birth_date", "pid", "old_id_number", "sex", "permanent_residence"}
)
_NAMES = frozenset(
    {"full_name", "other_names", "father_name", "mother_name", "spouse_name", "guardian_name"}
)
_SEX_WORDS = {
    "m": "M", "nam": "M", "nam gioi": "M", "male": "M", "trai": "M",
    "f": "F", "nu": "F", "nu gioi": "F", "female": "F", "gai": "F",
}  # fmt: skip
_OLD_INSURANCE_CARD = 15
_LONGEST = 300
_NOTHING: tuple[object, ...] = ("", [], (), {})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Register:
    """What the register holds of one person, for comparing on a day.

    ``facts``: stored values by attribute number, of the attributes that the card lacks.
    """

    known: Known
    day: date
    facts: Mapping[int, object] = field(default_factory=dict)
    addresses: Mapping[int, AddressValue] = field(default_factory=dict)

    def compare(self, name: str, said: object) -> Compared:
        """Compare one attribute; what was not said or is not held is unknown."""
        if said is None or said in _NOTHING:
            return UNKNOWN
        if isinstance(said, str) and len(said) > _LONGEST:
            return UNREADABLE
        known = self.known
        if name == "full_name":
            return compare_names(str(said), known.name) if known.name else UNKNOWN
        if name == "birth_date":
            return compare_dates(said, known.birth) if known.birth else UNKNOWN
        if name == "sex":
            return _code("sex", said, known.sex)
        return self._further(name, said)

    def _further(self, name: str, said: object) -> Compared:
        known = self.known
        if name == "pid":
            # How it stands to the person depends on what led to them.
            return UNKNOWN
        if name == "permanent_residence":
            return self._address(known.address_id, said)
        if name == "old_id_number":
            return compare_numbers(said, known.old_id_number) if known.old_id_number else UNKNOWN
        return self._other(attribute(name), said)

    def _other(self, entry: Attribute, said: object) -> Compared:
        held = self.facts.get(entry.number)
        if held is None:
            return UNKNOWN
        if entry.type == "address":
            return self._address(held, said)
        return _by_type(entry, said, held)

    def _address(self, held: object, said: object) -> Compared:
        place = self.addresses.get(held) if isinstance(held, int) else None
        return compare_address(said, place, self.day) if place else UNKNOWN


def address_keys(known: Known, facts: Mapping[int, object], names: Iterable[str]) -> list[int]:
    """Return the keys of the addresses that a comparison of these attributes needs."""
    found: list[object] = []
    for name in names:
        if name == "permanent_residence":
            found.append(known.address_id)
        elif name not in ON_THE_CARD and attribute(name).type == "address":
            found.append(facts.get(attribute(name).number))
    return [key for key in found if isinstance(key, int)]


def _by_type(entry: Attribute, said: object, held: object) -> Compared:
    compare = _comparison(entry)
    if isinstance(held, list | tuple):
        return compare_lists(said, map(str, held), compare)
    if isinstance(held, int) and not isinstance(held, bool):
        return compare_integers(said, held)
    return compare(said, str(held))


def _comparison(entry: Attribute) -> Callable[[object, str], Compared]:
    if entry.name in _NAMES:
        return _names
    if entry.code_list:
        return partial(_code, entry.code_list)
    return _COMPARE.get(entry.type, _free)


def _names(said: object, held: str) -> Compared:
    return compare_names(str(said), held)


def _free(said: object, held: str) -> Compared:
    """Compare text; what has digits and no words is a number."""
    if any(map(str.isdigit, held)) and " " not in held:
        text = str(said).strip()
        if len(text) == _OLD_INSURANCE_CARD and text[:2].isalpha() and text.endswith(held):
            return close("number_form")
        return compare_numbers(said, held)
    return compare_texts(said, held)


def _phone(said: object, held: str) -> Compared:
    try:
        one, other = phones.parse(str(said)), phones.parse(held)
    except phones.InvalidPhone:
        return compare_numbers(said, held)
    return MATCH if one.national == other.national else MISMATCH


def _email(said: object, held: str) -> Compared:
    return MATCH if str(said).strip().lower() == held.strip().lower() else MISMATCH


_COMPARE: dict[str, Callable[[object, str], Compared]] = {
    "date": compare_dates,
    "pid": compare_numbers,
    "old_id_number": compare_numbers,
    "phone": _phone,
    "email": _email,
}


def _code(name: str, said: object, held: str | None) -> Compared:
    """Compare a code with what was said: the code, its label or another word for it."""
    if held is None:
        return UNKNOWN
    text = str(said).strip()
    if text == held:
        return MATCH
    found = _words_of(name).get(match_key(text))
    if found is None:
        return UNREADABLE
    return MATCH if found == held else MISMATCH


@lru_cache(maxsize=64)
def _words_of(name: str) -> Mapping[str, str]:
    """Return the codes of a list by everything that people write for them; ambiguous words none."""
    found: dict[str, str] = {}
    for code in code_list(name).codes.values():
        spellings = code.extra.get("other_spellings", "").split(";")
        for word in (code.code, code.label_vi, code.label_en, *spellings):
            key = match_key(word)
            if key:
                found[key] = code.code if found.get(key, code.code) == code.code else ""
    if name == "sex":
        found |= _SEX_WORDS
    return {word: code for word, code in found.items() if code}


# -- Addresses -------------------------------------------------------------------------------------


def compare_address(said: object, held: AddressValue, day: date) -> Compared:
    """Compare an address or a unit, of today's map or of an older one, with a stored address.

    ``said``: a text, the code of a unit, or ``{"text": …, "unit": code}``. Close, the same place:
    ``old_place_name``, ``old_unit_code``. Close, to be looked at: ``unit_only`` (no house and
    street to compare, or a code above the commune), ``part_of_address``, ``split_unit`` (the old
    unit became several). A mismatch with ``same_unit`` is another house in the same commune.
    """
    text, code = _said_address(said)
    if not held.unit_now or not (text or code):
        return UNKNOWN
    if code:
        return _of_unit(code, held, day)
    if _is_same_text(text, held.text):
        return MATCH
    read = read_address(text, day)
    return _of_text(read, held, day) if read.codes else UNREADABLE


def _is_same_text(one: str, other: str) -> bool:
    """Say whether two addresses have the same words; what follows a house is often read again."""
    if one == other:
        return True
    house, _, rest = one.partition(",")
    held_house, _, held_rest = other.partition(",")
    return _key(rest) == _key(held_rest) and match_key(house) == match_key(held_house)


_key = lru_cache(maxsize=32_768)(match_key)


def communes_said(said: object, day: date) -> frozenset[str]:
    """Return the units of today's map that an address may mean; empty when it says none."""
    if said is None or said in _NOTHING:
        return frozenset()
    text, code = _said_address(said)
    if code:
        return frozenset({code})
    return frozenset(read_address(text[:_LONGEST], day).codes)


def _said_address(said: object) -> tuple[str, str]:
    if isinstance(said, Mapping):
        text, code = str(said.get("text") or "").strip(), str(said.get("unit") or "").strip()
        return (text, "") if text else ("", code)
    text = str(said).strip()
    return ("", text) if text.isdigit() else (text, "")


def _of_text(read: ReadAddress, held: AddressValue, day: date) -> Compared:
    """Compare units first, then house and street.

    Where a unit was split the same house and street in one of its parts is the same place.
    """
    known = _units_of(held.unit_code, held.code_date, day) or frozenset({held.unit_now})
    if known.isdisjoint(read.codes):
        is_above = any(not known.isdisjoint(_under(code, day)) for code in read.codes)
        return INCOMPLETE if is_above else MISMATCH
    held_detail = _detail_of(held)
    detail = MATCH if read.detail == held_detail else compare_details(read.detail, held_detail)
    if not detail.is_near:
        return Compared(detail.result, "same_unit")
    if detail is not MATCH:
        return detail
    if not read.is_one_unit:
        return close("incomplete")
    if len(read.codes) > 1 or len(known) > 1:
        return close("old_place_name" if read.detail else "split_unit")
    return close("old_place_name") if read.is_old else MATCH


@lru_cache(maxsize=16_384)
def _units_of(code: str, code_date: date, day: date) -> frozenset[str]:
    """Return the units of the day's map that may hold a place in a unit of another map."""
    return frozenset(after.code for after in places.successors(code, code_date, day))


def _of_unit(code: str, held: AddressValue, day: date) -> Compared:
    """Compare a unit's code, of today's map or else of an older one."""
    known = _units_of(held.unit_code, held.code_date, day) or {held.unit_now}
    if code in known:
        return MATCH if len(known) == 1 else close("split_unit")
    if not known.isdisjoint(_under(code, day)):
        return close("unit_only")
    tree = places.tree()
    last = tree.last_version(code, day)
    if last is None:
        return UNREADABLE
    if last.valid_to is None:
        return MISMATCH
    after = tree.successors(code, last.valid_to - _DAY, day)
    codes = [successor.code for successor in after]
    if known.isdisjoint(codes):
        return MISMATCH
    return close("old_unit_code" if len(codes) == 1 else "split_unit")


@lru_cache(maxsize=4096)
def _under(code: str, day: date) -> frozenset[str]:
    return places.units_under([code], day)


def _detail_of(held: AddressValue) -> str:
    parts = held.parts
    line = f"{parts.get('house', '')} {parts.get('street', '')}".strip()
    return line or parts.get("neighbourhood", "")


def differs(one: Compared) -> bool:
    """Say whether what was said is known to be another value than the register's."""
    return one is not MATCH and not one.is_same and one.result is not Result.UNKNOWN
