"""Measure what the project promises, each figure beside a limit or a peer of the same run.

`dancu bench list` names the benchmarks. A benchmark starts a throw-away server of its own and
builds a synthetic city in it, which those that only ask share; a running installation is not
touched. With `--json` each figure is
one JSON object a line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.bench.types import Line

NAME = "bench"
NEEDS_DJANGO = False
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("name", help="list, all, or the name of a benchmark")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--people", type=int, default=0, help="another size of city")
    parser.add_argument("--records", type=int, default=0, help="another number of questions")
    parser.add_argument("--seed", type=int, default=7, help="another city (7)")
    parser.add_argument(
        "--backend", choices=("duckdb", "spark"), default="duckdb", help="of dedupe (duckdb)"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page of figures")


def run(args: argparse.Namespace) -> int:
    """Run the benchmarks asked for; 1 when a promise was missed."""
    from dancu.bench import ground
    from dancu.bench.registry import BENCHMARKS
    from dancu.bench.types import Options

    if args.name == "list":
        for benchmark in BENCHMARKS.values():
            print(f"{benchmark.name:12} {benchmark.summary}")
        return 0
    if args.name != "all" and args.name not in BENCHMARKS:
        sys.stderr.write(f"dancu bench: no benchmark is called {args.name}; see dancu bench list\n")
        return 2
    options = Options(args.people, args.records, args.seed, args.backend, say=_say)
    lines: list[Line] = []
    broken: list[str] = []
    with ground.shared_cities():
        for name in BENCHMARKS if args.name == "all" else [args.name]:
            try:
                for line in BENCHMARKS[name].measure(options):
                    lines.append(line)
                    print(line.as_json() if args.json else _plain(line), flush=True)
            except Exception as error:  # One that breaks takes none of the others with it.
                if args.name != "all":
                    raise
                broken.append(name)
                _say(f"dancu bench: {name} broke off: {error!r}")
    if args.write:
        _write(args.write, lines, broken)
    return 0 if not broken and all(line.is_kept is not False for line in lines) else 1


def _write(path: Path, lines: list[Line], broken: list[str]) -> None:
    from dancu.bench import report
    from dancu.kernel.clock import system_clock, today

    report.write(path, lines, today(system_clock.now()), broken=broken)


def _plain(line: Line) -> str:

    verdict = {True: "kept", False: "MISSED", None: ""}[line.is_kept]
    return (
        f"{line.name}: {line.value:,.1f} {line.unit} ({line.run}); {line.reference}: "
        f"{line.reference_value:,.1f}; ratio {line.ratio:.2f} {verdict}"
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
