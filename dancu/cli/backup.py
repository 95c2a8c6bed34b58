"""Write the whole database into one file, as of this moment.

The platform may go on serving. The file holds personal data: keep it as you keep the database.
"""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="the file to write")
    parser.add_argument("--force", action="store_true", help="overwrite a file of that name")


def run(args: argparse.Namespace) -> None:
    """Write and report."""
    from dancu.kernel.clock import system_clock
    from dancu.operation import backup
    from dancu.operation.terminal import Terminal

    if args.file.exists() and not args.force:
        raise backup.BackupError(f"{args.file} exists already.", "name another, or add --force")
    terminal = Terminal()
    with terminal.step("Backup") as report:
        manifest = backup.write(args.file, at=system_clock.now(), report=report)
    size = args.file.stat().st_size / 1e6
    terminal.say(
        f"{args.file}: {len(manifest.tables)} tables, {manifest.rows:,} rows, {size:,.1f} MB"
    )
