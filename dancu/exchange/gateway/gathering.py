"""Gathering: what waits is answered in one go by a thread with a database connection of its own.

One question costs the database a journey and a durable write, and so do a hundred together. Under
load questions gather while the former are answered, and a little longer as long as more come; a
lone one waits two milliseconds, and none waits more than ten for others.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dancu.exchange.api.errors import Overloaded
from dancu.exchange.api.keeping import Ticket
from dancu.exchange.types import Verification
from dancu.operation.logs import logger

MOST_AT_ONCE = 256
GATHER_SECONDS = 0.002
_MOST_PAUSES = 5
_log = logger("dancu.exchange.gateway")


@dataclass(frozen=True, slots=True)
class Said:
    """What goes out to one client."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(slots=True, eq=False)
class Waiting:
    """A question, who waits for it, and how the answer is wanted."""

    asked: Verification
    future: asyncio.Future[Said]
    language: str
    number: str
    since: float
    ticket: Ticket | None = None
    is_signed: bool = False
    echo: Mapping[str, str] | None = None


Answering = Callable[[Sequence[Waiting]], Sequence[tuple[Waiting, Said]]]


class Gatherer:
    """A bounded queue before one thread.

    ``answer`` returns an answer for each question that it is given, or leaves some out: those wait
    for the next round. It must not raise.
    """

    def __init__(self, answer: Answering, *, most_waiting: int) -> None:
        self._answer = answer
        self._most = most_waiting
        self._queue: deque[Waiting] = deque()
        self._there_is_work = threading.Event()
        self._is_stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._queue)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to answer."""
        self._loop = loop
        self._thread = threading.Thread(target=self._run, name="gatherer", daemon=True)
        self._thread.start()

    def put(self, waiting: Waiting) -> None:
        """Let a question wait. Raises ``Overloaded`` when too many do."""
        if len(self._queue) >= self._most or self._is_stopping:
            raise Overloaded
        self._queue.append(waiting)
        if not self._there_is_work.is_set():
            self._there_is_work.set()

    def stop(self, *, seconds: float = 8.0) -> None:
        """Take no more, answer what waits, and end."""
        self._is_stopping = True
        self._there_is_work.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while self._queue or not self._is_stopping:
            self._there_is_work.wait()
            self._gather()
            self._there_is_work.clear()
            round_ = [self._queue.popleft() for _ in range(min(len(self._queue), MOST_AT_ONCE))]
            if round_:
                self._answered(round_)
            if self._queue:
                self._there_is_work.set()

    def _gather(self) -> None:
        """Wait as long as more come, for what a round costs is shared by all that are in it."""
        for _ in range(_MOST_PAUSES):
            waiting = len(self._queue)
            if waiting >= MOST_AT_ONCE or self._is_stopping:
                return
            time.sleep(GATHER_SECONDS)
            if len(self._queue) == waiting:
                return

    def _answered(self, round_: list[Waiting]) -> None:
        try:
            said = list(self._answer(round_))
        except Exception as error:  # noqa: BLE001
            # The answering itself tells of errors; this is a defect, and the thread must go on.
            _log.exception("gathering failed", exc_info=error)
            said = []
            self._fail(round_, error)
        done = {id(waiting) for waiting, _said in said}
        if len(said) < len(round_) and said:
            self._queue.extendleft(one for one in reversed(round_) if id(one) not in done)
        if said:
            self._on_loop(_deliver, said)

    def _fail(self, round_: list[Waiting], error: Exception) -> None:
        self._on_loop(_give_up, (round_, error))

    def _on_loop(self, function: Callable[[Any], None], value: Any) -> None:
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        try:
            loop.call_soon_threadsafe(function, value)
        except RuntimeError:
            _log.warning("answers could not be delivered: the process ends")


def _deliver(said: Sequence[tuple[Waiting, Said]]) -> None:
    for waiting, one in said:
        if not waiting.future.done():
            waiting.future.set_result(one)


def _give_up(failed: tuple[Sequence[Waiting], Exception]) -> None:
    for waiting in failed[0]:
        if not waiting.future.done():
            waiting.future.set_exception(failed[1])
