"""Reading a client's signed assertion (``private_key_jwt``, RFC 7523 §3). No database here."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from django.utils.translation import gettext_lazy as _

from dancu.exchange.oauth import jose
from dancu.exchange.oauth.errors import (
    AssertionExpired,
    AssertionForAnother,
    AssertionLivesTooLong,
    AssertionNotYetValid,
    AssertionSignatureWrong,
    AssertionUnreadable,
)
from dancu.kernel.clock import VIETNAM
from dancu.operation.patience import wait_words

#: How far two clocks may be apart.
SKEW = timedelta(seconds=60)
#: How long an assertion may be valid: the time for which its ``jti`` is remembered.
LONGEST = timedelta(minutes=10)
_LONGEST_TEXT = 8192
_LONGEST_JTI = 255


@dataclass(frozen=True, slots=True)
class Presented:
    """An assertion as it came, nothing of it checked yet."""

    signed: bytes
    signature: bytes
    algorithm: str
    client: str
    kid: str
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion that holds. ``digest`` stands for client and ``jti``."""

    client: str
    digest: bytes
    expires_at: datetime


def read(text: str) -> Presented:
    """Return what an assertion says of itself. Raises ``AssertionUnreadable``."""
    if len(text) > _LONGEST_TEXT:
        raise AssertionUnreadable(why=_("too long"))
    try:
        head, payload, signature = text.encode("ascii").split(b".")
        header, claims = orjson.loads(jose.unb64(head)), orjson.loads(jose.unb64(payload))
        signed = jose.unb64(signature)
    except ValueError:
        raise AssertionUnreadable(why=_("not a compact JWT")) from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise AssertionUnreadable(why=_("no claims"))
    if "crit" in header:
        raise AssertionUnreadable(why=_("critical headers are not known here"))
    client = claims.get("sub")
    if not isinstance(client, str) or claims.get("iss") != client:
        raise AssertionUnreadable(why=_("iss and sub must both be the client's name"))
    return Presented(
        head + b"." + payload,
        signed,
        str(header.get("alg", "")),
        client,
        kid if isinstance(kid := header.get("kid", ""), str) else "",
        claims,
    )


def verify(
    presented: Presented,
    key: Mapping[str, Any],
    *,
    audiences: Collection[str],
    at: datetime,
) -> Assertion:
    """Return the assertion when signature, audience and times hold; raises ``ClientRefused``.

    ``key`` is the registered public JWK; its type decides which algorithms count.
    """
    _check_signature(presented, key)
    claims = presented.claims
    _check_audience(claims, audiences)
    expires = _check_times(claims, at)
    number = claims.get("jti")
    if not isinstance(number, str) or not 0 < len(number) <= _LONGEST_JTI:
        raise AssertionUnreadable(why=_("no jti"))
    digest = hashlib.sha256(f"{presented.client}\n{number}".encode()).digest()
    return Assertion(presented.client, digest, expires + SKEW)


def _check_signature(presented: Presented, key: Mapping[str, Any]) -> None:
    if presented.algorithm not in jose.ALGORITHMS[key["kty"]]:
        raise AssertionUnreadable(why="alg ≠ " + ", ".join(jose.ALGORITHMS[key["kty"]]))
    try:
        jose.verify_signature(
            jose.public_of(key), presented.algorithm, presented.signed, presented.signature
        )
    except InvalidSignature:
        raise AssertionSignatureWrong from None


def _check_audience(claims: Mapping[str, Any], audiences: Collection[str]) -> None:
    named = claims.get("aud")
    wanted = named if isinstance(named, list) else [named]
    if not any(isinstance(one, str) and one.rstrip("/") in audiences for one in wanted):
        raise AssertionForAnother


def _check_times(claims: Mapping[str, Any], at: datetime) -> datetime:
    expires = _moment(claims, "exp")
    if expires is None:
        raise AssertionUnreadable(why=_("no exp"))
    begins = [moment for name in ("nbf", "iat") if (moment := _moment(claims, name)) is not None]
    now = at.astimezone(VIETNAM).isoformat(timespec="seconds")
    if expires + SKEW <= at:
        raise AssertionExpired(ago=wait_words(at - expires), now=now)
    if begins and max(begins) - SKEW > at:
        raise AssertionNotYetValid(wait=wait_words(max(begins) - at), now=now)
    if expires - at > LONGEST + SKEW:
        raise AssertionLivesTooLong(wait=wait_words(expires - at), most=wait_words(LONGEST))
    return expires


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AssertionUnreadable(why=f"{name} = {value}"[:60])
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise AssertionUnreadable(why=f"{name} = {value}"[:60]) from None
