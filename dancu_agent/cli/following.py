"""``feed``: what changed about people whom the agency follows, handed on as it comes."""

from __future__ import annotations

import argparse
import shlex
import threading
from pathlib import Path
from typing import Any

from dancu_agent.agent import Agent
from dancu_agent.cli.screen import Screen
from dancu_agent.errors import WAITING
from dancu_agent.feed import Follower, Hand, Step, ToFile, ToProgram, to_address
from dancu_agent.owners import Alone, OnlyOne
from dancu_agent.settings import wrong
from dancu_agent.texts import msg

CHANGES = ("death", "name_change", "move", "pid_cancelled", "card_issued")
_EVERY, _LEAST, _LONGEST = 30.0, 1.0, 600.0


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add ``feed``."""
    feed = commands.add_parser(
        "feed",
        parents=[common],
        help=msg("hand on what changed about people whom you follow"),
        description=msg(
            "Reads the feed and hands on each event, in order: as a line of a file, to a "
            "program's standard input, or to an address on this machine. Where it has got to is "
            "kept when the event is safe there; after a crash one may come twice, under the same "
            "id, and none is left out."
        ),
    )
    to = feed.add_mutually_exclusive_group(required=True)
    to.add_argument(
        "--file", type=Path, metavar="FILE", help=msg("append each event as a line of JSON")
    )
    to.add_argument(
        "--program",
        metavar="COMMAND",
        help=msg("run it for each event; exit code 0 says that it is taken"),
    )
    to.add_argument(
        "--to",
        metavar="http://127.0.0.1:PORT/PATH",
        help=msg("post each event there; 2xx says that it is taken"),
    )
    feed.add_argument(
        "--changes",
        action="append",
        choices=CHANGES,
        default=[],
        help=msg("only this kind of change; may be given several times"),
    )
    feed.add_argument(
        "--every",
        type=float,
        default=_EVERY,
        metavar="SECONDS",
        help=msg("how often to look (30)"),
    )
    feed.add_argument(
        "--once", action="store_true", help=msg("end when there is nothing new at the moment")
    )
    feed.add_argument(
        "--from-start",
        action="store_true",
        help=msg("begin with everything that the exchange keeps"),
    )
    feed.set_defaults(run=run_feed)


def run_feed(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Follow the feed until told to stop."""
    from dancu_agent.cli.main import stop_on_signal

    if not _LEAST <= args.every <= _LONGEST:
        raise wrong(
            "--every",
            msg("The number must lie between %(least)d and %(most)d."),
            msg("correct it"),
            least=_LEAST,
            most=_LONGEST,
        )
    hand = _hand(args)
    with Agent(home, language=screen.language) as agent, _alone(home):
        agent.keyring.current()  # A key that cannot be used is told before anything is read.
        exchange = agent.exchange()
        follower = Follower(agent.spool, exchange, agent.clock, hand, args.changes)
        if args.from_start:
            follower.forget()
        stop_on_signal()
        try:
            return follow(agent, follower, screen, every=args.every, once=args.once)
        finally:
            exchange.close()


def follow(agent: Agent, follower: Follower, screen: Screen, *, every: float, once: bool) -> int:
    """Look again and again; with ``once`` until there is nothing new."""
    stop, failures, handed = threading.Event(), 0, 0
    while True:
        step = follower.step()
        handed += step.handed
        failures = _failures(step, failures, screen)
        if step.has_more:
            continue
        if once:
            screen.tell(msg("Handed over: %(n)d"), n=handed)
            return WAITING if step.problem else 0
        agent.remember()
        agent.clock.wait(stop, _wait(step, failures, every))


def _failures(step: Step, before: int, screen: Screen) -> int:
    """Count failures in a row, and tell of the first one."""
    if step.problem is None:
        return 0
    if before == 0 or step.handed:
        screen.tell("%(text)s", text=step.problem.text(screen.translate))
    return 1 if step.handed else before + 1


def _wait(step: Step, failures: int, every: float) -> float:
    if not failures:
        return every
    waited = every * float(2 ** min(failures - 1, 20))
    return max(min(waited, _LONGEST), step.wait or 0.0)


def _hand(args: argparse.Namespace) -> Hand:
    if args.file is not None:
        return ToFile(args.file)
    if args.to is not None:
        return to_address(args.to)
    try:
        command = shlex.split(args.program)
    except ValueError:
        command = []
    if not command:
        raise wrong(
            "--program",
            msg("This is no command."),
            msg("write the program and its arguments in one pair of quotes"),
        )
    return ToProgram(command)


def _alone(home: Path) -> Alone:
    try:
        return Alone(home, "feed")
    except OnlyOne:
        raise wrong(
            "feed",
            msg("Another process of this agent follows the feed already."),
            msg("stop that one first, or give this one a folder of its own with --home"),
        ) from None
