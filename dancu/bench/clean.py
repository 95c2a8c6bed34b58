"""clean: 200,000 rows of damaged files cleaned, how long, in how much memory, and how rightly.

``clean-seconds`` is the command ``dancu clean`` on one file of 200,000 rows, from its start to its
files on disk, without the comparison with the register. ``clean-wrong-unasked`` counts cells that
became wrong without anybody's yes, on all specialised files against their truth;
``clean-wrong-sure`` and ``clean-wrong-all`` count them when the sure or all proposals are accepted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dancu.bench import ground
from dancu.bench.cleaning_truth import DECISIONS, Tally, tally
from dancu.bench.types import Benchmark, Line, Options, against_promise
from dancu.synthesis.dirty.files import write_files
from dancu.synthesis.knowledge import REFERENCE_DAY

PEOPLE = 1_200_000
ROWS = 200_000
SEED = 28
JUDGED_PEOPLE = 60_000
LIMIT_SECONDS = 240.0
LIMIT_MIB = 1_024.0
_FILES = ("students", "health_insurance", "vaccination", "vehicles", "telecom", "welfare")
_EXAMPLES = 5
_EVERY = 0.05


def measure(options: Options) -> Iterator[Line]:
    """Measure."""
    with tempfile.TemporaryDirectory(prefix="dancu-bench-") as folder:
        # The command reads the catalogue's map from a register, and must not take anybody's.
        with ground.empty_register(options.say):
            yield from _speed(Path(folder) / "speed", options)
        yield from _rightness(Path(folder) / "truth")


def _speed(folder: Path, options: Options) -> Iterator[Line]:
    people = options.people or PEOPLE
    write_files(people=people, seed=SEED, folder=folder, names=["students"], xlsx=False)
    file = folder / "hoc-sinh.csv"
    _cut(file, ROWS)
    rows = sum(1 for _ in file.open(encoding="utf-8")) - 1
    command = [sys.executable, "-m", "dancu.cli.main", "clean", str(file), "--offline", "--json"]
    command += ["--accept", "all"]
    seconds, held = _run(command, os.environ | {"DANCU_VAR": str(folder / "var")})
    run = f"{rows:,} rows about pupils, every proposal accepted, without the register"
    yield against_promise(
        name="clean-seconds",
        value=seconds * ROWS / rows,
        unit=f"s for {ROWS:,} rows",
        run=run,
        limit=LIMIT_SECONDS,
        at_most=True,
    )
    yield against_promise(
        name="clean-memory",
        value=held,
        unit="MiB",
        run=run,
        limit=LIMIT_MIB,
        at_most=True,
    )


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run a command; returns its seconds and the most MiB that it held at a time."""
    begin, held = time.perf_counter(), 0.0
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        while process.poll() is None:
            held = max(held, _peak_mib(process.pid))
            time.sleep(_EVERY)
    finally:
        process.kill()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - begin, held


def _peak_mib(pid: int) -> float:
    """Return the most that a process has held; unlike ``ru_maxrss`` not what its parent had."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cut(file: Path, rows: int) -> None:
    with file.open(encoding="utf-8", newline="") as source:
        lines = [line for _, line in zip(range(rows + 1), source, strict=False)]
    file.write_text("".join(lines), encoding="utf-8")


def _rightness(folder: Path) -> Iterator[Line]:
    write_files(people=JUDGED_PEOPLE, seed=SEED, folder=folder, names=list(_FILES), xlsx=False)
    files = sorted(one for one in folder.glob("*.csv") if one.name.count(".") == 1)
    for name, decide in DECISIONS.items():
        found = Tally()
        for file in files:
            found.add(tally(file, decide, today=REFERENCE_DAY))
        yield against_promise(
            name=f"clean-wrong-{name}",
            value=float(found.mistakes),
            unit="cells",
            run=f"{found.planted.total():,} faults in six files about {JUDGED_PEOPLE:,} people",
            limit=0.0,
            at_most=True,
            detail=_detail(found),
        )


def _detail(found: Tally) -> dict[str, object]:
    return {
        "planted": found.planted.total(),
        "right": found.right.total(),
        "by_code": {
            code: [count, found.right[code], found.wrong[code], found.told[code]]
            for code, count in sorted(found.planted.items())
        },
        "examples": {code: found[:_EXAMPLES] for code, found in found.examples.items()},
    }


BENCHMARK = Benchmark(
    "clean", "a file of 200,000 rows cleaned, and its changes held against the truth", measure
)
