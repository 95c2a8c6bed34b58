"""Show how far checks and rounds from door to door have come, and bring their lists up to date.

`dancu rounds list` shows every check with its days and the part of the houses visited; `--json`
prints JSON. `dancu rounds refresh` makes the lists that are missing and compares the others with
the register, as happens each night; `--check NUMBER` does so for one check.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

NAME = "rounds"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands and their options."""
    what = parser.add_subparsers(dest="what", metavar="list|refresh", required=True)
    list_ = what.add_parser("list", help="every check and how far it has come")
    list_.add_argument("--json", action="store_true", help="print JSON")
    refresh = what.add_parser("refresh", help="bring the lists up to date with the register")
    refresh.add_argument("--check", type=int, metavar="NUMBER", help="of one check (all)")


def run(args: argparse.Namespace) -> int:
    """Do what the sub-command says."""
    return {"list": _list, "refresh": _refresh}[args.what](args)


def _list(args: argparse.Namespace) -> int:
    from dancu.rounds import queries
    from dancu.rounds.queries import Place

    rows = []
    for one in queries.campaigns(None):
        place = Place(one.id, queries.communes_of(one.id))
        whole = queries.total(queries.coverage(place, "commune"))
        rows.append(
            {
                "number": one.id,
                "kind": one.kind.name,
                "unit": one.unit,
                "begins_on": one.begins_on.isoformat(),
                "ends_on": one.ends_on.isoformat(),
                "is_closed": one.closed_at is not None,
                "stops": whole.all,
                "visited": whole.visited,
                "people": whole.people,
                "settled": whole.settled,
            }
        )
    if args.json:
        print(json.dumps(rows))
        return 0
    for row in rows:
        state = "closed" if row["is_closed"] else "open"
        print(
            f"{row['number']:>6}  {row['kind']:<20} {row['unit']:<6} {row['begins_on']} to "
            f"{row['ends_on']}  {state:<6}  {row['visited']:,} of {row['stops']:,} houses, "
            f"{row['settled']:,} of {row['people']:,} people"
        )
    if not rows:
        print("No check was ever opened.")
    return 0


def _refresh(args: argparse.Namespace) -> int:
    from dancu.kernel.clock import system_clock, today
    from dancu.rounds import queries, services

    if args.check is not None and not queries.open_areas(today(system_clock.now()), args.check):
        sys.stderr.write(f"dancu rounds: no check {args.check} is open; see `dancu rounds list`\n")
        return 1
    started = time.monotonic()
    found = services.draw_lists(at=system_clock.now(), campaign_id=args.check)
    print(
        f"{found.people:,} people on the lists: {found.joined:,} joined, {found.left:,} left, "
        f"{found.changed_door:,} at another door ({time.monotonic() - started:.1f} s)"
    )
    return 0
