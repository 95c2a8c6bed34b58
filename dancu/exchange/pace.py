"""How fast a contract may ask: requests a second, over all processes of one node.

Each contract has a bucket that holds one second's requests and fills steadily. The buckets lie in a
file that the processes of a run share; a process alone, as in tests, keeps them to itself.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from dancu.catalogue.contracts import Contract
from dancu.exchange.errors import TooManyRequests
from dancu.operation.instance import shared_folder

#: Name of the contract (hashed), requests left, and when that was counted (seconds since 1970).
_BUCKET = struct.Struct("=16sdd")
_BUCKETS = 4096
_EMPTY = bytes(16)


class Pace:
    """The buckets of all contracts, in ``file`` or, without one, in this process."""

    def __init__(self, file: Path | None = None) -> None:
        """Open the file, or begin with full buckets."""
        self._thread = threading.Lock()
        self._places: dict[str, int] = {}
        size = _BUCKET.size * _BUCKETS
        self._file = -1
        if file is not None:
            self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
            os.ftruncate(self._file, size)
        self._memory = mmap.mmap(self._file, size)

    def require(self, contract: Contract, *, at: datetime) -> None:
        """Count one request. Raises ``TooManyRequests`` when the bucket is empty."""
        most, now = float(contract.requests_per_second), at.timestamp()
        with self._alone():
            place = self._place(contract.name)
            key, left, then = _BUCKET.unpack_from(self._memory, place)
            left = min(most, left + max(now - then, 0.0) * most) if then else most
            is_empty = left < 1.0
            left_now = left if is_empty else left - 1.0
            _BUCKET.pack_into(self._memory, place, key, left_now, max(now, then))
        if is_empty:
            raise TooManyRequests(
                contract=contract.name,
                clause="requests_per_second",
                asked=str(contract.requests_per_second),
            )

    def forget(self) -> None:
        """Fill all buckets."""
        with self._alone():
            self._memory[:] = bytes(len(self._memory))
            self._places.clear()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._thread:
            if self._file < 0:
                yield
                return
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _place(self, name: str) -> int:
        """Return where the bucket of a contract lies, and take a place for one that has none."""
        known = self._places.get(name)
        if known is not None:
            return known
        key = blake2b(name.encode(), digest_size=16).digest()
        number = int.from_bytes(key[:4], "big")
        for step in range(_BUCKETS):
            place = (number + step) % _BUCKETS * _BUCKET.size
            held = self._memory[place : place + 16]
            if held in (key, _EMPTY):
                self._memory[place : place + 16] = key
                break
        # With more contracts than places the last one is shared: too strict, never too lax.
        self._places[name] = place
        return place


def _shared_file() -> Path | None:
    folder = shared_folder()
    return folder / "pace" if folder is not None else None


pace = Pace(_shared_file())
"""The pace of this process and of those that share its run."""
