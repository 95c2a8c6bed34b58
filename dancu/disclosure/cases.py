"""The case that an officer works on: purpose and number, asked once and kept in the session."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dancu.access import policy
from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.catalogue import purposes, roles
from dancu.catalogue.types import Purpose
from dancu.disclosure.errors import CaseMissing, CaseNumberNamesSomebody
from dancu.disclosure.internal import gate, ledger
from dancu.disclosure.internal.gate import Request
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.kernel.clock import today
from dancu.kernel.errors import DancuError
from dancu.kernel.pid import LENGTH, OLD_LENGTH
from dancu.kernel.text import nfc

#: A working day: then the case is asked for again.
LASTS = timedelta(hours=8)
KEY = "case"
#: Nine or twelve digits in one run, or in groups of three and four as they are read out.
_NUMBERS = re.compile(r"(?<!\d)(?:\d{9}|\d{12}|\d{3,4}(?:[ .]\d{3,4}){2,3})(?![\d])")


@dataclass(frozen=True, slots=True)
class CaseSession:
    """What the officer at this screen is working on, until it expires."""

    purpose: str
    case: str
    since: datetime
    account_id: int | None

    @property
    def expires_at(self) -> datetime:
        return self.since + LASTS

    @property
    def entry(self) -> Purpose:
        return purposes()[self.purpose]

    @property
    def legal_basis(self) -> str:
        return self.entry.legal_basis

    @property
    def scope(self) -> str:
        return self.entry.scope

    def label(self, language: str = "vi") -> str:
        """Return the purpose in words."""
        return self.entry.label(language)

    def is_open(self, at: datetime) -> bool:
        """Say whether the case may still be used and its purpose is in force."""
        entry = purposes().get(self.purpose)
        in_force = entry is not None and entry.is_in_force(today(at))
        return in_force and self.since <= at < self.expires_at


def names_somebody(text: str) -> bool:
    """Say whether a text holds what reads as a person's number, old or new, or as a card."""
    return "|" in text or any(
        sum(map(str.isdigit, found)) in (OLD_LENGTH, LENGTH) for found in _NUMBERS.findall(text)
    )


def purposes_for(actor: Actor, *, at: datetime) -> tuple[Purpose, ...]:
    """Return the purposes that the actor may choose today, in the declared order."""
    return policy.purposes_of(actor, purposes=purposes(), roles=roles(), day=today(at))


def open_case(*, actor: Actor, purpose: str, case: str, at: datetime) -> CaseSession:
    """Begin to work on a case; recorded. Raises ``PurposeNotAllowed`` and ``CaseNumberMissing``.

    A number with fewer than three letters or digits counts as missing (``CaseNumberTooShort``);
    what reads as a person's number or card is refused and not kept (``CaseNumberNamesSomebody``).
    """
    number = " ".join(nfc(case).replace("\x00", "").split())
    if names_somebody(number) or not number.isprintable():
        # The refusal is on record, and the number is not.
        Request(actor, purpose, "", at, Kind.CASE_OPENED).refuse(CaseNumberNamesSomebody())
    request = Request(actor, purpose, number, at, Kind.CASE_OPENED)
    try:
        gate.require_purpose(actor, purpose, number, request.day)
        gate.require_case_number(number)
    except DancuError as error:
        request.refuse(error)
    _record(actor, purpose, number, at, Kind.CASE_OPENED)
    record(event="case.opened", actor=actor, at=at, detail={"purpose": purpose})
    return CaseSession(purpose, number, at, actor.account_id)


def close_case(*, actor: Actor, case: CaseSession, at: datetime) -> None:
    """End the work on a case; recorded."""
    _record(actor, case.purpose, case.case, at, Kind.CASE_CLOSED)
    record(event="case.closed", actor=actor, at=at, detail={"purpose": case.purpose})


def keep_case(session: MutableMapping[str, Any], case: CaseSession | None) -> None:
    """Write the case to a session; ``None`` forgets it."""
    if case is None:
        session.pop(KEY, None)
        return
    session[KEY] = {
        "purpose": case.purpose,
        "case": case.case,
        "since": case.since.isoformat(),
        "account": case.account_id,
    }


def case_of(session: MutableMapping[str, Any], *, actor: Actor, at: datetime) -> CaseSession | None:
    """Return the open case of a session; none when it expired or belongs to another account."""
    kept = session.get(KEY)
    if not isinstance(kept, dict):
        return None
    since = datetime.fromisoformat(kept["since"])
    case = CaseSession(kept["purpose"], kept["case"], since, kept["account"])
    return case if case.account_id == actor.account_id and case.is_open(at) else None


def require_case(session: MutableMapping[str, Any], *, actor: Actor, at: datetime) -> CaseSession:
    """Return the open case of a session. Raises ``CaseMissing``."""
    case = case_of(session, actor=actor, at=at)
    if case is None:
        raise CaseMissing
    return case


def _record(actor: Actor, purpose: str, number: str, at: datetime, kind: Kind) -> None:
    ledger.write(
        actor=actor,
        at=at,
        purpose=purpose,
        case=number,
        role=gate.role_for(actor, purpose),
        entries=[Entry(None, kind)],
    )
