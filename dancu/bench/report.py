"""docs/benchmarks.md: what the benchmarks said, where and how."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from dancu.bench.registry import BENCHMARKS
from dancu.bench.types import Line

HEAD = """# Benchmarks

Every figure is measured beside a limit or a peer in the same run, so that the ratio means something
on a machine shared with others. `make bench` runs them all and writes this page; one alone is
`dancu bench NAME --json`. They stand on throw-away registers with a synthetic city; nothing of a
running installation is touched.

"""


def write(path: Path, lines: Iterable[Line], day: date, *, broken: Iterable[str] = ()) -> None:
    """Write the page; ``broken`` are benchmarks that stopped with an error."""
    rows = [
        "| benchmark | value | promise | reference | reference value | ratio | run |",
        "|---|---:|---|---|---:|---:|---|",
        *(_row(line) for line in lines),
    ]
    text = HEAD + f"Measured {day.isoformat()} on {machine()}.\n\n" + "\n".join(rows) + "\n"
    if names := ", ".join(broken):
        text += f"\nNot measured, because of an error: {names}.\n"
    details = [_detail(line) for line in lines if line.detail]
    path.write_text(text + "\n" + "\n".join(details) + _commands(), encoding="utf-8")


def _commands() -> str:
    commands = "\n".join(f"dancu bench {name} --json" for name in ("list", *BENCHMARKS))
    return (
        f"\n## Commands\n\n```\n{commands.replace('list --json', 'list')}\n```\n\n"
        "`--people` and `--records` make a run smaller or larger.\n"
    )


def machine() -> str:
    """Return what the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, Python {platform.python_version()}"


def _row(line: Line) -> str:
    return (
        f"| {line.name} | {_number(line.value)} {line.unit} | {_promise(line)} | {line.reference} "
        f"| {_number(line.reference_value)} | {line.ratio:.2f} | {line.run} |"
    )


def _promise(line: Line) -> str:
    if line.limit is None:
        return "–"
    sign = "≤" if line.at_most else "≥"
    what = "ratio " if line.limits_ratio else ""
    kept = "kept" if line.is_kept else "**missed**"
    return f"{what}{sign} {_number(line.limit)}: {kept}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


def _detail(line: Line) -> str:
    rows = "\n".join(f"- {name}: {_words(value)}" for name, value in line.detail.items())
    return f"### {line.name}, {line.run}\n\n{rows}\n"


def _words(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_words(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
