"""Examine the data by the rules of quality, try a rule, and show how units stand.

`dancu quality run` examines everybody and keeps the scores of the day; with `--changes` only those
about whom something was said since the last run. `dancu quality try RULE` counts whom a rule hits,
switched on or not, and opens nothing; with `--officer ID` a few of the cases are shown as that
officer may see them, with an access record for each. `dancu quality scores` shows the four
dimensions of the country or of `--unit CODE`, `dancu quality rules` every rule with its issues.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.quality.queries import Standing

NAME = "quality"
_FEW = 5
_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sub-commands and their options."""
    what = parser.add_subparsers(dest="what", metavar="run|try|scores|rules", required=True)
    run_ = what.add_parser("run", help="examine the data")
    run_.add_argument(
        "--changes", action="store_true", help="only what was said since the last run"
    )
    try_ = what.add_parser("try", help="count whom a rule hits")
    try_.add_argument("rule", help="its name")
    try_.add_argument("--officer", type=int, metavar="ID", help="show cases as this officer")
    scores = what.add_parser("scores", help="how a unit stands")
    scores.add_argument("--unit", metavar="CODE", help="a province or commune (the country)")
    scores.add_argument("--json", action="store_true", help="print JSON")
    what.add_parser("rules", help="every rule with its open issues")


def run(args: argparse.Namespace) -> int:
    """Do what the sub-command says."""
    return {"run": _run, "try": _try, "scores": _scores, "rules": _rules}[args.what](args)


def _run(args: argparse.Namespace) -> int:
    from dancu.kernel.clock import system_clock, today
    from dancu.operation.terminal import Terminal
    from dancu.quality import examining, scoring

    started = time.monotonic()
    if args.changes:
        found = examining.examine_changes(clock=system_clock)
        if found is None:
            print("Nothing was said since the last run.")
            return 0
    else:
        with Terminal().step("Examining everybody") as told:
            found = examining.examine_all(
                clock=system_clock, told=lambda done, of: told(done, of, "")
            )
    scoring.snapshot(day=today(system_clock.now()))
    seconds = time.monotonic() - started
    print(
        f"{found.examined:,} people examined in {seconds:.1f} s: "
        f"{found.opened:,} issues opened, {found.closed:,} closed"
    )
    return 0


def _try(args: argparse.Namespace) -> int:
    from dancu.kernel.clock import system_clock, today
    from dancu.places import queries as places
    from dancu.quality import trying

    day = today(system_clock.now())
    found = trying.attempt(args.rule, day=day)
    rule = found.rule
    state = "on" if rule.is_in_force(day) else "off"
    print(f"{rule.name} ({state}, {rule.dimension}, {rule.severity}): {rule.label_en}")
    print(f"  {rule.population or rule.view}: {rule.when}")
    print(f"  hits {found.hits:,} of {found.people:,}")
    shown = sorted(found.by_commune.items(), key=lambda one: -one[1])[:_SHOWN]
    for code, number in shown:
        name = places.unit_name(code, day) if code else "no commune known"
        print(f"  {number:>9,}  {name}")
    if args.officer is not None and found.hits:
        _show_cases(args.rule, args.officer)
    return 0


def _show_cases(rule: str, officer_id: int) -> None:
    from dancu.agencies import queries as agencies
    from dancu.disclosure.services import disclose
    from dancu.kernel.clock import system_clock, today
    from dancu.places import queries as places
    from dancu.quality import trying
    from dancu.quality.queries import PURPOSE

    at = system_clock.now()
    actor = agencies.actor_of(officer_id=officer_id, on=today(at), session="dancu quality")
    communes = sorted(places.units_under(actor.jurisdictions, today(at)))
    keys = trying.cases(rule, day=today(at), communes=communes, most=_FEW)
    if not keys:
        print(f"  none in the area of {actor.name}")
        return
    names = [attribute for attribute in (trying.rule_called(rule).attribute,) if attribute]
    for one in disclose(
        actor=actor, purpose=PURPOSE, case="", subjects=keys, attributes=names, at=at
    ):
        facts = ", ".join(f"{name}: {fact.value}" for name, fact in one.facts.items())
        print(f"  {one.header.name}  {one.header.pid}  {facts}")


def _scores(args: argparse.Namespace) -> int:
    from dancu.kernel.clock import system_clock, today
    from dancu.places import queries as places
    from dancu.quality import queries

    day = queries.last_day()
    if day is None:
        sys.stderr.write("dancu quality: nothing was examined yet; run `dancu quality run`\n")
        return 1
    communes = None
    if args.unit:
        communes = sorted(places.units_under([args.unit], today(system_clock.now())))
    points = queries.trend(communes, since=day)
    standings = points[-1].standings if points else ()
    if args.json:
        print(json.dumps([_plain(one) for one in standings]))
        return 0
    print(f"On {day:%d/%m/%Y}, {args.unit or 'the country'}:")
    _print(standings)
    return 0


def _print(standings: Sequence[Standing]) -> None:
    for one in standings:
        print(
            f"  {one.dimension:<9} {one.share:8.2%}  {one.affected:>9,} of {one.people:,} people, "
            f"{one.issues:,} issues"
        )


def _plain(one: Standing) -> dict[str, object]:
    return {
        "dimension": one.dimension,
        "people": one.people,
        "affected": one.affected,
        "issues": one.issues,
        "share": round(one.share, 6),
    }


def _rules(_args: argparse.Namespace) -> int:
    from dancu.quality import queries

    for one in queries.rule_counts():
        state = "on " if one.rule.is_on else "off"
        print(f"{one.issues:>10,}  {state} {one.rule.dimension:<9} {one.rule.name}")
    return 0
