"""Sends what waits: takes questions from the spool, and waits when the link is broken."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dancu_agent.clock import Clock
from dancu_agent.exchange import Answered, Exchange, Later, Refused
from dancu_agent.spool import LinkState, Question, Spool, State
from dancu_agent.spool.store import FAR
from dancu_agent.spool.types import Outcome

BUNDLE = 16
"""Questions taken and settled in one transaction each."""
BUNDLE_SECONDS = 1.0
NAP = 1.0
"""Seconds after which the spool is looked at again: something may have been added."""
LEASE_TIMEOUTS, LEASE_EXTRA = 4, 30.0
PURGE_EVERY = 3600.0
Draw = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class Patience:
    """Exponential backoff with jitter; seconds."""

    first: float = 1.0
    most: float = 300.0
    draw: Draw = random.uniform

    def pause(self, failures: int) -> float:
        """How long to wait after so many failures in a row: half of it is left to chance."""
        whole = min(self.first * 2.0 ** min(failures - 1, 30), self.most)
        return self.draw(whole / 2, whole)

    def asked(self, seconds: float) -> float:
        """How long to wait when told so: a little longer, so that not all come back at once."""
        whole = min(seconds, FAR / 2)
        return whole + self.draw(0.0, min(max(whole / 10, 1.0), 60.0))

    def after(self, failures: int, asked: float | None) -> float:
        """The longer of both: who asks to wait a second may say so again and again."""
        pause = self.pause(failures)
        return pause if asked is None else max(pause, self.asked(asked))


class Courier:
    """One thread's work on the spool."""

    def __init__(
        self,
        spool: Spool,
        exchange: Exchange,
        clock: Clock,
        owner: str,
        *,
        patience: Patience | None = None,
        nap: float = NAP,
    ) -> None:
        """Keep the tools; several couriers may share a spool and an owner."""
        self._nap = nap
        self._spool = spool
        self._exchange = exchange
        self._clock = clock
        self._owner = owner
        self._patience = patience or Patience()
        timeout = exchange.link.settings.timeout_seconds
        self._lease = LEASE_TIMEOUTS * timeout + LEASE_EXTRA

    def round(self, only: Sequence[str] = (), limit: int = BUNDLE) -> int:
        """Take some questions that are due and send them; how many were settled."""
        now = self._clock.time()
        if self._paused(now):
            return 0
        taken = self._spool.claim(self._owner, limit=limit, at=now, lease=self._lease, only=only)
        return self._send(taken) if taken else 0

    def work(
        self, stop: threading.Event, done: Callable[[], bool], only: Sequence[str] = ()
    ) -> None:
        """Send until told to stop or nothing is left to do."""
        while not stop.is_set() and not done():
            if not self.round(only):
                self._clock.wait(stop, self.nap(only))

    def nap(self, only: Sequence[str] = ()) -> float:
        """How long nothing can be done: until the next question is due, but not long."""
        now = self._clock.time()
        until = self._spool.link().until if self._paused(now) else self._spool.next_due(only)
        return self._nap if until is None else min(max(until - now, 0.02), self._nap)

    def _paused(self, now: float) -> bool:
        # A pause that lies far ahead was set by a clock that has since been put back.
        return now < self._spool.link().until <= now + FAR

    def _send(self, taken: Sequence[Question]) -> int:
        begun = self._clock.monotonic()
        outcomes: list[Outcome] = []
        broken: Later | None = None
        reached_it = False
        sent = 0
        for question in taken:
            outcome, fate = self._try(question)
            outcomes.append(outcome)
            sent += 1
            if isinstance(fate, Later) and fate.of_link:
                broken = fate
                break
            reached_it = True
            if self._clock.monotonic() - begun > BUNDLE_SECONDS:
                break
        self._spool.settle(outcomes, owner=self._owner, at=self._clock.time())
        if rest := taken[sent:]:
            self._spool.give_back(rest, owner=self._owner)
        self._remember(broken, reached_it=reached_it)
        return len(outcomes)

    def _try(self, question: Question) -> tuple[Outcome, Answered | Refused | Later]:
        fate = self._exchange.send(question)
        if isinstance(fate, Answered):
            return Outcome(question.id, State.ANSWERED, answer=fate.content), fate
        if isinstance(fate, Refused):
            return Outcome(question.id, State.REFUSED, problem=fate.problem), fate
        pause = self._patience.after(question.tries + 1, fate.wait)
        return Outcome(
            question.id,
            State.WAITING,
            problem=fate.problem,
            next_try=self._clock.time() + pause,
            reached=fate.reached,
            sent_at=question.sent_at,
        ), fate

    def _remember(self, broken: Later | None, *, reached_it: bool) -> None:
        """Write down that the link works again, or that it is broken and until when to wait."""
        known = self._spool.link()
        now = self._clock.time()
        if broken is None:
            if reached_it and known.since is not None:
                self._spool.set_link(LinkState())
            return
        if known.problem and self._paused(now) and broken.wait is None:
            return  # Another thread met the same break.
        failures = (0 if reached_it else known.failures) + 1
        pause = self._patience.after(failures, broken.wait)
        since = known.since if known.since is not None and not reached_it else now
        self._spool.set_link(
            LinkState(since, failures, now + pause, broken.problem, broken.wait is not None)
        )


def hurry(spool: Spool, *, also_when_asked: bool) -> None:
    """End the pause of the link, since a human waits; one that the exchange asked for on demand."""
    known = spool.link()
    if known.until and (also_when_asked or not known.asked_for):
        spool.set_link(replace(known, until=0.0))
