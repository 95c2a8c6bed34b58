"""Load an agency's file through the door in: statements about people in the register.

The first line of the file names the columns as the data dictionary does. A line that cannot be
accepted is refused alone; the refused lines come back in FILE.refused.csv with field, reason
and remedy. Interrupted, the command goes on where it stopped; repeated, it changes nothing.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.population.types import BatchReport

NAME = "load"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="CSV (UTF-8) or XLSX")
    parser.add_argument("--source", required=True, help="code of the source, such as BHXH")
    parser.add_argument("--key", help="name of the delivery (default: the file's name)")
    parser.add_argument(
        "--day", type=dt.date.fromisoformat, metavar="YYYY-MM-DD",
        help="the day from which the facts hold, for lines that name none (today)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Load the file; 1 when lines were refused."""
    from dancu.access.types import system_actor
    from dancu.kernel.clock import system_clock, today
    from dancu.operation.terminal import Terminal
    from dancu.population import batches, files

    at = system_clock.now()
    rows = files.read_rows(args.file, day=args.day or today(at))
    total = files.count_rows(args.file)
    with Terminal().step(f"{args.file.name} ({args.source})") as told:
        report = batches.load(
            source=args.source,
            key=args.key or args.file.name,
            rows=rows,
            actor=system_actor(name="dancu load", source=args.source),
            at=at,
            total=total,
            progress=lambda p: told(p.done, p.total or 0, f"{p.rejected:,} refused"),
        )
    _tell(report, args.file)
    return 1 if report.rejected else 0


def _tell(report: BatchReport, file: Path) -> None:
    from dancu.population import batches

    print(
        f"{report.accepted:,} accepted, {report.rejected:,} refused, "
        f"{report.conflicts:,} conflicts opened"
        + (" (loaded before; nothing changed)" if report.was_loaded_before else "")
    )
    if not report.rejected:
        return
    target = file.with_suffix(".refused.csv")
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["row", "field", "code", "reason", "remedy"])
        for row in batches.iterate_rejections(batch_id=report.batch_id):
            writer.writerow([row.row_number, row.field, row.code, row.message, row.remedy])
    print(f"The refused lines are in {target}")
