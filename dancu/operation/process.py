"""Child processes that never outlive their parent, and asking who is alive.

Linux only: a child asks the kernel for a signal when its parent dies (``PR_SET_PDEATHSIG``), so
even ``kill -9`` of the supervisor leaves nothing behind. The request is tied to the *thread* that
made the child, hence children are started from the main thread only.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import psutil

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class SystemUser:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int


def current_user() -> SystemUser:
    """The user that this process runs as."""
    entry = pwd.getpwuid(os.geteuid())
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def find_user(name: str) -> SystemUser | None:
    """The system user of that name, or None."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def owner_of(path: Path) -> SystemUser:
    """The system user who owns a file."""
    status = path.stat()
    try:
        name = pwd.getpwuid(status.st_uid).pw_name
    except KeyError:
        name = str(status.st_uid)
    return SystemUser(name, status.st_uid, status.st_gid)


def identity_arguments(user: SystemUser | None) -> dict[str, Any]:
    """Arguments of ``subprocess`` that run a program as another user (root only)."""
    if user is None or user.uid == os.geteuid():
        return {}
    return {"user": user.uid, "group": user.gid, "extra_groups": []}


def die_with(parent: int, signal_number: int) -> None:
    """Have this process get a signal when ``parent``, which forked it, ends."""
    _libc.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def start(
    command: Sequence[str | Path],
    *,
    user: SystemUser | None = None,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    parent_death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches the parent only."""
    return subprocess.Popen(  # noqa: S603 - fixed programs, no shell
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        cwd=directory,
        env=None if environment is None else dict(environment),
        start_new_session=True,
        # Runs before exec, after the change of user, which would clear the request.
        preexec_fn=partial(die_with, os.getpid(), parent_death_signal),  # noqa: PLW1509
        **identity_arguments(user),
    )


def stop(
    child: subprocess.Popen[bytes], *, signal_number: int = signal.SIGTERM, seconds: float
) -> bool:
    """Ask a child to stop, wait, then kill its whole session. True when it stopped by itself."""
    if child.poll() is None:
        child.send_signal(signal_number)
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        kill_session(child)
        return False
    kill_session(child)
    return True


def kill_session(child: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of a child's process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    if child.poll() is None:
        child.wait(timeout=10)


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def wait_until_gone(pid: int, *, seconds: float) -> bool:
    """Wait for a process that is not our child. False when it still runs afterwards."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
