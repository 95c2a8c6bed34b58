"""Restore a backup into an empty database.

All or nothing: the rows are counted before anything is committed. With `--replace` the backup
takes the place of what is in the database; `--verify` only examines the file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "restore"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=Path, help="the file that `dancu backup` wrote")
    parser.add_argument("--replace", action="store_true", help="lose what is in the database")
    parser.add_argument("--verify", action="store_true", help="only examine the file")


def run(args: argparse.Namespace) -> None:
    """Restore and report."""
    from dancu.operation import backup, database
    from dancu.operation.terminal import Terminal

    terminal = Terminal()
    if args.verify:
        manifest = backup.verify(args.file)
        terminal.say(f"{args.file} is whole: {manifest.rows:,} rows of {manifest.created_at}")
        return
    database.require_usable()
    with terminal.step("Restore") as report:
        manifest = backup.restore(args.file, replace=args.replace, report=report)
    terminal.say(
        f"Restored {len(manifest.tables)} tables with {manifest.rows:,} rows of "
        f"{manifest.created_at}. `dancu up` applies newer migrations, if any."
    )
