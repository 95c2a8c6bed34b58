"""Calling an address that somebody else has named, and nothing that it must not reach.

Only https. The name is resolved, every address is checked, and the connection goes to an address
that was checked: a name that answers differently the second time gains nothing. Redirections are
not followed; time and size of the answer are bounded. The certificate is checked against the name.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_ADDRESS = 500
_MOST_ANSWER = 16_384
_PIECE = 4_096
_HOST = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
_VISIBLE = re.compile(r"[!-~]+")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: Ways in which IPv6 carries an IPv4 address that would otherwise not be seen.
_CARRIES_IPV4 = ipaddress.ip_network("64:ff9b::/96")


class CallFailed(Exception):
    """The address was not called, or did not answer; ``code`` says where it broke."""

    def __init__(self, code: str) -> None:
        """Keep the code: ``form``, ``name``, ``network``, ``connection``, ``tls``, ``time`` …."""
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return what the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Networks that may be called besides the public ones, and a file of their certificates."""

    networks: tuple[Network, ...] = ()
    ca_file: str = ""
    seconds: float = 10.0


def target_of(address: str, networks: Sequence[Network] = ()) -> Target:
    """Return the parts of an address. Raises ``CallFailed`` for a form that is not taken.

    An IP address written out is checked too. No name is resolved.
    """
    if not 0 < len(address) <= LONGEST_ADDRESS or not _VISIBLE.fullmatch(address):
        raise CallFailed("form")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise CallFailed("form") from None
    if parts.scheme != "https":
        raise CallFailed("https")
    if parts.username is not None or parts.password is not None or "#" in address or port == 0:
        raise CallFailed("form")
    if (literal := _literal(host)) is not None:
        require_callable(literal, networks)
    elif not _HOST.fullmatch(host) or host.rpartition(".")[2].isdigit():
        raise CallFailed("form")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or 443, path)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def require_callable(address: Address, networks: Sequence[Network] = ()) -> None:
    """Raise ``CallFailed`` unless the address is public or in a network that is allowed."""
    if any(address.version == one.version and address in one for one in networks):
        return
    for one in (address, *_carried(address)):
        if not one.is_global or one.is_multicast or one.is_reserved or one.is_unspecified:
            raise CallFailed("network")


def _carried(address: Address) -> Iterable[Address]:
    """Return the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    teredo = address.teredo or ()
    for one in (address.ipv4_mapped, address.sixtofour, *teredo):
        if one is not None:
            yield one
    if address in _CARRIES_IPV4:
        yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


def resolve(target: Target, networks: Sequence[Network] = ()) -> list[Address]:
    """Return the addresses of a target, all of which may be called. Raises ``CallFailed``."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CallFailed("name") from None
    addresses = list(dict.fromkeys(ipaddress.ip_address(one[4][0]) for one in found))
    if not addresses:
        raise CallFailed("name")
    for address in addresses:
        require_callable(address, networks)
    return addresses


def call(
    method: str, address: str, *, headers: Mapping[str, str], body: bytes = b"", rules: Rules
) -> Answered:
    """Call an address and return status and headers of the answer, its body read and dropped.

    Raises ``CallFailed``.
    """
    target = target_of(address, rules.networks)
    deadline = time.monotonic() + rules.seconds
    connection = _Pinned(target, resolve(target, rules.networks), _context(rules), deadline)
    # Each wait has its time; whoever sends a byte now and then would have more than all of it.
    watch = threading.Timer(rules.seconds, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target.path, body or None, {**headers, "Host": target.authority})
        connection.settle()
        answer = connection.getresponse()
        _drain(answer, connection, deadline)
        if time.monotonic() >= deadline:
            # What was cut off looks like an answer that has ended.
            raise TimeoutError
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answered(answer.status, told)
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise CallFailed(_code(error, is_late=time.monotonic() >= deadline)) from None
    finally:
        watch.cancel()
        connection.close()


def _code(error: Exception, *, is_late: bool) -> str:
    if is_late or isinstance(error, TimeoutError):
        return "time"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "connection" if isinstance(error, OSError) else "answer"


def _drain(answer: http.client.HTTPResponse, connection: _Pinned, deadline: float) -> None:
    """Read what the receiver has to say, within time and size; a longer answer is left unread."""
    size = 0
    while size < _MOST_ANSWER and (piece := answer.read1(_PIECE)):
        size += len(piece)
        if time.monotonic() > deadline:
            raise TimeoutError
        connection.settle()


def _context(rules: Rules) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if rules.ca_file:
        try:
            context.load_verify_locations(rules.ca_file)
        except (OSError, ssl.SSLError):
            raise CallFailed("ca-file") from None
    return context


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, encrypted for the name."""

    def __init__(
        self,
        target: Target,
        addresses: Sequence[Address],
        context: ssl.SSLContext,
        deadline: float,
    ) -> None:
        super().__init__(target.host, target.port)
        self._target, self._addresses = target, addresses
        self._tls, self._deadline = context, deadline

    def connect(self) -> None:
        failure: OSError = ConnectionError("no address")
        for address in self._addresses:
            try:
                wire = socket.create_connection((str(address), self._target.port), self._left())
            except OSError as error:
                failure = error
                continue
            try:
                self.sock = self._tls.wrap_socket(wire, server_hostname=self._target.host)
            except BaseException:
                wire.close()
                raise
            return
        raise failure

    def cut(self) -> None:
        """End the connection, whoever waits for it."""
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def settle(self) -> None:
        """Let the next wait end with the time for the whole call."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.settimeout(self._left())

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
