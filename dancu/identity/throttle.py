"""Slowing down whoever tries passwords or guesses at figures, the same for every process.

Counted tightly for an account together with an address, so that nobody elsewhere can keep its
owner out; for an address, whatever accounts it tries; and, only far beyond what one stranger can
do, for an account from wherever. An address from which the account was opened lately is spared the
last.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.db import connection

from dancu.identity.errors import TooManySignIns
from dancu.identity.models import Throttle
from dancu.operation.patience import Patience, wait_words

#: Failures without delay: for an account at one address, for an address (an office may share
#: one), for an account from wherever; for the present password of somebody who is signed in; and
#: for the figures of one extract.
FREE = {"pair": 4, "address": 30, "account": 100, "password": 4, "extract": 5}
#: After so long without a failure the count begins anew.
FORGOTTEN_AFTER = timedelta(hours=2)
#: The failures of an account from wherever fade one by one, so that a patient stranger, whose own
#: address waits a quarter of an hour each time, never adds them up.
FADES_EVERY = timedelta(minutes=2)
#: So long an address counts as the account's own after it was opened there.
KNOWN_FOR = timedelta(days=90)
#: Who has an IPv6 address has this whole network of them.
_OWN_NETWORK = 64

_FAIL = """
INSERT INTO identity_throttle AS t (key, failures, failed_at)
SELECT k.key, 1, %(at)s FROM unnest(%(keys)s::text[]) AS k (key) ORDER BY 1
ON CONFLICT (key) DO UPDATE
   SET failures = 1 + CASE
           WHEN t.failed_at < %(forgotten)s THEN 0
           WHEN t.key = %(fading)s THEN greatest(
               0, t.failures - floor(extract(epoch FROM %(at)s - t.failed_at) / %(fades)s)::integer)
           ELSE t.failures
       END,
       failed_at = excluded.failed_at
RETURNING key, failures
"""

_KNOWN = """
INSERT INTO identity_throttle (key, failures, failed_at) VALUES (%(key)s, 0, %(at)s)
ON CONFLICT (key) DO UPDATE SET failed_at = excluded.failed_at
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """Under what a sign-in is counted, and under what a good one is remembered."""

    pair: str
    address: str
    account: str
    known: str

    @property
    def counted(self) -> list[str]:
        """The keys whose failures count."""
        return [self.pair, self.address, self.account]


def keys_of(username: str, address: str) -> Keys:
    """Return the keys of a sign-in. A name is hashed: it may be a mistyped password."""
    name, network = username.strip().lower(), network_of(address)
    pair = _hashed(f"{name}\n{network}")
    return Keys(
        pair=f"pair:{pair}",
        address=f"address:{network}",
        account=f"account:{_hashed(name)}",
        known=f"known:{pair}",
    )


def network_of(address: str) -> str:
    """Return whom an address stands for: itself, or the network of an IPv6 address."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ip_network((known, _OWN_NETWORK), strict=False))


def require_patience(keys: Keys, at: datetime) -> None:
    """Raise ``TooManySignIns`` while the sign-in is blocked."""
    rows = {row.key: row for row in Throttle.objects.filter(key__in=[*keys.counted, keys.known])}
    known = rows.pop(keys.known, None)
    if known is not None and known.failed_at > at - KNOWN_FOR:
        rows.pop(keys.account, None)
    until = max((row.blocked_until for row in rows.values() if row.blocked_until), default=at)
    if until > at:
        raise TooManySignIns(wait=wait_words(until - at))


def fail(keys: Keys, at: datetime) -> None:
    """Count a failed sign-in and block its keys for the time that their number earns."""
    _count(keys.counted, at, fading=keys.account)


def wait_of(kind: str, name: str, at: datetime) -> timedelta:
    """Return how long whoever failed at something else has to wait; nothing or less: not at all."""
    row = Throttle.objects.filter(key=_key_of(kind, name)).first()
    return row.blocked_until - at if row and row.blocked_until else timedelta()


def fail_at(kind: str, name: str, at: datetime) -> None:
    """Count a failure at something else. ``kind`` is one of those in ``FREE``."""
    _count([_key_of(kind, name)], at)


def _key_of(kind: str, name: str) -> str:
    return f"{kind}:{_hashed(name)}"


def _count(keys: list[str], at: datetime, *, fading: str = "") -> None:
    values: dict[str, Any] = {
        "keys": keys,
        "at": at,
        "forgotten": at - FORGOTTEN_AFTER,
        "fading": fading,
        "fades": FADES_EVERY.total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FAIL, values)
        counted = cursor.fetchall()
    for key, failures in counted:
        wait = delay(key.partition(":")[0], failures)
        if wait:
            Throttle.objects.filter(key=key).update(blocked_until=at + wait)


def succeed(keys: Keys, at: datetime) -> None:
    """Forget the failures of the account, and remember the address; that of others stays."""
    Throttle.objects.filter(key__in=[keys.pair, keys.account]).delete()
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"key": keys.known, "at": at})


def delay(kind: str, failures: int) -> timedelta:
    """Return how long to wait after so many failures: doubling, up to a quarter of an hour."""
    return Patience(FREE[kind]).delay(failures)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
