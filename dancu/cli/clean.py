"""Clean an agency's own file: what is wrong in it, what was done, and what people have to look at.

CSV in any encoding, XLSX or Parquet. Writes FILE.cleaned beside it in the same format, with a
report of every change (in the workbook itself, or FILE.report.xlsx) and FILE.recipe.json, which
`--recipe` applies to next month's file. Blanks, normal form and old encodings are mended at once;
everything else is proposed and made only when `--accept` or `--review` says so. With `--contract`
the cleaned rows are compared with the register through the exchange. Interrupted, nothing is
written. Ends with 0 when the files were written, with `--strict` with 3 when somebody has to look
at rows.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.cli._arguments import existing, meanings_with, purpose_of, require_another

if TYPE_CHECKING:
    from dancu.cleaning.outcome import Outcome
    from dancu.cleaning.recipe import Decisions
    from dancu.cleaning.workbench import Analysis, Report, Workbench
    from dancu.exchange.batches.answers import RowAnswer

NAME = "clean"
CLIENT = "dancu clean"
FOR_PEOPLE = 3
_EVERY = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("file", type=existing, help="CSV, XLSX or Parquet")
    parser.add_argument("--out", type=Path, help="the cleaned file (FILE.cleaned.csv or .xlsx)")
    parser.add_argument(
        "--accept", action="extend", nargs="+", default=[], metavar="KIND",
        help="make the proposals of these kinds, as in name_case; `sure`: all that are sure; `all`",
    )  # fmt: skip
    parser.add_argument("--review", action="store_true", help="ask about each kind of proposal")
    parser.add_argument(
        "--against", type=existing, metavar="FILE", help="a second file to be linked"
    )
    parser.add_argument(
        "--recipe", type=existing, metavar="FILE", help="decide as in a former cleaning"
    )
    parser.add_argument(
        "--column", action="append", default=[], metavar="NUMBER=MEANING",
        help="what a column means, counted from 1; empty for nothing (may be given again)",
    )  # fmt: skip
    parser.add_argument("--contract", help="compare with the register under this contract")
    parser.add_argument("--purpose", help="why (the only purpose of the contract, if it has one)")
    parser.add_argument("--case", default="", help="number of the dossier or case")
    parser.add_argument("--user", default="", help="on whose behalf (the user of the system)")
    parser.add_argument("--offline", action="store_true", help="never ask the register")
    parser.add_argument("--json", action="store_true", help="figures as JSON on standard output")
    parser.add_argument("--strict", action="store_true", help="end with 3 when rows are left")
    parser.add_argument("--language", choices=["vi", "en"], default="vi", help="of what is written")


def run(args: argparse.Namespace) -> int:
    """Clean the file."""
    from django.utils.translation import override

    if args.offline and args.contract:
        sys.stderr.write("dancu clean: --offline asks nobody, so it goes without --contract\n")
        return 2
    if args.review and not sys.stdin.isatty():
        sys.stderr.write("dancu clean: --review needs a terminal; use --accept KIND in scripts\n")
        return 2
    with override(args.language):
        return _clean(args)


def _clean(args: argparse.Namespace) -> int:
    from dancu.cleaning.export import files_of, write
    from dancu.cleaning.kinds import kinds_of
    from dancu.exchange.contracts import contract_at
    from dancu.kernel.clock import system_clock

    kinds_of(args.accept)
    at = system_clock.now()
    bench, decisions = _bench(args.file, args, at)
    files = files_of(args.file, bench.layout.kind, args.out)
    for target in (files.cleaned, files.report, files.recipe):
        require_another(target, args.file, args.against)
    if args.contract:
        contract = contract_at(args.contract, at)
        args.purpose = purpose_of(contract.purposes, args.purpose)
    with _step(f"Looking through {args.file.name}") as report:
        found = bench.analyse(report=report, against=_other(args, at))
    decisions = _decided(args, found, decisions, bench)
    answers = _answers(args, bench, decisions, at)
    with _step(f"Writing {files.cleaned.name}") as report:
        outcome = write(
            bench=bench,
            analysis=found,
            decisions=decisions,
            files=files,
            language=args.language,
            answers=answers,
            report=report,
        )
    if args.json:
        _print_json(found, outcome, [files.cleaned, files.report, files.recipe])
    else:
        from dancu.cleaning.telling import outcome_lines

        _print(outcome_lines(outcome))
        _print(map(str, dict.fromkeys([files.cleaned, files.report, files.recipe])))
    return FOR_PEOPLE if args.strict and outcome.for_people else 0


def _bench(
    path: Path, args: argparse.Namespace, at: datetime, *, is_other: bool = False
) -> tuple[Workbench, Decisions]:
    from dancu.cleaning.reading import EVERYTHING
    from dancu.cleaning.recipe import Decisions, read_recipe
    from dancu.cleaning.units import units_on
    from dancu.cleaning.workbench import Workbench
    from dancu.exchange.batches.meanings import require_each_once
    from dancu.kernel.clock import today

    bench = Workbench(path, today=today(at), units=units_on(today(at)))
    decisions = Decisions()
    if args.recipe and not is_other:
        recipe = read_recipe(args.recipe.read_bytes())
        bench.columns = recipe.columns_for(bench.columns)
        decisions = recipe.decisions
    if args.column and not is_other:
        meanings = meanings_with([column.meaning for column in bench.columns], args.column)
        require_each_once(meanings, EVERYTHING, len(meanings))
        bench.mean(meanings)
    return bench, decisions


def _other(args: argparse.Namespace, at: datetime) -> Workbench | None:
    return _bench(args.against, args, at, is_other=True)[0] if args.against else None


def _decided(
    args: argparse.Namespace, found: Analysis, decisions: Decisions, bench: Workbench
) -> Decisions:
    from dancu.cleaning.recipe import accepting

    decisions = accepting(args.accept, decisions)
    if not args.json:
        from dancu.cleaning import telling

        _print(telling.profile_lines(found))
        _print(telling.kind_lines(found, decisions))
    return _reviewed(found, decisions, bench) if args.review else decisions


def _answers(
    args: argparse.Namespace, bench: Workbench, decisions: Decisions, at: datetime
) -> Iterator[RowAnswer] | None:
    """Ask the register about the rows, where a contract was named."""
    if not args.contract:
        return None
    from dancu.cleaning import verifying
    from dancu.exchange.batches import running
    from dancu.exchange.contracts import contract_at
    from dancu.exchange.types import Caller
    from dancu.kernel.clock import system_clock

    contract = contract_at(args.contract, at)
    user = args.user or os.environ.get("SUDO_USER") or os.environ.get("USER") or ""
    caller = Caller(client_id=None, client=CLIENT, contract=contract, user=user)
    batch = verifying.submit(
        bench=bench,
        decisions=decisions,
        caller=caller,
        purpose=args.purpose,
        case=args.case,
        at=at,
    )
    with _step(f"Comparing {batch.rows:,} rows with the register") as report:
        running.work(clock=system_clock, only=batch.pk, told=lambda now: report(now.done, now.rows))
    batch.refresh_from_db()
    if batch.done < batch.rows:
        sys.stderr.write(
            f"{batch.done:,} of {batch.rows:,} rows are answered; the rest waits for quota.\n"
            f"Then: dancu verify --fetch {batch.reference}\n"
        )
    return verifying.answers_of(batch)


@contextmanager
def _step(label: str) -> Iterator[Report]:
    """Show how far a step is, with the time that is left."""
    from dancu.operation.terminal import Terminal

    with Terminal().step(label) as told:
        yield _timed(told)


def _timed(told: Callable[..., None]) -> Report:
    begin = time.monotonic()
    last = begin

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _EVERY and done < total:
            return
        last = now
        left = (now - begin) * (total - done) / done if done else 0
        told(done, total, f"{left:.0f} s left" if left >= 1 else "")

    return report


def _reviewed(found: Analysis, decisions: Decisions, bench: Workbench) -> Decisions:
    """Ask about each kind of proposal: all, only the sure ones, none, or one value at a time."""
    from dataclasses import replace

    from dancu.cleaning import telling

    kinds, values = dict(decisions.kinds), dict(decisions.values)
    for code, one in telling.ordered(found, "proposed"):
        _print(telling.question(code, one))
        answer = _asked(telling.question_words(), "ysneq")
        if answer == "q":
            raise KeyboardInterrupt
        if answer != "e":
            kinds[code] = "yes" if answer == "y" else "sure" if answer == "s" else "no"
            continue
        for (place, before, after), count in one.values.most_common():
            title = bench.columns[place].title if place >= 0 else ""
            words = f"  {count:>6,} × {before or '∅'} → {after or '∅'} [y/n]: "
            values[code, title, before] = _asked(words, "yn") == "y"
    return replace(decisions, kinds=kinds, values=values)


def _asked(words: str, answers: str) -> str:
    while True:
        said = input(words).strip().lower()[:1]
        if said and said in answers:
            return said


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(found: Analysis, outcome: Outcome, paths: list[Path]) -> None:
    import orjson

    shown = {
        **outcome.as_json(),
        "columns": [one.as_json() for one in found.profiles],
        "proposals": {code: one.count for code, one in found.kinds.items()},
        "files": [str(path) for path in dict.fromkeys(paths)],
    }
    sys.stdout.write(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode() + "\n")
