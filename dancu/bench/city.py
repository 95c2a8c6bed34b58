"""city: a synthetic city generated and loaded through the door in, in seconds and memory.

The limit is four minutes and 2 GiB for a million people on two cores. Memory is what the loader,
the maker of people and the database server hold together, shared pages counted once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from dancu.bench import ground
from dancu.bench.types import Benchmark, Line, Options, against_promise

PEOPLE = 1_000_000
SECONDS_FOR_A_MILLION = 240
LIMIT_MIB = 2_048
_EVERY = 2.0


def measure(options: Options) -> Iterator[Line]:
    """Build one city; the second line is the memory at its highest."""
    people = options.people or PEOPLE
    with ground.empty_register(options.say), _memory_watched() as peak:
        seconds = ground.build_city(people, options.seed, options.say)
    run = f"{people:,} people, generated and loaded through the door in"
    limit = SECONDS_FOR_A_MILLION * people / PEOPLE
    yield against_promise(
        name="city",
        value=seconds,
        unit="s",
        run=run,
        limit=limit,
        at_most=True,
    )
    yield against_promise(
        name="city-memory",
        value=max(peak),
        unit="MiB",
        run=run,
        limit=LIMIT_MIB,
        at_most=True,
    )


@contextmanager
def _memory_watched() -> Iterator[list[float]]:
    """Give a list that grows by what all our processes hold, in MiB, every two seconds."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY):
            peak.append(_held_mib())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _held_mib() -> float:
    own = psutil.Process()
    total = 0
    for process in (own, *own.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 2**20


BENCHMARK = Benchmark("city", "a million people generated and loaded, in seconds and MiB", measure)
