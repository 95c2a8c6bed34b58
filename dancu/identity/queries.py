"""Who is at the other end of a request, and the names of accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest

from dancu.access.types import Actor
from dancu.agencies import queries as agencies
from dancu.agencies.errors import UnknownOfficer
from dancu.agencies.models import Officer
from dancu.audit.services import record
from dancu.identity.models import Account
from dancu.kernel.clock import system_clock, today

#: An officer's screen left alone for so long signs out; a citizen's a little later.
IDLE = {"officer": timedelta(minutes=30), "citizen": timedelta(minutes=60)}
#: However busy, a day's work ends.
LONGEST = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)
BEGAN, SEEN = "began_at", "seen_at"
CITIZEN_SOURCE = "CONGDAN"


@dataclass(frozen=True, slots=True)
class AccountWords:
    """An account in words: whom a log names."""

    name: str
    office_name: str
    kind: str


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who acts, ``None`` when nobody is signed in, the session is over or the post ended."""
    known = getattr(request, "actor", None)
    if isinstance(known, Actor):
        return known
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return None
    at = system_clock()
    if _is_over(request, account, at):
        record(event="sign-out.idle", actor=None, at=at, account_id=account.pk)
        logout(request)
        return None
    actor = actor_for(account, session=_session_name(request), at=at)
    if actor is not None:
        request.actor = actor  # type: ignore[attr-defined]
    return actor


def actor_for(account: Account, *, session: str, at: datetime) -> Actor | None:
    """Return an account as an actor on the day; ``None`` when the officer's appointment ended."""
    if account.officer_id is not None:
        try:
            return agencies.actor_of(
                officer_id=account.officer_id,
                on=today(at),
                account_id=account.pk,
                session=session,
            )
        except UnknownOfficer:
            return None
    return Actor(
        kind="citizen",
        name=account.name or account.username,
        account_id=account.pk,
        source=CITIZEN_SOURCE,
        roles=frozenset({"citizen"}),
        person_id=account.person_id,
        session=session,
    )


def names_of(account_ids: Iterable[int | None]) -> Mapping[int, AccountWords]:
    """Return accounts in words, by key; unknown ones are left out."""
    wanted = {key for key in account_ids if key is not None}
    accounts = list(Account.objects.filter(pk__in=wanted)) if wanted else []
    officers = {
        o.pk: o
        for o in Officer.objects.filter(
            pk__in=[a.officer_id for a in accounts if a.officer_id]
        ).select_related("office")
    }
    return {a.pk: _words(a, officers.get(a.officer_id or 0)) for a in accounts}


def account_of_person(person_id: int) -> Account | None:
    """Return the citizen's account of a person, if there is one."""
    found: Account | None = Account.objects.filter(person_id=person_id).first()
    return found


def people_of(account_ids: Iterable[int | None]) -> Mapping[int, int]:
    """Return the keys of the people who own accounts, by account; officers' are left out."""
    wanted = {key for key in account_ids if key is not None}
    owned = Account.objects.filter(pk__in=wanted, person_id__isnull=False)
    return {pk: person for pk, person in owned.values_list("pk", "person_id") if person}


def _words(account: Account, officer: Officer | None) -> AccountWords:
    if officer is None:
        return AccountWords(account.name or account.username, "", account.kind)
    return AccountWords(officer.name, officer.office.name_vi, account.kind)


def _is_over(request: HttpRequest, account: Account, at: datetime) -> bool:
    """Say whether the session ended by idleness or age; note that it is in use."""
    session = request.session
    began, seen = _moment(session.get(BEGAN)), _moment(session.get(SEEN))
    if began is None or seen is None:
        session[BEGAN] = session[SEEN] = at.isoformat()
        return False
    if at - seen > IDLE[account.kind] or at - began > LONGEST:
        return True
    if at - seen > _NOTED_EVERY:
        session[SEEN] = at.isoformat()
    return False


def _moment(kept: object) -> datetime | None:
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None


def _session_name(request: HttpRequest) -> str:
    """Return a name of the session for logs, from which the session cannot be taken over."""
    key = request.session.session_key or ""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
