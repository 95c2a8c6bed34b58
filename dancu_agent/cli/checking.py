"""``doctor``: where the link breaks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dancu_agent.cli.screen import Screen
from dancu_agent.doctor import Grade, examine
from dancu_agent.errors import FAILED
from dancu_agent.settings import read_settings
from dancu_agent.texts import msg

_SIGNS = {
    Grade.GOOD: msg("good"),
    Grade.DOUBTFUL: msg("doubtful"),
    Grade.BROKEN: msg("BROKEN"),
    Grade.UNKNOWN: msg("not tried"),
}


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add ``doctor``."""
    doctor = commands.add_parser(
        "doctor",
        parents=[common],
        help=msg("show where the link breaks"),
        description=msg(
            "Tries every step from this machine to the contract, and says what to do. "
            "Ends with 1 when a step is broken. It asks about nobody."
        ),
    )
    doctor.add_argument("--json", action="store_true", help=msg("write it as JSON"))
    doctor.set_defaults(run=run_doctor)


def run_doctor(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Try every step and show its verdict."""
    verdicts = []
    settings = read_settings(home)
    if not args.json:
        screen.say(msg("From this machine to %(server)s:"), server=settings.server)
    for verdict in examine(home, settings, screen.language):
        verdicts.append(verdict)
        if args.json:
            continue
        screen.say(
            "%(step)-12s %(sign)-10s %(text)s",
            step=screen.text(verdict.step),
            sign=screen.text(_SIGNS[verdict.grade]),
            text=verdict.problem.told(screen.translate)["what"],
        )
        told = verdict.problem.told(screen.translate)
        for name in ("why", "remedy"):
            if told[name] and verdict.grade is not Grade.GOOD:
                screen.say("%(gap)s→ %(text)s", gap=" " * 24, text=told[name])
    if args.json:
        screen.json(
            [
                {
                    "step": screen.text(each.step),
                    "verdict": str(each.grade),
                    **each.problem.told(screen.translate),
                }
                for each in verdicts
            ]
        )
    return FAILED if any(each.grade is Grade.BROKEN for each in verdicts) else 0
