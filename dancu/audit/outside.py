"""Checking the log from outside, with nothing but its public key. Pure: no Django, no database.

The log is read from an address (``https://…``) or from a folder that ``dancu audit export`` wrote:
``keys.json``, ``head.json`` and ``leaves.bin`` (32 bytes for each leaf).
"""

from __future__ import annotations

import base64
import binascii
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from dancu.audit import notes
from dancu.audit.errors import KeyUnreadable, NoteInvalid, NotReachable
from dancu.audit.notes import Head, Verifier
from dancu.kernel import merkle
from dancu.kernel.merkle import SIZE

_SECONDS = 30
_PATH = "/api/audit/v1/"
KEYS, HEAD, LEAVES = "keys.json", "head.json", "leaves.bin"


class Log(Protocol):
    """Where heads, keys, proofs and hashes of leaves are read from."""

    def note(self) -> str:
        """Return the note of the last head."""
        ...

    def keys(self) -> list[Mapping[str, Any]]:
        """Return the keys that the log names, the first one first."""
        ...

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Return the proof that one size is a beginning of another."""
        ...

    def leaves(self, size: int) -> Iterator[list[bytes]]:
        """Yield the hashes of the first leaves, in portions."""
        ...


class LogAtAddress:
    """A log that is read over HTTP."""

    def __init__(self, address: str) -> None:
        self._base = address.rstrip("/").removesuffix(_PATH.rstrip("/")) + _PATH
        if not self._base.startswith(("http://", "https://")):
            raise NotReachable(where=address, why="neither http:// nor https://")

    def note(self) -> str:
        """Return the note of the last head."""
        return str(self._get("head")["note"])

    def keys(self) -> list[Mapping[str, Any]]:
        """Return the keys that the log names."""
        return list(self._get("key")["keys"])

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Return the proof that one size is a beginning of another."""
        found = self._get("proof/consistency", first=first, second=second)
        return [_hash(text) for text in found["proof"]]

    def leaves(self, size: int) -> Iterator[list[bytes]]:
        """Yield the hashes of the first leaves, in portions."""
        start = 0
        while start < size:
            portion = [_hash(t) for t in self._get("entries", start=start, end=size)["leaves"]]
            if not portion:
                raise NotReachable(where=self._base, why=f"it has no leaf {start}")
            yield portion
            start += len(portion)

    def _get(self, what: str, **query: int) -> dict[str, Any]:
        address = f"{self._base}{what}" + (f"?{urlencode(query)}" if query else "")
        asked = urllib.request.Request(  # noqa: S310 - the scheme was checked
            address, headers={"Accept": "application/json"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
                found = json.load(answer)
        except urllib.error.HTTPError as error:
            raise NotReachable(where=address, why=f"it answers {error.code}") from None
        except (OSError, ValueError) as error:
            raise NotReachable(where=address, why=str(error)) from None
        if not isinstance(found, dict):
            raise NotReachable(where=address, why="it does not answer as a log does")
        return found


class LogInFolder:
    """A log as exported into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all: list[bytes] | None = None

    def note(self) -> str:
        """Return the note of the last head."""
        return str(self._read(HEAD)["note"])

    def keys(self) -> list[Mapping[str, Any]]:
        """Return the keys that the log names."""
        return list(self._read(KEYS)["keys"])

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Return the proof that one size is a beginning of another."""
        return merkle.consistency_proof(first, second, self.subtree)

    def leaves(self, size: int) -> Iterator[list[bytes]]:
        """Yield the hashes of the first leaves, in portions."""
        yield self._leaves()[:size]

    def subtree(self, begin: int, end: int) -> bytes:
        """Return the root over leaves ``[begin, end)``."""
        return merkle.root_of(self._leaves()[begin:end])

    def _leaves(self) -> list[bytes]:
        if self._all is None:
            try:
                raw = (self._folder / LEAVES).read_bytes()
            except OSError as error:
                raise NotReachable(where=str(self._folder), why=str(error)) from None
            self._all = [raw[at : at + SIZE] for at in range(0, len(raw) // SIZE * SIZE, SIZE)]
        return self._all

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self._folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise NotReachable(where=str(self._folder / name), why=str(error)) from None
        if not isinstance(found, dict):
            raise NotReachable(where=str(self._folder / name), why="it is no object")
        return found


def kept_text(path: Path) -> str:
    """Return the text of a file that was kept. Raises ``NotReachable``."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotReachable(where=str(path), why=str(error)) from None


def open_log(where: str) -> Log:
    """Return the log at an address or in a folder. Raises ``NotReachable``."""
    if "://" in where:
        return LogAtAddress(where)
    if not Path(where).is_dir():
        raise NotReachable(where=where, why="there is no such folder")
    return LogInFolder(Path(where))


def trusted_keys(given: Verifier, named: Sequence[Mapping[str, Any]]) -> list[Verifier]:
    """Return the given key and those that it vouches for, directly or by its successors."""
    trusted = [given]
    for entry in named:
        try:
            verifier = notes.read_verifier(str(entry.get("verifier", "")))
            note = notes.read_note(str(entry.get("introduction", "")))
            head = notes.read_head(note)
        except (NoteInvalid, KeyUnreadable):
            continue
        vouched = any(notes.is_signed_by(note, known) for known in trusted)
        if vouched and head.new_key == str(verifier):
            trusted.append(verifier)
    return trusted


def signed_head(note: str, trusted: Sequence[Verifier]) -> Head | None:
    """Return the head that a note states; None when no trusted key signed it."""
    read = notes.read_note(note)
    if not any(notes.is_signed_by(read, verifier) for verifier in trusted):
        return None
    return notes.read_head(read)


def continues(log: Log, old: Head, new: Head) -> bool:
    """Say whether the log proves that its new head only added to the old one."""
    if old.size > new.size or old.origin != new.origin:
        return False
    return merkle.is_consistent(
        old=old.size,
        new=new.size,
        old_root=old.root,
        new_root=new.root,
        proof=log.consistency(old.size, new.size),
    )


def first_difference(copy: LogInFolder, old: Head, log: Log, new: Head) -> int:
    """Return the first leaf in which the log differs from a copy that was kept.

    Asks the log for one proof per halving: twenty for a million leaves.
    """
    right, wrong = 0, min(old.size, new.size)
    while wrong - right > 1:
        middle = (right + wrong) // 2
        begins = merkle.is_consistent(
            old=middle,
            new=new.size,
            old_root=copy.subtree(0, middle),
            new_root=new.root,
            proof=log.consistency(middle, new.size),
        )
        right, wrong = (middle, wrong) if begins else (right, middle)
    return right


def has_root(log: Log, head: Head) -> bool:
    """Fetch every leaf hash and say whether they lead to the head's root."""
    growing = merkle.CompactRange()
    for portion in log.leaves(head.size):
        growing.extend(portion)
    return growing.size == head.size and growing.root() == head.root


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """A receipt taken apart."""

    entry: bytes
    index: int
    proof: tuple[bytes, ...]
    note: str

    def proves(self, head: Head) -> bool:
        """Say whether the entry stands in the tree of its head."""
        return merkle.is_included(
            leaf=merkle.leaf_hash(self.entry),
            index=self.index,
            size=head.size,
            proof=self.proof,
            root=head.root,
        )


def read_receipt(text: str) -> ReadReceipt:
    """Read the file that a citizen downloaded. Raises ``NoteInvalid``."""
    try:
        found = json.loads(text)
        return ReadReceipt(
            entry=str(found["entry"]).encode(),
            index=int(found["index"]),
            proof=tuple(_hash(item) for item in found["proof"]),
            note=str(found["head"]["note"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoteInvalid(why=f"the file is no receipt ({error!r})") from None


def _hash(text: object) -> bytes:
    try:
        value = base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != SIZE:
        raise ValueError("a hash has 32 bytes in base64")
    return value
