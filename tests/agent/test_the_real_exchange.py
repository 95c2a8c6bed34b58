"""The agent against the real exchange, whose platform dies while a file is being asked."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from dancu.catalogue.contracts import FEED_EVENTS
from dancu.catalogue.sandbox import sandbox_people
from dancu.operation.postgres.cluster import ephemeral_port
from dancu.operation.postgres.provision import known_address
from dancu_agent.agent import Agent
from tests.operation.running import Running, gone, place, running

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
ROWS = 400
READY = "Ctrl-C stops everything"


class Client:
    """An agent installed beside the platform."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def line(self, *arguments: str) -> list[str]:
        command = [sys.executable, "-m", "dancu_agent", arguments[0], "--home", str(self.home)]
        return [*command, "--lang", "en", *arguments[1:]]

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.line(*arguments),
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )


@pytest.fixture(scope="module")
def up() -> Iterator[Running]:
    port = ephemeral_port()
    with place() as folder, running(folder / "var", DANCU_EXCHANGE_PORT=str(port)) as item:
        item.start("up")
        item.wait_for(READY)
        yield item


@pytest.fixture(scope="module")
def client(up: Running, tmp_path_factory: pytest.TempPathFactory) -> Client:
    made = Client(tmp_path_factory.mktemp("agency") / "agent")
    port = up.environment["DANCU_EXCHANGE_PORT"]
    done = made.run(
        *("init", "--server", f"http://127.0.0.1:{port}", "--client", "g03-agent"),
        *("--contract", "student-check", "--purpose", "school_enrolment"),
        *("--timeout-seconds", "5"),
    )
    key = up.var.parent / "agent.jwk"
    key.write_text(done.stdout, encoding="ascii")
    told = ("exchange", "client", "add", "g03-agent", "--contract", "student-check")
    done = up.run(*told, "--key", str(key))
    assert done.returncode == 0, done.stderr
    return made


def test_the_doctor_finds_everything_good(client: Client) -> None:
    done = client.run("doctor", "--json")
    assert {each["verdict"] for each in json.loads(done.stdout)} == {"good"}, done.stdout


def test_a_question_is_answered_and_signed(client: Client) -> None:
    asked = {"claims": {"pid": "079213000015", "full_name": "Nguyễn Văn An"}, "signed": True}
    done = client.run("ask", "-", "--json", given=json.dumps(asked))
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)["answer"]
    assert answer["outcome"] == "not_found"
    assert answer["signed"].count(".") == 2


def test_what_the_contract_does_not_allow_is_refused_with_its_clause(client: Client) -> None:
    asked = {"claims": {"pid": "079213000015"}, "purpose": "tax"}
    done = client.run("ask", "-", given=json.dumps(asked))
    assert done.returncode == 1
    assert "The clause that refuses is purposes." in done.stderr
    asked = {"claims": {"pid": "079213000015", "colour": "red"}}
    done = client.run("ask", "-", given=json.dumps(asked))
    assert done.returncode == 1
    assert done.stderr.startswith("claims.colour: There is no such field.")


def test_changes_of_the_sandbox_come_into_a_file(up: Running, tmp_path: Path) -> None:
    trial = Client(tmp_path / "trial")
    root = f"http://127.0.0.1:{up.environment['DANCU_EXCHANGE_PORT']}"
    made = trial.run(
        *("init", "--server", root, "--client", "trial", "--contract", "sandbox"),
        *("--purpose", "trial"),
    )
    key = tmp_path / "trial.jwk"
    key.write_text(made.stdout, encoding="ascii")
    told = ("exchange", "client", "add", "trial", "--contract", "sandbox", "--key", str(key))
    assert up.run(*told).returncode == 0
    person = next(one for one in sandbox_people() if one.status == "alive")
    claims = {"pid": person.pid, "full_name": person.full_name, "birth_date": person.birth_date}
    body = {"purpose": "trial", "people": [{"claims": claims, "reference": "HS-1"}]}
    with Agent(trial.home) as agent:
        way = agent.exchange()
        token = agent.credential.token(way.link)
        way.close()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{root}/api/exchange/v1/feed/subscriptions",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert json.load(answer)["people"][0]["subscription"]

    path = tmp_path / "events.jsonl"
    done = trial.run("feed", "--file", str(path), "--once")

    assert done.returncode == 0, done.stderr
    events = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
    assert {one["data"]["change"] for one in events} == set(FEED_EVENTS)
    assert {one["data"]["reference"] for one in events} == {"HS-1"}
    assert trial.run("feed", "--file", str(path), "--once").returncode == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(events)


def test_the_worker_reads_what_has_come_in(up: Running, client: Client) -> None:
    address = known_address(up.var)
    assert address is not None
    with psycopg.connect(address.url, autocommit=True) as connection:
        begin = connection.execute("SELECT now()").fetchone()
        read: tuple[Any, ...] | None = None
        while read is None or begin is None or read[0] <= begin[0]:
            assert up.process is not None
            assert up.process.poll() is None, up.text
            time.sleep(0.2)
            read = connection.execute("SELECT read_at FROM exchange_feedstate").fetchone()


def recorded(up: Running, mark: str) -> Counter[str]:
    """How often each question of a file was written to the log of accesses."""
    address = known_address(up.var)
    assert address is not None
    with psycopg.connect(address.url) as connection:
        rows = connection.execute(
            "SELECT request_id, count(DISTINCT disclosure) FROM disclosure_accessrecord"
            " WHERE case_number = %s GROUP BY request_id",
            [mark],
        ).fetchall()
    return Counter(dict(rows))


def test_a_platform_killed_in_the_middle_of_a_file_loses_and_doubles_nothing(
    up: Running, client: Client, tmp_path: Path
) -> None:
    file = tmp_path / "pupils.csv"
    lines = [f"0792130{n:05d},Nguyễn Văn {n},01/05/2013" for n in range(ROWS)]
    file.write_text("\n".join(["Số CCCD,Họ và tên,Ngày sinh", *lines]), encoding="utf-8")
    sending = subprocess.Popen(
        client.line("send", str(file), "--case", "2026-7A1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(recorded(up, "2026-7A1")) < ROWS // 8:
        assert sending.poll() is None, sending.communicate()
        time.sleep(0.02)
    assert up.process is not None
    left = up.children()
    up.process.kill()
    for process in left:
        # One whose parent died may have ended by itself.
        with suppress(psutil.NoSuchProcess):
            process.kill()
    up.process.wait()
    assert gone(left)
    assert sending.poll() is None, "it waits for the link"
    up.start("up")
    up.wait_for(READY)

    out, err = sending.communicate(timeout=180)

    assert sending.returncode == 0, out + err
    assert f"Answered: {ROWS} · refused: 0" in out
    found = recorded(up, "2026-7A1")
    assert len(found) == ROWS
    assert set(found.values()) == {1}
    done = client.run("results", "--file", "last")
    results = list(map(json.loads, done.stdout.splitlines()))
    assert [each["row"] for each in results] == list(range(2, ROWS + 2))
    assert {each["answer"]["outcome"] for each in results} == {"not_found"}
