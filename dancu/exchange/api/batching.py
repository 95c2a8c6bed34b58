"""Batches over HTTP: a file in, its place in the queue, its answers out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, cast

from dancu.catalogue.queries import attributes
from dancu.exchange.api import shapes
from dancu.exchange.api.checking import read_json, require
from dancu.exchange.api.shapes import COUNT, DAY, MOMENT, answered, closed, text
from dancu.exchange.api.types import Call, Operation, Parameter, Reply, Shape
from dancu.exchange.api.verifying import QUESTIONS, question_of
from dancu.exchange.batches import output, queries, services, words
from dancu.exchange.batches.types import Standing
from dancu.exchange.errors import ClauseRefused
from dancu.exchange.types import Caller, Question
from dancu.kernel.errors import FieldError, Invalid
from dancu.operation.uploads import LARGER_BYTES

_JSON = "application/json"
_MOST_ROWS = 5_000
_NO_MEANING = ""


def receive(call: Call) -> Reply:
    """Take a batch in; with a purpose it goes into the queue at once."""
    caller = call.who
    _require_mode(caller)
    if call.json is not None:
        return _of_rows(call, call.json)
    file = call.files.get("file")
    if file is None:
        raise Invalid([FieldError("file", "missing", "This field is missing.", "Send it.")])
    batch = services.receive(file=file.stream, name=file.name, caller=caller, at=call.at)
    purpose = call.form.get("purpose", "")
    if purpose:
        columns = call.form.get("columns", "")
        questions = _parsed_questions(call.form.get("questions", ""))
        services.confirm(
            reference=batch.reference,
            caller=caller,
            purpose=purpose,
            at=call.at,
            meanings=[one.strip() for one in columns.split(",")] if columns else None,
            questions=questions,
            case=call.form.get("case", "") or caller.issue,
        )
    return _told(batch.reference, call, status=201)


def _of_rows(call: Call, body: Mapping[str, Any]) -> Reply:
    """Take rows that come in the body itself: a table whose titles are the attributes."""
    names = list(dict.fromkeys(name for row in body["rows"] for name in row))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in body["rows"])
    batch = services.receive(
        file=io.BytesIO(table.getvalue().encode("utf-8-sig")),
        name=body.get("name", "rows.csv"),
        caller=call.who,
        at=call.at,
        is_made=True,
    )
    services.confirm(
        reference=batch.reference,
        caller=call.who,
        purpose=body["purpose"],
        at=call.at,
        meanings=names,
        questions=_questions(body),
        case=body.get("case", "") or call.who.issue,
    )
    return _told(batch.reference, call, status=201)


def confirm(call: Call) -> Reply:
    """Say what the columns mean and put the batch in the queue."""
    body = call.json
    services.confirm(
        reference=call.path["reference"],
        caller=call.who,
        purpose=body["purpose"],
        at=call.at,
        meanings=body.get("columns"),
        questions=_questions(body),
        case=body.get("case", "") or call.who.issue,
    )
    return _told(call.path["reference"], call)


def listed(call: Call) -> Reply:
    """Tell of one's own batches, the newest first."""
    page = int(call.query.get("page", "1"))
    found, has_more = queries.listed(at=call.at, caller=call.who, window=page)
    return Reply({"batches": [_written(one) for one in found], "has_more": has_more})


def standing(call: Call) -> Reply:
    """Tell how a batch stands."""
    return _told(call.path["reference"], call)


def stop(call: Call) -> Reply:
    """Stop a batch; what is answered stays."""
    reference, caller = call.path["reference"], call.who
    services.stop(reference=reference, at=call.at, by=caller.user or caller.client, caller=caller)
    return _told(reference, call)


def resume(call: Call) -> Reply:
    """Put a stopped batch back in the queue."""
    services.resume(reference=call.path["reference"], at=call.at, caller=call.who)
    return _told(call.path["reference"], call)


def rows(call: Call) -> Reply:
    """Give the rows answered so far as a file."""
    batch = queries.find(reference=call.path["reference"], caller=call.who)
    wanted = call.query.get("format", "json")
    kind = cast("output.Format", wanted)
    pieces = output.content(batch, format_=kind, language=call.language)
    return Reply(
        media=output.FORMATS[kind],
        pieces=services.noted(pieces=pieces, batch=batch, at=call.at),
        headers={"Content-Disposition": f'attachment; filename="{batch.reference[:8]}.{kind}"'},
    )


def summary(call: Call) -> Reply:
    """Tell what came of the rows, in groups and in words."""
    one = queries.standing(reference=call.path["reference"], at=call.at, caller=call.who)
    lines = words.summary_lines(one.counts, call.language)
    return Reply(
        {
            "reference": one.reference,
            "rows": one.rows,
            "done": one.done,
            "counts": dict(one.counts),
            "groups": [
                {"rows": count, "group": str(label), "what_to_do": str(remedy)}
                for count, label, remedy in lines
            ],
        }
    )


def _require_mode(caller: Caller) -> None:
    if "batch" not in caller.contract.modes:
        raise ClauseRefused(contract=caller.contract.name, clause="modes", asked="batch")


def _told(reference: str, call: Call, status: int = 200) -> Reply:
    one = queries.standing(reference=reference, at=call.at, caller=call.who)
    headers = {"Location": f"{call.address}/batches/{reference}"} if status == 201 else {}  # noqa: PLR2004
    return Reply(_written(one), status, headers=headers)


def _written(one: Standing) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": one.reference,
        "contract": one.contract,
        "purpose": one.purpose,
        "name": one.name,
        "state": str(one.state),
        "rows": one.rows,
        "done": one.done,
        "columns": [
            {"title": column.title, "meaning": meaning or None}
            for column, meaning in zip(
                one.columns,
                one.meanings or [column.meaning for column in one.columns],
                strict=True,
            )
        ],
        "counts": dict(one.counts),
        "received_at": one.received_at,
    }
    more = {
        "place": one.place,
        "finishes_on": one.finishes_on,
        "rows_today": one.rows_today,
        "seconds_left": one.seconds_left,
        "confirmed_at": one.confirmed_at,
        "ended_at": one.ended_at,
    }
    return value | {name: found for name, found in more.items() if found is not None}


def _questions(body: Mapping[str, Any]) -> tuple[Question, ...]:
    return tuple(map(question_of, body.get("questions", ())))


def _parsed_questions(given: str) -> tuple[Question, ...]:
    if not given:
        return ()
    value = read_json(given.encode())
    require(QUESTIONS, value)
    return tuple(map(question_of, value))


_REFERENCE = Parameter(
    "reference",
    "path",
    "The id that the batch was given.",
    {"type": "string", "pattern": "^[0-9a-f]{32}$"},
)
_STANDING = answered(
    "id",
    "contract",
    "state",
    "rows",
    "done",
    "columns",
    id={"type": "string"},
    contract={"type": "string"},
    purpose={"type": "string"},
    name={"type": "string"},
    state={"type": "string", "enum": ["shown", "waiting", "stopped", "failed", "done"]},
    rows=COUNT,
    done=COUNT,
    place={"type": "integer", "description": "In the order of finishing."},
    finishes_on=DAY,
    rows_today=COUNT,
    seconds_left=COUNT,
    columns={
        "type": "array",
        "items": answered(
            "title",
            "meaning",
            title={"type": "string"},
            meaning={"type": ["string", "null"], "description": "null: not asked about."},
        ),
    },
    counts={"type": "object", "additionalProperties": COUNT},
    received_at=MOMENT,
    confirmed_at=MOMENT,
    ended_at=MOMENT,
)
_STANDS = {200: Shape("How it stands.", {_JSON: _STANDING})}
_MEANING = text(60, about="An attribute of the dictionary, or empty for a column to leave out.")
_ROWS = closed(
    ("purpose", "rows"),
    purpose=shapes.PURPOSE,
    name=text(120),
    rows={
        "type": "array",
        "minItems": 1,
        "maxItems": _MOST_ROWS,
        "items": {
            "type": "object",
            "properties": {entry.name: text(500) for entry in attributes()},
            "additionalProperties": False,
            "minProperties": 1,
        },
    },
    questions=QUESTIONS,
    case=shapes.CASE,
)
_FILE = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "CSV, XLSX or Parquet."},
        "purpose": {
            **shapes.PURPOSE,
            "minLength": 0,
            "description": "With it the batch goes into the queue at once; without it the columns "
            "are shown first and wait to be confirmed.",
        },
        "columns": {
            **text(20_000),
            "description": "What each column means, with commas between; else as recognised.",
        },
        "questions": {**text(2_000), "description": "As JSON, like those of a verification."},
        "case": shapes.CASE,
    },
    "required": ["file"],
}
_CONFIRM = closed(
    ("purpose",),
    purpose=shapes.PURPOSE,
    columns={"type": "array", "maxItems": 500, "items": _MEANING},
    questions=QUESTIONS,
    case=shapes.CASE,
)
_SUMMARY = answered(
    "reference",
    "rows",
    "done",
    "counts",
    "groups",
    reference={"type": "string"},
    rows=COUNT,
    done=COUNT,
    counts={"type": "object", "additionalProperties": COUNT},
    groups={
        "type": "array",
        "items": answered(
            "rows",
            "group",
            rows=COUNT,
            group={"type": "string"},
            what_to_do={"type": "string"},
        ),
    },
)
_FILES = {
    media.partition(";")[0]: ({"type": "object"} if kind == "json" else {"type": "string"})
    for kind, media in output.FORMATS.items()
}

OPERATIONS = (
    Operation(
        name="sendBatch",
        method="POST",
        path="/batches",
        summary="Verify many people at once.",
        text="A file of up to a million rows, or some rows in the body. The batch waits in the "
        "queue for its share of the day's records. Sent again under the same Idempotency-Key it is "
        "the same batch.",
        answer=receive,
        tag="batch",
        body=_ROWS,
        multipart=_FILE,
        parameters=(shapes.IDEMPOTENCY, *shapes.X_ROAD),
        replies={
            201: Shape(
                "The batch.", {_JSON: _STANDING}, {"Location": "Where to ask how it stands."}
            )
        },
        problems=(404, 409),
        most_bytes=LARGER_BYTES,
    ),
    Operation(
        name="listBatches",
        method="GET",
        path="/batches",
        summary="Your batches, the newest first.",
        answer=listed,
        is_fetching=True,
        tag="batch",
        parameters=(
            Parameter(
                "page", "query", "From 1.", {"type": "integer", "minimum": 1, "maximum": 100_000}
            ),
        ),
        replies={
            200: Shape(
                "Fifty of them.",
                {
                    _JSON: answered(
                        "batches",
                        "has_more",
                        batches={"type": "array", "items": _STANDING},
                        has_more={"type": "boolean"},
                    )
                },
            )
        },
    ),
    Operation(
        name="batch",
        method="GET",
        path="/batches/{reference}",
        summary="How a batch stands: place, day of finishing, rows done.",
        answer=standing,
        is_fetching=True,
        tag="batch",
        parameters=(_REFERENCE,),
        replies=_STANDS,
        problems=(404,),
    ),
    Operation(
        name="confirmBatch",
        method="POST",
        path="/batches/{reference}/confirm",
        summary="Say what the columns mean, and put the batch in the queue.",
        answer=confirm,
        tag="batch",
        parameters=(_REFERENCE,),
        body=_CONFIRM,
        replies=_STANDS,
        problems=(404, 409),
    ),
    Operation(
        name="stopBatch",
        method="POST",
        path="/batches/{reference}/stop",
        summary="Stop a batch; what is answered stays.",
        answer=stop,
        tag="batch",
        parameters=(_REFERENCE,),
        replies=_STANDS,
        problems=(404, 409),
    ),
    Operation(
        name="resumeBatch",
        method="POST",
        path="/batches/{reference}/resume",
        summary="Go on with a stopped batch.",
        answer=resume,
        tag="batch",
        parameters=(_REFERENCE,),
        replies=_STANDS,
        problems=(404, 409),
    ),
    Operation(
        name="batchRows",
        method="GET",
        path="/batches/{reference}/rows",
        summary="The rows answered so far, in order, as a file.",
        text="Also for thirty days after the end of the contract, as long as they are kept.",
        answer=rows,
        is_fetching=True,
        tag="batch",
        parameters=(
            _REFERENCE,
            Parameter(
                "format",
                "query",
                "json unless something else is named.",
                {"type": "string", "enum": list(output.FORMATS)},
            ),
        ),
        replies={200: Shape("The file.", _FILES)},
        problems=(404, 409, 410, 422),
    ),
    Operation(
        name="batchSummary",
        method="GET",
        path="/batches/{reference}/summary",
        summary="What came of the rows, in groups and in words.",
        answer=summary,
        is_fetching=True,
        tag="batch",
        parameters=(_REFERENCE,),
        replies={200: Shape("The groups.", {_JSON: _SUMMARY})},
        problems=(404,),
    ),
)
