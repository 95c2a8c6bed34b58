"""Bytes that are the same for ever: how records are written before they are hashed.

An entry is one JSON object in the canonical form of RFC 8785: UTF-8, keys sorted, no spaces. An
optional field that holds nothing (null, nought, empty) is left out, so that a column added later
changes no entry of before. Moments are RFC 3339 in UTC, with ``Z``, and with six digits behind the
second unless they are all nought; bytes are hexadecimal.

What the person concerned may not read, such as who the officer was, is in the entry only as
``private``: SHA-256 over the second half of the salt and the canonical JSON of those fields. The
first half stands in the entry as ``salt``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from orjson import OPT_SORT_KEYS, OPT_UTC_Z, dumps

SALT = 32
_HALF = SALT // 2
_FORM = OPT_SORT_KEYS | OPT_UTC_Z


def entry_of(public: dict[str, Any], private: dict[str, Any], salt: bytes) -> bytes:
    """Return the bytes of an entry, adding to ``public``; ``salt`` are 32 random bytes."""
    public["salt"] = salt[:_HALF].hex()
    public["private"] = sha256(salt[_HALF:] + dumps(private, None, _FORM)).hexdigest()
    return dumps(public, None, _FORM)


def present(names: Iterable[str], values: Iterable[Any], optional: Iterable[str]) -> dict[str, Any]:
    """Return the fields, without those optional ones that hold nothing (null, nought, empty)."""
    found = dict(zip(names, values, strict=True))
    for name in optional:
        if not found[name]:
            del found[name]
    return found


def written(value: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON of an object; bytes must be text already."""
    return dumps(value, None, _FORM)


def in_utc(at: datetime) -> datetime:
    """Return the same moment in UTC, as entries write it."""
    return at if at.tzinfo is UTC else at.astimezone(UTC)
