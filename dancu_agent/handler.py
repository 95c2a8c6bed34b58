"""One request to the local service: who may ask, what was asked, what is answered."""

from __future__ import annotations

import hmac
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from dancu_agent.cli.asking import found_question
from dancu_agent.cli.screen import Screen, iso
from dancu_agent.errors import AgentError, Problem
from dancu_agent.log import log
from dancu_agent.questions import question_of
from dancu_agent.spool import State
from dancu_agent.spool.types import CLOSED, Asked
from dancu_agent.texts import LANGUAGES, msg

if TYPE_CHECKING:
    from dancu_agent.service import Service

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 65_536
LONGEST_WAIT = 60.0
_LISTED = 100
_LOOK_EVERY = 0.1
_IDLE_SECONDS = 60


class _Refused(Exception):
    """The request is not taken: status and what to tell."""

    def __init__(self, status: int, problem: Problem) -> None:
        self.status = status
        self.problem = problem
        super().__init__(problem.code)


class Handler(BaseHTTPRequestHandler):
    """Answers the agency's software; ``service`` is set by a subclass."""

    service: ClassVar[Service]
    protocol_version = "HTTP/1.1"
    server_version = "dancu-agent"
    sys_version = ""
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Read."""
        self._answer()

    def do_POST(self) -> None:
        """Ask."""
        self._answer()

    def do_DELETE(self) -> None:
        """Forget."""
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: paths hold numbers of questions, bodies hold people."""

    def send_error(self, code: int, *_texts: object) -> None:
        """Answer in JSON where the standard library would answer in HTML."""
        self.close_connection = True
        problem = Problem("bad-request", msg("This is no request that the agent knows."))
        self._write(code, self._told(code, problem), "application/problem+json")

    # -- One request ----------------------------------------------------------------------------

    def _answer(self) -> None:
        try:
            status, found = self._route()
            self._write(status, found, "application/json")
        except _Refused as refused:
            self._problem(refused.status, refused.problem)
        except AgentError as error:
            self._problem(error.http_status, error.problem)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as error:  # noqa: BLE001 - a caller gets words, not a trace
            log(type(error).__name__)
            problem = Problem(
                "unexpected",
                msg("Something unexpected went wrong (%(kind)s)."),
                msg("What was asked before is kept on disk."),
                msg("try again; if it lasts, tell those who look after the agent"),
                params={"kind": type(error).__name__},
            )
            self._problem(HTTPStatus.INTERNAL_SERVER_ERROR, problem)

    def _problem(self, status: int, problem: Problem) -> None:
        self.close_connection = True  # The body may not have been read.
        self._write(status, self._told(status, problem), "application/problem+json")

    def _told(self, status: int, problem: Problem) -> dict[str, Any]:
        told = problem.told(self._screen().translate)
        found = {
            "type": f"urn:dancu:problem:agent-{problem.code}",
            "title": told["what"],
            "status": int(status),
            "code": problem.code,
        }
        return found | {n: told[n] for n in ("field", "why", "remedy") if told[n]}

    def _write(self, status: int, found: Any, kind: str) -> None:
        content = json.dumps(found, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if status == HTTPStatus.UNAUTHORIZED:
            self.send_header("WWW-Authenticate", "Bearer")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def _screen(self) -> Screen:
        asked = (getattr(self, "headers", None) or {}).get("Accept-Language", "")
        code = asked.split(",")[0].strip()[:2].lower()
        return Screen(code if code in LANGUAGES else self.service.agent.language)

    def _route(self) -> tuple[int, Any]:
        self._check_host()
        parts = urlsplit(self.path)
        place = [part for part in parts.path.split("/") if part]
        if place == ["health"] and self.command == "GET":
            return HTTPStatus.OK, self._health()
        self._check_secret()
        match self.command, place:
            case "POST", ["ask"]:
                return self._ask()
            case "GET", ["ask", name]:
                return self._show(name, self._seconds(parts.query))
            case "DELETE", ["ask", name]:
                return self._forget(name)
            case "GET", ["waiting"]:
                return HTTPStatus.OK, self._waiting()
        raise _Refused(
            HTTPStatus.NOT_FOUND,
            Problem(
                "not-found",
                msg("There is nothing here."),
                "",
                msg("POST /ask, GET or DELETE /ask/ID, GET /waiting, GET /health"),
            ),
        )

    def _check_host(self) -> None:
        """A web page elsewhere must not reach this service through the user's browser."""
        host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if host not in {LOOPBACK, "localhost"} or self.headers.get("Origin"):
            raise _Refused(
                HTTPStatus.FORBIDDEN,
                Problem(
                    "not-local",
                    msg("Only software on this machine is answered, no web page."),
                    "",
                    msg("call http://127.0.0.1 from the agency's own software"),
                    field="Host",
                ),
            )

    def _check_secret(self) -> None:
        kind, _space, shown = self.headers.get("Authorization", "").partition(" ")
        secret = self.service.secret
        if kind.lower() == "bearer" and hmac.compare_digest(
            shown.strip().encode(), secret.encode()
        ):
            return
        raise _Refused(
            HTTPStatus.UNAUTHORIZED,
            Problem(
                "no-secret",
                msg("The request does not show the agent's secret."),
                msg("Not everybody on this machine may ask in the agency's name."),
                msg("send `Authorization: Bearer` with what stands in local.token"),
                field="Authorization",
            ),
        )

    def _ask(self) -> tuple[int, Any]:
        found = self._body()
        seconds = found.pop("wait", 0)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise _Refused(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                Problem(
                    "question",
                    msg("This is no number of seconds."),
                    "",
                    msg("write for example 10"),
                    field="wait",
                ),
            )
        if key := self.headers.get("Idempotency-Key"):
            found.setdefault("key", key)
        agent = self.service.agent
        asked: Asked = question_of(found, purpose=agent.settings.purpose)
        name = agent.spool.add([asked], agent.now())[0]
        return self._show(name, min(float(seconds), LONGEST_WAIT))

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise _Refused(
                HTTPStatus.LENGTH_REQUIRED,
                Problem(
                    "no-length",
                    msg("The length of the body is missing."),
                    "",
                    msg("send Content-Length"),
                    field="Content-Length",
                ),
            )
        if int(length) > LARGEST_BODY:
            raise _Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                Problem(
                    "too-large",
                    msg("The body is larger than %(most)d bytes."),
                    "",
                    msg("ask about one person at a time; for files, `dancu-agent send`"),
                    params={"most": LARGEST_BODY},
                ),
            )
        if self.headers.get_content_type() != "application/json":
            raise _Refused(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                Problem(
                    "not-json",
                    msg("The body is not JSON."),
                    "",
                    msg("send Content-Type: application/json"),
                    field="Content-Type",
                ),
            )
        try:
            found = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise _Refused(
                HTTPStatus.BAD_REQUEST,
                Problem(
                    "not-json",
                    msg("The body is not JSON."),
                    "",
                    msg("send one JSON object in UTF-8"),
                ),
            )
        return found

    def _seconds(self, query: str) -> float:
        try:
            seconds = float(parse_qs(query).get("wait", ["0"])[0])
        except ValueError:
            return 0.0
        return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else 0.0  # noqa: PLR0124

    def _show(self, name: str, seconds: float) -> tuple[int, Any]:
        agent, service = self.service.agent, self.service
        deadline = agent.clock.monotonic() + seconds
        question = found_question(agent, name)
        while question.state not in CLOSED and agent.clock.monotonic() < deadline:
            if service.stop.wait(_LOOK_EVERY):
                break
            question = found_question(agent, name)
        screen = self._screen()
        found = screen.question(question)
        if question.state in CLOSED:
            return HTTPStatus.OK, found
        found["since"] = found["asked_at"]
        found["link"] = screen.link(agent.spool.link(), agent.now())
        return HTTPStatus.ACCEPTED, found

    def _forget(self, name: str) -> tuple[int, Any]:
        agent = self.service.agent
        question = found_question(agent, name)
        also_open = question.state in {State.WAITING, State.HELD}
        if not agent.spool.forget([name], also_open=also_open):
            raise _Refused(
                HTTPStatus.CONFLICT,
                Problem(
                    "being-sent",
                    msg("The question is being sent at this moment."),
                    "",
                    msg("ask again in a few seconds"),
                    field="id",
                ),
            )
        return HTTPStatus.OK, {"id": name, "state": "forgotten"}

    def _waiting(self) -> dict[str, Any]:
        agent, screen = self.service.agent, self._screen()
        counts = agent.spool.counts()
        return {
            "waiting": counts.waiting,
            "oldest_since": iso(counts.oldest) if counts.oldest else None,
            "link": screen.link(agent.spool.link(), agent.now()),
            "questions": [screen.question(each) for each in agent.spool.open_questions(_LISTED)],
        }

    def _health(self) -> dict[str, Any]:
        agent, screen = self.service.agent, self._screen()
        counts = agent.spool.counts()
        return {
            "status": "up",
            "waiting": counts.waiting,
            "oldest_since": iso(counts.oldest) if counts.oldest else None,
            "link": screen.link(agent.spool.link(), agent.now()),
            "clock_behind_seconds": round(agent.skew.seconds),
        }
