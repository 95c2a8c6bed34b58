"""Pieces of schema that many operations share."""

from __future__ import annotations

from typing import Any

from dancu.exchange.api.types import Parameter, Shape

#: Text that PostgreSQL can keep: no NUL, and not only spaces where something is needed.
_TEXT = "^[^\\u0000-\\u001f]*$"


def text(most: int, *, least: int = 0, about: str = "", example: str = "") -> dict[str, Any]:
    """Return the schema of a line of text."""
    schema: dict[str, Any] = {"type": "string", "maxLength": most, "pattern": _TEXT}
    if least:
        schema["minLength"] = least
    if about:
        schema["description"] = about
    if example:
        schema["examples"] = [example]
    return schema


def closed(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """Return the schema of an object with these members and no others."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return schema | {"required": list(required)} if required else schema


def answered(*required: str, **properties: Any) -> dict[str, Any]:
    """Return the schema of an answer: later versions may add members."""
    return {"type": "object", "properties": properties, "required": list(required)}


MOMENT = {"type": "string", "format": "date-time", "description": "ISO 8601 with time zone."}
DAY = {"type": "string", "format": "date"}
COUNT = {"type": "integer", "minimum": 0}
PURPOSE = text(60, least=1, about="A purpose that the contract names.", example="school_enrolment")
CASE = text(60, about="Number of the dossier or case.", example="G03-2026-000123")
REFERENCE = text(100, about="Your own mark; it comes back as it is.")

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details: what is wrong, why, and what to do.",
    "properties": {
        "type": {"type": "string", "description": "urn:dancu:problem:CODE"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable name of the situation."},
        "retryable": {
            "type": "boolean",
            "description": "Whether the same request may succeed later without any change.",
        },
        "language": {"type": "string"},
        "instance": {"type": "string", "description": "The request's number, for support."},
        "remedy": {"type": "string"},
        "contract": {"type": "string", "description": "The contract that refused."},
        "clause": {"type": "string", "description": "The clause of the contract that refused."},
        "errors": {
            "type": "array",
            "items": answered(
                "field",
                "code",
                "detail",
                field={"type": "string"},
                pointer={"type": "string", "description": "RFC 6901."},
                code={"type": "string"},
                detail={"type": "string"},
                remedy={"type": "string"},
            ),
        },
    },
    "required": ["type", "title", "status", "detail", "code", "retryable"],
}

IDEMPOTENCY = Parameter(
    "Idempotency-Key",
    "header",
    "Your own key of this question. The same key with the same body within 24 hours gives the "
    "same answer without asking again; with another body it is refused (422).",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
)
X_ROAD = (
    Parameter(
        "X-Road-Client",
        "header",
        "INSTANCE/CLASS/MEMBER/SUBSYSTEM, as a security server sends it.",
        {"type": "string", "maxLength": 255, "pattern": "^[!-~]*$"},
    ),
    Parameter(
        "X-Road-Id",
        "header",
        "The security server's number of the message.",
        {"type": "string", "maxLength": 100, "pattern": "^[!-~]*$"},
    ),
    Parameter(
        "X-Road-UserId",
        "header",
        "Who asks within the agency; the person asked about can read it.",
        {"type": "string", "maxLength": 100, "pattern": "^[!-~]*$"},
    ),
    Parameter(
        "X-Road-Issue",
        "header",
        "Number of the case, where the body names none.",
        {"type": "string", "maxLength": 60, "pattern": "^[!-~]*$"},
    ),
)
JOSE_SHAPE = {
    "type": "string",
    "description": "Compact JWS (EdDSA) of the same JSON; keys at /jwks.json.",
}


def answer(schema: dict[str, Any], about: str) -> Shape:
    """Return the shape of a JSON answer that may be asked for signed."""
    return Shape(about, {"application/json": schema, "application/jose": JOSE_SHAPE})
