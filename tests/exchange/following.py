"""An agency that follows people, and a receiver of its own with a certificate of its own."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dancu.exchange.feed import collecting, services
from dancu.exchange.feed.guard import Rules
from dancu.exchange.feed.models import FeedEvent
from dancu.exchange.feed.types import Follow
from dancu.exchange.types import Caller
from dancu.kernel.clock import FixedClock
from tests.disclosure.conftest import AT

PURPOSE = "school_enrolment"
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


def facts_of(person: SimpleNamespace, **more: object) -> dict[str, object]:
    return {"pid": person.pid, "full_name": person.name, "birth_date": "2012-09-02", **more}


def follow(caller: Caller, *people: SimpleNamespace, mark: str = "") -> list[str]:
    """Follow people and return the keys of their subscriptions."""
    asked = [Follow(facts_of(one), mark) for one in people]
    found = services.follow(caller=caller, purpose=PURPOSE, people=asked, at=AT)
    return [key for _answer, key in found]


def collect(seconds: float = 5.0) -> list[tuple[str, str]]:
    """Collect, and return kind and nature of the events that are new."""
    known = FeedEvent.objects.order_by("-position").values_list("position", flat=True).first() or 0
    collecting.collect(clock=FixedClock(AT), seconds=seconds)
    rows = FeedEvent.objects.filter(position__gt=known).order_by("position")
    return [(row.change, row.nature) for row in rows]


@dataclass
class Delivery:
    """One request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """What came in, and what is said to it: ``answer`` gives a status and headers."""

    address: str = ""
    ca_file: str = ""
    got: list[Delivery] = field(default_factory=list)
    answer: Callable[[Delivery], tuple[int, dict[str, str]]] = lambda _got: (204, {})
    consents: bool = True

    @property
    def rules(self) -> Rules:
        return Rules((LOOPBACK,), self.ca_file, seconds=5.0)

    @property
    def posts(self) -> list[Delivery]:
        return [one for one in self.got if one.method == "POST"]

    @property
    def ids(self) -> list[str]:
        return [event["id"] for one in self.posts for event in one.events]


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    """Receive on a free port of this machine until the block ends."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            got = Delivery(self.command, self.path, headers, body)
            found.got.append(got)
            if self.command == "OPTIONS":
                consent = {
                    "WebHook-Allowed-Origin": headers["webhook-request-origin"],
                    "WebHook-Allowed-Rate": "6000",
                }
                status, more = 200, consent if found.consents else {}
            else:
                status, more = found.answer(got)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_OPTIONS = do_POST = do_GET = _take  # noqa: N815 - the library's names

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found.address = f"https://127.0.0.1:{server.server_address[1]}/hook?from=dancu"
    found.ca_file = str(certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "receiver.pem", folder / "receiver.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private
