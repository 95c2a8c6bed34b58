"""Public keys as they are registered, and compact signatures of our own (RFC 7515, 7517, 7638)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils.translation import gettext_lazy as _

from dancu.exchange.errors import ExchangeError

#: Key type and curve → the algorithms that it may sign assertions with.
ALGORITHMS = {
    "OKP": ("EdDSA", "Ed25519"),
    "EC": ("ES256",),
    "RSA": ("RS256", "PS256"),
}
LEAST_RSA_BITS = 2048
_P256_SIGNATURE = 64
_LONGEST_KID = 100
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

Public = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class KeyUnusable(ExchangeError):
    """This key cannot be registered: %(why)s."""

    http_status = 422
    remedy = "Send a public key as PEM or JWK: Ed25519, P-256 or RSA with 2048 bits or more."


def b64(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def unb64(text: str | bytes) -> bytes:
    """Return the bytes of base64url without padding. Raises ``ValueError``."""
    raw = text.encode("ascii") if isinstance(text, str) else text
    return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)


def read_public(text: str) -> dict[str, str]:
    """Return the public JWK of a PEM (key or certificate), a JWK or a set of one. Keeps ``kid``.

    Raises ``KeyUnusable``; a private key is refused too, for it should never have been sent.
    """
    text = text.strip()
    if text.startswith("{"):
        return _from_json(text)
    if "PRIVATE KEY" in text:
        raise KeyUnusable(why=_("it is a private key, which must not leave your hands"))
    try:
        return jwk_of(_from_pem(text.encode()))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable(why=_("it can be read neither as PEM nor as JWK")) from None


def _from_pem(pem: bytes) -> Any:
    if b"BEGIN CERTIFICATE" in pem:
        return x509.load_pem_x509_certificate(pem).public_key()
    return serialization.load_pem_public_key(pem)


def _from_json(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise KeyUnusable(why=_("it is not valid JSON")) from None
    keys = found.get("keys")
    if keys is not None:
        if not isinstance(keys, list) or len(keys) != 1 or not isinstance(keys[0], dict):
            raise KeyUnusable(why=_("a set must hold exactly one key"))
        found = keys[0]
    if _PRIVATE_MEMBERS & set(found):
        raise KeyUnusable(why=_("it holds private parts, which must not leave your hands"))
    jwk = jwk_of(public_of(found))
    kid = str(found.get("kid") or "")[:_LONGEST_KID]
    if not kid.isprintable():
        raise KeyUnusable(why=_("its name (kid) is no plain text"))
    return jwk | {"kid": kid} if kid else jwk


def public_of(jwk: Mapping[str, Any]) -> Public:
    """Return the key that a public JWK describes. Raises ``KeyUnusable``."""
    try:
        match jwk.get("kty"), jwk.get("crv"):
            case "OKP", "Ed25519":
                return ed25519.Ed25519PublicKey.from_public_bytes(unb64(jwk["x"]))
            case "EC", "P-256":
                x, y = (int.from_bytes(unb64(jwk[part])) for part in "xy")
                return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            case "RSA", _:
                exponent, modulus = (int.from_bytes(unb64(jwk[part])) for part in "en")
                return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except (KeyError, TypeError, ValueError, AttributeError):
        raise KeyUnusable(why=_("its numbers are no key of that kind")) from None
    raise KeyUnusable(why=_("its kind is not taken here"))


def jwk_of(key: Any) -> dict[str, str]:
    """Return the JWK of a public key. Raises ``KeyUnusable`` for kinds that are not taken."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_bytes_raw())}
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        point = key.public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": b64(point.x.to_bytes(32)),
            "y": b64(point.y.to_bytes(32)),
        }
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < LEAST_RSA_BITS:
            raise KeyUnusable(why=_("it has too few bits"))
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    raise KeyUnusable(why=_("its kind is not taken here"))


def _number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the thumbprint of a public JWK (RFC 7638)."""
    members = {"OKP": ("crv", "kty", "x"), "EC": ("crv", "kty", "x", "y"), "RSA": ("e", "kty", "n")}
    required = {name: jwk[name] for name in members[jwk["kty"]]}
    canonical = json.dumps(required, separators=(",", ":"), sort_keys=True)
    return b64(hashlib.sha256(canonical.encode()).digest())


def verify_signature(key: Public, algorithm: str, signed: bytes, signature: bytes) -> None:
    """Check a signature of RFC 7518 §3 or RFC 8037. Raises ``InvalidSignature``."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, signed)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if len(signature) != _P256_SIGNATURE:
            raise InvalidSignature
        half = _P256_SIGNATURE // 2
        r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    else:
        pss = padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size)
        chosen = pss if algorithm == "PS256" else padding.PKCS1v15()
        key.verify(signature, signed, chosen, SHA256())


def sign_compact(
    key: ed25519.Ed25519PrivateKey, header: Mapping[str, object], payload: bytes
) -> bytes:
    """Return the compact JWS of a payload (alg EdDSA)."""
    head = b64(orjson.dumps({"alg": "EdDSA", **header})).encode()
    signed = head + b"." + base64.urlsafe_b64encode(payload).rstrip(b"=")
    return signed + b"." + base64.urlsafe_b64encode(key.sign(signed)).rstrip(b"=")


def open_compact(
    token: str, keys: Mapping[str, ed25519.Ed25519PublicKey], *, typ: str
) -> dict[str, Any]:
    """Return the claims of a compact JWS of ours. Raises ``ValueError`` whatever is wrong."""
    head, payload, signature = token.encode("ascii").split(b".")
    header = orjson.loads(unb64(head))
    if not isinstance(header, dict) or header.get("alg") != "EdDSA" or header.get("typ") != typ:
        raise ValueError("another kind of token")
    key = keys.get(str(header.get("kid")))
    if key is None:
        raise ValueError("unknown key")
    try:
        key.verify(unb64(signature), head + b"." + payload)
    except InvalidSignature:
        raise ValueError("wrong signature") from None
    claims = orjson.loads(unb64(payload))
    if not isinstance(claims, dict):
        raise ValueError("no claims")  # noqa: TRY004 - one kind of error for one situation
    return claims
