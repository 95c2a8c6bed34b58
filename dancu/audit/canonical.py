"""Bytes that are the same for ever: how records are written before they are hashed.

An entry is one JSON object in the canonical form of RFC 8785: UTF-8, keys sorted, no spaces. What
is null, an empty text or an empty list is left out, so that a column added later changes no entry
of before. Moments are RFC 3339 in UTC with six digits behind the second; bytes are hexadecimal.

What the person concerned may not read, such as who the officer was, is in the entry only as
``private``: SHA-256 over the second half of the salt and the canonical JSON of those fields. The
first half stands in the entry as ``salt``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

SALT = 32
_HALF = SALT // 2
_NOTHING: tuple[object, ...] = (None, "", [])


def entry_of(public: Mapping[str, Any], private: Mapping[str, Any], salt: bytes) -> bytes:
    """Return the bytes of an entry; ``salt`` are 32 random bytes kept with the leaf."""
    hidden = sha256(salt[_HALF:] + written(private)).hexdigest()
    return written({**public, "salt": salt[:_HALF].hex(), "private": hidden})


def present(names: Iterable[str], values: Iterable[Any]) -> dict[str, Any]:
    """Return the fields that hold something."""
    return {name: value for name, value in zip(names, values, strict=True) if value not in _NOTHING}


def written(value: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON of an object; moments and bytes must be text already."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def moment(at: datetime) -> str:
    """Return a moment as text, such as 2026-11-22T01:10:00.000000Z."""
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"
