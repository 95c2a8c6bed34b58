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
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from dancu.exchange.errors import QuotaUsedUp, TooManyRequests
from dancu.exchange.types import Caller
from dancu.kernel.clock import VIETNAM
from dancu.operation.instance import shared_folder

#: Whose bucket it is (hashed), requests left, and when that was counted (seconds since 1970).
_BUCKET = struct.Struct("=16sdd")
_BUCKETS = 65_536
_EMPTY = bytes(16)
_DAY = 86_400.0


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

    def require(self, caller: Caller, *, at: datetime, records: int = 1) -> None:
        """Count one request. Raises ``TooManyRequests`` when the bucket is empty.

        The sandbox is everybody's, so there each client has buckets of its own: one for its pace
        and, because nothing of it is counted as quota, one of ``records`` that fills in a day
        (``QuotaUsedUp``).
        """
        contract = caller.contract
        whose = f"{contract.name}/{caller.client}" if contract.is_sandbox else contract.name
        pace = float(contract.requests_per_second)
        if self._counted(whose, most=pace, a_second=pace, at=at):
            raise TooManyRequests(
                contract=contract.name,
                clause="requests_per_second",
                asked=str(contract.requests_per_second),
            )
        most = float(contract.records_per_day)
        if contract.is_sandbox and (
            seconds := self._counted(
                f"{whose}/day", most=most, a_second=most / _DAY, at=at, count=float(records)
            )
        ):
            when = (at + timedelta(seconds=seconds)).astimezone(VIETNAM)
            raise QuotaUsedUp(
                contract=contract.name,
                clause="records_per_day",
                asked=when.strftime("%d/%m/%Y %H:%M:%S"),
            )

    def _counted(
        self, whose: str, *, most: float, a_second: float, at: datetime, count: float = 1.0
    ) -> float:
        """Take so many from a bucket, or none; returns 0, or the seconds until it has them.

        Whoever wants more than a bucket holds has to wait until it is full, and empties it.
        """
        count = min(count, most)
        now = at.timestamp()
        with self._alone():
            place = self._place(whose)
            key, left, then = _BUCKET.unpack_from(self._memory, place)
            left = min(most, left + max(now - then, 0.0) * a_second) if then else most
            is_empty = left < count
            left_now = left if is_empty else left - count
            _BUCKET.pack_into(self._memory, place, key, left_now, max(now, then))
        return max((count - left) / a_second, 0.001) if is_empty else 0.0

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
