"""The rows of a whole city, batch by batch, in flat memory.

Every block is made once. First records flow through a pipe while they are made, in a process
beside the reader's; the other batches wait in files of a temporary folder until their turn. The
order of the rows is the order of the blocks, however many processes make them.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from dancu.synthesis import frames
from dancu.synthesis.batches import FIRST
from dancu.synthesis.door import incoming
from dancu.synthesis.errors import MakerStopped
from dancu.synthesis.knowledge import REFERENCE_DAY
from dancu.synthesis.maker import spool_path

if TYPE_CHECKING:
    from dancu.synthesis.door import IncomingRow, Row

STOP_WITHIN = 10.0


class Feed:
    """Gives the rows of each batch; ask for the batches in their order."""

    def __init__(self, makers: list[subprocess.Popen[bytes]], folder: Path) -> None:
        """Read from makers that have been started."""
        self._makers = makers
        self._folder = folder
        self._counts: dict[str, int] = {}
        self._first = self._from_pipes()

    def rows(self, name: str) -> Iterator[IncomingRow]:
        """Yield the rows of a batch. Raises ``MakerStopped`` when a maker died.

        The first batch can be read once; any other one as often as needed.
        """
        if name == FIRST:
            return incoming(row for rows in self._first for row in rows)
        self.drain()
        return incoming(row for rows in self._from_files(name) for row in rows)

    def total(self, name: str) -> int | None:
        """Return how many rows a batch has; None for the first one until it has been read."""
        return self._counts.get(name)

    def drain(self) -> None:
        """Read what is left of the first batch and forget it, so that the files are complete."""
        for _ in self._first:
            pass

    def _from_pipes(self) -> Iterator[list[Row]]:
        pipes = [_pipe(maker) for maker in self._makers]
        while pipes:
            # Blocks go round the makers in turn; the maker whose turn comes first ends first.
            for pipe in list(pipes):
                try:
                    frame = frames.read(pipe)
                except EOFError as error:
                    raise MakerStopped from error
                if isinstance(frame, dict):
                    for name, count in frame.items():
                        self._counts[name] = self._counts.get(name, 0) + count
                    pipes.remove(pipe)
                else:
                    yield frame

    def _from_files(self, name: str) -> Iterator[list[Row]]:
        with ExitStack() as stack:
            files = [
                stack.enter_context(spool_path(self._folder, name, start).open("rb"))
                for start in range(len(self._makers))
            ]
            while files:
                for file in list(files):
                    rows = frames.read_rows(file)
                    if rows is None:
                        files.remove(file)
                    else:
                        yield rows


@contextmanager
def city_feed(
    *, people: int, seed: int, day: dt.date = REFERENCE_DAY, makers: int = 1
) -> Iterator[Feed]:
    """Start making a city; everything is cleaned up when the block ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dancu-city-")))
        running = [
            stack.enter_context(_maker([people, seed, day, start, makers, folder]))
            for start in range(makers)
        ]
        yield Feed(running, folder)


@contextmanager
def _maker(arguments: list[object]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(  # noqa: S603 - our own module, no shell
        [sys.executable, "-m", "dancu.synthesis.maker", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        bufsize=1 << 20,
    )
    try:
        yield child
    finally:
        _pipe(child).close()
        try:
            child.wait(timeout=STOP_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _pipe(child: subprocess.Popen[bytes]) -> IO[bytes]:
    if child.stdout is None:
        raise MakerStopped
    return child.stdout
