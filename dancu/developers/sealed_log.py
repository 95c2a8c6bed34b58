"""The public addresses of the sealed log, declared like the exchange's operations.

They are answered by ``dancu.audit.views``; a test holds this against what is answered there.
"""

from __future__ import annotations

from dancu.exchange.api.shapes import COUNT, MOMENT, answered
from dancu.exchange.api.types import Call, Operation, Parameter, Reply, Shape

BASE = "/api/audit/v1"
TAG = "log"
_JSON = "application/json"
_HASH = {"type": "string", "description": "SHA-256 in base64."}
_HASHES = {"type": "array", "items": _HASH}


def _elsewhere(_call: Call) -> Reply:
    raise RuntimeError("The sealed log is answered by dancu.audit.")


def _number(name: str, text: str, *, is_required: bool = False) -> Parameter:
    return Parameter(name, "query", text, COUNT, is_required=is_required)


def _operation(
    name: str,
    summary: str,
    shape: Shape,
    *parameters: Parameter,
    text: str = "",
    problems: tuple[int, ...] = (503,),
) -> Operation:
    return Operation(
        name=name.replace("/", "-"),
        method="GET",
        path=f"/{name}",
        summary=summary,
        text=text,
        answer=_elsewhere,
        replies={200: shape},
        tag=TAG,
        parameters=parameters,
        problems=problems,
        is_public=True,
    )


def _shape(text: str, **members: object) -> Shape:
    return Shape(text, {_JSON: answered(*members, **members)})


_SIZE = "Size of the tree; without it that of the last head."

OPERATIONS = (
    _operation(
        "head",
        "The last signed head of the log.",
        _shape(
            "Size, root and moment, and the signed note that says them.",
            origin={"type": "string"},
            size=COUNT,
            root=_HASH,
            at=MOMENT,
            note={"type": "string", "description": "C2SP signed note, Ed25519."},
        ),
        text="Keep heads: with a kept one you find out whether anything before it was changed.",
    ),
    _operation(
        "key",
        "The public keys that heads are signed with.",
        _shape(
            "The keys, the one in use last.",
            keys={"type": "array", "items": {"type": "object"}},
        ),
    ),
    _operation(
        "proof/inclusion",
        "The way from one access record to the root.",
        _shape("The audit path (RFC 9162 §2.1.3).", index=COUNT, size=COUNT, proof=_HASHES),
        _number("index", "Number of the leaf, from 0.", is_required=True),
        _number("size", _SIZE),
        problems=(422, 503),
    ),
    _operation(
        "proof/consistency",
        "The proof that an older head is a beginning of a newer one.",
        _shape(
            "The consistency proof (RFC 9162 §2.1.4).", first=COUNT, second=COUNT, proof=_HASHES
        ),
        _number("first", "Size of the older head.", is_required=True),
        _number("second", _SIZE),
        problems=(422, 503),
    ),
    _operation(
        "entries",
        "Hashes of access records in the order of the log.",
        _shape("Salted hashes: they tell of nobody.", start=COUNT, leaves=_HASHES),
        _number("start", "Number of the first, from 0."),
        _number("end", "Number behind the last; at most 4096 are given at once."),
        problems=(422, 503),
    ),
)
