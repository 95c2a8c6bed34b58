"""Doing two steps for each of many things, the second in order and beside the first of the next.

Each step has a thread of its own, with a database connection of its own. While the server works for
one step, Python works for the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

_Thing = TypeVar("_Thing")
_Half = TypeVar("_Half")
#: As many things may be on their way.
_AHEAD = 3


def in_two_steps(
    things: Sequence[_Thing],
    first: Callable[[_Thing], _Half],
    second: Callable[[_Half], None],
    *,
    goes_on: Callable[[], bool],
) -> Iterator[None]:
    """Yield each time a thing is done, in order, until ``goes_on`` says no; at least one is done.

    What a step raises is raised here, after what came before it is done; nothing follows it.
    """
    if len(things) == 1:
        second(first(things[0]))
        yield
        return
    with _thread() as firsts, _thread() as seconds:
        waiting: deque[Future[None]] = deque()
        try:
            for number, thing in enumerate(things):
                if number and not goes_on():
                    break
                half = firsts.submit(first, thing)
                waiting.append(seconds.submit(_then, half, second))
                if len(waiting) == _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def _then(half: Future[_Half], second: Callable[[_Half], None]) -> None:
    second(half.result())


@contextmanager
def _thread() -> Iterator[ThreadPoolExecutor]:
    """Give a thread that takes one thing after another, and closes its connection at the end."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="batch")
    try:
        yield pool
    finally:
        pool.submit(_close)
        pool.shutdown(wait=True)


def _close() -> None:
    """Close the connection of this thread: which one it is, is asked here."""
    connection.close()
