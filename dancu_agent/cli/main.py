"""The command ``dancu-agent``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dancu_agent import VERSION
from dancu_agent.cli import asking, checking, following, serving, setting_up, waiting
from dancu_agent.cli.screen import Screen
from dancu_agent.errors import AgentError, Problem
from dancu_agent.settings import home_of
from dancu_agent.texts import LANGUAGES, Translate, language_of, msg

PROGRAM = "dancu-agent"
INTERRUPTED = 130
OF_ARGPARSE = (
    msg("options"),
    msg("positional arguments"),
    msg("show this help message and exit"),
    msg("show program's version number and exit"),
)
"""What the standard library puts into every help."""
BROKEN_PIPE = 128 + 13
Run = Callable[[argparse.Namespace, Path, Screen], int]


def build_parser() -> argparse.ArgumentParser:
    """The parser for all commands."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--home", default=argparse.SUPPRESS, help=msg("the agent's folder"))
    common.add_argument(
        "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=msg("the language to speak")
    )
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        parents=[common],
        description=msg(
            "Asks the exchange of the population register; loses and doubles no question."
        ),
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for room in (setting_up, asking, waiting, following, serving, checking):
        room.add_commands(commands, common)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    screen = Screen(language_of(_language_in(arguments)))
    parser = build_parser()
    translate_help(parser, screen.translate)
    args = parser.parse_args(arguments)
    home = home_of(getattr(args, "home", None))
    run: Run = args.run
    try:
        return run(args, home, screen)
    except AgentError as error:
        sys.stdout.flush()
        screen.tell(
            "%(program)s: %(text)s", program=PROGRAM, text=error.problem.text(screen.translate)
        )
        return error.exit_code
    except KeyboardInterrupt:
        screen.tell(msg("Stopped. What was asked is kept, and is sent with the next command."))
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - an officer is helped by words, not by a trace
        unexpected = Problem(
            "unexpected",
            msg("Something unexpected went wrong (%(kind)s)."),
            msg("What was asked before is kept on disk."),
            msg("try again; if it lasts, tell those who look after the agent"),
            params={"kind": _place(error)},
        )
        screen.tell(
            "%(program)s: %(text)s", program=PROGRAM, text=unexpected.text(screen.translate)
        )
        return 1


def _language_in(arguments: Sequence[str]) -> str | None:
    """The language that a command line names; help is written before it is read as a whole."""
    for place, each in enumerate(arguments):
        if each.startswith("--lang="):
            return each.partition("=")[2]
        if each == "--lang":
            return arguments[place + 1] if place + 1 < len(arguments) else None
    return None


def translate_help(parser: argparse.ArgumentParser, translate: Translate) -> None:
    """Put the help of a parser and its commands into the reader's language."""
    parser.description = translate(parser.description or "") or None
    for group in parser._action_groups:  # noqa: SLF001 - argparse has no other way in
        group.title = translate(group.title or "")
    for action in parser._actions:  # noqa: SLF001
        action.help = translate(action.help) if action.help else action.help
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for listed in action._choices_actions:  # noqa: SLF001
                listed.help = translate(listed.help or "")
            for below in action.choices.values():
                translate_help(below, translate)


def _place(error: Exception) -> str:
    """The kind of an error and where it was raised: enough to find it, and nothing personal."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(error).__name__}, {file}:{trace.tb_lineno}"


def stop_on_signal() -> None:
    """Let a polite request to end do the same as Ctrl-C."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


if __name__ == "__main__":
    sys.exit(main())
