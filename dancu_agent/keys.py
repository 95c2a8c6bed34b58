"""The agency's keys: made here, never leave this machine; only the public half is registered."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from dancu_agent.errors import AgentError, Problem
from dancu_agent.settings import write_private
from dancu_agent.texts import msg

ALGORITHMS = ("EdDSA", "ES256")
_P256_BYTES = 32
_RING_FILE = "ring.json"
Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def base64url(data: bytes) -> str:
    """Base64 as JOSE writes it: of the URL alphabet, without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Key:
    """A private key with its name, the thumbprint of its public half (RFC 7638)."""

    private: Private

    @property
    def algorithm(self) -> str:
        """The name of its signatures in JOSE."""
        return "EdDSA" if isinstance(self.private, ed25519.Ed25519PrivateKey) else "ES256"

    @property
    def kid(self) -> str:
        """The name by which the exchange knows the key."""
        text = json.dumps(self._required(), separators=(",", ":"), sort_keys=True)
        return base64url(hashlib.sha256(text.encode()).digest())

    def public_jwk(self) -> dict[str, str]:
        """What is registered with the exchange (RFC 7517, RFC 8037)."""
        return {**self._required(), "use": "sig", "alg": self.algorithm, "kid": self.kid}

    def _required(self) -> dict[str, str]:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            return {"crv": "Ed25519", "kty": "OKP", "x": base64url(raw)}
        numbers = self.private.public_key().public_numbers()
        x, y = (base64url(n.to_bytes(_P256_BYTES, "big")) for n in (numbers.x, numbers.y))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}

    def sign(self, data: bytes) -> bytes:
        """The raw signature that JOSE wants (RFC 7518 §3.4, RFC 8037 §3.1)."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")

    def jwt(self, claims: dict[str, Any]) -> str:
        """Sign claims as a compact JWT."""
        header = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"}
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in (header, claims))
        text = ".".join(map(base64url, parts))
        return f"{text}.{base64url(self.sign(text.encode()))}"

    def pem(self) -> str:
        """The private key as PKCS #8."""
        made = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return made.decode()


def new_key(algorithm: str) -> Key:
    """Make a key pair."""
    if algorithm == "ES256":
        return Key(ec.generate_private_key(ec.SECP256R1()))
    return Key(ed25519.Ed25519PrivateKey.generate())


@dataclass(frozen=True, slots=True)
class Names:
    """Which key signs, which comes next, and which went before."""

    current: str
    following: str = ""
    earlier: tuple[str, ...] = ()


class Keyring:
    """The keys in the folder ``keys`` of a home, each a file that only its owner reads."""

    def __init__(self, home: Path) -> None:
        """Name the folder; nothing is read yet."""
        self.folder = home / "keys"

    def begin(self, algorithm: str) -> Key:
        """Make the first key."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = self._keep(new_key(algorithm))
        self._write(Names(key.kid))
        return key

    def names(self) -> Names:
        """The roles of the keys."""
        try:
            found = json.loads((self.folder / _RING_FILE).read_text(encoding="utf-8"))
            return Names(found["current"], found.get("following", ""), tuple(found["earlier"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _unusable(self.folder / _RING_FILE, error) from None

    def exists(self) -> bool:
        """Whether keys were made here."""
        return (self.folder / _RING_FILE).exists()

    def current(self) -> Key:
        """The key that signs."""
        return self.load(self.names().current)

    def following(self) -> Key | None:
        """The key that was made to follow, while the exchange does not know it yet."""
        name = self.names().following
        return self.load(name) if name else None

    def rotate(self, algorithm: str) -> Key:
        """Make the key that is to follow; the current one goes on signing until it works.

        A key that was made before and never worked is replaced.
        """
        names = self.names()
        key = self._keep(new_key(algorithm))
        self._write(replace(names, following=key.kid))
        if names.following:
            (self.folder / f"{names.following}.pem").unlink(missing_ok=True)
        return key

    def promote(self) -> None:
        """Let the following key sign from now on; the one before stays on disk."""
        names = self.names()
        if names.following:
            self._write(Names(names.following, "", (*names.earlier, names.current)))

    def drop_earlier(self) -> int:
        """Delete the keys that no longer sign; how many there were."""
        names = self.names()
        self._write(replace(names, earlier=()))
        for name in names.earlier:
            (self.folder / f"{name}.pem").unlink(missing_ok=True)
        return len(names.earlier)

    def load(self, name: str) -> Key:
        """Read a key; one that others may read is refused."""
        path = self.folder / f"{name}.pem"
        try:
            if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise AgentError(
                    Problem(
                        "key-open",
                        msg("Others may read the private key %(path)s."),
                        msg("Whoever reads it can ask in the agency's name."),
                        msg("chmod 600 it; if somebody has read it, `dancu-agent keys rotate`"),
                        field="key",
                        params={"path": str(path)},
                    )
                )
            private = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise _unusable(path, error) from None
        if not isinstance(private, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
            raise _unusable(path, "not Ed25519 or P-256")
        return Key(private)

    def _keep(self, key: Key) -> Key:
        write_private(self.folder / f"{key.kid}.pem", key.pem())
        return key

    def _write(self, names: Names) -> None:
        text = json.dumps(
            {
                "current": names.current,
                "following": names.following,
                "earlier": list(names.earlier),
            },
            indent=2,
        )
        write_private(self.folder / _RING_FILE, text + os.linesep)


def _unusable(path: Path, reason: object) -> AgentError:
    return AgentError(
        Problem(
            "key-unusable",
            msg("The key %(path)s cannot be used: %(reason)s."),
            "",
            msg("restore it, or make new keys with `dancu-agent init --again` and register them"),
            field="key",
            params={"path": str(path), "reason": str(reason)},
        )
    )
