"""The two steps of ``pipeline`` in processes of their own, for whoever may fork.

The processes share out the things; each does both steps of its own, with a database connection of
its own, and the second steps follow each other in order. While the server works for one process,
Python works in the other, and both may compute at once. Forked, they begin with all that was read
before. Where other threads use the database or compare, nobody may fork: a lock that one of them
holds would stay locked in the child for ever.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import traceback
import warnings
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import TypeVar

from django.db import connection, connections

from dancu.exchange.batches.errors import ProcessDied
from dancu.operation import process, space

_Thing = TypeVar("_Thing")
_Half = TypeVar("_Half")
_FORK = multiprocessing.get_context("fork")
_PROCESSES = 2
#: Seconds that a process gets to finish the step that it is at.
_PATIENCE = 5.0


def in_processes(
    things: Sequence[_Thing],
    first: Callable[[_Thing], _Half],
    second: Callable[[_Half], None],
    *,
    goes_on: Callable[[], bool],
) -> Generator[None, None, None]:
    """Do what ``pipeline.in_two_steps`` does; raises ``ProcessDied`` too.

    Must not be called inside a transaction, and only in the main thread.
    """
    with ExitStack() as stack:
        some = min(_PROCESSES, len(things))
        lanes = [_Lane(things[n::some], first, second) for n in range(some)]
        for lane in lanes:
            stack.callback(lane.end)
        lanes[0].go_on()
        for number in range(len(things)):
            lanes[number % some].wait()
            is_last = number + 1 == len(things) or not goes_on()
            if not is_last:
                # Before anybody is told, so that nobody waits for what they make of it.
                lanes[(number + 1) % some].go_on()
            yield
            if is_last:
                return


class _Lane:
    """One of the processes, seen from ours."""

    def __init__(
        self,
        things: Sequence[_Thing],
        first: Callable[[_Thing], _Half],
        second: Callable[[_Half], None],
    ) -> None:
        self._pipe, theirs = _FORK.Pipe()
        self._process = _FORK.Process(
            target=_work, args=(os.getpid(), theirs, things, first, second), daemon=True
        )
        with warnings.catch_warnings():
            # Python 3.12 warns of threads that do nothing, too.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        theirs.close()

    def go_on(self) -> None:
        """Let it do the second step of its next thing. Raises ``ProcessDied``."""
        try:
            self._pipe.send(None)
        except OSError as error:
            raise ProcessDied from error

    def wait(self) -> None:
        """Wait for that, and raise what was raised there, or ``ProcessDied``."""
        try:
            errors: list[BaseException] = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise ProcessDied from error
        for one, cause in pairwise(errors):
            one.__cause__ = cause
        if errors:
            raise errors[0]

    def end(self) -> None:
        """Have it end after the step that it is at."""
        self._pipe.close()
        self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()
        self._process.close()


# -- In the forked process -------------------------------------------------------------------------


def _work(
    parent: int,
    pipe: Connection,
    things: Sequence[_Thing],
    first: Callable[[_Thing], _Half],
    second: Callable[[_Half], None],
) -> None:
    process.die_with(parent, signal.SIGKILL)
    # Ctrl-C reaches both; what becomes of us is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_connections()
    # What was there before is not looked through for cycles, so that its memory stays shared.
    gc.freeze()
    try:
        for thing in things:
            pipe.send(_errors_of(thing, first, second, pipe))
    except (EOFError, OSError):
        # Nobody waits for more.
        pass
    finally:
        connection.close()


def _errors_of(
    thing: _Thing,
    first: Callable[[_Thing], _Half],
    second: Callable[[_Half], None],
    pipe: Connection,
) -> list[BaseException]:
    """Do both steps; what is raised, in either, waits until what comes before is done."""
    try:
        half, failure = first(thing), None
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        failure = error
    pipe.recv()
    if failure is None:
        try:
            second(half)
        except Exception as error:  # noqa: BLE001 - raised again in the parent
            failure = error
    return [] if failure is None else _portable(failure)


def _portable(error: BaseException) -> list[BaseException]:
    """Return an error and what led to it, with the traceback, as another process can read them."""
    error.add_note("".join(traceback.format_exception(error)))
    return [one if _is_portable(one) else RuntimeError(repr(one)) for one in space.chain(error)]


def _is_portable(error: BaseException) -> bool:
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - whatever it is, it cannot be sent
        return False


#: Connections of the parent: closing them, or losing them, would tell the server goodbye.
_of_parent: list[object] = []


def _leave_connections() -> None:
    for name in connections:
        _of_parent.append(connections[name])
        del connections[name]
