"""An exchange in small that keeps its word: tokens, idempotency keys, and faults on order."""

from __future__ import annotations

import base64
import json
import secrets
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from dancu_agent.keys import new_key

API = "/api/exchange/v1"
MEDIA = "application/cloudevents-batch+json"
CLIENT, CONTRACT = "school-79", "student-check"


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Fault:
    """What goes wrong with one question: an answer of this status, or a name."""

    kind: int | str
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


class Exchange:
    """``carried_out`` counts questions by key, ``attempts`` what came in over the wire."""

    def __init__(self) -> None:
        self.keys: list[dict[str, str]] = []
        self.clock: Callable[[], float] = time.time
        self.skew = 0.0
        self.faults: deque[Fault] = deque()
        self.answers: dict[str, tuple[str, dict[str, Any]]] = {}
        self.carried_out: Counter[str] = Counter()
        self.events: list[dict[str, Any]] = []
        self.attempts: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.tokens: dict[str, float] = {}
        self.granted = 0
        self.seen: set[str] = set()
        self.lifetime = 300
        self.answer_of: Callable[[dict[str, Any]], dict[str, Any]] = answer_of
        self.contract: dict[str, Any] = {
            "contract": CONTRACT,
            "purposes": ["school_enrolment"],
            "records_per_day": 50_000,
            "valid_from": "2020-01-01",
            "today": {"records": 1_000, "left": 49_000},
        }
        self.signer = new_key("EdDSA")
        self.published = [self.signer.public_jwk()]
        self.lock = threading.Lock()
        self.hang = threading.Event()
        self.port = 0
        self._server: ThreadingHTTPServer | None = None

    def now(self) -> float:
        return self.clock() + self.skew

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        handler = type("Bound", (Handler,), {"exchange": self})
        self._server = Server(("127.0.0.1", self.port), handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Die: what is under way is cut off, the memory of keys and tokens stays."""
        server, self._server = self._server, None
        if server is not None:
            server.cut_off()
            server.shutdown()
            server.server_close()

    @contextmanager
    def running(self) -> Iterator[Exchange]:
        self.start()
        try:
            yield self
        finally:
            self.hang.set()
            self.stop()

    def doubled(self) -> list[str]:
        return [key for key, times in self.carried_out.items() if times > 1]


def answer_of(asked: dict[str, Any]) -> dict[str, Any]:
    claims = asked.get("claims")
    found: dict[str, Any] = {"id": secrets.token_hex(6), "contract": CONTRACT}
    if "reference" in asked:
        found["reference"] = asked["reference"]
    if claims is None:
        return {**found, "attributes": {name: {"value": "…"} for name in asked["attributes"]}}
    return {
        **found,
        "outcome": "full_match",
        "attributes": {name: {"result": "match"} for name in claims},
        "answers": [{**question, "answer": "yes"} for question in asked.get("questions", [])],
    }


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *args: Any) -> None:
        self.open: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def cut_off(self) -> None:
        for each in list(self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Handler(BaseHTTPRequestHandler):
    exchange: Exchange
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_args: Any) -> None:
        pass

    def date_time_string(self, _timestamp: float | None = None) -> str:
        return formatdate(self.exchange.now(), usegmt=True)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == f"{API}/token":
            self.token(body)
        elif self.path in {f"{API}/verifications", f"{API}/lookups"}:
            self.question(json.loads(body))
        else:
            self.problem(404, "There is nothing here.")

    def do_GET(self) -> None:
        if self.path == f"{API}/status":
            self.reply(200, {"status": "up"})
        elif self.path == f"{API}/jwks.json":
            self.reply(200, {"keys": self.exchange.published})
        elif not self.authorised():
            self.problem(401, "The token was not made here.")
        elif self.path == f"{API}/contract":
            self.reply(200, self.exchange.contract)
        elif self.path.startswith(f"{API}/feed?"):
            self.feed(parse_qs(self.path.partition("?")[2]))
        else:
            self.problem(404, "There is nothing here.")

    # -- The feed

    def feed(self, query: dict[str, list[str]]) -> None:
        with self.exchange.lock:
            fault = self.exchange.faults.popleft() if self.exchange.faults else None
        if fault is not None and fault.kind == "page":
            self.spoil(fault, {})
            return
        if fault is not None and fault.kind == "gate":
            self.reply(403, b"<html>no way out</html>", kind="text/html")
            return
        if fault is not None:
            assert isinstance(fault.kind, int)
            self.problem(fault.kind, "Not now.")
            return
        begin = int(query.get("cursor", ["0"])[0])
        end = min(begin + int(query["limit"][0]), len(self.exchange.events))
        headers = {
            "X-Next-Cursor": str(end),
            "X-Has-More": "true" if end < len(self.exchange.events) else "false",
        }
        self.reply(200, self.exchange.events[begin:end], headers, MEDIA)

    # -- Tokens

    def token(self, body: bytes) -> None:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        why = self.wrong_with(form)
        if why:
            self.reply(401, {"error": "invalid_client", "error_description": why})
            return
        token = secrets.token_urlsafe(16)
        with self.exchange.lock:
            self.exchange.tokens[token] = self.exchange.now() + self.exchange.lifetime
            self.exchange.granted += 1
        self.reply(
            200,
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": self.exchange.lifetime,
                "scope": CONTRACT,
            },
        )

    def wrong_with(self, form: dict[str, str]) -> str:  # noqa: PLR0911
        if form.get("grant_type") != "client_credentials" or not form.get(
            "client_assertion_type", ""
        ).endswith("jwt-bearer"):
            return "the form is wrong"
        head, claims, signature = form["client_assertion"].split(".")
        header, said = json.loads(unb64(head)), json.loads(unb64(claims))
        known = [key for key in self.exchange.keys if key["kid"] == header["kid"]]
        if not known or said["iss"] != CLIENT or said["sub"] != CLIENT:
            return "no client is known with this key"
        if not signed(known[0], f"{head}.{claims}".encode(), unb64(signature)):
            return "the signature is wrong"
        if said["aud"] != f"{self.exchange.url}{API}/token":
            return "it is meant for another server"
        now = self.exchange.now()
        if said["iat"] - 60 > now or said["exp"] + 60 < now:
            return "the assertion is not valid now"
        with self.exchange.lock:
            if said["jti"] in self.exchange.seen:
                return "it was used before"
            self.exchange.seen.add(said["jti"])
        return "" if form.get("scope", CONTRACT) == CONTRACT else "no such contract"

    def authorised(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return self.exchange.tokens.get(token, 0) > self.exchange.now()

    # -- Questions

    def question(self, asked: dict[str, Any]) -> None:
        exchange, key = self.exchange, self.headers["Idempotency-Key"]
        with exchange.lock:
            exchange.attempts.append(key)
            exchange.heads.append(dict(self.headers))
            fault = exchange.faults.popleft() if exchange.faults else None
        if not self.authorised():
            self.problem(401, "The token expired.")
            return
        if fault is not None and not self.goes_on(fault):
            return
        found = self.carry_out(key, asked)
        if self.path.endswith("lookups") and "reference" in asked:
            self.problem(422, "There is no such field.")
        elif found is None:
            self.problem(422, "This key was used for another question.")
        elif fault is not None:
            self.spoil(fault, found)
        elif self.headers["Accept"] == "application/jose":
            self.reply(200, exchange.signer.jwt(found).encode(), kind="application/jose")
        else:
            self.reply(200, found)

    def carry_out(self, key: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Answer a key as it was answered before (RFC draft idempotency-key-header)."""
        whole = json.dumps(asked, sort_keys=True)
        with self.exchange.lock:
            if key in self.exchange.answers:
                before, found = self.exchange.answers[key]
                return found if before == whole else None
            found = self.exchange.answer_of(asked)
            self.exchange.answers[key] = (whole, found)
            self.exchange.carried_out[key] += 1
        return found

    def goes_on(self, fault: Fault) -> bool:
        """Whether the question is carried out in spite of the fault."""
        if fault.kind == "drop":
            self.cut()
        elif isinstance(fault.kind, int) and fault.kind != 200:
            self.reply(fault.kind, fault.body, fault.headers, "application/problem+json")
        else:
            return True
        return False

    def spoil(self, fault: Fault, found: dict[str, Any]) -> None:
        content = json.dumps(found).encode()
        if fault.kind == "half":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.cut()
        elif fault.kind == "half-unmarked":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.cut()
        elif fault.kind == "hang":
            self.exchange.hang.wait(30)
            self.cut()
        elif fault.kind == "page":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "20")
            self.end_headers()
            self.wfile.write(b"<html>sign in</html>")
        elif fault.kind == "crossed":
            self.reply(200, {**found, "reference": "somebody else"})
        else:  # "lost": carried out, and nothing comes back
            self.cut()

    def cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def problem(self, status: int, detail: str) -> None:
        self.reply(status, {"status": status, "detail": detail}, kind="application/problem+json")

    def reply(
        self,
        status: int,
        found: Any,
        headers: dict[str, str] | None = None,
        kind: str = "application/json",
    ) -> None:
        content = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            self.close_connection = True


def signed(jwk: dict[str, str], data: bytes, signature: bytes) -> bool:
    try:
        if jwk["kty"] == "OKP":
            ed25519.Ed25519PublicKey.from_public_bytes(unb64(jwk["x"])).verify(signature, data)
        else:
            x, y = (int.from_bytes(unb64(jwk[name]), "big") for name in "xy")
            r, s = (int.from_bytes(signature[part], "big") for part in (slice(32), slice(32, 64)))
            public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            public.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
