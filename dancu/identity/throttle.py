"""Slowing down whoever tries passwords: by account and by address, the same for every process."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from dancu.identity.errors import TooManySignIns
from dancu.identity.models import Throttle
from dancu.operation.patience import Patience, wait_words

#: Failures without delay, for an account and for an address (an office may share one).
FREE = {"account": 4, "address": 30}
#: After so long without a failure the count begins anew.
FORGOTTEN_AFTER = timedelta(hours=2)

_FAIL = """
INSERT INTO identity_throttle AS t (key, failures, failed_at)
SELECT k.key, 1, %(at)s FROM unnest(%(keys)s::text[]) AS k (key) ORDER BY 1
ON CONFLICT (key) DO UPDATE
   SET failures = CASE WHEN t.failed_at < %(forgotten)s THEN 1 ELSE t.failures + 1 END,
       failed_at = excluded.failed_at
RETURNING key, failures
"""


def keys_of(username: str, address: str) -> list[str]:
    """Return under what a sign-in is counted. A name is hashed: it may be a mistyped password."""
    name = hashlib.sha256(username.strip().lower().encode()).hexdigest()[:40]
    return [f"account:{name}", f"address:{address[:64]}"]


def require_patience(keys: list[str], at: datetime) -> None:
    """Raise ``TooManySignIns`` while one of the keys is blocked."""
    blocked = Throttle.objects.filter(key__in=keys, blocked_until__gt=at)
    until = max((b.blocked_until for b in blocked if b.blocked_until), default=None)
    if until is not None:
        raise TooManySignIns(wait=wait_words(until - at))


def fail(keys: list[str], at: datetime) -> None:
    """Count a failure and block the keys for the time that their number earns."""
    values: dict[str, Any] = {"keys": keys, "at": at, "forgotten": at - FORGOTTEN_AFTER}
    with connection.cursor() as cursor:
        cursor.execute(_FAIL, values)
        counted = cursor.fetchall()
    for key, failures in counted:
        wait = delay(key.partition(":")[0], failures)
        if wait:
            Throttle.objects.filter(key=key).update(blocked_until=at + wait)


def succeed(keys: list[str]) -> None:
    """Forget the failures of the account; those of the address stay."""
    Throttle.objects.filter(key=keys[0]).delete()


def delay(kind: str, failures: int) -> timedelta:
    """Return how long to wait after so many failures: doubling, up to a quarter of an hour."""
    return Patience(FREE[kind]).delay(failures)
