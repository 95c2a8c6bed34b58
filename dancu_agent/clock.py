"""The machine's clock, and how far it is off."""

from __future__ import annotations

import threading
import time
from typing import Protocol

TOLERANCE = 2.0
"""Seconds: the ``Date`` header is whole seconds old, so less than this says nothing."""


class Clock(Protocol):
    """What the agent needs of time; tests bring their own."""

    def time(self) -> float:
        """Seconds since 1970 as the machine believes them."""

    def monotonic(self) -> float:
        """Seconds that never jump."""

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait until told to stop (true) or until the seconds have passed (false)."""


class SystemClock:
    """The clock of this machine."""

    def time(self) -> float:
        """Seconds since 1970 as the machine believes them."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait until told to stop (true) or until the seconds have passed (false)."""
        return stop.wait(max(seconds, 0.0))


class Skew:
    """How many seconds the exchange's clock is ahead of this machine's, learnt from ``Date``.

    Assertions are dated by the exchange's clock, so a machine that is ten minutes off still gets
    its token; the user is told all the same.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        """Begin with what an earlier run learnt."""
        self.seconds = seconds if abs(seconds) > TOLERANCE else 0.0

    def learn(self, offset: float | None) -> bool:
        """Take in an offset; whether it differs from what was known."""
        if offset is None:
            return False
        known = self.seconds
        self.seconds = offset if abs(offset) > TOLERANCE else 0.0
        return abs(self.seconds - known) > TOLERANCE
