"""Verify a file of people against the register, under a contract, and write the answers beside it.

CSV in any encoding, XLSX or Parquet, with or without titles. What the columns seem to mean is
shown and confirmed first. Every row comes back in its order in FILE.verified.csv with what came of
it, what to do, and repaired values as proposals. Interrupted, the batch stays in the queue: the
worker of `dancu up` goes on with it, and `--fetch REFERENCE` brings what is answered so far. What
the quota of the day does not cover waits for the next day.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.cli._arguments import existing, meanings_with, purpose_of, require_another

if TYPE_CHECKING:
    from dancu.exchange.batches.models import Batch
    from dancu.exchange.types import Caller, Question

NAME = "verify"
UNFINISHED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=existing, nargs="?", help="CSV, XLSX or Parquet")
    parser.add_argument("--contract", help="name of the contract, such as student-check")
    parser.add_argument("--purpose", help="why (the only purpose of the contract, if it has one)")
    parser.add_argument("--case", default="", help="number of the dossier or case")
    parser.add_argument("--user", default="", help="on whose behalf (the user of the system)")
    parser.add_argument(
        "--office", metavar="CODE",
        help="the office whose officers may fetch the answers (else only this command may)",
    )  # fmt: skip
    parser.add_argument(
        "--column", action="append", default=[], metavar="NUMBER=MEANING",
        help="what a column means, counted from 1; empty leaves it out (may be given again)",
    )  # fmt: skip
    parser.add_argument(
        "--question", action="append", default=[], metavar="NAME[:ARGUMENT]",
        help="is_alive, is_at_least:18 or lives_in:26740 (may be given again)",
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="take the columns as recognised")
    parser.add_argument("--fetch", metavar="REFERENCE", help="write the answers of a batch again")
    parser.add_argument("--output", type=Path, help="where the answers go (FILE.verified.csv)")
    parser.add_argument("--format", choices=["csv", "xlsx", "json"], default="csv")
    parser.add_argument("--language", choices=["vi", "en"], default="vi", help="of the answers")


def run(args: argparse.Namespace) -> int:
    """Verify the file; 1 when rows are left for another day."""
    if args.fetch:
        from dancu.exchange.batches import queries

        batch = queries.find(reference=args.fetch)
        return _finish(batch, args, _write(batch, args, queries.no_more))
    if args.file is None or not args.contract:
        sys.stderr.write("dancu verify: give a FILE and --contract NAME (or --fetch REFERENCE)\n")
        return 2
    return _verify(args)


def _verify(args: argparse.Namespace) -> int:
    from dancu.exchange.batches import running, services
    from dancu.kernel.clock import system_clock
    from dancu.operation.terminal import Terminal

    at = system_clock.now()
    caller = _caller(args)
    purpose, questions = purpose_of(caller.contract.purposes, args.purpose), _asked(args.question)
    require_another(_target(args, args.file), args.file)
    with Terminal().step(f"Reading {args.file.name}"), args.file.open("rb") as file:
        batch = services.receive(file=file, name=args.file.name, caller=caller, at=at)
    try:
        meanings = meanings_with([str(column[1]) for column in batch.columns], args.column)
        _show(batch, meanings)
        if not _is_confirmed(args):
            services.discard(reference=batch.reference, at=at)
            print("Nothing was asked. Say what the columns mean with --column NUMBER=MEANING.")
            return 2
        batch = services.confirm(
            reference=batch.reference,
            caller=caller,
            purpose=purpose,
            meanings=meanings,
            questions=questions,
            case=args.case,
            at=at,
        )
    except BaseException:
        # What nobody is asked about does not stay behind.
        services.discard(reference=batch.reference, at=at)
        raise
    print(f"The reference of this batch is {batch.reference}")
    slices = running.working(clock=system_clock, only=batch.pk, may_fork=True)
    with Terminal().step(f"Verifying {batch.rows:,} rows") as told, closing(slices):

        def more() -> bool:
            if (now := next(slices, None)) is not None:
                told(now.done, now.rows, "")
            return now is not None

        target = _write(batch, args, more)
    batch.refresh_from_db()
    return _finish(batch, args, target)


def _caller(args: argparse.Namespace) -> Caller:
    from dancu.agencies.queries import office
    from dancu.exchange.contracts import contract_at
    from dancu.exchange.types import COMMAND_LINE, Caller, client_of_office
    from dancu.kernel.clock import system_clock

    contract = contract_at(args.contract, system_clock.now())
    client = client_of_office(office(args.office).code) if args.office else COMMAND_LINE
    user = args.user or os.environ.get("SUDO_USER") or os.environ.get("USER") or ""
    return Caller(client_id=None, client=client, contract=contract, user=user)


def _asked(given: Sequence[str]) -> list[Question]:
    from dancu.exchange.types import Question

    found = []
    for one in given:
        name, _, argument = one.partition(":")
        is_years = name == "is_at_least" and argument.isascii() and argument.isdecimal()
        found.append(Question(name, int(argument) if is_years else argument or None))
    return found


def _show(batch: Batch, meanings: Sequence[str]) -> None:
    for name in batch.left_out:
        print(f"The sheet “{name}” has other columns and is left out.")
    for number, (column, meaning) in enumerate(zip(batch.columns, meanings, strict=True), start=1):
        title, _, by_content, examples = column
        guess = " (by its content)" if by_content and meaning else ""
        shown = ", ".join(examples)
        print(f"  {number:>2}  {title or '-':<30} {meaning or '(left out)'}{guess}   {shown}")


def _is_confirmed(args: argparse.Namespace) -> bool:
    if args.yes or args.column or not sys.stdin.isatty():
        return True
    return input("Is this right? [Y/n] ").strip().lower() in {"", "y", "yes", "c", "co", "có"}


def _write(batch: Batch, args: argparse.Namespace, more: Callable[[], bool]) -> Path:
    """Write the answers, as long as there are more, and return where they are."""
    from dancu.exchange.batches import output, spool
    from dancu.operation.calm import calm_collector

    target = _target(args, args.file or Path(batch.name))
    with spool.replacing(target) as file, calm_collector():
        for piece in output.content(batch, format_=args.format, language=args.language, more=more):
            file.write(piece)
    return target


def _target(args: argparse.Namespace, source: Path) -> Path:
    target: Path = args.output or source.with_suffix(f".verified.{args.format}")
    return target


def _finish(batch: Batch, args: argparse.Namespace, target: Path) -> int:
    from dancu.exchange.batches import queries, services
    from dancu.exchange.batches.words import summary_lines
    from dancu.kernel.clock import system_clock

    at = system_clock.now()
    services.fetched(reference=batch.reference, at=at)
    for rows, label, remedy in summary_lines(batch.counts, args.language):
        print(f"{rows:>9,}  {label}\n           {remedy}")
    print(f"The answers are in {target}")
    if batch.done == batch.rows:
        return 0
    shown = queries.standing(reference=batch.reference, at=at)
    print(f"{batch.done:,} of {batch.rows:,} rows are answered ({shown.state}).")
    if shown.finishes_on:
        print(f"The rest waits for quota; it will be done on {shown.finishes_on:%d/%m/%Y}.")
    print(f"Then: dancu verify --fetch {batch.reference}")
    return UNFINISHED
