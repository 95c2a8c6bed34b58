"""Run the embedded PostgreSQL alone, for development, until Ctrl-C.

`dancu up` starts it too. With `--url` the command only prints the address of the server that runs
and ends; the address holds the password.
"""

from __future__ import annotations

import argparse
import signal
import sys

NAME = "database"
NEEDS_DJANGO = False
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--url", action="store_true", help="print the address and end")


def run(args: argparse.Namespace) -> int:
    """Start the server and wait for a signal."""
    from dancu.operation.config import current
    from dancu.operation.errors import DatabaseUnavailable
    from dancu.operation.instance import only_one
    from dancu.operation.postgres.provision import known_address, start_embedded

    config = current()
    if args.url:
        address = known_address(config.var)
        if address is None:
            raise DatabaseUnavailable("The embedded database has not been started yet.")
        sys.stdout.write(f"{address.url}\n")
        return 0
    with only_one(config.var, what="dancu database"):
        server, address = start_embedded(config, say=_say)
        try:
            _say(f"PostgreSQL {server.binaries.major} serves {address.name} on port {address.port}")
            _say("`dancu database --url` prints its address; Ctrl-C stops it.")
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
        finally:
            server.stop()
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
