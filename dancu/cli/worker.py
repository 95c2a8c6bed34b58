"""Run background jobs until told to stop; `dancu up` starts one.

On SIGTERM no new job is begun, and those that run have ten seconds to end. Jobs of a worker that
was killed are taken up again.
"""

from __future__ import annotations

import argparse

NAME = "worker"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--queue", action="append", help="only this queue (may be repeated)")
    parser.add_argument("--once", action="store_true", help="end when no job waits")


def run(args: argparse.Namespace) -> None:
    """Work until a signal comes."""
    from dancu.jobs.worker import work
    from dancu.operation.config import current

    work(concurrency=current().jobs.concurrency, queues=args.queue, once=args.once)
