"""The synthetic city of the first start: built once, and gone on with when that was cut short."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from dancu.kernel.clock import system_clock
from dancu.operation import process
from dancu.operation.config import Config
from dancu.operation.errors import OperationError
from dancu.operation.terminal import Terminal

MARK = "city"
COMMAND = "dancu.cli.synthesise"


def empty_unfinished(terminal: Terminal) -> None:
    """Empty a database whose city was never finished, so that it is built from the beginning.

    The mark was set when the register was empty, and nothing was served since: nothing is lost.
    """
    from dancu.operation import database, marks
    from dancu.operation.models import SetupMark

    if marks.exist() and marks.state_of(MARK) == SetupMark.State.DONE:
        raise OperationError(
            "The city was finished, so the register may hold what people entered.",
            "to lose it on purpose, stop dancu and remove the database by hand",
        )
    if marks.exist() and marks.state_of(MARK) == SetupMark.State.BEGUN:
        terminal.say("Emptying the database to build the city from the beginning.")
        database.wipe()


def build(config: Config, terminal: Terminal) -> None:
    """Build the city when the register is empty; go on with one that was cut short."""
    from dancu.operation import marks
    from dancu.operation.models import SetupMark

    state = marks.state_of(MARK)
    if state == SetupMark.State.DONE or find_spec(COMMAND) is None:
        return
    if state is None:
        if not config.city.people or not _register_is_empty():
            return
        detail = {"people": config.city.people, "seed": config.city.seed}
        marks.begin(name=MARK, detail=detail, at=system_clock.now())
        terminal.say(f"Building a synthetic city of {config.city.people:,} people (once)")
    else:
        # The same people and seed as then: a batch that was taken in is known by its identity.
        detail = marks.detail_of(MARK)
        terminal.say("The last start was cut short while it built the city; going on with it.")
    _synthesise(people=int(detail["people"]), seed=int(detail["seed"]))
    marks.finish(name=MARK, at=system_clock.now())


def _register_is_empty() -> bool:
    is_empty = _hook("dancu.population.queries", "is_empty")
    return bool(is_empty()) if is_empty else True


def _synthesise(*, people: int, seed: int) -> None:
    """Run ``dancu synthesise`` as a child, so that its memory is given back."""
    command = [sys.executable, "-m", "dancu.cli.main", "synthesise"]
    options = ["--people", str(people), "--seed", str(seed)]
    child = process.start([*command, *options], environment=dict(os.environ))
    try:
        code = child.wait()
    except BaseException:
        _end(child)
        raise
    if code != 0:
        raise OperationError(
            f"The synthetic city could not be built (exit code {code}).",
            "see the message above; the next start goes on with it, "
            "and `dancu up --begin-anew` builds it from the beginning",
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    process.stop(child, seconds=10)


def sign_in_lines() -> list[str]:
    """The demo accounts, one line each; none when there are none."""
    from django.utils import translation

    sign_ins = _hook("dancu.identity.demo", "sign_ins")
    with translation.override("en"):
        found = list(sign_ins()) if sign_ins else []
    if not found:
        return []
    rows = [(item.role, item.username, item.password) for item in found]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["", "Demo sign-ins (role, user name, password):"]
    lines += ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return [*lines, ""]


def _hook(module: str, name: str) -> Any:
    """A function that another room offers, or None while it does not."""
    return getattr(import_module(module), name, None) if find_spec(module) else None
