"""Fold people again from all their statements: golden records, conflicts and index cards.

For people whom `dancu doctor` names by their key, for the holders of numbers, or for all whose
records differ from what was said about them. What the sources said is not touched, and to repeat
the command does no harm. Give `-` to read numbers from standard input, one a line, so that they
stay out of the shell's history.
"""

from __future__ import annotations

import argparse
import sys

NAME = "recompute"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("pid", nargs="*", help="personal number of a person, or - for a list")
    parser.add_argument(
        "--key", type=int, action="append", default=[], help="key of a person (may be repeated)"
    )
    parser.add_argument(
        "--all-disagreeing", action="store_true", help="everybody whose records differ"
    )
    parser.add_argument("--look", action="store_true", help="only say whose records differ")


def run(args: argparse.Namespace) -> int:
    """Fold them; 1 when somebody is unknown or still differs."""
    from dancu.access.types import system_actor
    from dancu.kernel.clock import system_clock
    from dancu.operation.terminal import Terminal
    from dancu.population import repair

    terminal = Terminal()
    whole = args.all_disagreeing or args.look
    if whole == bool(args.pid or args.key):
        sys.stderr.write("dancu recompute: name people, or give --all-disagreeing or --look\n")
        return 2
    if whole:
        with terminal.step("Looking at everybody") as report:
            people = repair.disagreeing(progress=report)
        print(f"{len(people):,} people differ" + _shown(people))
        if args.look or not people:
            return int(bool(people))
    else:
        people = _named(args)
    with terminal.step("Folding people again") as report:
        left = repair.refold(
            person_ids=people,
            actor=system_actor(name="dancu recompute"),
            at=system_clock.now(),
            progress=report,
        )
    print(f"{len(set(people)):,} people folded again; {left:,} still differ")
    return int(left > 0)


def _named(args: argparse.Namespace) -> list[int]:
    from dancu.operation.errors import OperationError
    from dancu.population import repair

    keys = repair.keys_of_pids(_numbers(args.pid))
    unknown = [f"number {place} of those given" for place, key in enumerate(keys, 1) if key is None]
    unknown += [f"key {key}" for key in repair.unknown_keys(args.key)]
    if unknown:
        raise OperationError(
            f"Not in the register: {', '.join(unknown)}.", "check them; nothing was changed"
        )
    return [*args.key, *(key for key in keys if key is not None)]


def _numbers(given: list[str]) -> list[str]:
    found: list[str] = []
    for item in given:
        found += sys.stdin.read().split() if item == "-" else [item]
    return found


def _shown(people: list[int]) -> str:
    few = ", ".join(map(str, people[:10]))
    return f" (keys {few}{', …' if len(people) > 10 else ''})" if people else ""  # noqa: PLR2004
