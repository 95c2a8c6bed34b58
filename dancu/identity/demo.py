"""Demo accounts: one for each role, with passwords made for this installation.

Made only where ``city.sign_ins`` is on. The passwords lie in ``var/sign_ins.json`` (mode 0600).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from dancu.agencies.services import appoint_officer
from dancu.disclosure.services import key_of
from dancu.identity.models import Account
from dancu.identity.services import create_account
from dancu.operation import instance
from dancu.operation.config import current

FILE = "sign_ins.json"
_SINCE = date(2025, 7, 1)
# fmt: off
_WORDS = (
    "bac", "ban", "bien", "bong", "buom", "cam", "canh", "chanh", "che", "chim", "chuoi", "cua",
    "dao", "dat", "den", "dua", "duong", "gach", "gao", "ghe", "gio", "gung", "hanh", "hoa",
    "hong", "khe", "kim", "la", "lan", "lua", "mai", "may", "me", "mia", "mo", "mua", "muoi",
    "nam", "nang", "nep", "nghe", "nhan", "nho", "non", "nui", "oi", "quat", "que", "rau", "rong",
    "rung", "sao", "sen", "soi", "song", "suong", "tam", "than", "thu", "tranh", "tre", "trung",
    "xoai",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """An officer of the demonstration: nobody's real name."""

    username: str
    words: str
    name: str
    office: str
    role: str


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """What ``dancu up`` prints. ``role`` is in words; ``words`` say what to try."""

    role: str
    username: str
    password: str
    words: str = ""


OFFICERS = (
    DemoOfficer(
        "ward",
        gettext_noop("Police of Phường Sài Gòn"),
        "Lê Hoàng Nam",
        "CA-26740",
        "ward_officer",
    ),
    DemoOfficer(
        "ward2",
        gettext_noop("Police of another ward"),
        "Phạm Quốc Khánh",
        "CA-26743",
        "ward_officer",
    ),
    DemoOfficer(
        "registrar",
        gettext_noop("Civil registrar of Phường Sài Gòn"),
        "Võ Thị Ngọc Diệp",
        "HT-26740",
        "civil_registrar",
    ),
    DemoOfficer(
        "province",
        gettext_noop("Provincial police"),
        "Đặng Minh Tuấn",
        "PC06-79",
        "province_officer",
    ),
    DemoOfficer(
        "desk",
        gettext_noop("One-stop desk of Phường Sài Gòn"),
        "Huỳnh Mỹ Linh",
        "MC-26740",
        "enquiry_officer",
    ),
    DemoOfficer(
        "steward",
        gettext_noop("Data steward of the province"),
        "Bùi Thanh Phong",
        "CDS-79",
        "data_steward",
    ),
    DemoOfficer(
        "auditor",
        gettext_noop("Inspectorate"),
        "Trịnh Thu Hà",
        "TTRA-79",
        "auditor",
    ),
    DemoOfficer(
        "admin",
        gettext_noop("Administrator"),
        "Ngô Đức Thịnh",
        "CDS-79",
        "administrator",
    ),
)

#: Username → PID and name of the citizen: the mother of the family that is in every city.
CITIZENS: Mapping[str, tuple[str, str]] = {
    "citizen": ("082188000014", "Trần Thị Thu Hương"),
}
CITIZEN_WORDS = gettext_noop("Citizen")


def create_demo(
    *,
    at: datetime,
    var: Path | None = None,
    citizens: Mapping[str, tuple[str, str]] = CITIZENS,
) -> list[DemoSignIn]:
    """Make the accounts that are missing and return all; citizens only where the register has them.

    Idempotent. Passwords that were given before are kept; an account whose password was lost with
    the file gets a new one.
    """
    folder = var or current().var
    known = _read(folder)
    with transaction.atomic():
        for officer in OFFICERS:
            known[officer.username] = _ensure_officer(officer, known.get(officer.username, ""), at)
        for username, (pid, name) in citizens.items():
            person = key_of(pid)
            if person is not None:
                given = known.get(username, "")
                known[username] = _ensure_citizen(username, person, name, given, at)
        instance.write_private_json(folder / FILE, known)
    return sign_ins(var=folder)


def is_made(*, var: Path | None = None) -> bool:
    """Say whether every demo account has its password in the file."""
    known = _read(var or current().var)
    wanted = [officer.username for officer in OFFICERS]
    made = Account.objects.filter(username__in=wanted).count() == len(wanted)
    return made and known.keys() >= set(wanted)


def sign_ins(*, var: Path | None = None) -> list[DemoSignIn]:
    """Return the demo accounts in order; none where none were made."""
    known = _read(var or current().var)
    words = {officer.username: officer.words for officer in OFFICERS}
    words |= dict.fromkeys(CITIZENS, CITIZEN_WORDS)
    return [
        DemoSignIn(gettext(words[name]), name, known[name], gettext(words[name]))
        for name in words
        if name in known
    ]


def new_password() -> str:
    """Return three syllables and two digits, easy to type and to read out."""
    syllables = [secrets.choice(_WORDS) for _ in range(3)]
    return f"{'-'.join(syllables)}-{secrets.randbelow(90) + 10}"


def _ensure_officer(officer: DemoOfficer, password: str, at: datetime) -> str:
    account = Account.objects.filter(username=officer.username).first()
    if account is not None:
        return _ensure_password(account, password)
    appointed = appoint_officer(
        name=officer.name, office_code=officer.office, roles=[officer.role], active_from=_SINCE
    )
    password = password or new_password()
    create_account(
        username=officer.username,
        password=password,
        at=at,
        name=officer.name,
        officer_id=appointed.id,
    )
    return password


def _ensure_citizen(username: str, person: int, name: str, password: str, at: datetime) -> str:
    account = Account.objects.filter(username=username).first()
    if account is not None:
        return _ensure_password(account, password)
    password = password or new_password()
    create_account(username=username, password=password, at=at, name=name, person_id=person)
    return password


def _ensure_password(account: Account, password: str) -> str:
    """Return the password of the file while it is there; what was lost is replaced."""
    if password:
        return password
    password = new_password()
    account.set_password(password)
    account.session_epoch += 1
    account.save(update_fields=["password", "session_epoch"])
    return password


def _read(folder: Path) -> dict[str, str]:
    kept = instance.read_json(folder / FILE) or {}
    return {name: value for name, value in kept.items() if isinstance(value, str)}
