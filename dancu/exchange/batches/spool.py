"""The questions of a batch on disk, in blocks that can be read from anywhere.

``var/exchange/REFERENCE.rows``, mode 0600: blocks of rows as JSON, then the places of the blocks
and their number. Rows are counted from 0. They lie here for days and are read several times, so
they are not compressed: that would cost more than reading them.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import orjson

from dancu.operation.config import current

BLOCK_ROWS = 1_000
_PLACE = struct.Struct(">QI")
_END = struct.Struct(">II")
#: A row is its cells and, last, its fault or an empty text.
Cells = list[str]


def folder() -> Path:
    """Return the folder of the batches, closed to others; made when there is none."""
    path = current().var / "exchange"
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def path_of(reference: str) -> Path:
    """Return where the questions of a batch lie."""
    return folder() / f"{reference}.rows"


def create(path: Path) -> IO[bytes]:
    """Open a new file that only its owner may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(handle, "wb")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of ``path`` once it is whole; what fails leaves nothing."""
    part = path.with_name(f"{path.name}.part")
    try:
        with create(part) as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def forget(reference: str) -> None:
    """Delete the questions of a batch."""
    with suppress(FileNotFoundError):
        path_of(reference).unlink()


class Writer:
    """Writes rows in blocks; the file is whole only once it is closed."""

    def __init__(self, path: Path) -> None:
        """Begin a new file."""
        self._file = create(path)
        self._waiting: list[Cells] = []
        self._places: list[tuple[int, int]] = []
        self.rows = 0

    def add(self, cells: Cells) -> None:
        """Add a row."""
        self.rows += 1
        self._waiting.append(cells)
        if len(self._waiting) == BLOCK_ROWS:
            self._write()

    def _write(self) -> None:
        block = orjson.dumps(self._waiting)
        self._places.append((self._file.tell(), len(block)))
        self._file.write(block)
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            if self._waiting:
                self._write()
            for place in self._places:
                self._file.write(_PLACE.pack(*place))
            self._file.write(_END.pack(len(self._places), self.rows))
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()


def read(path: Path, start: int, stop: int) -> Iterator[Cells]:
    """Yield the rows from ``start`` up to ``stop``. Raises ``FileNotFoundError``."""
    with path.open("rb") as file:
        places, _rows = _places(file)
        first = start // BLOCK_ROWS
        for number, (where, size) in enumerate(places[first:], start=first):
            begin = number * BLOCK_ROWS
            if begin >= stop:
                return
            file.seek(where)
            block: Sequence[Cells] = orjson.loads(file.read(size))
            yield from block[max(start - begin, 0) : stop - begin]


def _places(file: IO[bytes]) -> tuple[list[tuple[int, int]], int]:
    file.seek(-_END.size, os.SEEK_END)
    end = file.tell()
    count, rows = _END.unpack(file.read(_END.size))
    file.seek(end - count * _PLACE.size)
    index = file.read(count * _PLACE.size)
    found = [(int(where), int(size)) for where, size in _PLACE.iter_unpack(index)]
    return found, int(rows)
