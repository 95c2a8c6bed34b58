"""Answering a round of questions: kept answers, one read and one write for the rest, signatures."""

from __future__ import annotations

import time
from collections.abc import Sequence

import orjson
from django.db import InterfaceError, OperationalError, connection

from dancu.exchange import services
from dancu.exchange.api import keeping, problems, signing, verifying
from dancu.exchange.api.errors import StandsStill
from dancu.exchange.api.types import JOSE, JSON, Reply
from dancu.exchange.gateway.gathering import Said, Waiting
from dancu.exchange.oauth.tokens import SESSIONS
from dancu.exchange.types import Answer
from dancu.kernel.clock import system_clock
from dancu.kernel.errors import DancuError
from dancu.operation import metrics
from dancu.operation.error_pages import InternalError
from dancu.operation.logs import logger

ROUTE = "exchange:verify"
_IDLE_SECONDS = 1.0
_TRIES = 3
_log = logger("dancu.exchange.gateway")


class Rounds:
    """Answers rounds of questions on the connection of the thread that calls it."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, round_: Sequence[Waiting]) -> list[tuple[Waiting, Said]]:
        """Return what to say to each; one whose twin is in the round is left for the next."""
        try:
            self._require_connection()
            said = self._answered(_without_twins(round_))
        except (OperationalError, InterfaceError) as error:
            _log.exception("database unavailable", route=ROUTE, exc_info=error)
            connection.close()
            said = [(one, refused(one, StandsStill())) for one in round_]
        self._last = time.monotonic()
        _count(said)
        return said

    def _require_connection(self) -> None:
        # After a pause the server may have been restarted; a round under load would notice itself.
        if time.monotonic() - self._last > _IDLE_SECONDS and connection.connection is not None:
            connection.close_if_unusable_or_obsolete()
            if connection.connection is not None and not connection.is_usable():
                connection.close()
        SESSIONS.refresh()

    def _answered(self, round_: list[Waiting]) -> list[tuple[Waiting, Said]]:
        for _try in range(_TRIES):
            said, rest = _kept(round_)
            try:
                return said + _asked(rest)
            except keeping.KeptElsewhere:
                continue
        return [(one, refused(one, StandsStill())) for one in round_]


def _without_twins(round_: Sequence[Waiting]) -> list[Waiting]:
    seen: set[tuple[int, bytes]] = set()
    chosen = []
    for one in round_:
        if one.ticket is not None:
            if one.ticket.name in seen:
                continue
            seen.add(one.ticket.name)
        chosen.append(one)
    return chosen


def _kept(round_: list[Waiting]) -> tuple[list[tuple[Waiting, Said]], list[Waiting]]:
    """Return what was answered before under the same keys, and the questions that were not."""
    tickets = [one.ticket for one in round_ if one.ticket is not None]
    if not tickets:
        return [], round_
    known = keeping.find(tickets, at=system_clock.now())
    said, rest = [], []
    for one in round_:
        kept = known.get(one.ticket.name) if one.ticket is not None else None
        if kept is None or one.ticket is None:
            rest.append(one)
            continue
        try:
            body = keeping.require_same(one.ticket, kept).body
            said.append((one, _answer(one, body, replayed=True)))
        except DancuError as error:
            said.append((one, refused(one, error)))
    return said, rest


def _asked(round_: list[Waiting]) -> list[tuple[Waiting, Said]]:
    """Ask the register, all together; when that fails unexpectedly, each alone."""
    if not round_:
        return []
    try:
        return _together(round_)
    except (OperationalError, InterfaceError, keeping.KeptElsewhere):
        raise
    except Exception as error:  # noqa: BLE001 - each is asked alone below
        _log.exception("unexpected error", route=ROUTE, exc_info=error)
        if len(round_) == 1:
            return [(round_[0], refused(round_[0], InternalError()))]
    return [said for one in round_ for said in _asked([one])]


def _together(round_: list[Waiting]) -> list[tuple[Waiting, Said]]:
    bodies: dict[int, bytes] = {}

    def keep(answers: Sequence[Answer | DancuError]) -> None:
        rows = []
        for number, (one, answer) in enumerate(zip(round_, answers, strict=True)):
            if one.ticket is not None and isinstance(answer, Answer):
                bodies[number] = body = verifying.dumped(answer, one.asked.questions)
                rows.append((one.ticket, body, 200))
        keeping.keep(rows, at=at)

    at = system_clock.now()
    hook = keep if any(one.ticket is not None for one in round_) else None
    answers = services.verify_many([one.asked for one in round_], at=at, within=hook)
    said = []
    for number, (one, answer) in enumerate(zip(round_, answers, strict=True)):
        if isinstance(answer, DancuError):
            said.append((one, refused(one, answer)))
        else:
            body = bodies.get(number) or verifying.dumped(answer, one.asked.questions)
            said.append((one, _answer(one, body)))
    return said


def _answer(one: Waiting, body: bytes, *, replayed: bool = False) -> Said:
    headers = [("content-type", JSON), ("cache-control", "no-store"), ("x-request-id", one.number)]
    if one.is_signed:
        body = signing.signed(body, at=system_clock.now())
        headers[0] = ("content-type", JOSE)
    if replayed:
        headers.append(("idempotent-replayed", "true"))
    if one.echo:
        headers.extend((name.lower(), value) for name, value in one.echo.items())
    return Said(200, headers, body)


def refused(one: Waiting, error: DancuError) -> Said:
    """Return how a question is refused."""
    metrics.errors_total.labels(error.code).inc()
    return said_of(problems.reply(error, request_id=one.number, language=one.language), one.number)


def said_of(reply: Reply, number: str) -> Said:
    """Return a reply as the gateway sends it."""
    headers = [("content-type", reply.media), ("x-request-id", number)]
    headers.extend((name.lower(), value) for name, value in reply.headers.items())
    body = reply.body if isinstance(reply.body, bytes) else orjson.dumps(reply.body)
    return Said(reply.status, headers, body)


def _count(said: Sequence[tuple[Waiting, Said]]) -> None:
    now = time.perf_counter()
    seconds = metrics.request_seconds.labels(ROUTE)
    statuses: dict[int, int] = {}
    for waiting, one in said:
        seconds.observe(now - waiting.since)
        statuses[one.status] = statuses.get(one.status, 0) + 1
    for status, count in statuses.items():
        metrics.requests_total.labels("POST", ROUTE, str(status)).inc(count)
