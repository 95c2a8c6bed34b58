"""The OpenAPI 3.1 document, written from the operations."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from dancu.exchange.api import shapes
from dancu.exchange.api.registry import operations
from dancu.exchange.api.types import JSON, PROBLEM, Operation, Parameter, Shape

#: Of the interface: a breaking change gets another base path.
VERSION = "1.0.0"
#: Refusals that any operation may give: of the request's form, and for want of strength.
_ALWAYS = (400, 405, 503)
_WITH_BODY = (413, 415, 422)
_WITH_TOKEN = (401, 403, 429)
_KEPT = (409, 422)
_TAGS = {
    "access": "Tokens, keys, and what one may ask.",
    "verification": "Comparing what one holds with the register.",
    "look-up": "Reading contracted attributes for a case.",
    "batch": "Many people in one file.",
    "feed": "Changes that one may know.",
    "log": "Proofs that no record of an access was changed or removed.",
}


def document(address: str) -> dict[str, Any]:
    """Return the document for an exchange at an address."""
    written = document_of(
        operations(),
        address=address,
        title="dancu exchange",
        summary="Agencies verify instead of asking for paper.",
        description="Nothing is answered without a contract; every answer names it, and a "
        "refusal names the clause. Every person can read who asked about them.",
    )
    written["security"] = [{"token": []}]
    written["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "From /token; valid for five minutes.",
        }
    }
    return written


def document_of(
    listed: Iterable[Operation], *, address: str, title: str, summary: str, description: str
) -> dict[str, Any]:
    """Return the document of operations that are answered below one address."""
    paths: dict[str, dict[str, Any]] = {}
    tags: dict[str, None] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
        tags[operation.tag] = None
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": VERSION,
            "summary": summary,
            "description": description,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": address}],
        "tags": [{"name": tag, "description": _TAGS.get(tag, tag)} for tag in tags],
        "paths": paths,
        "components": {"schemas": {"Problem": shapes.PROBLEM}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    written: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
    }
    if operation.text:
        written["description"] = operation.text
    if operation.is_public:
        written["security"] = []
    if operation.parameters:
        written["parameters"] = [_parameter(one) for one in operation.parameters]
    if operation.takes:
        content = {}
        for media, schema in operation.takes.items():
            content[media] = {"schema": schema}
            if media in operation.examples:
                content[media]["example"] = operation.examples[media]
        written["requestBody"] = {"required": True, "content": content}
    written["responses"] = {
        str(status): _reply(shape) for status, shape in sorted(operation.replies.items())
    } | {str(status): _problem(operation, status) for status in sorted(_problems(operation))}
    return written


def _problems(operation: Operation) -> set[int]:
    found = {*_ALWAYS, *operation.problems}
    if operation.takes:
        found.update(_WITH_BODY)
    if not operation.is_public:
        found.update(_WITH_TOKEN)
    if any(one.where == "query" for one in operation.parameters):
        found.add(422)
    if operation.is_kept:
        found.update(_KEPT)
    return found - operation.replies.keys()


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": one.where,
        "required": one.is_required or one.where == "path",
        "description": one.text,
        "schema": one.schema,
    }


def _reply(shape: Shape) -> dict[str, Any]:
    written: dict[str, Any] = {"description": shape.text}
    if shape.media:
        written["content"] = {media: {"schema": schema} for media, schema in shape.media.items()}
    if shape.headers:
        written["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in shape.headers.items()
        }
    return written


def _problem(operation: Operation, status: int) -> dict[str, Any]:
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content = {PROBLEM: schema}
    if operation.form is not None:
        # RFC 6749 §5.2 gives errors of the token endpoint in plain JSON.
        content[JSON] = schema
    return {"description": HTTPStatus(status).phrase, "content": content}
