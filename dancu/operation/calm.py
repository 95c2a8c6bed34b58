"""Settings of the whole process that hold while some long work of many rows wants them."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Generic, TypeVar

#: Rows come and go by the million and hold no cycles.
_SELDOM = 200_000
#: Seconds until a thread that computes gives way to one that waited for the database.
_TURN = 0.0002

T = TypeVar("T")


class _Setting(Generic[T]):
    """One setting: changed by the first who wants it, put back by the last."""

    def __init__(
        self, read: Callable[[], T], put: Callable[[T], None], wanted: Callable[[T], T]
    ) -> None:
        self._read, self._put, self._wanted = read, put, wanted
        self._lock = threading.Lock()
        self._former = read()
        self._holders = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._lock:
            if not self._holders:
                self._former = self._read()
                self._put(self._wanted(self._former))
            self._holders += 1
        try:
            yield
        finally:
            with self._lock:
                self._holders -= 1
                if not self._holders:
                    self._put(self._former)


_collector = _Setting(
    gc.get_threshold,
    lambda thresholds: gc.set_threshold(*thresholds),
    lambda former: (max(_SELDOM, former[0]), *former[1:]),
)
_turns = _Setting(sys.getswitchinterval, sys.setswitchinterval, lambda former: min(_TURN, former))


def calm_collector() -> AbstractContextManager[None]:
    """Have cycles looked for seldom while the block runs, in whichever thread."""
    return _collector.held()


def quick_turns() -> AbstractContextManager[None]:
    """Have threads take turns often: those that wait for the database go on when it answers.

    By default a thread that computes keeps the others waiting five milliseconds, at each answer.
    """
    return _turns.held()
