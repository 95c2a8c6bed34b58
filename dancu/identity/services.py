"""Signing in and out, accounts and passwords."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from dancu.audit.services import record
from dancu.identity import throttle
from dancu.identity.errors import SignInFailed, TooManySignIns, UsernameTaken, WrongPassword
from dancu.identity.models import Account
from dancu.kernel.errors import FieldError, Invalid
from dancu.operation import metrics
from dancu.operation.patience import wait_words

LONGEST = 256


def sign_in(*, username: str, password: str, address: str, at: datetime) -> Account:
    """Return the account that the password opens; the caller begins a fresh session for it.

    Raises ``SignInFailed``, the same for an unknown name, a wrong password and a closed account,
    after the same work, and ``TooManySignIns`` with the time to wait. All outcomes are logged.
    """
    username = username.strip().lower().replace("\x00", "")
    keys = throttle.keys_of(username, address)
    try:
        throttle.require_patience(keys, at)
    except TooManySignIns:
        record(event="sign-in.throttled", actor=None, at=at, detail={"address": address})
        metrics.sign_ins_total.labels("throttled").inc()
        raise
    account: Account | None = Account.objects.filter(username=username[:64]).first()
    if not _opens(account, password[:LONGEST]) or account is None or not account.is_active:
        throttle.fail(keys, at)
        about = account.pk if account else None
        record(
            event="sign-in.failed", actor=None, at=at, detail={"address": address}, account_id=about
        )
        metrics.sign_ins_total.labels("failed").inc()
        raise SignInFailed
    throttle.succeed(keys, at)
    record(
        event="sign-in.done", actor=None, at=at, detail={"address": address}, account_id=account.pk
    )
    metrics.sign_ins_total.labels("done").inc()
    return account


def sign_out(*, account_id: int, at: datetime) -> None:
    """Log that somebody signed out; the caller ends the session."""
    record(event="sign-out.done", actor=None, at=at, account_id=account_id)


@transaction.atomic
def sign_out_everywhere(*, account_id: int, at: datetime) -> None:
    """End every session of the account, this one too."""
    Account.objects.filter(pk=account_id).update(session_epoch=F("session_epoch") + 1)
    record(event="sign-out.everywhere", actor=None, at=at, account_id=account_id)


def change_password(*, account_id: int, present: str, new: str, at: datetime) -> Account:
    """Set a new password; every other session ends.

    Raises ``WrongPassword``, ``Invalid``, and ``TooManySignIns`` with the time to wait: whoever
    found a screen open has no more guesses than at the door.
    """
    wait = throttle.wait_of("password", str(account_id), at)
    if wait > timedelta():
        raise TooManySignIns(wait=wait_words(wait))
    try:
        return _changed(account_id, present, new, at)
    except WrongPassword:
        throttle.fail_at("password", str(account_id), at)
        record(event="password.refused", actor=None, at=at, account_id=account_id)
        raise


@transaction.atomic
def _changed(account_id: int, present: str, new: str, at: datetime) -> Account:
    account: Account = Account.objects.select_for_update().get(pk=account_id)
    if not account.check_password(present[:LONGEST]):
        raise WrongPassword
    _require_good(new, account)
    account.set_password(new)
    account.session_epoch += 1
    account.save(update_fields=["password", "session_epoch"])
    record(event="password.changed", actor=None, at=at, account_id=account_id)
    return account


@transaction.atomic
def create_account(
    *,
    username: str,
    password: str,
    at: datetime,
    name: str = "",
    officer_id: int | None = None,
    person_id: int | None = None,
    level: int = 2,
) -> Account:
    """Open an account for an officer or for a citizen. Raises ``UsernameTaken`` and ``Invalid``."""
    kind = Account.Kind.OFFICER if officer_id is not None else Account.Kind.CITIZEN
    account = Account(
        username=username.strip().lower(),
        kind=kind,
        name=name,
        officer_id=officer_id,
        person_id=person_id,
        level=level,
        created_at=at,
    )
    _require_good(password, account)
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        raise UsernameTaken from error
    record(event="account.created", actor=None, at=at, account_id=account.pk)
    return account


def _opens(account: Account | None, password: str) -> bool:
    if account is None:
        make_password(password)  # The same work as for a name that exists.
        return False
    return account.check_password(password)


def _require_good(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        messages = " ".join(error.messages)
        raise Invalid(
            [FieldError("new", "WEAK", messages, "Choose a longer password that nobody guesses.")]
        ) from error
