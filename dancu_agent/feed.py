"""Following the exchange's feed: each event is handed over, and only then is the cursor kept.

Whatever dies in between, an event may be handed over a second time, under the same ``id``, and
never left out. Events come in their order: one that cannot be handed over holds up those after it.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from dancu_agent.clock import Clock
from dancu_agent.credential import TokenRefused, content_of, retry_after
from dancu_agent.errors import AgentError, Problem
from dancu_agent.exchange import Exchange, refusal
from dancu_agent.link import LinkBroken, Response
from dancu_agent.settings import is_loopback, wrong
from dancu_agent.spool import Spool
from dancu_agent.texts import msg

CURSOR, HANDED = "feed.cursor", "feed.handed"
PAGE = 50
MEDIA = "application/cloudevents-batch+json"
_HAND_SECONDS = 60.0
_DONE, _SERVER, _TOO_MANY = 200, 500, 429
_TAKEN = range(200, 300)
_CLAUSE_OF_TODAY = frozenset({"requests_per_second"})

Event = Mapping[str, Any]


class NotTaken(Exception):
    """An event could not be handed over; it is tried again."""

    def __init__(self, reason: str) -> None:
        """Keep why, in the words of the system or of the receiver."""
        self.reason = reason
        super().__init__(reason)


class Hand(Protocol):
    """Takes one event; returns when it is safe there, else raises ``NotTaken``."""

    def __call__(self, event: Event) -> None:
        """Take the event."""
        ...


@dataclass(frozen=True, slots=True)
class ToFile:
    """Appends each event as a line of JSON, on disk before it returns."""

    path: Path

    def __call__(self, event: Event) -> None:
        """Append the event; a line that a crash left half-written is ended first."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as file:
                end = file.seek(0, os.SEEK_END)
                begin = b""
                if end:
                    file.seek(end - 1)
                    begin = b"" if file.read(1) == b"\n" else b"\n"
                left = memoryview(begin + _written(event) + b"\n")
                while left:  # A disk that is nearly full takes a part, and the rest fails.
                    left = left[file.write(left) :]
                os.fsync(descriptor)
        except OSError as error:
            raise NotTaken(error.strerror or str(error)) from None


@dataclass(frozen=True, slots=True)
class ToProgram:
    """Runs a program for each event, which comes on its standard input; 0 says that it is taken."""

    command: Sequence[str]
    seconds: float = _HAND_SECONDS

    def __call__(self, event: Event) -> None:
        """Run the program."""
        try:
            ended = subprocess.run(  # noqa: S603 - the agency's own program
                list(self.command), input=_written(event), timeout=self.seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise NotTaken("timeout") from None
        except OSError as error:
            raise NotTaken(error.strerror or str(error)) from None
        if ended.returncode:
            raise NotTaken(f"exit {ended.returncode}")


@dataclass(frozen=True, slots=True)
class ToAddress:
    """Posts each event to a program on this machine; 2xx says that it is taken."""

    address: str

    def __call__(self, event: Event) -> None:
        """Post the event as structured JSON (CloudEvents HTTP binding §3.2)."""
        parts = urlsplit(self.address)
        there = http.client.HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=_HAND_SECONDS
        )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            there.request(
                "POST", path, _written(event), {"Content-Type": "application/cloudevents+json"}
            )
            status = there.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise NotTaken(getattr(error, "strerror", None) or str(error)) from None
        finally:
            there.close()
        if status not in _TAKEN:
            raise NotTaken(str(status))


def to_address(address: str) -> ToAddress:
    """Check that an address is on this machine: events about people do not leave it in the open."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise wrong(
            "--to",
            msg("Events are handed over on this machine only."),
            msg("write http://127.0.0.1:PORT/PATH; that program may hand them on, encrypted"),
        )
    return ToAddress(address)


def _written(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Step:
    """What one look at the feed brought: events handed over, and why it stopped, if it did.

    ``wait``: how many seconds the exchange asks for.
    """

    handed: int
    has_more: bool = False
    problem: Problem | None = None
    wait: float | None = None


class Follower:
    """Reads the feed from where the spool says, and hands over what comes."""

    def __init__(
        self,
        spool: Spool,
        exchange: Exchange,
        clock: Clock,
        hand: Hand,
        changes: Sequence[str] = (),
    ) -> None:
        """Keep the tools; nothing is read yet."""
        self._spool, self._exchange, self._clock = spool, exchange, clock
        self._hand, self._changes = hand, tuple(changes)

    def step(self) -> Step:
        """Read one page and hand it over; raises ``AgentError`` for what waiting does not mend."""
        try:
            response = self._exchange.get(self._path())
        except LinkBroken as broken:
            return Step(0, problem=broken.problem)
        except TokenRefused as refused:
            return Step(0, problem=refused.problem, wait=refused.wait)
        if response.status != _DONE:
            return self._refused(response)
        found = _page(response)
        if found is None:
            return self._strange()
        return self._handed(*found, has_more=response.headers.get("x-has-more") == "true")

    def forget(self) -> None:
        """Begin with everything that the exchange keeps."""
        self._spool.set_note(CURSOR, "")
        self._spool.set_note(HANDED, "")

    def _path(self) -> str:
        query = {"limit": str(PAGE)}
        if cursor := self._spool.note(CURSOR):
            query["cursor"] = cursor
        if self._changes:
            query["changes"] = ",".join(self._changes)
        return f"/feed?{urlencode(query)}"

    def _handed(self, events: Sequence[Event], cursor: str, *, has_more: bool) -> Step:
        done = self._spool.note(HANDED).split()
        count = 0
        for event in events:
            name = str(event["id"])
            if name in done:
                continue
            try:
                self._hand(event)
            except NotTaken as failure:
                return Step(count, problem=_not_taken(failure.reason))
            done.append(name)
            count += 1
            self._spool.set_note(HANDED, " ".join(done))
        if cursor != self._spool.note(CURSOR):
            self._spool.set_note(CURSOR, cursor)
        if done:
            self._spool.set_note(HANDED, "")
        return Step(count, has_more=has_more)

    def _refused(self, response: Response) -> Step:
        found = content_of(response)
        wait = retry_after(response, self._clock.time())
        is_passing = found.get("retryable") is True or found.get("clause") in _CLAUSE_OF_TODAY
        problem = refusal(found, response.status)
        if response.status >= _SERVER or response.status == _TOO_MANY or is_passing:
            return Step(0, problem=problem, wait=wait)
        if not found or "json" not in response.media_type:
            return self._strange()
        raise AgentError(problem)

    def _strange(self) -> Step:
        """What came is not of the exchange: something in between answers, for a time."""
        host = self._exchange.link.host
        return Step(0, problem=LinkBroken("not-exchange", reached=True, host=host).problem)


def _page(response: Response) -> tuple[list[Event], str] | None:
    """Return the events of an answer and the cursor behind them; none for no answer of a feed."""
    cursor = response.headers.get("x-next-cursor", "")
    try:
        found = json.loads(response.body)
    except ValueError:
        found = None
    is_page = response.media_type == MEDIA and isinstance(found, list) and cursor
    if not is_page or any(not isinstance(one, dict) or "id" not in one for one in found):
        return None
    return found, cursor


def _not_taken(reason: str) -> Problem:
    return Problem(
        "not-taken",
        msg("An event could not be handed over: %(reason)s."),
        msg("It is tried again, and those after it wait."),
        msg("see to the receiving program, or to room on the disk"),
        params={"reason": reason},
    )
