"""What a program relies on of each operation, as a short hash: words may change, shapes may not.

``catalogue/interface_changes.yaml`` repeats the hashes, so that no change goes unannounced.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dancu.exchange.api.openapi import document

#: The shape of every refusal, beside the names of operations.
PROBLEM = "Problem"
_WORDS = frozenset({"description", "summary", "title", "example", "examples", "tags"})
#: Whose members are names that somebody chose, not words of the schema language.
_OF_NAMES = frozenset({"properties", "responses", "content", "headers", "schemas"})


def fingerprints() -> dict[str, str]:
    """Return the hash of each operation of the document, and of the shape of a refusal."""
    written = document("")
    found = {
        one["operationId"]: _hashed([path, method, _bare(one)])
        for path, methods in written["paths"].items()
        for method, one in methods.items()
    }
    return found | {PROBLEM: _hashed(_bare(written["components"]["schemas"][PROBLEM]))}


def _bare(value: Any, *, is_names: bool = False) -> Any:
    """Return a part of the document without the words that only people read."""
    if isinstance(value, Mapping):
        return {
            name: _bare(below, is_names=not is_names and name in _OF_NAMES)
            for name, below in value.items()
            if is_names or name not in _WORDS
        }
    if isinstance(value, list | tuple):
        return [_bare(one) for one in value]
    return value


def _hashed(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
