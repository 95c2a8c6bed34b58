"""The synthetic city of the first start: built once, and built anew when that was cut short."""

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


def mend(terminal: Terminal) -> None:
    """Empty a database whose first start was cut short while the city was being built.

    The mark was set when the register was empty, and nothing was served since: nothing is lost.
    """
    from dancu.operation import database, marks
    from dancu.operation.models import SetupMark

    if not marks.exist():
        return
    if marks.state_of(MARK) == SetupMark.State.BEGUN:
        terminal.say("The last start was cut short while it built the city; beginning anew.")
        database.wipe()


def build(config: Config, terminal: Terminal) -> None:
    """Build the city when it has not been built and the register is empty."""
    from dancu.operation import marks

    if not config.city.people or marks.state_of(MARK) is not None or find_spec(COMMAND) is None:
        return
    if not _register_is_empty():
        return
    detail = {"people": config.city.people, "seed": config.city.seed}
    marks.begin(name=MARK, detail=detail, at=system_clock.now())
    terminal.say(f"Building a synthetic city of {config.city.people:,} people (once)")
    _synthesise(config)
    marks.finish(name=MARK, at=system_clock.now())


def _register_is_empty() -> bool:
    is_empty = _hook("dancu.population.queries", "is_empty")
    return bool(is_empty()) if is_empty else True


def _synthesise(config: Config) -> None:
    """Run ``dancu synthesise`` as a child, so that its memory is given back."""
    command = [sys.executable, "-m", "dancu.cli.main", "synthesise"]
    options = ["--people", str(config.city.people), "--seed", str(config.city.seed)]
    child = process.start([*command, *options], environment=dict(os.environ))
    try:
        code = child.wait()
    except BaseException:
        _end(child)
        raise
    if code != 0:
        raise OperationError(
            f"The synthetic city could not be built (exit code {code}).",
            "see the message above; the next start begins anew. "
            "DANCU_CITY_PEOPLE=0 starts with an empty register",
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    process.stop(child, seconds=10)


def sign_in_lines() -> list[str]:
    """The demo accounts, one line each; none when there are none."""
    sign_ins = _hook("dancu.identity.demo", "sign_ins")
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
