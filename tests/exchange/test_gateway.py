"""The exchange's own process, over real connections."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from dancu.disclosure.models import AccessRecord
from dancu.exchange.models import Usage
from dancu.exchange.oauth import ring, tokens
from dancu.operation.config import current
from tests.disclosure.conftest import new_person
from tests.exchange.agency import BASE, Agency, question
from tests.exchange.serving import READY_SECONDS, Served, served, starting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PATH = f"{BASE}/verifications"


@pytest.fixture
def agency(register: object) -> Agency:
    ring.forget()
    tokens.SESSIONS.forget()
    return Agency().register().sign_in()


@pytest.fixture
def huong(register: object) -> SimpleNamespace:
    return new_person()


@pytest.fixture
def gateway(agency: Agency, huong: SimpleNamespace, tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as item:
        yield item


def _ask(gateway: Served, agency: Agency, body: object, **headers: str) -> object:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {
        "Authorization": f"Bearer {agency.token}",
        "Content-Type": "application/json",
        "Accept-Language": "en",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return gateway.send("POST", PATH, data, **{name: v for name, v in given.items() if v})


def test_it_answers_like_the_web_server(
    gateway: Served, agency: Agency, huong: SimpleNamespace
) -> None:
    claims = {"pid": huong.pid, "full_name": huong.name, "birth_date": "1988-09-02"}
    asked = question(claims, questions=[{"question": "is_alive"}], reference="r")
    here, there = agency.post("/verifications", asked), _ask(gateway, agency, asked)
    assert (there.status, there.headers["content-type"]) == (200, "application/json")
    changing = {"id": "", "at": ""}
    assert here.json() | changing == there.json() | changing
    assert AccessRecord.objects.filter(person_id=huong.id).count() == 2
    signed = _ask(gateway, agency, asked, Accept="application/jose")
    assert (signed.headers["content-type"], signed.body.count(b".")) == ("application/jose", 2)

    told = gateway.send("GET", f"{BASE}/contract", authorization=f"Bearer {agency.token}")
    assert told.json()["today"]["records"] == 3
    assert gateway.send("GET", f"{BASE}/jwks.json").json()["keys"]
    assert gateway.send("GET", "/health/ready").json()["ready"] is True
    assert gateway.send("GET", "/console/").status == 404
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": agency.assertion(aud=f"http://127.0.0.1:{gateway.port}{BASE}"),
    }
    granted = gateway.send(
        "POST",
        f"{BASE}/token",
        "&".join(f"{name}={value}" for name, value in form.items()).encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert granted.status == 200, granted.body
    agency.token = granted.json()["access_token"]
    assert _ask(gateway, agency, asked).status == 200


def test_bad_requests_get_the_same_problems(gateway: Served, agency: Agency) -> None:
    for body, status, code in [
        (b"{", 400, "body-unreadable"),
        (b"[]", 422, "invalid"),
        (question(purpose="curiosity"), 403, "clause-refused"),
        (question() | {"x": 1}, 422, "invalid"),
        (b" " * 40_000, 413, "body-too-large"),
    ]:
        got = _ask(gateway, agency, body)
        assert (got.status, got.json()["code"]) == (status, code), got.body
        assert got.headers["content-type"] == "application/problem+json"
    got = _ask(gateway, agency, question(), Content_Type="text/plain")
    assert (got.status, got.json()["code"]) == (415, "body-of-another-kind")
    got = _ask(gateway, agency, question(), Authorization="")
    assert (got.status, got.json()["code"]) == (401, "token-missing")
    assert "www-authenticate" in got.headers
    got = _ask(gateway, agency, question(), Authorization="Bearer x.y.z")
    assert (got.status, got.json()["code"]) == (401, "token-invalid")
    got = gateway.send("PUT", PATH, b"")
    assert (got.status, got.headers["allow"]) == (405, "POST")
    got = _ask(gateway, agency, b"{", Accept_Language="")
    assert got.json()["language"] == "vi"
    # The process is well after all of it.
    assert _ask(gateway, agency, question()).status == 200


def test_a_body_in_pieces_and_one_without_end(gateway: Served, agency: Agency) -> None:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {agency.token}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    body = json.dumps(question()).encode()
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as there:
        there.sendall(head)
        for piece in (body[:20], body[20:]):
            there.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        there.sendall(b"0\r\n\r\n")
        assert there.recv(4096).startswith(b"HTTP/1.1 200")
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as there:
        there.sendall(head)
        try:
            for _ in range(100):
                there.sendall(b"%x\r\n%s\r\n" % (1000, b" " * 1000))
        except OSError:
            pass
        assert there.recv(4096).startswith(b"HTTP/1.1 413")


def test_the_same_key_at_the_same_time_is_answered_once(
    gateway: Served, agency: Agency, huong: SimpleNamespace
) -> None:
    claims = {"pid": huong.pid, "full_name": huong.name, "birth_date": "1988-09-02"}
    bodies = [question(claims, reference=str(number % 20)) for number in range(200)]

    def ask(body: dict[str, object]) -> bytes:
        got = _ask(gateway, agency, body, Idempotency_Key=f"k-{body['reference']}")
        assert got.status == 200, got.body
        return got.body

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(ask, bodies))
    assert len(set(answers)) == 20
    assert AccessRecord.objects.filter(person_id=huong.id).count() == 20
    assert Usage.objects.get(contract="student-check").records == 20
    other = _ask(gateway, agency, question(claims, reference="x"), Idempotency_Key="k-1")
    assert (other.status, other.json()["code"]) == (422, "key-used-for-another")


@pytest.mark.parametrize("header", ["Idempotency-Key", "X-Road-UserId", "X-Road-Issue"])
def test_a_header_that_cannot_be_read_is_refused_and_not_left_out(
    gateway: Served, agency: Agency, huong: SimpleNamespace, header: str
) -> None:
    claims = {"pid": huong.pid, "full_name": huong.name, "birth_date": "1988-09-02"}
    key = "mã-1".encode().decode("latin-1")
    got = _ask(gateway, agency, question(claims), **{header: key})
    assert (got.status, got.json()["code"]) == (400, "header-unusable")
    assert header.lower() in got.json()["detail"].lower()
    asked = {
        "purpose": "school_enrolment",
        "subject": {"pid": huong.pid, "full_name": huong.name},
        "attributes": ["permanent_residence"],
        "case": "TS-1",
    }
    headers = {"Authorization": f"Bearer {agency.token}", "Content-Type": "application/json"}
    body, there = json.dumps(asked).encode(), f"{BASE}/lookups"
    got = gateway.send("POST", there, body, **headers, **{header: key})
    assert (got.status, got.json()["code"]) == (400, "header-unusable")
    assert not AccessRecord.objects.filter(person_id=huong.id).exists()


def test_a_full_queue_says_when_to_come_back(
    agency: Agency, huong: SimpleNamespace, tmp_path: Path
) -> None:
    with served(tmp_path, DANCU_EXCHANGE_WAITING="1") as gateway, ThreadPoolExecutor(32) as threads:
        found = list(threads.map(lambda _n: _ask(gateway, agency, question()), range(320)))
    statuses = {got.status for got in found}
    assert statuses <= {200, 503}
    assert 200 in statuses
    for got in found:
        if got.status == 503:
            assert got.headers["retry-after"] == "1"
            assert (got.json()["code"], got.json()["retryable"]) == ("overloaded", True)
    answered = sum(got.status == 200 for got in found)
    assert AccessRecord.objects.count() == answered


def test_a_stop_answers_what_waits_and_ends_by_itself(gateway: Served, agency: Agency) -> None:
    assert _ask(gateway, agency, question()).status == 200
    gateway.process.send_signal(signal.SIGTERM)
    try:
        assert gateway.process.wait(15) == 0
    except subprocess.TimeoutExpired:
        os.killpg(gateway.process.pid, signal.SIGKILL)
        pytest.fail(gateway.log.read_text(encoding="utf-8"))


def test_a_stop_is_heard_by_processes_that_still_load(
    transactional_db: None, tmp_path: Path
) -> None:
    with starting(tmp_path) as item:
        deadline = time.monotonic() + READY_SECONDS
        seen: set[int] = set()
        while len(seen) < current().exchange.workers:
            children = psutil.Process(item.process.pid).children()
            seen |= {child.pid for child in children if _hears(child)}
            assert time.monotonic() < deadline, item.log.read_text(encoding="utf-8")
        item.process.send_signal(signal.SIGTERM)
        item.process.wait(READY_SECONDS)
        assert "refused to gracefully stop" not in item.log.read_text(encoding="utf-8")


def _hears(process: psutil.Process) -> bool:
    """Whether SIGTERM ends a process: it no longer has the handler of the server that forked it."""
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("SigCgt:"):
                return not int(line.split()[1], 16) & 1 << (signal.SIGTERM - 1)
    return False
