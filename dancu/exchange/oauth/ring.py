"""The exchange's own keys: which one signs, and which still count.

Private halves lie encrypted in the database, so that every process signs with the same key and a
dump alone signs nothing. Each process keeps the opened ring for a minute. What a key for answers
has signed can be checked for good; a retired key for tokens counts no longer than its last tokens
live, or whoever stole it could go on making some.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction

from dancu.audit import services as audit
from dancu.exchange.oauth.jose import b64, jwk_of, thumbprint
from dancu.exchange.oauth.models import ServerKey
from dancu.operation.logs import logger

Use = ServerKey.Use
#: Seconds for which a process trusts what it has read.
KEPT_FOR = 60.0
#: How long a token lives.
TOKENS_LIVE = timedelta(minutes=5)
#: Processes sign with a key for up to a minute after it retired; then its last tokens run out.
_RETIRED_COUNTS = 2 * TOKENS_LIVE
#: An unknown key makes a process look again, but not more often than this.
_LOOK_AGAIN = 1.0
_NONCE = 12
_LOCK = 0x44_4B_45_59  # "DKEY": one process at a time makes keys.
_log = logger("dancu.exchange")


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one use: the one that signs, and all public halves by their id."""

    kid: str
    signer: Ed25519PrivateKey
    public: Mapping[str, Ed25519PublicKey]
    read_at: float = field(default_factory=time.monotonic)


_rings: dict[str, Ring] = {}
_lock = Lock()


def ring(use: ServerKey.Use, *, at: datetime, wanted: str = "") -> Ring:
    """Return the keys of a use; the first call makes one. ``wanted`` must be in it if it exists."""
    found = _rings.get(use)
    age = time.monotonic() - found.read_at if found else KEPT_FOR
    if found and age < KEPT_FOR and (not wanted or wanted in found.public or age < _LOOK_AGAIN):
        return found
    with _lock:
        _rings[use] = _read(use, at=at)
        return _rings[use]


def forget() -> None:
    """Read the keys anew at the next use."""
    _rings.clear()


def rotate(use: ServerKey.Use, *, by: str, at: datetime) -> str:
    """Make a new signing key and return its id. Answers that the former ones signed stay valid."""
    with transaction.atomic():
        ServerKey.objects.filter(use=use, retired_at=None).update(retired_at=at)
        kid = _make(use, at=at).kid
        detail = {"use": str(use), "kid": kid, "by": by}
        audit.record(event="exchange.key-rotated", actor=None, at=at, detail=detail)
    forget()
    return kid


def published() -> list[dict[str, str]]:
    """Return the public keys that answers were ever signed with, the newest first."""
    keys = ServerKey.objects.filter(use=Use.ANSWER).order_by("-made_at", "kid")
    return [
        {
            **jwk_of(Ed25519PublicKey.from_public_bytes(bytes(key.public))),
            "kid": key.kid,
            "use": "sig",
            "alg": "EdDSA",
        }
        for key in keys
    ]


def _read(use: ServerKey.Use, *, at: datetime) -> Ring:
    rows = list(ServerKey.objects.filter(use=use).order_by("-made_at", "kid"))
    active = _openable(rows)
    if active is None:
        active = _first(use, at=at)
        rows = list(ServerKey.objects.filter(use=use))
    kid, signer = active
    public = {
        row.kid: Ed25519PublicKey.from_public_bytes(bytes(row.public))
        for row in rows
        if use == Use.ANSWER or row.retired_at is None or row.retired_at > at - _RETIRED_COUNTS
    }
    return Ring(kid, signer, public)


def _openable(rows: list[ServerKey]) -> tuple[str, Ed25519PrivateKey] | None:
    for row in rows:
        if row.retired_at is None:
            try:
                return row.kid, Ed25519PrivateKey.from_private_bytes(_open(bytes(row.secret)))
            except InvalidTag:
                _log.warning("a signing key was made under another secret key", kid=row.kid)
    return None


def _first(use: ServerKey.Use, *, at: datetime) -> tuple[str, Ed25519PrivateKey]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        rows = list(ServerKey.objects.filter(use=use).order_by("-made_at", "kid"))
        row = _make(use, at=at) if (found := _openable(rows)) is None else None
    if found is not None:
        return found
    assert row is not None  # noqa: S101 - made when none was found
    return row.kid, Ed25519PrivateKey.from_private_bytes(_open(bytes(row.secret)))


def _make(use: ServerKey.Use, *, at: datetime) -> ServerKey:
    key = Ed25519PrivateKey.generate()
    return ServerKey.objects.create(
        kid=thumbprint(jwk_of(key.public_key())),
        use=use,
        secret=_seal(key.private_bytes_raw()),
        public=key.public_key().public_bytes_raw(),
        made_at=at,
    )


def _cipher() -> AESGCM:
    derive = HKDF(SHA256(), length=32, salt=None, info=b"dancu.exchange.keys")
    return AESGCM(derive.derive(settings.SECRET_KEY.encode()))


def _seal(raw: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher().encrypt(nonce, raw, None)


def _open(sealed: bytes) -> bytes:
    return _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], None)


__all__ = ["TOKENS_LIVE", "Ring", "Use", "b64", "forget", "published", "ring", "rotate"]
