"""``ask``, ``send`` and ``results``: questions go in, answers come out."""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from dancu_agent import files
from dancu_agent.agent import Agent
from dancu_agent.cli.screen import Screen
from dancu_agent.courier import hurry
from dancu_agent.errors import FAILED, WAITING, AgentError, Problem
from dancu_agent.questions import question_of, wrong
from dancu_agent.settings import TOKEN_FILE
from dancu_agent.spool import Question, State
from dancu_agent.spool.types import CLOSED, OPEN, Counts
from dancu_agent.texts import msg, when

WAIT_SECONDS = 30.0
_AT_ONCE = 500
_LARGEST_QUESTION = 1_000_000
_NOT_FOUND = 404


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add ``ask``, ``send`` and ``results``."""
    ask = commands.add_parser(
        "ask",
        parents=[common],
        help=msg("ask one question"),
        description=msg(
            "Asks one question: a JSON object in FILE or, with -, on standard input; "
            "without FILE it is asked for on the screen. Facts about people are no arguments, "
            "since other users of the machine can read those. Ends with 0 when answered, 1 when "
            "refused, 75 when it waits."
        ),
        epilog='{"purpose": "…", "claims": {"pid": "…", "full_name": "…", "birth_date": "…"}, '
        '"questions": [{"question": "is_at_least", "years": 18}], "case": "…", "reference": "…"} '
        'or {"purpose": "…", "subject": {"pid": "…"}, "attributes": ["…"], "case": "…"}',
    )
    ask.add_argument("file", nargs="?", metavar="FILE")
    ask.add_argument(
        "--later", action="store_true", help=msg("keep it and do not wait for the answer")
    )
    ask.add_argument(
        "--wait",
        type=float,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help=msg("how long to wait for an answer (30)"),
    )
    ask.add_argument("--json", action="store_true", help=msg("write it as JSON"))
    ask.set_defaults(run=run_ask)
    send = commands.add_parser(
        "send",
        parents=[common],
        help=msg("ask every line of a file"),
        description=msg(
            "Asks every line of a CSV or JSON-lines file. Begun again, it goes on where it "
            "stopped; a line is asked once."
        ),
    )
    send.add_argument("file", metavar="FILE", type=Path)
    send.add_argument("--purpose", default="")
    send.add_argument("--case", default="")
    send.add_argument("--user", default="", help=msg("sign-in name of the officer who asks"))
    send.add_argument(
        "--question", action="append", default=[], metavar="is_alive|is_at_least:18|lives_in:26740"
    )
    send.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=ATTRIBUTE",
        help=msg("- leaves it out"),
    )
    send.add_argument("--later", action="store_true", help=msg("keep them and do not wait"))
    send.add_argument(
        "--out", type=Path, metavar="CSV", help=msg("write the results there at the end")
    )
    send.set_defaults(run=run_send)
    results = commands.add_parser(
        "results",
        parents=[common],
        help=msg("show answers"),
        description=msg("Shows answers, in order."),
    )
    results.add_argument("id", nargs="*", metavar="ID")
    results.add_argument(
        "--file", default="", metavar="DELIVERY", help=msg("of one file, or `last`")
    )
    results.add_argument("--format", choices=["json", "csv"], default="json")
    results.add_argument("--out", type=Path)
    results.set_defaults(run=run_results)


def run_ask(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Keep one question, then wait for its answer."""
    with Agent(home, language=screen.language) as agent:
        agent.tidy()
        found = _typed(screen) if args.file is None and sys.stdin.isatty() else _given(args.file)
        asked = question_of(found, purpose=agent.settings.purpose)
        name = agent.spool.add([asked], agent.now())[0]
        if not args.later:
            wait_for(agent, name, args.wait)
        question = found_question(agent, name)
        if args.json:
            screen.json(screen.question(question))
        elif question.state is State.ANSWERED:
            screen.show_answer(question)
        elif question.state is State.REFUSED:
            screen.say(msg("Refused."))
        if args.later:
            if not args.json:
                screen.say("%(id)s", id=name)
            return 0
        return _tell_state(agent, question, screen)


def wait_for(agent: Agent, name: str, seconds: float) -> None:
    """Send a question and wait until it is closed, or so long."""
    deadline = agent.clock.monotonic() + seconds

    def done() -> bool:
        found = agent.spool.get(name)
        late = agent.clock.monotonic() >= deadline
        return late or found is None or found.state in (*CLOSED, State.HELD)

    hurry(agent.spool, also_when_asked=False)
    agent.deliver(done, only=[name])


def found_question(agent: Agent, name: str) -> Question:
    """A question, or the error that there is none."""
    question = agent.spool.get(name)
    if question is None:
        raise AgentError(
            Problem(
                "not-found",
                msg("There is no question %(id)s here."),
                msg("Answered questions are deleted after %(days)d days."),
                msg("compare the number with `dancu-agent status --list`"),
                field="id",
                params={"id": name, "days": agent.settings.keep_days},
            ),
            http_status=_NOT_FOUND,
        )
    return question


def _tell_state(agent: Agent, question: Question, screen: Screen) -> int:
    if question.state is State.ANSWERED:
        return 0
    if question.state is State.REFUSED:
        if question.problem:
            screen.tell("%(text)s", text=question.problem.text(screen.translate))
        return FAILED
    screen.tell(
        msg("No answer yet: question %(id)s waits since %(since)s and is not lost."),
        id=question.id,
        since=when(question.asked_at),
    )
    if problem := agent.spool.link().problem or question.problem:
        screen.tell("%(text)s", text=problem.text(screen.translate))
    screen.tell(msg("It is sent by `dancu-agent retry`, or by itself while the service runs."))
    return WAITING


def _given(file: str | None) -> Any:
    try:
        if file in {None, "-"}:
            text = sys.stdin.read(_LARGEST_QUESTION)
        else:
            with Path(str(file)).open(encoding="utf-8-sig") as opened:
                text = opened.read(_LARGEST_QUESTION)
        return json.loads(text)
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError as error:
        # The message of the parser tells the place, not the content.
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "not UTF-8"
    raise wrong(
        "FILE",
        msg("The question cannot be read: %(reason)s."),
        msg("give one JSON object in UTF-8, see `dancu-agent ask --help`"),
        reason=reason,
    )


def _typed(screen: Screen) -> dict[str, Any]:
    """Ask for the facts on the screen; empty ones are left out."""
    claims = {}
    for name, label in (
        ("pid", msg("Personal identification number")),
        ("full_name", msg("Full name")),
        ("birth_date", msg("Date of birth")),
    ):
        sys.stderr.write(f"{screen.text(label)}: ")
        sys.stderr.flush()
        if value := sys.stdin.readline().strip():
            claims[name] = value
    return {"claims": claims}


def run_send(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Keep every line of a file, then send until all are answered."""
    with Agent(home, language=screen.language) as agent:
        agent.tidy()
        name, count = keep_file(agent, args)
        screen.tell(msg("Delivery %(name)s: %(n)d questions are on disk."), name=name, n=count)
        if not args.later:
            hurry(agent.spool, also_when_asked=False)
            send_all(agent, name, screen)
            if args.out:
                write_results(agent.spool.results(file=name), "csv", args.out, screen)
        else:
            screen.say("%(name)s", name=name)
        counts = agent.spool.counts(name)
        if args.later:
            return 0
        screen.show_counts(counts, agent.now())
        screen.tell(msg("Results: dancu-agent results --file %(name)s --format csv"), name=name)
        if counts.waiting:
            return WAITING
        return FAILED if counts.by_state.get(State.REFUSED) else 0


def keep_file(agent: Agent, args: argparse.Namespace) -> tuple[str, int]:
    """Put the lines of a file in the spool; the delivery's name, and how many there are.

    The whole file is read and checked first: a line that cannot be asked stops it before anything
    is kept.
    """
    purpose = args.purpose or agent.settings.purpose
    columns = {}
    for each in args.column:
        heading, equals, attribute = each.rpartition("=")
        if not equals:
            raise wrong("--column", msg("This must be HEADING=ATTRIBUTE."), msg("correct it"))
        columns[" ".join(heading.split())] = "" if attribute == "-" else attribute
    plan = files.Plan(
        purpose,
        [files.yes_no_question(each) for each in args.question],
        columns,
        case=args.case,
        user=args.user,
    )
    name = files.name_of(args.file, plan)
    install = agent.install()
    for _asked in files.read(args.file, plan, name=name, install=install):
        pass
    rows = files.read(args.file, plan, name=name, install=install)
    count = 0
    while piece := list(itertools.islice(rows, _AT_ONCE)):
        count += len(agent.spool.add(piece, agent.now()))
    return name, count


def send_all(agent: Agent, name: str, screen: Screen) -> None:
    """Send until nothing of a delivery waits for anything but a human; progress on a terminal."""
    shows = sys.stderr.isatty()

    def watch() -> None:
        sys.stderr.write(f"\r{_progress(agent.spool.counts(name), screen)}\x1b[K")
        if agent.spool.link().since is not None:
            sys.stderr.write(f" · {screen.text(msg('the link is broken, waiting'))}")
        sys.stderr.flush()

    agent.deliver(
        lambda: not agent.spool.is_moving(name),
        connections=agent.settings.connections,
        watch=watch if shows else None,
    )
    if shows:
        sys.stderr.write("\n")


def _progress(counts: Counts, screen: Screen) -> str:
    done = sum(counts.by_state.get(state, 0) for state in CLOSED)
    total = done + sum(counts.by_state.get(state, 0) for state in OPEN)
    return screen.text(msg("%(done)d of %(total)d answered"), done=done, total=total)


def run_results(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Write answers as JSON or CSV."""
    with Agent(home, language=screen.language) as agent:
        file = args.file
        if file:
            known = agent.spool.files()
            file = known[-1] if file == "last" and known else file
            if file not in known:
                raise wrong(
                    "--file",
                    msg("There is no delivery %(file)s here."),
                    msg("known are: %(known)s"),
                    file=file,
                    known=", ".join(known) or "-",
                )
        for name in args.id:
            found_question(agent, name)
        found = agent.spool.results(file=file, names=args.id)
        write_results(found, args.format, args.out, screen)
    return 0


def write_results(
    questions: Iterator[Question], kind: str, out: Path | None, screen: Screen
) -> None:
    """Write results to a file that only its owner reads, whole or not at all, or to the screen."""
    found = (_result(question, screen) for question in questions)
    if out is None:
        _write(found, kind, sys.stdout)
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            if kind == "csv":
                file.write("\ufeff")  # By this, spreadsheets know UTF-8.
            _write(found, kind, file)
        beside.replace(out)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise wrong(
            "--out",
            msg("The file %(path)s cannot be written: %(reason)s."),
            msg("name a file in a folder with room that this account may write"),
            path=str(out),
            reason=error.strerror or str(error),
        ) from None


def _result(question: Question, screen: Screen) -> dict[str, Any]:
    found = files.result_of(question)
    if question.problem is not None:
        found["problem"] = question.problem.told(screen.translate)
    return found


def _write(found: Iterator[dict[str, Any]], kind: str, file: TextIO) -> None:
    if kind == "json":
        file.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in found)
        return
    lines = [files.flat(each) for each in found]
    names = list(dict.fromkeys(itertools.chain.from_iterable(lines)))
    last = ["code", "error", "remedy"]
    names = [*(name for name in names if name not in last), *last] if names else []
    writer = csv.DictWriter(file, names, restval="")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in line.items()} for line in lines)


def _safe(cell: str) -> str:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


__all__ = ["TOKEN_FILE", "add_commands"]
