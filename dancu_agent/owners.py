"""Which processes are alive: each holds a lock that the system lets go when it dies."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

_PREFIX = "owner-"


class Owner:
    """The name under which this process takes questions, held until it ends however it ends."""

    def __init__(self, home: Path) -> None:
        """Take a fresh name and its lock."""
        self.name = secrets.token_hex(8)
        self._path = _path(home, self.name)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        _lock(self._descriptor)

    def close(self) -> None:
        """Let go of the name."""
        os.close(self._descriptor)
        self._path.unlink(missing_ok=True)


class OnlyOne(Exception):
    """Another process does this already."""


class Alone:
    """Something that only one process of a home may do; held until the block or the process ends.

    Raises ``OnlyOne`` at once when another does it.
    """

    def __init__(self, home: Path, name: str) -> None:
        """Take the lock."""
        self._descriptor = os.open(home / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            raise OnlyOne from None

    def __enter__(self) -> Self:
        """Nothing more to take."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Let go."""
        os.close(self._descriptor)


def dead(home: Path, names: list[str]) -> list[str]:
    """Those of the names whose process has ended; their lock files are cleared away."""
    found = []
    for name in names:
        path = _path(home, name)
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            found.append(name)
            continue
        try:
            _lock(descriptor)
        except OSError:
            continue
        finally:
            os.close(descriptor)
        found.append(name)
        with suppress(OSError):
            path.unlink()
    return found


def _path(home: Path, name: str) -> Path:
    return home / f"{_PREFIX}{name}.lock"


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
