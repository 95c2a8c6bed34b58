"""Make the bulletins that are due, list them, and show one.

`dancu bulletin run` makes each weekly bulletin and evening briefing that is due and was not made;
the worker does the same by itself. With `--today weekly` (or `evening`) today's is made at once,
before its hour; it then stays as it is. What was just mended is examined first. `dancu bulletin
list` shows what was made, `dancu bulletin show` the newest one of the country or of `--unit CODE`,
or another with `--id N`; with `--pdf FILE` or `--xlsx FILE` it is written to a file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.bulletins.types import Bulletin

NAME = "bulletin"
_LISTED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands and their options."""
    what = parser.add_subparsers(dest="what", metavar="run|list|show", required=True)
    run_ = what.add_parser("run", help="make what is due")
    run_.add_argument(
        "--today", choices=["weekly", "evening"], help="make today's at once, before its hour"
    )
    what.add_parser("list", help="what was made")
    show = what.add_parser("show", help="one bulletin of one unit")
    show.add_argument("--id", type=int, metavar="N", help="its number (the newest)")
    show.add_argument("--kind", choices=["weekly", "evening"], help="the newest of this kind")
    show.add_argument("--unit", metavar="CODE", help="a province or commune (the country)")
    show.add_argument("--language", choices=["vi", "en"], default="vi", help="of the words (vi)")
    show.add_argument("--pdf", type=Path, metavar="FILE", help="write it as PDF")
    show.add_argument("--xlsx", type=Path, metavar="FILE", help="write it as a workbook")


def run(args: argparse.Namespace) -> int:
    """Do what the sub-command says."""
    return {"run": _run, "list": _list, "show": _show}[args.what](args)


def _run(args: argparse.Namespace) -> int:
    from dancu.bulletins import schedule
    from dancu.bulletins.jobs import examine_what_changed
    from dancu.bulletins.services import produce
    from dancu.catalogue.bulletins import KINDS
    from dancu.kernel.clock import system_clock, today

    at = system_clock.now()
    wanted = [(kind, day) for kind in KINDS for day in schedule.missing(kind, at)]
    if args.today:
        wanted = [(args.today, today(at))]
    if not wanted:
        print("Nothing is due that was not made.")
        return 0
    examine_what_changed(clock=system_clock)
    for kind, day in wanted:
        made = produce(kind=kind, day=day, actor=None, at=system_clock.now())
        late = ", late" if made.is_late else ""
        print(f"{kind} of {day:%d/%m/%Y}: number {made.pk}, {made.figures.count():,} units{late}")
    return 0


def _list(_args: argparse.Namespace) -> int:
    from dancu.bulletins import queries
    from dancu.bulletins.types import COUNTRY

    found = queries.editions(limit=_LISTED)
    totals = queries.totals([one.id for one in found], COUNTRY)
    for one in found:
        total = totals[one.id]
        late = "  late" if one.is_late else ""
        print(
            f"{one.id:>6}  {one.kind:<8} {one.day:%d/%m/%Y}  {total.left:>11,} left  "
            f"{total.net:>+9,}  {total.mended:>9,} mended{late}"
        )
    if not found:
        print("No bulletin was made yet.")
    return 0


def _show(args: argparse.Namespace) -> int:
    from django.utils.translation import override

    from dancu.bulletins import queries
    from dancu.bulletins.rendering import pdf_of
    from dancu.bulletins.types import COUNTRY
    from dancu.bulletins.workbook import workbook_of

    number = args.id
    if number is None:
        newest = queries.editions(args.kind, limit=1)
        if not newest:
            sys.stderr.write("dancu bulletin: none was made yet; run `dancu bulletin run`\n")
            return 1
        number = newest[0].id
    found = queries.bulletin(number, args.unit or COUNTRY)
    with override(args.language):
        if args.pdf:
            args.pdf.write_bytes(pdf_of(found, args.language))
            print(args.pdf)
        if args.xlsx:
            args.xlsx.write_bytes(workbook_of(found, args.language))
            print(args.xlsx)
        if not (args.pdf or args.xlsx):
            _print(found, args.language)
    return 0


def _print(found: Bulletin, language: str) -> None:
    from dancu.bulletins import words
    from dancu.bulletins.sheets import sheets_of

    print(f"{words.title(found.edition)} · {words.unit_name(found.unit)}")
    for said in (
        words.headline(found),
        words.movement(found.unit.total),
        words.standing(found),
        words.late(found.edition),
    ):
        if said:
            print(said)
    for sheet in sheets_of(found, language)[1:]:
        print(f"\n{sheet.title}")
        print("  " + " | ".join(label for label, _number in sheet.columns))
        for row in sheet.rows:
            print("  " + " | ".join(str(value) for value in row))
