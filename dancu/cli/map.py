"""Change the map of units by a decision file: check it, see who goes where, apply it, undo it.

`dancu map check FILE` names each error with its line, the reason and what to do. `preview` counts
homes and people by old and new unit, and what is unclear; it changes nothing. `apply` enters the
decision; from its day on everybody is taken along, before it the worker does so on the day. A run
that was cut short is mended by the same command again. `undo` takes a decision back until its day.
`list` shows what has been applied.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.places.decisions import Decision, Flaw
    from dancu.population.services.restructuring import Preview

NAME = "map"
_ACTIONS = ("check", "preview", "apply", "undo", "list")
_SHOWN = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("action", choices=_ACTIONS, help="what to do")
    parser.add_argument("file", nargs="?", type=Path, help="the decision file (not for list)")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 when the file is refused."""
    from dancu.places.errors import DecisionRefused

    if args.action == "list":
        return _list()
    if args.file is None:
        sys.stderr.write(f"dancu map {args.action}: name the decision file\n")
        return 2
    try:
        return _ACTS[args.action](_decision(args.file))
    except DecisionRefused as error:
        _print_flaws(args.file, error.flaws)
        return 1


def _decision(path: Path) -> Decision:
    from dancu.operation.errors import OperationError
    from dancu.places.decisions import read

    try:
        return read(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OperationError(f"{path} cannot be read: {error.strerror}", "check the path") from None
    except UnicodeDecodeError:
        raise OperationError(f"{path} is not UTF-8 text", "save it as UTF-8") from None


def _check(decision: Decision) -> int:
    from dancu.places import queries
    from dancu.places.decisions import flaws_of
    from dancu.places.errors import DecisionRefused

    if flaws := flaws_of(decision, queries.tree()):
        raise DecisionRefused(flaws)
    print(
        f"{decision.number}: {len(decision.changes):,} units change on {decision.effective_on}; "
        "the file is in order."
    )
    return 0


def _preview(decision: Decision) -> int:
    from dancu.access.types import system_actor
    from dancu.kernel.clock import system_clock
    from dancu.population.services.restructuring import preview_map_change

    found = preview_map_change(
        decision=decision, actor=system_actor(name="dancu map"), at=system_clock.now()
    )
    _print_ways(found)
    return 0


def _apply(decision: Decision) -> int:
    from dancu.access.types import system_actor
    from dancu.kernel.clock import system_clock
    from dancu.population.services.restructuring import apply_map_change

    done = apply_map_change(
        decision=decision, actor=system_actor(name="dancu map"), at=system_clock.now()
    )
    if not done.is_in_force:
        print(f"{done.number} is entered. Everybody is taken along on {done.effective_on}.")
        return 0
    print(
        f"{done.number} is in force since {done.effective_on}: {done.addresses:,} addresses and "
        f"{done.people:,} people went to other units."
    )
    return 0


def _undo(decision: Decision) -> int:
    from dancu.access.types import system_actor
    from dancu.kernel.clock import system_clock
    from dancu.population.services.restructuring import undo_map_change

    undo_map_change(
        number=decision.number, actor=system_actor(name="dancu map"), at=system_clock.now()
    )
    print(f"{decision.number} is undone; the map is as it was.")
    return 0


def _list() -> int:
    from dancu.places.restructuring import decisions

    rows = decisions()
    for row in rows:
        print(f"{row.effective_on}  {row.state:9}  {row.number}  {row.title}")
    if not rows:
        print("No decision has been applied.")
    return 0


def _print_ways(found: Preview) -> None:
    for way in found.ways[:_SHOWN]:
        to = f"{way.to_code} {way.to_name}" if way.to_code else "unclear: a list for the ward"
        print(
            f"{way.before.code} {way.before.full_name} → {to}: "
            f"{way.people:,} people in {way.homes:,} homes"
        )
    if len(found.ways) > _SHOWN:
        print(f"… and {len(found.ways) - _SHOWN:,} more lines")
    unclear = sum(way.people for way in found.unclear)
    print(f"{found.people:,} people live in units that change; {unclear:,} of them are unclear.")


def _print_flaws(path: Path, flaws: tuple[Flaw, ...]) -> None:
    from dancu.kernel.errors import fill

    for flaw in flaws[:_SHOWN]:
        what, remedy = fill(flaw.message, flaw.params), fill(flaw.remedy, flaw.params)
        print(f"{path}:{flaw.line}: {what}\n  → {remedy}")
    print(f"{len(flaws):,} errors; nothing was changed.")


_ACTS = {"check": _check, "preview": _preview, "apply": _apply, "undo": _undo}
