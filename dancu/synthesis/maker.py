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
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from dancu.synthesis import frames
from dancu.synthesis.batches import BATCHES, FIRST
from dancu.synthesis.blocks import block_count
from dancu.synthesis.city import rows_of_block
from dancu.synthesis.knowledge import knowledge


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
        files = {
            spec.name: stack.enter_context(spool_path(folder, spec.name, start).open("wb"))
            for spec in BATCHES
            if spec.name != FIRST
        }
        for number in range(start, block_count(people, know), step):
            for name, rows in rows_of_block(know, seed, number, people).items():
                counts[name] += len(rows)
                frames.write(files[name] if name != FIRST else out, rows)
    frames.write(out, counts)
    out.flush()


def main(arguments: list[str]) -> int:
    """Run as a process; ends quietly when the reader has gone."""
    # Ctrl-C is for the reader; without a reader the pipe breaks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=1 << 20)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    people, seed, day, start, step, folder = arguments
    try:
        make(
            people=int(people),
            seed=int(seed),
            day=dt.date.fromisoformat(day),
            start=int(start),
            step=int(step),
            folder=Path(folder),
            out=out,
        )
    except BrokenPipeError:
        os._exit(1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
