"""Operations around the questions: token, keys, status, one's own contract, the document itself."""

from __future__ import annotations

from typing import Any

from django.db import connection

from dancu.exchange import quotas
from dancu.exchange.api import problems, shapes
from dancu.exchange.api.shapes import COUNT, answered, text
from dancu.exchange.api.types import Call, Operation, Reply, Shape
from dancu.exchange.oauth import granting, ring
from dancu.kernel.clock import today

BASE = "/api/exchange/v1"
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def audiences(call: Call) -> frozenset[str]:
    """Return the addresses by which an assertion may mean us."""
    roots = {call.origin + BASE}
    # Behind a proxy that ends TLS we may not know that we were called by https.
    roots.add("https://" + call.origin.partition("://")[2] + BASE)
    if configured := problems.public_address():
        roots.add(configured)
    return frozenset(root + tail for root in roots for tail in ("", "/token"))


def token(call: Call) -> Reply:
    """Give a token (RFC 6749 §4.4 with RFC 7523 §2.2)."""
    granted = granting.grant(
        form=call.form, audiences=audiences(call), at=call.at, certificate=call.certificate
    )
    body = {
        "access_token": granted.token,
        "token_type": "Bearer",
        "expires_in": granted.seconds,
        "scope": granted.contract,
    }
    return Reply(body, headers=_NO_STORE)


def jwks(call: Call) -> Reply:  # noqa: ARG001 - the same for everybody
    """Give the keys that answers are signed with (RFC 7517)."""
    keys = ring.published()
    return Reply({"keys": keys}, headers={"Cache-Control": "public, max-age=300"})


def status(call: Call) -> Reply:
    """Tell whether questions are answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Reply({"status": "ok", "at": call.at, "day": today(call.at)})


def contract(call: Call) -> Reply:
    """Tell one's own contract, and what was used of it today."""
    own = call.who.contract
    day = today(call.at)
    used = quotas.standing(day).get(own.name)
    body: dict[str, Any] = {
        "contract": own.name,
        "agency": own.agency,
        "label_vi": own.label_vi,
        "label_en": own.label_en,
        "purposes": sorted(own.purposes),
        "modes": sorted(own.modes),
        "verify_attributes": sorted(own.verify_attributes),
        "questions": sorted(own.questions),
        "lookup_attributes": sorted(own.lookup_attributes),
        "feed_events": sorted(own.feed_events),
        "scope": sorted(own.scope) if own.scope is not None else None,
        "records_per_day": own.records_on(day),
        "requests_per_second": own.requests_per_second,
        "priority": own.priority,
        "valid_from": own.valid_from,
        "today": {
            "day": day,
            "records": used.records if used else 0,
            "requests": used.requests if used else 0,
            "refused": used.refused if used else 0,
            "left": used.left if used else own.records_on(day),
        },
    }
    if own.valid_to is not None:
        body["valid_to"] = own.valid_to
    return Reply(body)


def document(call: Call) -> Reply:
    """Give the OpenAPI document."""
    from dancu.exchange.api.openapi import document as written

    address = problems.public_address() or call.origin + BASE
    return Reply(written(address), headers={"Cache-Control": "public, max-age=300"})


_NAMES = {"type": "array", "items": {"type": "string"}}
_CONTRACT = answered(
    "contract",
    "agency",
    "purposes",
    "modes",
    "records_per_day",
    "requests_per_second",
    "today",
    contract={"type": "string"},
    agency={"type": "string"},
    label_vi={"type": "string"},
    label_en={"type": "string"},
    purposes=_NAMES,
    modes=_NAMES,
    verify_attributes=_NAMES,
    questions=_NAMES,
    lookup_attributes=_NAMES,
    feed_events=_NAMES,
    scope={"anyOf": [_NAMES, {"type": "null"}], "description": "null: the whole country."},
    records_per_day=COUNT,
    requests_per_second=COUNT,
    priority={"type": "integer"},
    valid_from=shapes.DAY,
    valid_to=shapes.DAY,
    today=answered(
        "day",
        "records",
        "left",
        day=shapes.DAY,
        records=COUNT,
        requests=COUNT,
        refused=COUNT,
        left=COUNT,
    ),
)
_TOKEN_REQUEST = {
    "type": "object",
    "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "client_assertion_type": {"type": "string", "enum": [granting.ASSERTION_TYPE]},
        "client_assertion": {
            "type": "string",
            "maxLength": 8192,
            "description": "JWT signed with your key: iss and sub your client's name, aud this "
            "address, jti new for each, exp in a minute or two.",
        },
        "scope": text(60, about="One of your contracts; without it, your first."),
        "client_id": text(60, about="Not needed; when sent it must be the assertion's sub."),
    },
    "required": ["grant_type", "client_assertion_type", "client_assertion"],
}
_TOKEN = answered(
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    access_token={"type": "string"},
    token_type={"type": "string", "enum": ["Bearer"]},
    expires_in={"type": "integer", "description": "Seconds."},
    scope={"type": "string", "description": "The contract that the token is for."},
)
_JSON = "application/json"

OPERATIONS = (
    Operation(
        name="token",
        method="POST",
        path="/token",
        summary="Get a token for a signed assertion.",
        text="OAuth 2 client credentials (RFC 6749 §4.4) with private_key_jwt (RFC 7523).",
        answer=token,
        tag="access",
        form=_TOKEN_REQUEST,
        replies={200: Shape("The token.", {_JSON: _TOKEN})},
        problems=(401, 403),
        is_public=True,
        most_bytes=16 * 1024,
    ),
    Operation(
        name="keys",
        method="GET",
        path="/jwks.json",
        summary="The keys that answers are signed with.",
        text="A key stays here for good, so that old answers can be checked.",
        answer=jwks,
        tag="access",
        replies={
            200: Shape(
                "A JWK set (RFC 7517).",
                {_JSON: answered("keys", keys={"type": "array", "items": {"type": "object"}})},
            )
        },
        is_public=True,
    ),
    Operation(
        name="status",
        method="GET",
        path="/status",
        summary="Whether questions are answered.",
        answer=status,
        tag="access",
        replies={
            200: Shape(
                "They are.",
                {
                    _JSON: answered(
                        "status",
                        "at",
                        status={"type": "string", "enum": ["ok"]},
                        at=shapes.MOMENT,
                        day=shapes.DAY,
                    )
                },
            )
        },
        is_public=True,
    ),
    Operation(
        name="contract",
        method="GET",
        path="/contract",
        summary="Your own contract, and what was used of it today.",
        answer=contract,
        tag="access",
        replies={200: Shape("The contract.", {_JSON: _CONTRACT})},
    ),
    Operation(
        name="document",
        method="GET",
        path="/openapi.json",
        summary="This document.",
        answer=document,
        tag="access",
        replies={200: Shape("OpenAPI 3.1.", {_JSON: {"type": "object"}})},
        is_public=True,
    ),
)
