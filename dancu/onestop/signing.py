"""The seal of an extract: a compact JWS (RFC 7515, EdDSA) under the keys that sign answers.

Whoever has the published keys (``/api/exchange/v1/jwks.json``) can check it without us.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from datetime import datetime
from typing import Any

import orjson
from django.utils.crypto import salted_hmac

from dancu.exchange.oauth import ring
from dancu.exchange.oauth.jose import b64, open_compact, sign_compact, unb64

#: The type in the header, so that an extract is never taken for another signed answer.
TYPE = "dancu-extract+jws"
_CHECK_BYTES = 10


def _beginning() -> bytes:
    """Return the letters with which every signed text of ours begins (three bytes are four)."""
    head = orjson.dumps({"alg": "EdDSA", "typ": TYPE})[:-1]
    return b64(head[: len(head) // 3 * 3]).encode()


#: How a signed text is found in a file.
BEGINNING = _beginning()


class NotSigned(ValueError):
    """The text carries no signature of this register."""


def prepare(*, at: datetime) -> None:
    """See that there is a key to sign with. Not inside a transaction."""
    ring.ring(ring.Use.ANSWER, at=at)


def sign(payload: bytes, *, at: datetime) -> tuple[str, bytes]:
    """Return the id of the key and the signature of a content."""
    keys = ring.ring(ring.Use.ANSWER, at=at)
    token = sign_compact(keys.signer, _head(keys.kid), payload)
    return keys.kid, unb64(token.rpartition(b".")[2])


def compact(payload: bytes, *, kid: str, signature: bytes) -> str:
    """Return the signed text of a content that was signed before."""
    head = orjson.dumps({"alg": "EdDSA", **_head(kid)})
    return f"{b64(head)}.{b64(payload)}.{b64(signature)}"


def opened(token: str, *, at: datetime) -> tuple[dict[str, Any], bytes]:
    """Return what a signed text says, and its bytes. Raises ``NotSigned``."""
    try:
        kid = str(orjson.loads(unb64(token.split(".", maxsplit=1)[0]))["kid"])
        keys = ring.ring(ring.Use.ANSWER, at=at, wanted=kid)
        content = open_compact(token, keys.public, typ=TYPE)
        return content, unb64(token.split(".")[1])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise NotSigned(str(error)) from None


def check_code(number: str) -> str:
    """Return the check code of an extract: 80 bits that stand on its paper only."""
    raw = salted_hmac("dancu.onestop.check", number, algorithm="sha256").digest()[:_CHECK_BYTES]
    return b32encode(raw).decode()


def plain_check(text: str) -> str:
    """Return a check code as it was typed, without blanks and dashes, in capitals."""
    return "".join(letter for letter in text.upper() if letter.isalnum())[:40]


def hash_of(content: bytes) -> bytes:
    """Return the SHA-256 of a content, a check code or a file."""
    return hashlib.sha256(content).digest()


def _head(kid: str) -> dict[str, str]:
    return {"typ": TYPE, "kid": kid, "cty": "json"}
