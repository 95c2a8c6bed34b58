"""Find records of the register that may be of one person, and list what waits.

`find` compares the whole register with itself; it needs the extra “analytics” and shows nobody:
what it finds are keys and weights, to be looked at in the console by officers of the area. Run
again it keeps what was decided; a pair that was dismissed comes back only when one of its records
has changed. `--backend spark` compares on Spark (extra “spark”), started on this machine or, with
`--master`, where it runs. `list` names the heaviest pairs by the keys of their records.
"""

from __future__ import annotations

import argparse
import sys

NAME = "duplicates"
BACKENDS = ("duckdb", "spark")
STATES = ("suspected", "proposed", "merged", "parting", "dismissed", "undone", "cleared")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be done, and its options."""
    what = parser.add_subparsers(dest="what", metavar="find|list", required=True)
    finding = what.add_parser("find", help="search the whole register")
    finding.add_argument(
        "--backend", choices=BACKENDS, default="duckdb", help="what compares (duckdb)"
    )
    finding.add_argument(
        "--master", default="", metavar="URL", help="Spark's master (this machine)"
    )
    listing = what.add_parser("list", help="name the pairs in a state, the heaviest first")
    listing.add_argument("--state", choices=STATES, default="suspected")
    listing.add_argument("--most", type=int, default=50, help="at most so many (50)")


def run(args: argparse.Namespace) -> int:
    """Find, or list."""
    return _find(args) if args.what == "find" else _list(args)


def _find(args: argparse.Namespace) -> int:
    from dancu.duplicates import searching
    from dancu.kernel.clock import system_clock
    from dancu.kernel.errors import DancuError
    from dancu.operation.terminal import Terminal

    try:
        with Terminal().step("Comparing the register with itself") as report:
            noted = searching.find(
                at=system_clock.now(), progress=report, backend=args.backend, master=args.master
            )
    except DancuError as error:
        sys.stderr.write(
            f"dancu duplicates: {error.text()} {error.remedy_text()}\n".rstrip() + "\n"
        )
        return 1
    print(
        f"{noted.people:,} people compared; {noted.found:,} pairs: {noted.new:,} new,"
        f" {noted.again:,} suspected again, {noted.cleared:,} no longer alike"
    )
    return 0


def _list(args: argparse.Namespace) -> int:
    from dancu.duplicates import queries

    rows = queries.listed(states=[args.state], most=max(args.most, 0))
    for one in rows:
        print(f"{one.id}\t{one.left_id}\t{one.right_id}\t{one.weight:.1f} bits\t{one.state}")
    if not rows:
        print(f"no pair is {args.state}")
    return 0
