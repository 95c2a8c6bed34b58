"""How heads, keys, proofs and receipts look as JSON. Hashes are base64. Pure."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dancu.audit.log import KeyEntry, Receipt, SignedHead

RECEIPT_FORMAT = "dancu-receipt/1"


def text_of(value: bytes) -> str:
    """Write a hash."""
    return base64.b64encode(value).decode()


def texts_of(values: Iterable[bytes]) -> list[str]:
    """Write hashes."""
    return [text_of(value) for value in values]


def head_object(signed: SignedHead) -> dict[str, Any]:
    """Write a head; ``note`` is what is signed, and says all the rest."""
    head = signed.head
    return {
        "origin": head.origin,
        "size": head.size,
        "root": text_of(head.root),
        "at": head.at.isoformat(),
        "note": signed.note,
    }


def key_object(key: KeyEntry) -> dict[str, Any]:
    """Write a public key."""
    return {
        "algorithm": "Ed25519",
        "verifier": str(key.verifier),
        "pem": key.verifier.pem(),
        "made_at": key.made_at.isoformat(),
        "introduction": key.introduction,
    }


def receipt_object(receipt: Receipt) -> dict[str, Any]:
    """Write a receipt; ``entry`` is the text whose bytes are hashed."""
    return {
        "format": RECEIPT_FORMAT,
        "entry": receipt.entry.decode(),
        "index": receipt.index,
        "proof": texts_of(receipt.proof),
        "head": head_object(receipt.signed),
        "verifier": str(receipt.verifier),
    }
