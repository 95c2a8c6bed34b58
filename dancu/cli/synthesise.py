"""Build a synthetic city and load it through the door in; or write specialised files about it.

The same people, seed and catalogue give the same city, down to the byte. Nobody in it is real;
the places are. Interrupted, the command goes on where it stopped when it is run again.

`--dirty DIR` also writes specialised files (pupils, health insurance, vaccination, vehicle owners,
telecom subscribers, welfare) with planted errors, and beside each file the truth: NAME.truth.csv.
`--only-files` writes them without a database. `--slips FILE` makes the register itself dirty: one
wrong fact in some people's records, and the truth in FILE.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.operation.terminal import Terminal

NAME = "synthesise"
NEEDS_DJANGO = False
NEEDS_DATABASE = False
PEOPLE = 100_000
SHOWN_REJECTIONS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--people", type=_people, default=PEOPLE, help="how many (100000)")
    parser.add_argument("--seed", type=int, default=1, help="which city (1)")
    parser.add_argument(
        "--day", type=dt.date.fromisoformat, metavar="YYYY-MM-DD",
        help="the day on which the city stands (2026-11-01)",
    )  # fmt: skip
    parser.add_argument("--makers", type=int, default=1, help="processes that make people (1)")
    parser.add_argument("--dirty", type=Path, metavar="DIR", help="write specialised files there")
    parser.add_argument(
        "--file", action="append", metavar="NAME",
        help="only this specialised file (may be given again): students, health_insurance, "
        "vaccination, vehicles, telecom, welfare",
    )  # fmt: skip
    parser.add_argument("--no-xlsx", action="store_true", help="write CSV files only")
    parser.add_argument(
        "--slips", type=Path, metavar="FILE", help="plant slips in the register, truth into FILE"
    )
    parser.add_argument("--only-files", action="store_true", help="load nothing; needs --dirty")


def run(args: argparse.Namespace) -> int:
    """Load the city, write the files, or both."""
    from dancu.kernel.errors import DancuError
    from dancu.operation.terminal import Terminal

    if args.only_files and args.dirty is None:
        sys.stderr.write("dancu synthesise: --only-files needs --dirty DIR\n")
        return 2
    terminal = Terminal()
    try:
        code = 0 if args.only_files else _load(args, terminal)
        if args.dirty is not None:
            _write(args, terminal)
    except DancuError as error:
        terminal.say(f"dancu synthesise: {error.text()} {error.remedy_text()}".rstrip())
        return 1
    return code


def _people(text: str) -> int:
    number = int(text.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("a city has at least one person")
    return number


def _load(args: argparse.Namespace, terminal: Terminal) -> int:
    from dancu.cli.main import PROGRAM, prepare_django
    from dancu.operation.postgres.session import database

    with database(what=f"{PROGRAM} {NAME}", say=terminal.say):
        prepare_django()
        from dancu.synthesis.building import build
        from dancu.synthesis.knowledge import REFERENCE_DAY

        with terminal.step(f"Building a city of {args.people:,} people") as report:
            built = build(
                people=args.people,
                seed=args.seed,
                day=args.day or REFERENCE_DAY,
                makers=args.makers,
                progress=lambda name, done, total: report(done, total, name),
            )
        if args.slips is not None:
            from dancu.synthesis.dirty.slips import plant

            with terminal.step(f"Planting slips, the truth in {args.slips}"):
                slips, _report = plant(
                    people=args.people,
                    seed=args.seed,
                    day=args.day or REFERENCE_DAY,
                    truth=args.slips,
                )
            terminal.say(f"{len(slips):,} records got a wrong fact")
    for batch in built.reports:
        if batch.rejected:
            terminal.say(f"{batch.key}: {batch.rejected:,} rows refused")
            for row in batch.rejections[:SHOWN_REJECTIONS]:
                terminal.say(f"  row {row.row_number + 1}, {row.field}: {row.message}")
    terminal.say(
        f"{args.people:,} people, {built.accepted:,} statements in {built.seconds:.0f} s; "
        f"{sum(batch.conflicts for batch in built.reports):,} conflicts to settle"
    )
    return 0


def _write(args: argparse.Namespace, terminal: Terminal) -> None:
    from dancu.synthesis.dirty.files import write_files
    from dancu.synthesis.knowledge import REFERENCE_DAY

    with terminal.step(f"Writing specialised files to {args.dirty}") as report:
        written = write_files(
            people=args.people,
            seed=args.seed,
            folder=args.dirty,
            names=args.file,
            day=args.day or REFERENCE_DAY,
            xlsx=not args.no_xlsx,
            progress=report,
        )
    for file in written:
        faults = sum(file.errors.values())
        terminal.say(f"{file.paths[0].name}: {file.rows:,} rows, {faults:,} errors planted")
