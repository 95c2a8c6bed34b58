"""Signed heads as text: the C2SP formats *signed note* and *checkpoint*, with Ed25519.

A note of the log reads

    dancu/1f0c9a77
    1000
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    at 2026-11-22T01:10:00Z

    — dancu/1f0c9a77 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/…

Origin, size, root (base64), the moment; when a new key takes over, ``key`` and its verifier line,
and both keys sign. Pure: needs neither Django nor a database, so that others can check with it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from dancu.audit.errors import KeyUnreadable, NoteInvalid
from dancu.kernel.merkle import SIZE

_ED25519 = b"\x01"
_HASH_LENGTH = 4
_BEGIN = "— "
_LEAST_LINES = 4


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key; ``name`` is the origin of the log, empty when only the key is known (PEM)."""

    name: str
    public: bytes

    def hash_for(self, name: str) -> bytes:
        """Return the four bytes that name the key in a signature line."""
        return sha256(name.encode() + b"\n" + _ED25519 + self.public).digest()[:_HASH_LENGTH]

    def __str__(self) -> str:
        """Write the verifier line: name, hash and key."""
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.hash_for(self.name).hex()}+{key}"

    def pem(self) -> str:
        """Return the key as PEM (SubjectPublicKeyInfo)."""
        key = Ed25519PublicKey.from_public_bytes(self.public)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line."""

    name: str
    key_hash: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text and who signed it."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The size and root of the log at a moment; ``new_key`` is a verifier line, mostly empty."""

    origin: str
    size: int
    root: bytes
    at: datetime
    new_key: str = ""

    def text(self) -> str:
        """Return what is signed."""
        moment = self.at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6]
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), f"at {moment}Z"]
        if self.new_key:
            lines.append(f"key {self.new_key}")
        return "".join(f"{line}\n" for line in lines)


def read_verifier(text: str) -> Verifier:
    """Read a verifier line or a PEM file. Raises ``KeyUnreadable``."""
    text = text.strip()
    if text.startswith("-----BEGIN"):
        try:
            key = load_pem_public_key(text.encode())
        except ValueError as error:
            raise KeyUnreadable(why=str(error)) from None
        if not isinstance(key, Ed25519PublicKey):
            raise KeyUnreadable(why="not an Ed25519 key")
        return Verifier("", key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    name, plus, rest = text.partition("+")
    key_hash, second, encoded = rest.partition("+")
    raw = _decoded(encoded)
    if not (name and plus and second) or raw is None or raw[:1] != _ED25519 or len(raw) != SIZE + 1:
        raise KeyUnreadable(why="neither PEM nor name+hash+key")
    found = Verifier(name, raw[1:])
    if found.hash_for(name).hex() != key_hash:
        raise KeyUnreadable(why="its hash does not fit")
    return found


def sign(head: Head, *keys: tuple[str, Ed25519PrivateKey]) -> str:
    """Return the note of a head, signed by keys that are given with their names."""
    text = head.text()
    lines = [f"{_BEGIN}{name} {_signature(text, name, key)}\n" for name, key in keys]
    return f"{text}\n{''.join(lines)}"


def _signature(text: str, name: str, key: Ed25519PrivateKey) -> str:
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    value = Verifier(name, public).hash_for(name) + key.sign(text.encode())
    return base64.b64encode(value).decode()


def read_note(text: str) -> Note:
    """Take a note apart. Raises ``NoteInvalid``."""
    body, blank, end = text.replace("\r\n", "\n").rpartition("\n\n")
    signatures = tuple(map(_read_signature, end.splitlines())) if blank else ()
    if not body or not signatures:
        raise NoteInvalid(why="text and signatures are parted by an empty line")
    return Note(f"{body}\n", signatures)


def _read_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_BEGIN).partition(" ")
    value = _decoded(encoded)
    if not line.startswith(_BEGIN) or not space or value is None or len(value) <= _HASH_LENGTH:
        raise NoteInvalid(why=f"no signature line: {line[:60]}")
    return Signature(name, value[:_HASH_LENGTH], value[_HASH_LENGTH:])


def is_signed_by(note: Note, verifier: Verifier) -> bool:
    """Say whether one of the signatures is the key's."""
    return any(_fits(note.text, item, verifier) for item in note.signatures)


def _fits(text: str, signature: Signature, verifier: Verifier) -> bool:
    if verifier.name not in {"", signature.name}:
        return False
    if signature.key_hash != verifier.hash_for(signature.name):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature.value, text.encode())
    except InvalidSignature:
        return False
    return True


def read_head(note: Note) -> Head:
    """Read the head that a note states. Raises ``NoteInvalid``."""
    lines = note.text.splitlines()
    if len(lines) < _LEAST_LINES:
        raise NoteInvalid(why="it has fewer than four lines")
    origin, size, root = lines[0], lines[1], _decoded(lines[2])
    more = dict(line.split(" ", 1) for line in lines[3:] if " " in line)
    try:
        at = datetime.fromisoformat(more["at"])
    except (KeyError, ValueError):
        raise NoteInvalid(why="it says no moment") from None
    if not (size.isascii() and size.isdigit()) or root is None or len(root) != SIZE:
        raise NoteInvalid(why="size or root are no such things")
    return Head(origin, int(size), root, at, more.get("key", ""))


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
