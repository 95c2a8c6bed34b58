"""Following the feed: every event is handed over, in order, and none is left out."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dancu_agent import feed
from dancu_agent.agent import Agent
from dancu_agent.feed import Event, Follower, NotTaken, ToFile, ToProgram
from dancu_agent.owners import Alone, OnlyOne

from .exchange import Exchange, Fault

Run = Callable[..., tuple[int, str, str]]


def events(count: int, begin: int = 0) -> list[dict[str, Any]]:
    return [
        {"specversion": "1.0", "id": f"e{n}", "type": "vn.dancu.person.move.v1", "data": {"n": n}}
        for n in range(begin, begin + count)
    ]


def lines(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_events_come_into_the_file_once_and_in_order(
    run: Run, exchange: Exchange, tmp_path: Path
) -> None:
    exchange.events = events(120)
    path = tmp_path / "events.jsonl"
    code, _out, err = run("feed", "--file", str(path), "--once")
    assert (code, "120" in err) == (0, True)
    assert lines(path) == [f"e{n}" for n in range(120)]
    exchange.events += events(3, 120)
    assert run("feed", "--file", str(path), "--once")[0] == 0
    assert lines(path)[-4:] == ["e119", "e120", "e121", "e122"]
    assert path.stat().st_mode & 0o077 == 0


def test_from_the_start_everything_comes_again(
    run: Run, exchange: Exchange, tmp_path: Path
) -> None:
    exchange.events = events(2)
    path = tmp_path / "events.jsonl"
    run("feed", "--file", str(path), "--once")
    run("feed", "--file", str(path), "--once", "--from-start")
    assert lines(path) == ["e0", "e1", "e0", "e1"]


def test_a_program_gets_each_event_and_may_refuse_it(
    run: Run, exchange: Exchange, tmp_path: Path
) -> None:
    exchange.events = events(3)
    path = tmp_path / "taken"
    program = tmp_path / "take.py"
    program.write_text(
        "import json, os, sys\n"
        "event = json.load(sys.stdin)\n"
        f"taken = open({str(path)!r}, 'a')\n"
        "print(event['id'], file=taken)\n"
        f"is_on = os.path.exists({str(path) + '.on'!r})\n"
        "sys.exit(event['id'] == 'e1' and not is_on)\n",
        encoding="utf-8",
    )
    command = f"{sys.executable} {program}"
    code, _out, err = run("feed", "--program", command, "--once")
    assert code == 75
    assert "exit 1" in err
    assert path.read_text().split() == ["e0", "e1"]
    path.with_name("taken.on").touch()
    assert run("feed", "--program", command, "--once")[0] == 0
    assert path.read_text().split() == ["e0", "e1", "e1", "e2"]


def test_a_program_on_this_machine_gets_each_event_posted(run: Run, exchange: Exchange) -> None:
    exchange.events = events(2)
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/events"
        assert run("feed", "--to", address, "--once")[0] == 0
        server.shutdown()
    assert [one["id"] for one in got] == ["e0", "e1"]


@pytest.mark.parametrize("address", ["http://agency.vn/x", "https://127.0.0.1/", "x", "http://[x"])
def test_events_are_posted_to_this_machine_only(run: Run, address: str) -> None:
    code, _out, err = run("feed", "--to", address, "--once")
    assert code != 0
    assert "--to" in err


@pytest.mark.parametrize(("status", "code"), [(503, 75), (429, 75), (410, 1), (422, 1), (403, 1)])
def test_what_waiting_mends_is_waited_for_and_the_rest_is_told(
    run: Run, exchange: Exchange, tmp_path: Path, status: int, code: int
) -> None:
    exchange.events = events(1)
    exchange.faults.append(Fault(status))
    path = tmp_path / "events.jsonl"
    assert run("feed", "--file", str(path), "--once")[0] == code
    assert not path.exists()
    assert run("feed", "--file", str(path), "--once")[0] == 0
    assert lines(path) == ["e0"]


@pytest.mark.parametrize("fault", [Fault("page"), Fault("gate")])
def test_what_something_in_between_answers_is_waited_for(
    run: Run, exchange: Exchange, tmp_path: Path, fault: Fault
) -> None:
    exchange.events = events(1)
    exchange.faults.append(fault)
    path = tmp_path / "events.jsonl"
    assert run("feed", "--file", str(path), "--once")[0] == 75
    assert run("feed", "--file", str(path), "--once")[0] == 0
    assert lines(path) == ["e0"]


def test_of_an_event_that_the_disk_took_in_part_nothing_is_lost(tmp_path: Path) -> None:
    path, event = tmp_path / "events.jsonl", {"id": "e0", "data": "x" * 100}
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, former[1]))
    try:
        with pytest.raises(NotTaken):
            feed.ToFile(path)(event)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert path.stat().st_size == 40
    feed.ToFile(path)(event)
    assert json.loads(path.read_bytes().splitlines()[-1]) == event


def test_the_cursor_is_kept_only_after_the_hand_over(agent: Agent, exchange: Exchange) -> None:
    exchange.events = events(3)
    taken: list[str] = []

    def take(event: Event) -> None:
        assert agent.spool.note(feed.CURSOR) == ""
        if event["id"] == "e2" and len(taken) == 2:
            taken.append("refused")
            raise NotTaken("full")
        taken.append(str(event["id"]))

    way = agent.exchange()
    follower = Follower(agent.spool, way, agent.clock, take)
    step = follower.step()
    assert (step.handed, step.problem is not None) == (2, True)
    assert follower.step().handed == 1
    assert taken == ["e0", "e1", "refused", "e2"]
    assert agent.spool.note(feed.CURSOR) == "3"
    way.close()


def test_killed_between_two_events_the_next_one_begins_where_it_stopped(
    home: Path, exchange: Exchange, tmp_path: Path, run: Run
) -> None:
    exchange.events = events(4)
    path = tmp_path / "events.jsonl"
    program = tmp_path / "kill.py"
    program.write_text(
        "import json, os, signal, sys\n"
        "event = json.load(sys.stdin)\n"
        f"file = open({str(path)!r}, 'a')\n"
        "print(json.dumps(event), file=file, flush=True)\n"
        "if event['id'] == 'e2': os.kill(os.getppid(), signal.SIGKILL)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "dancu_agent", "feed", "--home", str(home), "--once"]
    ended = subprocess.run(
        [*command, "--program", f"{sys.executable} {program}"], check=False, env=os.environ
    )
    assert ended.returncode == -signal.SIGKILL
    assert lines(path) == ["e0", "e1", "e2"]
    assert run("feed", "--file", str(path), "--once")[0] == 0
    assert lines(path) == ["e0", "e1", "e2", "e2", "e3"]


def test_a_half_written_line_is_ended_before_the_next(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"id": "e0"}\n{"id": "e', encoding="utf-8")
    ToFile(path)({"id": "e1"})
    assert path.read_text(encoding="utf-8").splitlines() == [
        '{"id": "e0"}',
        '{"id": "e',
        '{"id": "e1"}',
    ]


def test_a_program_that_hangs_or_is_not_there_has_taken_nothing(tmp_path: Path) -> None:
    hanging = [sys.executable, "-c", "import time; time.sleep(60)"]
    for command in (hanging, [str(tmp_path / "nothing")]):
        with pytest.raises(NotTaken):
            ToProgram(command, seconds=0.2)({"id": "e0"})


def test_only_one_process_follows(run: Run, home: Path, tmp_path: Path) -> None:
    with Alone(home, "feed"):
        with pytest.raises(OnlyOne):
            Alone(home, "feed")
        code, _out, err = run("feed", "--file", str(tmp_path / "x"), "--once")
        assert code != 0
        assert "already" in err
