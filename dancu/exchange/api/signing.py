"""Signed answers: a compact JWS of the same JSON, to be checked later by anybody with our keys."""

from __future__ import annotations

from datetime import datetime

from dancu.exchange.oauth import ring
from dancu.exchange.oauth.jose import sign_compact

#: The type in the header, so that an answer is never taken for a token.
TYPE = "dancu-answer+jws"


def signed(body: bytes, *, at: datetime) -> bytes:
    """Return the compact JWS of a JSON answer (RFC 7515, alg EdDSA)."""
    keys = ring.ring(ring.Use.ANSWER, at=at)
    return sign_compact(keys.signer, {"typ": TYPE, "kid": keys.kid, "cty": "json"}, body)
