"""Use cases of the developers' pages: a client for the sandbox, a trial, a measurement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from dancu.catalogue.contracts import contracts
from dancu.developers import limits
from dancu.developers.errors import SandboxClosed, SandboxFull
from dancu.developers.models import Attempt, MeasuredDay, Measurement
from dancu.developers.types import Measured, Sandbox, Tried
from dancu.exchange import clients
from dancu.exchange.api import problems
from dancu.exchange.api.basics import BASE
from dancu.exchange.api.checking import read_json, require
from dancu.exchange.api.running import dumped
from dancu.exchange.api.types import JSON, Call, Operation, Reply
from dancu.exchange.pace import pace
from dancu.exchange.types import Caller
from dancu.kernel.clock import today
from dancu.kernel.errors import DancuError

#: What stands in access records of trials on the page.
TRIAL = "developers-page"
KEPT_MEASUREMENTS = timedelta(days=2)
KEPT_DAYS = timedelta(days=100)
_LONGEST_LABEL = 80
_ADD_DAY = """
INSERT INTO developers_measuredday AS d (part, day, measured, up, valued, total, worst)
SELECT part, %(day)s, 1, up::int, (value IS NOT NULL)::int, coalesce(value, 0), coalesce(value, 0)
FROM unnest(%(parts)s::text[], %(up)s::bool[], %(values)s::float8[]) AS m (part, up, value)
ON CONFLICT (part, day) DO UPDATE
SET measured = d.measured + excluded.measured,
    up = d.up + excluded.up,
    valued = d.valued + excluded.valued,
    total = d.total + excluded.total,
    worst = greatest(d.worst, excluded.worst)
"""


def make_sandbox(*, key: str, label: str, address: str, at: datetime) -> Sandbox:
    """Make a client that may ask about invented people; its private key is never sent here.

    ``address`` is where the request came from. Raises ``KeyUnusable``, ``KeyTaken``,
    ``TooManyFromHere``, ``SandboxFull`` and ``SandboxClosed``.
    """
    limits.count(Attempt.Kind.CLIENT, address=address, at=at)
    try:
        made = clients.add_sandbox(key=key, at=at, label=_line(label)[:_LONGEST_LABEL])
    except clients.ClientAbsent:
        raise SandboxClosed from None
    if made is None:
        raise SandboxFull
    return Sandbox(made.name, made.created_at, made.created_at + clients.SANDBOX_LIVES)


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def try_out(
    *, operation: Operation, body: str, address: str, origin: str, language: str, at: datetime
) -> Tried:
    """Ask the sandbox through an operation, as a connected program would; a refusal is an answer.

    Raises ``TooManyFromHere`` and ``SandboxClosed``.
    """
    limits.count(Attempt.Kind.TRIAL, address=address, at=at)
    contract = next((one for one in contracts(today(at)) if one.is_sandbox), None)
    if contract is None:
        raise SandboxClosed
    caller = Caller(None, TRIAL, contract)
    call = Call(at=at, caller=caller, origin=origin, language=language)
    try:
        pace.require(caller, at=at)
        reply = _answered(operation, call, body)
    except DancuError as error:
        reply = problems.reply(error, request_id=TRIAL, language=language)
    return Tried(
        method=operation.method,
        address=origin + BASE + operation.path,
        sent=body,
        status=reply.status,
        media=reply.media,
        received=_pretty(dumped(reply)),
        headers=_shown(reply.headers),
    )


def _answered(operation: Operation, call: Call, body: str) -> Reply:
    value = read_json(body.encode("utf-8", "replace"))
    require(operation.takes[JSON], value)
    asked = Call(
        at=call.at, caller=call.caller, json=value, origin=call.origin, language=call.language
    )
    return operation.answer(asked)


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in headers.items() if name != "Cache-Control"}


def _pretty(body: bytes) -> str:
    value: Any = json.loads(body)
    return json.dumps(value, ensure_ascii=False, indent=2)


@transaction.atomic
def measure(*, measured: Sequence[Measured], at: datetime) -> None:
    """Keep one measurement of each part, and add it to its day."""
    Measurement.objects.bulk_create(
        [Measurement(part=one.part, at=at, is_up=one.is_up, value=one.value) for one in measured]
    )
    values: dict[str, Any] = {
        "day": today(at),
        "parts": [str(one.part) for one in measured],
        "up": [one.is_up for one in measured],
        "values": [None if one.value is None else float(one.value) for one in measured],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD_DAY, values)


def forget(*, at: datetime) -> None:
    """Remove clients whose time is over, old attempts and old measurements."""
    clients.remove_sandboxes(at=at)
    Attempt.objects.filter(at__lt=at - limits.KEPT).delete()
    Measurement.objects.filter(at__lt=at - KEPT_MEASUREMENTS).delete()
    MeasuredDay.objects.filter(day__lt=today(at - KEPT_DAYS)).delete()
