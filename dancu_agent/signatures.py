"""Signed answers: a compact JWS of the answer, checked against the exchange's published keys.

An agency asks for one where somebody else must be able to check the answer later (RFC 7515).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

_HALF = 32


class NotSigned(Exception):
    """The answer carries no signature that holds."""


class UnknownKey(NotSigned):
    """The answer is signed with a key that is not known yet."""


def opened(text: bytes, keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The content of a compact JWS whose signature holds; raises ``NotSigned``."""
    try:
        head, content, signature = text.decode("ascii").strip().split(".")
        header = json.loads(unb64(head))
        found = json.loads(unb64(content))
        name = header["kid"]
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise NotSigned from None
    key = next((each for each in keys if each.get("kid") == name), None)
    if key is None:
        raise UnknownKey
    try:
        _check(key, header.get("alg"), f"{head}.{content}".encode(), unb64(signature))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        raise NotSigned from None
    if not isinstance(found, dict):
        raise NotSigned
    return found


def unb64(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)


def _check(key: Mapping[str, Any], algorithm: object, data: bytes, signature: bytes) -> None:
    # The key decides which algorithm counts, never the message alone (RFC 8725 §3.1).
    if key["kty"] == "OKP" and key["crv"] == "Ed25519" and algorithm in {"EdDSA", "Ed25519"}:
        ed25519.Ed25519PublicKey.from_public_bytes(unb64(key["x"])).verify(signature, data)
        return
    if key["kty"] == "EC" and key["crv"] == "P-256" and algorithm == "ES256":
        x, y = (int.from_bytes(unb64(key[name]), "big") for name in ("x", "y"))
        r, s = (int.from_bytes(part, "big") for part in (signature[:_HALF], signature[_HALF:]))
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        public.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
        return
    raise InvalidSignature
