"""The process that makes blocks: first records to its standard output, the rest to files.

Started by ``feed`` as ``python -m dancu.synthesis.maker PEOPLE SEED DAY START STEP FOLDER``. It
makes blocks START, START + STEP, … and ends with one frame that counts the rows of each batch.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO

from dancu.synthesis import frames
from dancu.synthesis.batches import BATCHES, FIRST
from dancu.synthesis.blocks import block_count
from dancu.synthesis.city import rows_of_block
from dancu.synthesis.knowledge import knowledge

#: Blocks that wait for the reader while the next one is made.
AHEAD = 4


def spool_path(folder: Path, name: str, start: int) -> Path:
    """Return where maker ``start`` keeps the rows of a batch."""
    return folder / f"{name}.{start}"


def make(
    *, people: int, seed: int, day: dt.date, start: int, step: int, folder: Path, out: IO[bytes]
) -> None:
    """Make every ``step``-th block from ``start`` on."""
    know = knowledge(day)
    # What is known stays; the people of a block hold each other and go together, block by block.
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    counts = {spec.name: 0 for spec in BATCHES}
    with ExitStack() as stack:
        ahead = stack.enter_context(_written_beside(out))
        files = {
            spec.name: stack.enter_context(spool_path(folder, spec.name, start).open("wb"))
            for spec in BATCHES
            if spec.name != FIRST
        }
        for number in range(start, block_count(people, know), step):
            for name, rows in rows_of_block(know, seed, number, people).items():
                counts[name] += len(rows)
                if name == FIRST:
                    ahead.put(_frame(rows))
                else:
                    frames.write(files[name], rows)
        for file in files.values():
            file.flush()
        ahead.put(_frame(counts))


def _frame(value: object) -> bytes:
    packed = BytesIO()
    frames.write(packed, value)
    return packed.getvalue()


@contextmanager
def _written_beside(out: IO[bytes]) -> Iterator[Queue[bytes | None]]:
    """Give a queue that a thread writes out, so that the next block is made while one is read."""
    waiting: Queue[bytes | None] = Queue(maxsize=AHEAD)

    def write() -> None:
        try:
            while (frame := waiting.get()) is not None:
                out.write(frame)
                out.flush()
        except BrokenPipeError:
            os._exit(1)

    writer = Thread(target=write)
    writer.start()
    try:
        yield waiting
    finally:
        waiting.put(None)
        writer.join()


def main(arguments: list[str]) -> int:
    """Run as a process; the thread that writes ends it quietly when the reader has gone."""
    # Ctrl-C is for the reader; without a reader the pipe breaks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=1 << 20)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    people, seed, day, start, step, folder = arguments
    make(
        people=int(people),
        seed=int(seed),
        day=dt.date.fromisoformat(day),
        start=int(start),
        step=int(step),
        folder=Path(folder),
        out=out,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
