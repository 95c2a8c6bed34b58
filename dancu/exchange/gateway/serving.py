"""One process of the exchange: verifications are gathered, the rest goes to the house."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dancu.exchange.api import asking, keeping, problems, verifying
from dancu.exchange.api.basics import BASE
from dancu.exchange.api.errors import (
    BodyOfAnotherKind,
    BodyTooLarge,
    BodyTruncated,
    BodyUnreadable,
    OperationUnknown,
    StandsStill,
)
from dancu.exchange.api.types import JSON
from dancu.exchange.api.views import thumbprint_of
from dancu.exchange.gateway.answering import Rounds, said_of
from dancu.exchange.gateway.bridge import Bridge
from dancu.exchange.gateway.gathering import Gatherer, Said, Waiting
from dancu.exchange.oauth.tokens import SESSIONS, Callers, Session, require_certificate
from dancu.exchange.pace import pace
from dancu.kernel.clock import system_clock
from dancu.kernel.errors import DancuError
from dancu.operation import metrics
from dancu.operation.config import current
from dancu.operation.error_pages import InternalError
from dancu.operation.logs import logger

VERIFY = BASE + verifying.PATH
_OURS = ("/api/", "/health/", "/metrics")
_THREADS = 4
#: Objects made between two collections of garbage.
_GARBAGE = 50_000
_LIVE = b'{"live": true}'
_log = logger("dancu.exchange.gateway")


class Gateway:
    """One process of the exchange."""

    def __init__(self) -> None:
        config = current().exchange
        self.gatherer = Gatherer(Rounds(), most_waiting=config.waiting)
        self.certificate_header = config.certificate_header.lower()
        self.threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="exchange")
        self.bridge = Bridge(self.threads)
        self.callers = Callers()
        self._numbers = itertools.count(1)
        self._prefix = os.urandom(8).hex()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin: as many connections as the system allows, and the gathering thread."""
        _allow_many_connections()
        _collect_seldom()
        self.loop = loop
        self.gatherer.start(loop)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End: what waits is answered first."""
        del loop
        self.gatherer.stop()
        self.threads.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            return
        path = scope.path
        if path == VERIFY and scope.method == "POST":
            # Asked of Granian one by one, headers cost more than the comparison; the first counts.
            sent = scope.headers
            headers = dict(reversed(sent.items()))
            if len(sent) != len(headers):
                for name in asking.unreadable(headers, sent):
                    headers[name] = asking.UNREADABLE
            said = await self._verification(headers, proto)
        elif path == "/health/live":
            said = Said(200, [("content-type", JSON)], _LIVE)
        elif path.startswith(_OURS):
            header = scope.headers.get
            await self.bridge(scope, proto, lambda: self._session(header, system_clock.now()))
            return
        else:
            said = self._refused(OperationUnknown(), "vi", self._number(None))
        proto.response_bytes(said.status, said.headers, said.body)

    async def _verification(self, headers: dict[str, str], proto: Any) -> Said:
        header = headers.get
        since = time.perf_counter()
        number = self._number(header("x-request-id"))
        language = problems.language_of(header("accept-language"))
        try:
            waiting = await self._waiting(header, proto, language, number, since)
            self.gatherer.put(waiting)
            return await waiting.future
        except DancuError as error:
            return self._refused(error, language, number, since)
        except Exception as error:  # noqa: BLE001 - told as an error of ours
            if type(error).__name__.startswith("RSGIProtocol"):
                return self._refused(BodyUnreadable(), language, number, since)
            _log.exception("unexpected error", route="exchange:verify", exc_info=error)
            return self._refused(InternalError(), language, number, since)

    async def _waiting(
        self, header: asking.Header, proto: Any, language: str, number: str, since: float
    ) -> Waiting:
        at = system_clock.now()
        session = await self._session(header, at)
        known = self.callers.of(session, at=at, now=at.timestamp())
        registered = SESSIONS.standing(session).xroad_client
        caller = asking.caller_with(known, header, registered=registered)
        value, asked = verifying.read(await self._body(header, proto), caller)
        pace.require(caller, at=at)
        ticket = None
        if key := asking.idempotency_key(header):
            ticket = keeping.ticket(
                session.client_id, caller.contract.name, verifying.OPERATION.name, key, value
            )
        return Waiting(
            asked,
            self.loop.create_future(),
            language,
            number,
            since,
            ticket,
            asking.wants_signature(header),
            asking.echoed(header),
        )

    async def _session(self, header: asking.Header, at: Any) -> Session:
        given = header("authorization")
        session = SESSIONS.known(given, now=at.timestamp())
        if session is None:
            session = await self._opened(given, at)
        if session.certificate:
            thumbprint = header(self.certificate_header) if self.certificate_header else ""
            require_certificate(session, thumbprint_of(thumbprint or ""))
        return session

    async def _opened(self, given: str | None, at: Any) -> Session:
        from django.db import Error

        try:
            return await self.loop.run_in_executor(
                self.threads, lambda: self.bridge.with_connection(SESSIONS.opened, given, at=at)
            )
        except Error as error:
            _log.exception("database unavailable", route="exchange:verify", exc_info=error)
            raise StandsStill from None

    async def _body(self, header: asking.Header, proto: Any) -> bytes:
        media = (header("content-type") or "").partition(";")[0].strip().lower()
        length = header("content-length")
        most = verifying.MOST_BYTES
        if length is not None and length.isdigit() and int(length) > most:
            raise BodyTooLarge(most=most)
        if media != JSON:
            raise BodyOfAnotherKind(given=media[:80] or "-", wanted=JSON)
        if length is not None and header("transfer-encoding") is None:
            body = bytes(await proto())
        else:
            # Beside Transfer-Encoding the length says nothing (RFC 9112 §6.3): counted as it comes.
            body = b""
            async for piece in proto:
                body += piece
                if len(body) > most:
                    raise BodyTooLarge(most=most)
        if length is not None and length != str(len(body)):
            raise BodyTruncated
        return body

    def _number(self, given: str | None) -> str:
        if given and 8 <= len(given) <= 64 and given.replace("-", "").isalnum() and given.isascii():  # noqa: PLR2004
            return given
        return f"{self._prefix}{next(self._numbers):x}"

    def _refused(
        self, error: DancuError, language: str, number: str, since: float | None = None
    ) -> Said:
        metrics.errors_total.labels(error.code).inc()
        if since is not None:
            route = "exchange:verify"
            metrics.requests_total.labels("POST", route, str(error.http_status)).inc()
            metrics.request_seconds.labels(route).observe(time.perf_counter() - since)
        return said_of(problems.reply(error, request_id=number, language=language), number)


def _collect_seldom() -> None:
    # Answering makes hardly any cycles; what the start has made stays and need not be looked at.
    gc.freeze()
    gc.set_threshold(_GARBAGE, *gc.get_threshold()[1:])


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else 65_536
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65_536), hard))
