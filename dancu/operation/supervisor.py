"""Runs the children of ``dancu up``, restarts those that fall, stops all in order.

The first SIGINT, SIGTERM or SIGHUP raises ``StopRequested`` in the main thread, wherever it is; the
second kills everything at once.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from dancu.operation import process, space
from dancu.operation.errors import OperationError
from dancu.operation.instance import open_log
from dancu.operation.postgres.cluster import Embedded
from dancu.operation.space import NoSpaceLeft

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FORCED = 130
_KEEP_LOG_BYTES = 64 * 1024 * 1024
_ROTATE_EVERY = 60.0
_FALLS_ALLOWED = 5
_FALLS_WITHIN = 60.0
_LOOK_EVERY = 0.25
_ROOM_EVERY = 5.0


class StopRequested(BaseException):
    """The operator wants everything to stop."""


@dataclass(slots=True)
class Service:
    """One child that is kept running.

    ``grace`` is the time to finish its work, in seconds; ``parent_death_signal`` is what it gets
    when the supervisor itself is killed.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: dict[str, str]
    grace: float
    parent_death_signal: int = signal.SIGTERM
    child: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the child; its output goes to its log."""
        rotate(self.log)
        with open_log(self.log) as output:
            self.child = process.start(
                self.command,
                environment=self.environment,
                output=output,
                parent_death_signal=self.parent_death_signal,
            )

    def stop(self) -> bool:
        """Stop the child. False when it had to be killed."""
        if self.child is None:
            return True
        child, self.child = self.child, None
        return process.stop(child, seconds=self.grace)


def rotate(path: Path) -> None:
    """Put a log that has grown large aside; one former log is kept.

    It is copied and emptied, because whoever writes to it goes on with the same file.
    """
    if not path.exists() or path.stat().st_size <= _KEEP_LOG_BYTES:
        return
    former = path.with_name(f"{path.name}.1")
    try:
        shutil.copyfile(path, former)
        former.chmod(stat.S_IMODE(path.stat().st_mode))
    except OSError:
        former.unlink(missing_ok=True)  # There is no room for two.
        return
    os.truncate(path, 0)


class Supervisor:
    """The children in the order of their start; they stop in the reverse order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.server: Embedded | None = None
        self.services: list[Service] = []
        self._stopping = False
        self._next_attempt = 0.0
        self._next_rotation = 0.0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Turn the signals into ``StopRequested``; stop everything at the end of the block."""
        former = {number: signal.signal(number, self._on_signal) for number in SIGNALS}
        try:
            yield
        finally:
            self._stopping = True
            self.stop()
            for number, handler in former.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            self._force(number)
        self._stopping = True
        raise StopRequested

    def _force(self, number: int) -> NoReturn:
        for service in self.services:
            if service.child is not None:
                process.kill_session(service.child)
        if self.server is not None and self.server.child is not None:
            # An immediate shutdown: the next start recovers from the write-ahead log.
            self.server.child.send_signal(signal.SIGQUIT)
            try:
                self.server.child.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill_session(self.server.child)
        os._exit(FORCED if number == signal.SIGINT else 128 + number)

    def add(self, service: Service) -> None:
        """Start a service and keep it running."""
        self.services.append(service)
        service.start()

    def watch(self) -> NoReturn:
        """Keep everything running until a signal comes.

        Raises ``OperationError`` when something falls again and again. While the disk is full it
        waits for room instead.
        """
        while True:
            time.sleep(_LOOK_EVERY)
            self._look_after_logs()
            if not self._server_runs():
                continue
            for service in self.services:
                if service.child is not None and service.child.poll() is not None:
                    self._restart(service)

    def _look_after_logs(self) -> None:
        if time.monotonic() < self._next_rotation:
            return
        self._next_rotation = time.monotonic() + _ROTATE_EVERY
        for log in [service.log for service in self.services] + (
            [self.server.log] if self.server else []
        ):
            with suppress(OSError):
                rotate(log)

    def _server_runs(self) -> bool:
        """Start the database server again when it has fallen; False while it cannot run."""
        if self.server is None or self.server.child is None or self.server.child.poll() is None:
            return True
        if time.monotonic() < self._next_attempt:
            return False
        if not self._waits_for_room:
            self.say("The database server ended unexpectedly; starting it again.")
        process.kill_session(self.server.child)
        try:
            self.server.restart()
        except NoSpaceLeft as error:
            if not self._waits_for_room:
                self.say(f"{error.what}\n  → free space; the database starts again by itself then,")
                self.say("    and nothing that was acknowledged is lost.")
            self._next_attempt = time.monotonic() + _ROOM_EVERY
            return False
        self._next_attempt = 0.0
        self.say("The database has recovered.")
        return True

    @property
    def _waits_for_room(self) -> bool:
        return self._next_attempt > 0

    def _restart(self, service: Service) -> None:
        assert service.child is not None  # noqa: S101 - checked by the caller
        code = service.child.returncode
        process.kill_session(service.child)
        now = time.monotonic()
        service.falls = [at for at in service.falls if now - at < _FALLS_WITHIN] + [now]
        if len(service.falls) > _FALLS_ALLOWED and not space.is_scarce(service.log):
            raise OperationError(
                f"The {service.name} ended {len(service.falls)} times within a minute "
                f"(exit code {code}).",
                f"see {service.log}",
            )
        self.say(f"The {service.name} ended unexpectedly (exit code {code}); starting it again.")
        time.sleep(min(8.0, 0.5 * 2 ** (len(service.falls) - 1)))
        service.start()

    def stop(self) -> None:
        """Stop the services, last started first, and the database at the end."""
        for service in reversed(self.services):
            if not service.stop():
                self.say(f"The {service.name} did not stop in time and was killed.")
        self.services.clear()
        if self.server is not None:
            self.server.stop()
            self.server = None
