"""A full disk: how it shows, and what to say of it.

PostgreSQL answers a statement for which it finds no room with SQLSTATE 53100 and undoes it. When
there is no room for its write-ahead log either, it stops, and comes back with all that it
acknowledged once there is.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

from dancu.kernel.errors import Unavailable
from dancu.operation.errors import OperationError

#: Bytes that the database needs to start: one segment of its write-ahead log, twice.
LEAST = 32 * 1024 * 1024
_DISK_FULL = "53100"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class RegisterFull(Unavailable):
    """The register can store nothing at the moment, because its disk is full."""

    code = "register-full"
    remedy = "Nothing was changed. Tell those who run the register to free space, then try again."


class NoSpaceLeft(OperationError):
    """There is no room left on a disk."""

    exit_code = 6


def is_cause(error: BaseException) -> bool:
    """Whether an error comes from a full disk, ours or the database's."""
    return any(
        (isinstance(item, OSError) and item.errno in _NO_ROOM)
        or getattr(item, "sqlstate", None) == _DISK_FULL
        for item in chain(error)
    )


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it, each once."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def is_scarce(place: Path) -> bool:
    """Whether the database could not even start for want of room where ``place`` lies."""
    free = free_bytes(place)
    return free is not None and free < LEAST


def free_bytes(place: Path) -> int | None:
    """Bytes free on the disk of a path that may not exist yet; None when nobody knows."""
    for folder in (place, *place.parents):
        try:
            return shutil.disk_usage(folder).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None


def no_space_left(*places: Path, then: str) -> NoSpaceLeft:
    """The error for the person at the terminal; ``then`` is what to do when there is room again."""
    free = {place: free_bytes(place) or 0 for place in places if is_scarce(place)}
    # Places on one disk have the same number of bytes left.
    once = {left: place for place, left in reversed(free.items())}
    shown = ", ".join(f"{left / 1e6:,.0f} MB are left in {place}" for left, place in once.items())
    return NoSpaceLeft(
        f"The disk is full{': ' if shown else ''}{shown}.",
        f"free space, then {then}; nothing that was acknowledged is lost",
    )
