"""``status``, ``retry`` and ``forget``: what waits, since when, and what to do about it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dancu_agent.agent import Agent
from dancu_agent.cli.asking import found_question
from dancu_agent.cli.screen import STATES, Screen, iso
from dancu_agent.courier import hurry
from dancu_agent.errors import FAILED, WAITING
from dancu_agent.questions import wrong
from dancu_agent.spool import State
from dancu_agent.texts import how_long, msg, when

_LISTED = 100


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add ``status``, ``retry`` and ``forget``."""
    status = commands.add_parser("status", parents=[common], help=msg("what waits, and since when"))
    status.add_argument("--list", action="store_true", help=msg("name the questions that wait"))
    status.add_argument("--json", action="store_true", help=msg("write it as JSON"))
    status.set_defaults(run=run_status)
    retry = commands.add_parser(
        "retry",
        parents=[common],
        help=msg("send now what waits"),
        description=msg(
            "Sends what waits, once through, without waiting for the next try. With "
            "numbers: those questions, also when they were refused or held."
        ),
    )
    retry.add_argument("id", nargs="*", metavar="ID")
    retry.set_defaults(run=run_retry)
    forget = commands.add_parser(
        "forget", parents=[common], help=msg("delete questions and answers")
    )
    forget.add_argument("id", nargs="*", metavar="ID")
    forget.add_argument("--file", default="", metavar="DELIVERY", help=msg("those of one file"))
    forget.add_argument("--also-waiting", action="store_true", help=msg("even without an answer"))
    forget.set_defaults(run=run_forget)


def run_status(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Tell what waits and since when, how the link is, and how far the clock is off."""
    with Agent(home, language=screen.language) as agent:
        agent.tidy()
        counts, link, now = agent.spool.counts(), agent.spool.link(), agent.now()
        listed = agent.spool.open_questions(_LISTED) if args.list or args.json else []
        if args.json:
            screen.json(
                {
                    "waiting": counts.waiting,
                    "oldest_since": iso(counts.oldest) if counts.oldest else None,
                    "by_state": {str(state): n for state, n in counts.by_state.items()},
                    "link": screen.link(link, now),
                    "clock_behind_seconds": round(agent.skew.seconds),
                    "questions": [screen.question(each) for each in listed],
                }
            )
            return 0
        screen.show_counts(counts, now)
        screen.show_link(link, now)
        if agent.skew.seconds:
            screen.say(
                msg("Clock: this machine is %(long)s %(way)s; the agent allows for it, set it"),
                long=how_long(abs(agent.skew.seconds), screen.translate),
                way=screen.text(msg("behind") if agent.skew.seconds > 0 else msg("ahead")),
            )
        for each in listed:
            screen.say(
                "%(id)s  %(since)s  %(state)s  %(problem)s",
                id=each.id,
                since=when(each.asked_at),
                state=screen.text(STATES[each.state]),
                problem=each.problem.text(screen.translate) if each.problem else "",
            )
        if len(listed) < counts.waiting and args.list:
            screen.say(msg("… and %(n)d more"), n=counts.waiting - len(listed))
    return 0


def run_retry(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Send what waits, once through."""
    with Agent(home, language=screen.language) as agent:
        agent.tidy()
        for name in args.id:
            found_question(agent, name)
        count = agent.spool.retry(args.id)
        hurry(agent.spool, also_when_asked=True)
        names = list(args.id)

        def done() -> bool:
            if agent.spool.link().since is not None and agent.spool.link().until > agent.now():
                return True
            due = agent.spool.next_due(names)
            busy = agent.spool.counts().by_state.get(State.SENDING, 0)
            return (due is None or due > agent.now()) and not busy

        agent.deliver(done, only=names, connections=1 if names else agent.settings.connections)
        screen.tell(msg("Sent: %(n)d"), n=count)
        counts = agent.spool.counts()
        screen.show_counts(counts, agent.now())
        screen.show_link(agent.spool.link(), agent.now())
        if names:
            states = {found_question(agent, name).state for name in names}
            waits, refused = bool(states - {State.ANSWERED, State.REFUSED}), State.REFUSED in states
            return WAITING if waits else FAILED if refused else 0
        return WAITING if counts.waiting else 0


def run_forget(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Delete questions with what was answered."""
    if not args.id and not args.file:
        raise wrong("ID", msg("It is not said what to forget."), msg("name numbers, or --file"))
    with Agent(home, language=screen.language) as agent:
        count = agent.spool.forget(args.id, file=args.file, also_open=args.also_waiting)
        screen.say(msg("Deleted: %(n)d"), n=count)
        left = sum(1 for name in args.id if agent.spool.get(name) is not None)
        if args.file:
            left = agent.spool.counts(args.file).waiting
        if left:
            screen.tell(
                msg("%(n)d have no answer yet and are kept; delete them too with --also-waiting"),
                n=left,
            )
            return FAILED
    return 0
