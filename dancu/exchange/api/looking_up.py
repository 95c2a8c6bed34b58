"""Look-ups over HTTP."""

from __future__ import annotations

from typing import Any

import orjson

from dancu.catalogue.queries import attributes
from dancu.exchange import services
from dancu.exchange.api import shapes
from dancu.exchange.api.shapes import answered, closed, text
from dancu.exchange.api.types import JSON, Call, Operation, Reply
from dancu.exchange.types import LookUpAnswer

_VALUE = text(500, least=1)

REQUEST = closed(
    ("purpose", "subject", "attributes"),
    purpose=shapes.PURPOSE,
    subject=closed(
        ("pid",),
        pid={"type": "string", "pattern": "^[0-9]{12}$", "description": "twelve digits"},
        full_name=_VALUE,
        birth_date=_VALUE,
    ),
    attributes={
        "type": "array",
        "minItems": 1,
        "maxItems": 40,
        "uniqueItems": True,
        "items": {"type": "string", "enum": [entry.name for entry in attributes()]},
    },
    case=shapes.CASE,
)
EXAMPLE = {
    "purpose": "school_enrolment",
    "subject": {"pid": "079098000123", "full_name": "Trần Thị Thu Hương"},
    "attributes": ["permanent_residence"],
    "case": "G03-2026-000123",
}
ANSWER = answered(
    "id",
    "contract",
    "at",
    "attributes",
    id={"type": "string", "description": "Number of the access record that the person can read."},
    contract={"type": "string"},
    at=shapes.MOMENT,
    attributes={
        "type": "object",
        "description": "What the register does not hold is left out.",
        "additionalProperties": answered(
            "value",
            "source",
            value={"description": "Text, number, truth value, or an object for an address."},
            source={"type": "string", "description": "Code of the source that the value rests on."},
            since=shapes.DAY,
        ),
    },
)


def look_up(call: Call) -> Reply:
    """Answer one look-up; under an idempotency key it is kept with its access record."""
    asked = call.json
    body = b""

    def keep(found: LookUpAnswer) -> None:
        nonlocal body
        body = orjson.dumps(_written(found))
        if call.keep is not None:
            call.keep(body, 200)

    services.look_up(
        call.who,
        purpose=asked["purpose"],
        subject=asked["subject"],
        attributes=asked["attributes"],
        case=asked.get("case", "") or call.who.issue,
        at=call.at,
        within=keep,
    )
    return Reply(body)


def _written(found: LookUpAnswer) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, one in found.attributes.items():
        shown[name] = {"value": one.value, "source": one.source}
        if one.since is not None:
            shown[name]["since"] = one.since
    return {"id": found.id, "contract": found.contract, "at": found.at, "attributes": shown}


OPERATION = Operation(
    name="lookUp",
    method="POST",
    path="/lookups",
    summary="Read contracted attributes of one person for a case.",
    text="Only attributes that the contract names, each with the source it rests on and the day "
    "since which it holds. The person can read that you asked, for which case.",
    answer=look_up,
    tag="look-up",
    body=REQUEST,
    examples={JSON: EXAMPLE},
    parameters=(shapes.IDEMPOTENCY, *shapes.X_ROAD),
    replies={200: shapes.answer(ANSWER, "The attributes.")},
    problems=(404,),
    is_kept=True,
    most_bytes=16 * 1024,
)
