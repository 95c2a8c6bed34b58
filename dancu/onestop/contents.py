"""What an extract says, as bytes that are signed, and digests of its single facts.

The content is JSON with sorted keys, in Vietnamese, the language of the file that it goes into. It
follows from the register and from the head of the extract alone, so that it can be put together
anew when it is printed, and need not be kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.utils.translation import gettext as _

from dancu.catalogue import attribute, code_list
from dancu.design.dates import typed
from dancu.disclosure.types import Address, Fact, PersonPage
from dancu.kernel.clock import VIETNAM
from dancu.kernel.dates import InvalidDate, format_vietnamese
from dancu.kernel.text import accent_key

KIND = "dancu-residence-extract"
VERSION = 1
LANGUAGE = "vi"
WHO = ("full_name", "pid", "birth_date", "sex")
RESIDENCE = (
    "permanent_residence",
    "temporary_residence",
    "current_residence",
    "temporary_absence",
    "lodging",
)
HOUSEHOLD = ("household_number", "household_relationship")
STATUS = ("marital_status",)
#: What must still be so for an extract to hold. Where somebody spends a night changes too often.
LASTING = (*WHO, *RESIDENCE[:4], "household_relationship", *STATUS)
#: The number of the dossier, which is no attribute of a person.
DOSSIER = "dossier"
#: What may be compared with a paper: what lasts, and what binds the paper to its dossier.
FIGURES = (DOSSIER, *LASTING, "household_number")
_HOUSE_NUMBER = re.compile(r"\d+(?:\s*[/\-.]\s*\d+)*", re.ASCII)
_DIGEST = 16
_NONE = "\x00"


@dataclass(frozen=True, slots=True)
class Head:
    """What an extract says besides the facts."""

    number: str
    check: str
    dossier: str
    purpose: str
    legal_basis: str
    office_code: str
    office_name: str
    officer_name: str
    issued_at: datetime
    valid_until: date


def content_of(head: Head, page: PersonPage) -> dict[str, Any]:
    """Return what the extract says; ``register_at`` is the moment of which the facts are."""
    moment = head.issued_at.astimezone(VIETNAM).isoformat(timespec="seconds")
    return {
        "kind": KIND,
        "version": VERSION,
        "number": head.number,
        "check": head.check,
        "dossier": head.dossier,
        "purpose": head.purpose,
        "legal_basis": head.legal_basis,
        "office": {"code": head.office_code, "name": head.office_name},
        "officer": head.officer_name,
        "issued_at": moment,
        "register_at": moment,
        "valid_until": head.valid_until.isoformat(),
        "person": [_plain(page, name) for name in WHO],
        "residence": [_told(page, name) for name in RESIDENCE],
        "household": [_told(page, name) for name in HOUSEHOLD],
        "members": [{"name": one.name, "role": one.role_label(LANGUAGE)} for one in page.household],
        "status": [_told(page, name) for name in STATUS],
    }


def as_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed and signed."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def digests_of(page: PersonPage, check: str, *, dossier: str) -> dict[str, str]:
    """Return the digests of the figures that may be compared, by name, in hexadecimal."""
    values = {name: raw(page.facts.get(name)) for name in FIGURES if name != DOSSIER}
    values[DOSSIER] = dossier
    return {name: digest(check, name, value).hex() for name, value in values.items()}


def digest(check: str, name: str, value: str | None, *, is_first_form: bool = False) -> bytes:
    """Return the digest of a figure under a check code; spellings of one name or address agree.

    ``is_first_form``: as digests were made while the dossier was not among the figures, when 12/3
    and 12-3 counted as one number of a house.
    """
    words = _NONE if value is None else _normal(name, value)
    if value is not None and not is_first_form and _is_address(name):
        words += "".join(f"\x1f{number}" for number in _numbers(value))
    return hmac.digest(check.encode(), f"{name}\x1f{words}".encode(), hashlib.sha256)[:_DIGEST]


def raw(fact: Fact | None) -> str | None:
    """Return a fact as the register holds it: code, ISO date, address as written."""
    if fact is None or fact.value is None:
        return None
    return fact.value.text if isinstance(fact.value, Address) else str(fact.value)


def typed_value(name: str, text: str) -> str | None:
    """Return what somebody typed off a paper as the register would hold it.

    ``None`` where the words are those of the paper for what the register does not hold.
    """
    words = " ".join(text.split())
    if name == DOSSIER:
        return words
    if name not in WHO and accent_key(words) in {accent_key(one) for one in _NOTHING}:
        return None
    return _typed(name, words)


def _typed(name: str, words: str) -> str:
    entry = attribute(name)
    if entry.type == "date":
        try:
            return typed(words).iso
        except InvalidDate:
            return words
    if entry.type == "pid":
        return "".join(words.split())
    if entry.code_list:
        wanted = accent_key(words)
        for code, label in code_list(entry.code_list).choices(LANGUAGE):
            if accent_key(label) == wanted:
                return code
        for code, label in code_list(entry.code_list).choices("en"):
            if accent_key(label) == wanted:
                return code
    return words


def lines_of(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return every figure of a signed content in words, in the order of the paper."""
    rows = [("Số", content["number"]), ("Hồ sơ", content["dossier"])]
    rows += [(one["label"], one["value"]) for one in content["person"]]
    for part in ("residence", "household", "status"):
        rows += [(one["label"], one["value"] or MISSING) for one in content[part]]
    rows += [(one["role"], one["name"]) for one in content["members"]]
    rows += [
        ("Cơ quan lập", content["office"]["name"]),
        ("Người lập", content["officer"]),
        ("Thời điểm", f"{datetime.fromisoformat(content['issued_at']):%H:%M %d/%m/%Y}"),
        (
            "Giá trị đến hết ngày",
            format_vietnamese(date.fromisoformat(content["valid_until"])),
        ),
    ]
    return [(str(label), str(value)) for label, value in rows]


#: What the paper says of a fact that is not in the register.
MISSING = "Không có trong cơ sở dữ liệu"
NONE = "Không"
_NOTHING = (MISSING, NONE, "Not in the register", "None")


def _plain(page: PersonPage, name: str) -> dict[str, str]:
    fact = page.facts.get(name)
    value = fact.text(LANGUAGE) if fact else ""
    return {"name": name, "label": attribute(name).label(LANGUAGE), "value": value or MISSING}


def _told(page: PersonPage, name: str) -> dict[str, Any]:
    """Return one fact with its provenance; empty ``value`` where the register holds nothing."""
    fact = page.facts.get(name)
    told: dict[str, Any] = {"name": name, "label": attribute(name).label(LANGUAGE), "value": ""}
    if fact is None:
        return told
    origin = fact.origin
    return told | {
        "value": fact.text(LANGUAGE) or NONE,
        "source": origin.source_label(LANGUAGE) if origin else "",
        "since": format_vietnamese(origin.since) if origin else "",
        "confirmed": format_vietnamese(fact.confirmed_on) if fact.confirmed_on else "",
        "disputed": fact.has_conflict,
        "stale": fact.is_stale,
    }


def label_of(name: str, language: str) -> str:
    """Return what a figure is called."""
    return _("Number of the dossier") if name == DOSSIER else attribute(name).label(language)


def _is_address(name: str) -> bool:
    return name != DOSSIER and attribute(name).type == "address"


def _numbers(address: str) -> list[str]:
    """Return the numbers of an address with the marks inside them: 12/3 is not 12-3."""
    return ["".join(found.split()) for found in _HOUSE_NUMBER.findall(address)]


def _normal(name: str, value: str) -> str:
    if name == DOSSIER:
        return "".join(value.split()).casefold()
    return accent_key(value) if attribute(name).type in {"text", "address"} else value
