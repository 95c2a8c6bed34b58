"""What a column can mean, and by which titles Vietnamese and English tables call it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from dancu.catalogue.errors import UnknownAttribute
from dancu.catalogue.queries import attribute
from dancu.exchange.batches.errors import MeaningTwice, MeaningUnknown, NothingToAsk
from dancu.kernel import legacy
from dancu.kernel.text import fold


class Allowing(Protocol):
    """Whatever says which attributes columns may mean: a contract, or a reader without one."""

    @property
    def verify_attributes(self) -> frozenset[str]:
        """The names of the attributes."""


#: Parts of a value that tables put into columns of their own.
FAMILY, GIVEN = "family_and_middle_name", "given_name"
DAY, MONTH, YEAR = "birth_day", "birth_month", "birth_year"
FEMALE = "female_mark"
PARTS = {
    FAMILY: "full_name",
    GIVEN: "full_name",
    DAY: "birth_date",
    MONTH: "birth_date",
    YEAR: "birth_date",
    FEMALE: "sex",
}
#: The numbers that find a person; a 9-digit value in the column of the PID is taken as the other.
NUMBERS = ("pid", "old_id_number")

#: Titles in fonts of before Unicode are read too.
_FONTS: tuple[legacy.Encoding, ...] = (legacy.TCVN3, legacy.VNI)
_TITLES: dict[str, tuple[str, ...]] = {
    "pid": (
        "so dinh danh ca nhan",
        "so dinh danh",
        "ma dinh danh ca nhan",
        "ma dinh danh",
        "ma so dinh danh",
        "ma so dinh danh ca nhan",
        "so cccd",
        "cccd",
        "can cuoc",
        "so can cuoc",
        "so the can cuoc",
        "can cuoc cong dan",
        "so can cuoc cong dan",
        "cccd cmnd",
        "so cccd cmnd",
        "cmnd cccd",
        "so cmnd cccd",
        "so cccd ddcn",
        "so ddcn cccd",
        "so dinh danh cccd",
        "ma dinh danh cccd",
        "ddcn",
        "so ddcn",
        "so giay to",
        "so giay to tuy than",
        "pid",
        "personal identification number",
        "citizen id",
        "national id",
        "identity number",
    ),
    "old_id_number": ("cmnd", "so cmnd", "so cmt", "chung minh nhan dan", "so chung minh nhan dan"),
    "full_name": (
        "ho va ten",
        "ho ten",
        "ho va ten hoc sinh",
        "ho ten hoc sinh",
        "ten hoc sinh",
        "ho va ten sinh vien",
        "ho chu dem va ten",
        "ho va ten khai sinh",
        "ho ten khai sinh",
        "ho va ten khach hang",
        "ten khach hang",
        "ho ten chu xe",
        "chu xe",
        "ho ten nguoi tham gia",
        "full name",
        "name",
        "fullname",
    ),
    FAMILY: (
        "ho",
        "ho dem",
        "ho lot",
        "ho va dem",
        "ho va ten dem",
        "ho ten dem",
        "ho va chu dem",
        "ho va chu lot",
        "ho va ten lot",
        "surname",
        "last name",
        "family name",
    ),
    GIVEN: ("ten", "given name", "first name"),
    "birth_date": (
        "ngay sinh",
        "ngay thang nam sinh",
        "ngay thang nam sinh dd mm yyyy",
        "ngay sinh dd mm yyyy",
        "sinh ngay",
        "nam sinh",
        "ngay nam sinh",
        "date of birth",
        "birth date",
        "birthdate",
        "dob",
    ),
    DAY: ("ngay",),
    MONTH: ("thang",),
    YEAR: ("nam",),
    "sex": ("gioi tinh", "phai", "nam nu", "gt", "sex", "gender"),
    FEMALE: ("nu",),
    "permanent_residence": (
        "noi thuong tru",
        "dia chi thuong tru",
        "noi dang ky thuong tru",
        "noi dkhk thuong tru",
        "ho khau thuong tru",
        "ho khau",
        "thuong tru",
        "hktt",
        "dia chi",
        "address",
        "permanent address",
    ),
    "current_residence": ("noi o hien tai", "noi o hien nay", "cho o hien nay", "cho o hien tai"),
    "temporary_residence": ("noi tam tru", "dia chi tam tru", "tam tru"),
    "ethnicity": ("dan toc",),
    "religion": ("ton giao",),
    "nationality": ("quoc tich",),
    "birth_place": ("noi sinh",),
    "phone": ("so dien thoai", "dien thoai", "sdt", "dien thoai di dong", "so thue bao", "mobile"),
    "email": ("email", "thu dien tu"),
}


def title_key(title: str) -> str:
    """Return the key of a title: folded, without punctuation, brackets or stars."""
    folded = fold(title)
    return " ".join("".join(sign if sign.isalnum() else " " for sign in folded).split())


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {title: meaning for meaning, titles in _TITLES.items() for title in titles}


def allowed(contract: Allowing) -> tuple[str, ...]:
    """Return what columns may mean under a contract, the numbers first."""
    attributes = contract.verify_attributes | set(NUMBERS)
    parts = [part for part, whole in PARTS.items() if whole in attributes]
    first = ("pid", "old_id_number", "full_name", "birth_date", "sex")
    rest = sorted(attributes - set(first))
    return (*(one for one in first if one in attributes), *parts, *rest)


def meaning_of(title: str, contract: Allowing) -> str:
    """Return what a column of this title means; empty when unknown or not of the contract."""
    titles = [title] if title.isascii() else [title, *(legacy.repair(title, e) for e in _FONTS)]
    for key in filter(None, map(title_key, titles)):
        found = _known().get(key) or _by_dictionary(contract).get(key, "")
        if found:
            return found if found in allowed(contract) else ""
    return ""


@lru_cache(maxsize=64)
def _labels(names: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        try:
            entry = attribute(name)
        except UnknownAttribute:
            continue
        for title in (name, entry.label_vi, entry.label_en):
            found.setdefault(title_key(title), name)
    return found


def _by_dictionary(contract: Allowing) -> dict[str, str]:
    """Return what the titles mean that the data dictionary itself gives."""
    return {**_labels(tuple(PARTS)), **{p: p for p in PARTS}, **_labels(allowed(contract))}


def attributes_of(meanings: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the attributes that columns of these meanings give together, each once."""
    return tuple(dict.fromkeys(PARTS.get(one, one) for one in meanings if one))


def require_each_once(meanings: Sequence[str], contract: Allowing, width: int) -> None:
    """Require a meaning or none for each of so many columns, and none twice.

    Raises ``MeaningUnknown`` and ``MeaningTwice``.
    """
    known = allowed(contract)
    if len(meanings) != width:
        raise MeaningUnknown(meaning=f"{len(meanings)} ≠ {width}", known=", ".join(known))
    given = [one for one in meanings if one]
    for one in given:
        if one not in known:
            raise MeaningUnknown(meaning=one, known=", ".join(known))
        if given.count(one) > 1 or (one in PARTS and PARTS[one] in given):
            raise MeaningTwice(meaning=one)


def require_people(meanings: Sequence[str]) -> None:
    """Require columns that say who somebody is. Raises ``NothingToAsk``."""
    given = {one for one in meanings if one}
    wholes = {PARTS.get(one, one) for one in given - {DAY, MONTH}}
    has_birth, has_name = "birth_date" in wholes, "full_name" in wholes
    has_number = bool(given & set(NUMBERS))
    if not (has_name and has_birth) and not (has_number and (has_name or has_birth)):
        raise NothingToAsk
