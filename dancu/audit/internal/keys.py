"""The key that signs heads: the private half in ``var/audit``, the public half in the database.

Only the machine on which the worker runs needs the private half. A new key is written to a file of
its own before the database learns of it, and takes the place of the former one afterwards, so that
a crash leaves one of the two files that fits.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from dancu.audit.errors import KeyMissing
from dancu.audit.models import SigningKey
from dancu.audit.notes import Verifier, read_verifier
from dancu.operation.config import current
from dancu.operation.instance import prepare_var, write_private

_FILE = "signing_key.pem"
_NEXT = "signing_key.next.pem"
_NAME = "dancu"


@dataclass(frozen=True, slots=True)
class Signer:
    """The key in use: its public and its private half."""

    verifier: Verifier
    private: Ed25519PrivateKey

    @property
    def pair(self) -> tuple[str, Ed25519PrivateKey]:
        """The name and the key, as ``notes.sign`` takes them."""
        return self.verifier.name, self.private


def folder() -> Path:
    """Where the private key lies."""
    return Path(getattr(settings, "AUDIT_KEYS", None) or current().var / "audit")


def in_use() -> SigningKey | None:
    """The public key in use."""
    return SigningKey.objects.order_by("-id").first()


def signer() -> Signer:
    """Return the key in use. Raises ``KeyMissing``."""
    row = in_use()
    if row is None:
        raise KeyMissing(folder=str(folder()))
    wanted = read_verifier(row.verifier)
    for name in (_FILE, _NEXT):
        private = _read(folder() / name)
        if private is not None and _public(private) == wanted.public:
            if name == _NEXT:
                (folder() / _NEXT).replace(folder() / _FILE)
            return Signer(wanted, private)
    raise KeyMissing(folder=str(folder()))


def make_first(at: datetime) -> SigningKey:
    """Make the key of a new log, or return the one there is."""
    found = in_use()
    if found is not None:
        return found
    private = _read(folder() / _FILE)
    if private is None:
        private = Ed25519PrivateKey.generate()
        _write(_FILE, private)
    public = _public(private)
    # The log is named after its first key, for good.
    name = f"{_NAME}/{sha256(public).hexdigest()[:8]}"
    verifier = Verifier(name, public)
    return SigningKey.objects.create(verifier=str(verifier), public=public, made_at=at)


def make_next() -> Signer:
    """Make a key that is not in use yet; the file waits beside the one in use."""
    row = in_use()
    if row is None:
        raise KeyMissing(folder=str(folder()))
    private = Ed25519PrivateKey.generate()
    _write(_NEXT, private)
    return Signer(Verifier(read_verifier(row.verifier).name, _public(private)), private)


def _read(path: Path) -> Ed25519PrivateKey | None:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def _write(name: str, private: Ed25519PrivateKey) -> None:
    if folder().parent == current().var:
        prepare_var(current().var)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(folder() / name, pem.decode())
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
