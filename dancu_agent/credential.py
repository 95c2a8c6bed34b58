"""Short tokens: OAuth 2 client credentials with a signed assertion (RFC 6749, RFC 7523)."""

from __future__ import annotations

import json
import secrets
import threading
from typing import Any
from urllib.parse import urlencode

from dancu_agent.clock import Clock, Skew
from dancu_agent.errors import Problem
from dancu_agent.keys import Key, Keyring
from dancu_agent.link import Link, LinkBroken, Response
from dancu_agent.settings import API, Settings
from dancu_agent.texts import msg

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
EARLY = 30.0
"""Seconds before its end at which a token is no longer used."""

_OK = 200
_BAD = frozenset({400, 401, 403})
_SERVER = 500


class TokenRefused(Exception):
    """The exchange gave no token; ``wait`` is how long it asked to wait, in seconds."""

    def __init__(self, problem: Problem, wait: float | None = None) -> None:
        """Keep what is wrong."""
        self.problem = problem
        self.wait = wait
        super().__init__(problem.code)


def retry_after(response: Response, now: float) -> float | None:
    """The seconds that the other side asks to wait (RFC 9110 §10.2.3); None when it does not."""
    from dancu_agent.link import offset_of

    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(min(int(value), 10**9))
    until = offset_of(value, now)
    if until is None:
        return None
    return max(until - (response.offset or 0.0), 0.0)


def content_of(response: Response) -> dict[str, Any]:
    """The JSON object of an answer; empty when it is none."""
    try:
        found = json.loads(response.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class Credential:
    """The agency's token, fetched when needed and shared by all threads of a process."""

    def __init__(self, settings: Settings, keyring: Keyring, clock: Clock, skew: Skew) -> None:
        """Keep what a token needs; none is fetched yet."""
        self._settings = settings
        self._keyring = keyring
        self._clock = clock
        self.skew = skew
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def token(self, link: Link) -> str:
        """A token with at least ``EARLY`` seconds left; raises ``TokenRefused``, ``LinkBroken``."""
        with self._lock:
            if not self._token or self._clock.monotonic() >= self._good_until:
                self._fetch(link)
            return self._token

    def forget(self, token: str) -> None:
        """Drop a token that was refused, unless another thread has replaced it already."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def _fetch(self, link: Link) -> None:
        response = self._ask(link, self._keyring.current())
        if response.status in _BAD and (following := self._keyring.following()) is not None:
            again = self._ask(link, following)
            if again.status == _OK:
                self._keyring.promote()
                response = again
        self._keep(response, link)

    def try_key(self, link: Link, key: Key) -> None:
        """Fetch a token with a key, without keeping it; raises when the key is not accepted."""
        self._lifetime(self._ask(link, key), link)

    def _ask(self, link: Link, key: Key) -> Response:
        response = self._post(link, key)
        # A clock that was off is known after the first answer.
        if self.skew.learn(response.offset) and response.status in _BAD:
            response = self._post(link, key)
            self.skew.learn(response.offset)
        return response

    def _post(self, link: Link, key: Key) -> Response:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(key),
        }
        if self._settings.contract:
            form["scope"] = self._settings.contract
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        try:
            return link.request(
                "POST", f"{API}/token", headers=headers, body=urlencode(form).encode()
            )
        except LinkBroken as broken:
            # Whatever became of the request for a token, no question was sent.
            broken.reached = False
            raise

    def assertion(self, key: Key) -> str:
        """The signed statement of who asks (RFC 7523 §3), dated by the exchange's clock."""
        now = int(self._clock.time() + self.skew.seconds)
        return key.jwt(
            {
                "iss": self._settings.client,
                "sub": self._settings.client,
                "aud": self._settings.token_url,
                "iat": now,
                "exp": now + ASSERTION_SECONDS,
                "jti": secrets.token_urlsafe(24),
            }
        )

    def _keep(self, response: Response, link: Link) -> None:
        begun = self._clock.monotonic()
        token, lifetime = self._lifetime(response, link)
        self._token = token
        self._good_until = begun + max(lifetime - EARLY, 0.0)

    def _lifetime(self, response: Response, link: Link) -> tuple[str, float]:
        found = content_of(response)
        token, lifetime = found.get("access_token"), found.get("expires_in", 0)
        if response.status == _OK and isinstance(token, str) and isinstance(lifetime, int | float):
            return token, float(lifetime)
        wait = retry_after(response, self._clock.time())
        raise TokenRefused(self._refusal(response, found, link), wait)

    def _refusal(self, response: Response, found: dict[str, Any], link: Link) -> Problem:
        if response.status in _BAD and found:
            reason = found.get("detail") or found.get("error_description") or found.get("error")
            return Problem(
                "credential",
                msg("The exchange gives this agency no token: %(reason)s."),
                "",
                msg(
                    "register the public key (`dancu-agent keys show`) for the client %(client)s, "
                    "and check its contract with the exchange's operator"
                ),
                field="client",
                params={
                    "reason": str(reason or response.status).rstrip("."),
                    "client": self._settings.client,
                },
            )
        if response.status >= _SERVER or response.headers.get("retry-after"):
            return busy(response.status)
        return LinkBroken("not-exchange", reached=False, host=link.host).problem


def busy(status: int) -> Problem:
    """The exchange is there but does not answer questions now."""
    return Problem(
        "busy",
        msg("The exchange does not take questions at the moment (%(status)d)."),
        "",
        msg("wait; the agent asks again by itself"),
        params={"status": status},
    )
