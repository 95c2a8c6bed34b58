"""From a request to a reply: who asks, does it fit, was it asked before, is it to be signed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import orjson

from dancu.exchange.api import asking, keeping, signing
from dancu.exchange.api.checking import read_json, require
from dancu.exchange.api.errors import (
    BodyOfAnotherKind,
    BodyTooLarge,
    FieldRepeated,
    OperationUnknown,
)
from dancu.exchange.api.types import (
    FORM,
    JOSE,
    JSON,
    MULTIPART,
    Call,
    File,
    Operation,
    Reply,
    Schema,
)
from dancu.exchange.oauth.errors import TokenFieldRepeated
from dancu.exchange.oauth.tokens import SESSIONS, caller_of, require_certificate


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a request: a body in bytes, or the fields and files of a form."""

    media: str = ""
    body: bytes = b""
    fields: Mapping[str, list[str]] | None = None
    files: Mapping[str, File] | None = None


def run(operation: Operation, call: Call, sent: Sent) -> Reply:
    """Answer a request; ``call`` has its headers, path and query. Raises ``DancuError``."""
    if not operation.is_public:
        call = _recognised(call, is_fetching=operation.is_fetching)
    _require_parameters(operation, call)
    call = _filled(operation, call, sent)
    key = asking.idempotency_key(call.headers.get) if operation.is_kept else ""
    reply = _once(operation, call, key) if key else operation.answer(call)
    echo = asking.echoed(call.headers.get)
    if echo:
        reply = replace(reply, headers={**reply.headers, **echo})
    if operation.is_kept and asking.wants_signature(call.headers.get):
        return replace(reply, body=signing.signed(dumped(reply), at=call.at), media=JOSE)
    return reply


def dumped(reply: Reply) -> bytes:
    """Return the bytes of a reply's body."""
    if isinstance(reply.body, bytes):
        return reply.body
    return b"" if reply.body is None else orjson.dumps(reply.body)


def _require_parameters(operation: Operation, call: Call) -> None:
    """Refuse an address that cannot be, and a query that does not fit its schema."""
    for one in operation.parameters:
        if one.where == "path":
            pattern = one.schema.get("pattern", "")
            if pattern and not re.fullmatch(pattern.removesuffix("$"), call.path[one.name]):
                raise OperationUnknown
        elif one.where == "query" and one.name in call.query:
            schema = {"type": "object", "properties": {one.name: one.schema}}
            require(schema, {one.name: _typed(one.schema, call.query[one.name])})


def _typed(schema: Schema, given: str) -> int | str:
    """Return a number for digits where a number is wanted, else the text."""
    is_number = schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]{1,18}", given, re.ASCII)
    return int(given) if is_number else given


def _recognised(call: Call, *, is_fetching: bool) -> Call:
    session = SESSIONS.opened(call.headers.get("authorization"), at=call.at)
    require_certificate(session, call.certificate)
    caller = asking.caller_with(
        caller_of(session, at=call.at, is_fetching=is_fetching),
        call.headers.get,
        registered=SESSIONS.standing(session).xroad_client,
    )
    return replace(call, caller=caller)


def _filled(operation: Operation, call: Call, sent: Sent) -> Call:
    takes = operation.takes
    if not takes:
        return call
    if sent.media not in takes:
        given = sent.media[:80] or "-"
        raise BodyOfAnotherKind(given=given, wanted=", ".join(takes))
    if sent.media == JSON:
        if len(sent.body) > operation.most_of(JSON):
            raise BodyTooLarge(most=operation.most_of(JSON))
        value = read_json(sent.body)
        require(takes[JSON], value)
        return replace(call, json=value)
    repeated = TokenFieldRepeated if sent.media == FORM else FieldRepeated
    fields, files = _single(sent.fields or {}, repeated), sent.files or {}
    if sent.media == MULTIPART:
        # Files are checked by whoever reads them; the schema sees that they are there.
        require(takes[MULTIPART], {**fields, **dict.fromkeys(files, "")})
    elif sent.media != FORM:
        raise BodyOfAnotherKind(given=sent.media, wanted=", ".join(takes))
    return replace(call, form=fields, files=files)


def _single(
    fields: Mapping[str, list[str]], repeated: type[TokenFieldRepeated | FieldRepeated]
) -> dict[str, str]:
    for name, values in fields.items():
        if len(values) > 1:
            raise repeated(field=name[:60])
    return {name: values[0] for name, values in fields.items()}


def _once(operation: Operation, call: Call, key: str) -> Reply:
    """Answer a question under an idempotency key, or give the answer that it had."""
    who = call.who
    ticket = keeping.ticket(who.client_id or 0, who.contract.name, operation.name, key, call.json)
    if (kept := keeping.find([ticket], at=call.at)).get(ticket.name):
        return _again(keeping.require_same(ticket, kept[ticket.name]))

    def keep(body: bytes, status: int) -> None:
        keeping.keep([(ticket, body, status)], at=call.at)

    try:
        return operation.answer(replace(call, keep=keep))
    except keeping.KeptElsewhere:
        kept = keeping.find([ticket], at=call.at)
        return _again(keeping.require_same(ticket, kept[ticket.name]))


def _again(kept: keeping.Kept) -> Reply:
    return Reply(kept.body, kept.status, headers={"Idempotent-Replayed": "true"})
