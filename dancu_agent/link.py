"""One HTTP connection to the exchange, and where exactly it broke."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from dancu_agent.clock import Clock
from dancu_agent.errors import AgentError, Problem
from dancu_agent.settings import Settings, wrong
from dancu_agent.texts import msg

LARGEST_ANSWER = 16_000_000
_PIECE = 65_536

CHECK_LINK = msg("run `dancu-agent doctor`; nothing is lost, the question is sent when it works")
_WHAT = {
    "dns": (
        msg("The name %(host)s was not found."),
        msg("check the address in agent.toml and this machine's DNS server"),
    ),
    "tcp-refused": (
        msg("%(host)s refuses connections on port %(port)s."),
        msg("the exchange is down, or a firewall refuses: ask the network's operator, then theirs"),
    ),
    "tcp-timeout": (
        msg("%(host)s does not answer on port %(port)s."),
        msg("a firewall or a broken line swallows the packets: ask the network's operator"),
    ),
    "tcp": (
        msg("No connection to %(host)s: %(reason)s."),
        msg("check this machine's network cable, address and route"),
    ),
    "proxy": (
        msg("The proxy does not let the agent through: %(reason)s."),
        msg("ask the network's operator to allow %(host)s, or correct `proxy` in agent.toml"),
    ),
    "tls-certificate": (
        msg("The certificate of %(host)s is not accepted: %(reason)s."),
        msg(
            "check this machine's date; where the exchange has a certificate of its own authority, "
            "name that in `ca_file`; else somebody may be listening: tell the exchange's operator"
        ),
    ),
    "tls": (
        msg("No encrypted connection to %(host)s: %(reason)s."),
        msg("a proxy may cut into it, or a client certificate may be missing: ask the operator"),
    ),
    "timeout": (
        msg("The exchange did not answer within %(seconds)s seconds."),
        CHECK_LINK,
    ),
    "dropped": (
        msg("The connection broke before the answer was there."),
        CHECK_LINK,
    ),
    "half-answer": (
        msg("Only a part of the answer arrived."),
        CHECK_LINK,
    ),
    "not-exchange": (
        msg("What answers at %(host)s does not speak as the exchange does."),
        msg("a proxy or a sign-in page may stand in between: ask the network's operator"),
    ),
}


class LinkBroken(Exception):
    """The link broke; ``reached`` tells whether the question may have reached the exchange."""

    def __init__(self, code: str, *, reached: bool, **params: object) -> None:
        """Keep where it broke, and what is known of it."""
        what, remedy = _WHAT[code]
        self.problem = Problem(code, what, "", remedy, params=params)
        self.reached = reached
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; header names are in lower case.

    ``offset`` is how many seconds the other clock is ahead of ours, None when it did not say.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    offset: float | None = None

    @property
    def media_type(self) -> str:
        """The kind of content, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def offset_of(date: str | None, local: float) -> float | None:
    """How far the clock of a ``Date`` header is ahead of ours; it shows whole seconds only."""
    try:
        return parsedate_to_datetime(date or "").timestamp() + 0.5 - local
    except (TypeError, ValueError, OverflowError):
        return None


def context_of(settings: Settings) -> ssl.SSLContext:
    """The rules of encryption: certificates are always checked."""
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise _unreadable("ca_file", settings.ca_file, error) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.certificate_file:
        try:
            context.load_cert_chain(
                settings.certificate_file, settings.certificate_key_file or None
            )
        except (OSError, ssl.SSLError) as error:
            raise _unreadable("certificate_file", settings.certificate_file, error) from None
    return context


def _unreadable(name: str, path: str, error: Exception) -> AgentError:
    return wrong(
        name,
        msg("The file %(path)s cannot be used: %(reason)s."),
        msg("name a file in PEM that this account can read"),
        path=path,
        reason=getattr(error, "strerror", None) or str(error),
    )


class Link:
    """A connection that is kept open between questions; each thread has its own."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Name the other end; nothing is opened yet."""
        parts = urlsplit(settings.server)
        self.settings = settings
        self.host = parts.hostname or ""
        self.encrypted = parts.scheme == "https"
        self.port = parts.port or (443 if self.encrypted else 80)
        self._clock = clock
        self._context = context_of(settings) if self.encrypted else None
        self._open: http.client.HTTPConnection | None = None

    def request(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Response:
        """Send a request and read the whole answer, or raise ``LinkBroken``.

        A connection that the other side closed while it was idle is opened anew, once.
        """
        if self._open is not None:
            try:
                return self._exchange(self._open, method, path, headers, body)
            except LinkBroken as broken:
                if broken.problem.code != "dropped":
                    raise
        return self._exchange(self._connect(), method, path, headers, body)

    def handshake(self) -> tuple[dict[str, Any], str]:
        """Open an encrypted connection only; the other side's certificate and the TLS version."""
        connection = self._connect()
        wire: Any = connection.sock
        try:
            return dict(wire.getpeercert() or {}), str(wire.version())
        finally:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _connect(self) -> http.client.HTTPConnection:
        connection = self._made()
        with self._telling_where():
            connection.connect()
        self._open = connection
        return connection

    def _made(self) -> http.client.HTTPConnection:
        host, port = self.host, self.port
        if end := self.settings.proxy_end:
            host, port = end
        timeout = self.settings.timeout_seconds
        if self._context is not None:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=timeout, context=self._context
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=timeout)
        if self.settings.proxy:
            connection.set_tunnel(self.host, self.port)
        return connection

    @contextmanager
    def _telling_where(self) -> Iterator[None]:
        """Turn what the system says of a connection that does not open into where it broke."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            raise self._broken("tls-certificate", error.verify_message) from None
        except ssl.SSLError as error:
            raise self._broken("tls", error.reason or str(error)) from None
        except socket.gaierror:
            raise self._broken("dns") from None
        except ConnectionRefusedError:
            raise self._broken("tcp-refused") from None
        except TimeoutError:
            raise self._broken("tcp-timeout") from None
        except UnicodeError:
            raise self._broken("dns") from None
        except OSError as error:
            code = "proxy" if self.settings.proxy else "tcp"
            raise self._broken(code, error.strerror or str(error)) from None
        except http.client.HTTPException as error:
            raise self._broken("proxy", str(error)) from None

    def _broken(self, code: str, reason: str = "", *, reached: bool = False) -> LinkBroken:
        self.close()
        host = self.host
        if self.settings.proxy and code in {"dns", "tcp-refused", "tcp-timeout"}:
            host = self.settings.proxy
        return LinkBroken(
            code,
            reached=reached,
            host=host,
            port=self.port,
            reason=reason,
            seconds=self.settings.timeout_seconds,
        )

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Response:
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self.settings.timeout_seconds)
            begun = self._clock.time()
            connection.request(method, path, body=body, headers=dict(headers))
            wire = connection.sock
            answer = connection.getresponse()
            local = (begun + self._clock.time()) / 2
            content = self._read(answer, wire)
        except TimeoutError:
            raise self._broken("timeout", reached=True) from None
        except http.client.RemoteDisconnected:
            raise self._broken("dropped", reached=True) from None
        except http.client.IncompleteRead:
            raise self._broken("half-answer", reached=True) from None
        except http.client.HTTPException:
            raise self._broken("not-exchange", reached=True) from None
        except OSError:
            raise self._broken("dropped", reached=True) from None
        told = {name.lower(): value for name, value in answer.getheaders()}
        if answer.will_close:
            self.close()
        return Response(answer.status, told, content, offset_of(told.get("date"), local))

    def _read(self, answer: http.client.HTTPResponse, wire: Any) -> bytes:
        """Read to the end, within the time for the whole answer, not for each piece."""
        deadline = self._clock.monotonic() + self.settings.timeout_seconds
        pieces, size = [], 0
        while piece := answer.read1(_PIECE):
            pieces.append(piece)
            size += len(piece)
            left = deadline - self._clock.monotonic()
            if left <= 0:
                raise TimeoutError
            if size > LARGEST_ANSWER:
                raise http.client.HTTPException
            with suppress(OSError, AttributeError):
                wire.settimeout(left)
        missing = answer.length
        answer.close()
        if missing:
            raise http.client.IncompleteRead(b"")
        return b"".join(pieces)
