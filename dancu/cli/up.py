"""Start everything: database, tables, synthetic city, web server and background jobs.

What is missing is made, what a crash left is mended. Ctrl-C stops everything in order; a second
Ctrl-C stops it at once.
"""

from __future__ import annotations

import argparse

NAME = "up"
NEEDS_DJANGO = False
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--prepare", action="store_true", help="make everything ready, but do not serve; then end"
    )
    parser.add_argument(
        "--begin-anew",
        action="store_true",
        help="empty a database whose city was never finished, and build it from the beginning",
    )


def run(args: argparse.Namespace) -> int:
    """Bring the platform up and stay with it until it is told to stop."""
    from dancu.cli._up import Up
    from dancu.operation.config import current

    return Up(current()).run(serve=not args.prepare, begin_anew=args.begin_anew)
