"""Signed deliveries: a detached JWS of the body (RFC 7515 appendix F), with our published keys.

The protected header names the delivery, the moment and the address, so that nothing of it can be
sent again later or elsewhere. The other headers say the same for receivers of Standard Webhooks.
"""

from __future__ import annotations

from datetime import datetime

from dancu.exchange.oauth import ring
from dancu.exchange.oauth.jose import sign_compact

#: The type in the header, so that a delivery is never taken for an answer or a token.
TYPE = "dancu-webhook+jws"


def signed_headers(body: bytes, *, delivery: str, address: str, at: datetime) -> dict[str, str]:
    """Return the headers that number, date and sign a delivery."""
    keys = ring.ring(ring.Use.ANSWER, at=at)
    seconds = int(at.timestamp())
    header = {"typ": TYPE, "kid": keys.kid, "jti": delivery, "iat": seconds, "aud": address}
    head, _, signature = sign_compact(keys.signer, header, body).decode().split(".")
    return {
        "Webhook-Id": delivery,
        "Webhook-Timestamp": str(seconds),
        "Webhook-JWS": f"{head}..{signature}",
    }
