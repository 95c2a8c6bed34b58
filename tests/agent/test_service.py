"""The local service that the agency's own software talks to."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dancu_agent.agent import Agent
from dancu_agent.service import Service

from .conftest import PUPIL, question
from .exchange import Exchange


class Caller:
    """The agency's software."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.head = {"Authorization": f"Bearer {service.secret}"}

    def __call__(
        self, method: str, path: str, body: Any = None, **head: str
    ) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=20)
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        named = {name.replace("_", "-"): value for name, value in head.items()}
        kind = {"Content-Type": "application/json"} if content else {}
        try:
            connection.request(method, path, content, {**self.head, **kind, **named})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture
def call(home: Path) -> Iterator[Caller]:
    with Agent(home) as agent:
        service = Service(agent, 0)
        thread = threading.Thread(target=service.run)
        thread.start()
        yield Caller(service)
        service.stop.set()
        thread.join()


def test_a_question_is_answered_at_once_when_the_link_works(call: Caller) -> None:
    status, found = call("POST", "/ask", question(wait=20))
    assert (status, found["state"]) == (200, "answered")
    assert found["answer"]["outcome"] == "full_match"
    assert call("GET", f"/ask/{found['id']}")[1]["answer"] == found["answer"]
    assert call("DELETE", f"/ask/{found['id']}")[0] == 200
    assert call("GET", f"/ask/{found['id']}")[0] == 404


def test_without_link_the_software_learns_what_waits_and_gets_it_later(
    call: Caller, exchange: Exchange
) -> None:
    exchange.stop()
    status, found = call("POST", "/ask", question(reference="HS-1"))
    assert (status, found["state"] in {"waiting", "sending"}) == (202, True)
    assert found["since"] == found["asked_at"]
    call("GET", f"/ask/{found['id']}?wait=1")
    status, waiting = call("GET", "/waiting")
    assert (status, waiting["waiting"]) == (200, 1)
    assert waiting["link"]["state"] == "broken"
    assert waiting["link"]["problem"]["code"] == "tcp-refused"
    assert waiting["questions"][0]["reference"] == "HS-1"
    exchange.start()
    status, found = call("GET", f"/ask/{found['id']}?wait=30")
    assert (status, found["state"]) == (200, "answered")
    assert call("GET", "/waiting")[1]["link"] == {"state": "works"}
    assert sum(exchange.carried_out.values()) == 1


def test_software_that_asks_again_with_its_key_asks_once(call: Caller, exchange: Exchange) -> None:
    first = call("POST", "/ask", question(wait=20), Idempotency_Key="dossier-7")
    again = call("POST", "/ask", question(wait=20), Idempotency_Key="dossier-7")
    assert first[1] == again[1]
    assert len(exchange.attempts) == 1
    other = {"claims": {**PUPIL, "pid": "079213000016"}}
    status, found = call("POST", "/ask", other, Idempotency_Key="dossier-7")
    assert (status, found["code"]) == (409, "key-used")


def test_a_refusal_of_the_agent_is_a_problem_in_the_callers_language(call: Caller) -> None:
    status, found = call("POST", "/ask", {"claims": {"pid": 1.5}}, Accept_Language="vi-VN,en")
    assert status == 422
    assert found["field"] == "claims.pid"
    assert found["title"].startswith("Giá trị phải là chữ")
    assert found["remedy"]


def test_only_those_who_know_the_secret_are_answered(call: Caller) -> None:
    assert call("GET", "/waiting", Authorization="Bearer wrong")[0] == 401
    assert call("POST", "/ask", question(), Authorization="")[0] == 401
    status, found = call("GET", "/health", Authorization="")
    assert (status, found["status"]) == (200, "up")


@pytest.mark.parametrize(
    "head", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}], ids=str
)
def test_a_web_page_reaches_nothing(call: Caller, head: dict[str, str]) -> None:
    assert call("GET", "/health", **head)[0] == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "head", "status"),
    [
        ("GET", "/", None, {}, 404),
        ("POST", "/waiting", {"a": 1}, {}, 404),
        ("GET", "/ask/none", None, {}, 404),
        ("POST", "/ask", None, {}, 415),
        ("POST", "/ask", b"{", {}, 400),
        ("POST", "/ask", b"[1]", {}, 400),
        ("POST", "/ask", b"[" * 60_000, {}, 400),
        ("POST", "/ask", b"x" * 70_000, {}, 413),
        ("POST", "/ask", {"claims": PUPIL}, {"Content_Type": "text/plain"}, 415),
        ("POST", "/ask", {"claims": PUPIL, "wait": "x"}, {}, 422),
        (
            "POST",
            "/ask",
            b'{"claims": {"pid": "1"}, "questions": [{"question": "\\ud800"}]}',
            {},
            422,
        ),
        ("POST", "/ask", {"claims": {**PUPIL, "\ud800": "x"}}, {}, 422),
        (
            "POST",
            "/ask",
            b'{"claims": {"pid": "1"}, "questions": [{"question": "x", "n": NaN}]}',
            {},
            422,
        ),
        ("PUT", "/ask", {"claims": PUPIL}, {}, 501),
    ],
    ids=lambda value: str(value)[:20],
)
def test_bad_requests_get_words(  # noqa: PLR0917
    call: Caller, method: str, path: str, body: Any, head: dict[str, str], status: int
) -> None:
    got, found = call(method, path, body, **head)
    assert (got, found["status"]) == (status, status)
    assert found["title"]


def test_nothing_about_people_is_logged(
    call: Caller, exchange: Exchange, capsys: pytest.CaptureFixture[str]
) -> None:
    call("POST", "/ask", question(wait=20))
    exchange.stop()
    call("POST", "/ask", question(reference="2", wait=1))
    call("GET", "/ask/079213000015")
    out, err = capsys.readouterr()
    for secret in (*PUPIL.values(), call.service.secret):
        assert secret not in out + err


def test_a_port_that_is_taken_is_told(call: Caller, home: Path) -> None:
    from dancu_agent.errors import AgentError

    with Agent(home) as agent, pytest.raises(AgentError, match="cannot be used"):
        Service(agent, call.service.port)
