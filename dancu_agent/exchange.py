"""The API of the exchange: one question sent, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dancu_agent.clock import Clock
from dancu_agent.credential import Credential, TokenRefused, busy, content_of, retry_after
from dancu_agent.errors import AgentError, Problem
from dancu_agent.link import Link, LinkBroken, Response
from dancu_agent.settings import API, Settings
from dancu_agent.signatures import NotSigned, UnknownKey, opened
from dancu_agent.spool.types import Question
from dancu_agent.texts import msg

_CLAUSE_TEXT = msg("The clause that refuses is %(clause)s.")
JOSE = "application/jose"
PATHS = {"verification": "/verifications", "lookup": "/lookups"}
_NEEDED = {"verification": ("id", "outcome"), "lookup": ("id", "attributes")}

_DONE = frozenset({200, 201})
_CLIENT, _UNAUTHORIZED, _CONFLICT, _TOO_MANY = 400, 401, 409, 429
_SERVER, _UNAVAILABLE = 500, 503
_CLAUSE = frozenset({403, 409})
_TOO_EARLY = frozenset({408, 425})
_GATEWAY = frozenset({502, 503, 504})
_PASSING = frozenset({"dates", "records_per_day", "requests_per_second"})
"""Clauses that refuse today what they may allow tomorrow: such questions go on waiting."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The exchange answered."""

    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """The exchange refused, and would refuse the same question again."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Later:
    """No answer yet, the question goes on waiting.

    ``of_link`` tells that other questions would fare no better now; ``reached``, that this one may
    have been carried out; ``wait``, how many seconds the exchange asks for.
    """

    problem: Problem
    of_link: bool
    reached: bool
    wait: float | None = None


Fate = Answered | Refused | Later


class Exchange:
    """One thread's way to the exchange."""

    def __init__(
        self, settings: Settings, credential: Credential, clock: Clock, language: str
    ) -> None:
        """Make the link; nothing is opened yet."""
        self.link = Link(settings, clock)
        self._credential = credential
        self._clock = clock
        self._language = language
        self._keys: list[dict[str, Any]] = []

    def close(self) -> None:
        """Close the link."""
        self.link.close()

    def send(self, question: Question) -> Fate:
        """Send a question with its own key; whatever happens is an answer, never an exception."""
        headers = {"Idempotency-Key": question.key, "X-Road-Id": question.key}
        if question.signed:
            headers["Accept"] = JOSE
        if question.user:
            headers["X-Road-UserId"] = question.user
        try:
            response = self._authorised("POST", PATHS[question.kind], headers, _body_of(question))
        except LinkBroken as broken:
            return Later(broken.problem, of_link=True, reached=broken.reached)
        except TokenRefused as refused:
            return Later(refused.problem, of_link=True, reached=False, wait=refused.wait)
        except AgentError as error:
            return Later(error.problem, of_link=True, reached=False)
        return self.judge(response, question)

    def get(self, path: str, *, authorised: bool = True) -> Response:
        """Read something; raises ``LinkBroken`` and ``TokenRefused``."""
        if authorised:
            return self._authorised("GET", path, {}, None)
        return self._request("GET", path, {}, None)

    def _authorised(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Response:
        """Send with a token; one that the exchange no longer takes is replaced once."""
        token = self._credential.token(self.link)
        response = self._request(
            method, path, {**headers, "Authorization": f"Bearer {token}"}, body
        )
        if response.status != _UNAUTHORIZED:
            return response
        self._credential.forget(token)
        token = self._credential.token(self.link)
        return self._request(method, path, {**headers, "Authorization": f"Bearer {token}"}, body)

    def _request(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Response:
        common = {"Accept": "application/json", "Accept-Language": self._language}
        if body is not None:
            common["Content-Type"] = "application/json"
        response = self.link.request(
            method, f"{API}{path}", headers=common | {**headers}, body=body
        )
        self._credential.skew.learn(response.offset)
        return response

    def judge(self, response: Response, question: Question) -> Fate:
        """What an answer means for the question it was given to."""
        status = response.status
        if status in _DONE:
            return self._read(response, question)
        wait = retry_after(response, self._clock.time())
        if status >= _SERVER:
            if status in _GATEWAY:
                reached = status != _UNAVAILABLE
                return Later(busy(status), of_link=True, reached=reached, wait=wait)
            return Later(_server_error(status), of_link=False, reached=True, wait=wait)
        return self._refused(response, status, wait)

    def _refused(self, response: Response, status: int, wait: float | None) -> Fate:
        """What an answer of the class 4xx (or a redirection) means."""
        found = content_of(response)
        if status == _TOO_MANY or (status in _CLAUSE and found.get("clause") in _PASSING):
            return Later(_quota(found, status), of_link=True, reached=False, wait=wait)
        if status == _UNAUTHORIZED:
            return Later(_no_longer(found), of_link=True, reached=False, wait=wait)
        if status in _TOO_EARLY or (status == _CONFLICT and wait is not None) or _passes(found):
            return Later(busy(status), of_link=False, reached=status == _CONFLICT, wait=wait)
        if status >= _CLIENT and found and "json" in response.media_type:
            return Refused(refusal(found, status))
        return Later(self._strange().problem, of_link=True, reached=False)

    def _read(self, response: Response, question: Question) -> Fate:
        found = content_of(response)
        if question.signed:
            fate = self._opened(response)
            if isinstance(fate, Later):
                return fate
            found = fate
        if not found:
            code = "half-answer" if response.media_type == "application/json" else "not-exchange"
            return Later(self._strange(code).problem, of_link=True, reached=True)
        if any(name not in found for name in _NEEDED[question.kind]):
            return Later(self._strange().problem, of_link=True, reached=True)
        echoed, ours = found.get("reference"), question.body.get("reference")
        if ours and echoed and echoed != ours:
            return Later(_crossed(), of_link=False, reached=True)
        return Answered(found)

    def _opened(self, response: Response) -> dict[str, Any] | Later:
        """The content of a signed answer with the signature beside it."""
        if response.media_type != JOSE:
            return Later(self._strange().problem, of_link=True, reached=True)
        try:
            for fresh in (False, True):
                try:
                    content = opened(response.body, self._published(fresh=fresh))
                    return {**content, "signed": response.body.decode("ascii").strip()}
                except UnknownKey:
                    continue
        except LinkBroken as broken:
            return Later(broken.problem, of_link=True, reached=True)
        except NotSigned:
            pass
        return Later(_unsigned(), of_link=False, reached=True)

    def _published(self, *, fresh: bool) -> list[dict[str, Any]]:
        """The keys that the exchange signs answers with; read again for one that is not known."""
        if fresh or not self._keys:
            keys = content_of(self.get("/jwks.json", authorised=False)).get("keys")
            self._keys = [key for key in keys if isinstance(key, dict)] if keys else []
        return self._keys

    def _strange(self, code: str = "not-exchange") -> LinkBroken:
        return LinkBroken(code, reached=True, host=self.link.host)


def _body_of(question: Question) -> bytes:
    """What goes over the wire; a look-up's reference is the agency's own and stays here."""
    hidden = {"reference"} if question.kind == "lookup" else set()
    body = {name: value for name, value in question.body.items() if name not in hidden}
    return json.dumps(body, ensure_ascii=False).encode()


def _passes(found: Mapping[str, Any]) -> bool:
    """Whether the exchange says that the same question may be answered later."""
    return found.get("retryable") is True


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value.strip() if isinstance(value, str) else ""


def refusal(found: Mapping[str, Any], status: int) -> Problem:
    """The problem details of a refusal (RFC 9457), as the exchange worded them."""
    first: Mapping[str, Any] = {}
    errors = found.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        first = errors[0]
    code = _text(found, "code") or _text(found, "type").rpartition(":")[2] or str(status)
    what = _text(first, "detail") or _text(found, "detail")
    remedy = _text(first, "remedy") or _text(found, "remedy")
    clause = _text(found, "clause")
    # The exchange's words are values, not msgids: a stray % in them does no harm.
    problem = Problem(
        code,
        "%(said)s",
        _CLAUSE_TEXT if clause else "",
        "%(remedy)s" if remedy else msg("correct the question and ask it anew"),
        field=_text(first, "field"),
        params={"said": what or _text(found, "title") or str(status)},
    )
    params = {**problem.params, "clause": clause, "remedy": remedy}
    return replace(problem, params=params)


def _quota(found: Mapping[str, Any], status: int) -> Problem:
    said = _text(found, "detail") or _text(found, "title") or str(status)
    clause = _text(found, "clause")
    return Problem(
        "quota",
        msg("The contract does not allow more questions now: %(said)s"),
        _CLAUSE_TEXT if clause else "",
        msg("wait; the agent asks again when the contract allows it, see `dancu-agent doctor`"),
        params={"said": said, "clause": clause},
    )


def _server_error(status: int) -> Problem:
    return Problem(
        "server-error",
        msg("The exchange failed on this question (%(status)d)."),
        "",
        msg("wait; if it lasts, tell the exchange's operator the number of the question"),
        params={"status": status},
    )


def _no_longer(found: Mapping[str, Any]) -> Problem:
    said = _text(found, "detail") or _text(found, "error_description") or "401"
    return Problem(
        "credential",
        msg("The exchange does not accept the token it gave: %(said)s"),
        "",
        msg("run `dancu-agent doctor`; if the credential is in order, tell the operator"),
        field="client",
        params={"said": said},
    )


def _unsigned() -> Problem:
    return Problem(
        "signature",
        msg("The signature of the answer does not hold."),
        msg("It was thrown away: nobody could check it later."),
        msg("tell the exchange's operator; the agent asks again by itself"),
        field="signed",
    )


def _crossed() -> Problem:
    return Problem(
        "crossed",
        msg("The answer that came belongs to another question."),
        msg("Its reference is not the one that was sent; it was thrown away."),
        msg("a proxy may keep answers: ask the network's operator to let them through unkept"),
        field="reference",
    )
