"""Whatever breaks between the agent and the exchange, each question is answered once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dancu_agent.agent import Agent
from dancu_agent.courier import Patience
from dancu_agent.errors import SpoolFull
from dancu_agent.keys import Key, new_key
from dancu_agent.questions import question_of
from dancu_agent.signatures import opened
from dancu_agent.spool import HELD_AFTER, Question, State

from .conftest import StillClock, question
from .exchange import Exchange, Fault


def ask(agent: Agent, **more: Any) -> str:
    asked = question_of(question(**more), purpose="school_enrolment")
    return agent.spool.add([asked], agent.now())[0]


def found(agent: Agent, name: str) -> Question:
    question = agent.spool.get(name)
    assert question is not None
    return question


def code_of(question: Question) -> str:
    return question.problem.code if question.problem else ""


def deliver(agent: Agent, name: str) -> Question:
    """Send until the question is closed or held; the clock moves by itself."""
    ends = {State.ANSWERED, State.REFUSED, State.HELD}
    agent.deliver(lambda: found(agent, name).state in ends, only=[name])
    return found(agent, name)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("drop"), "dropped"),
        (Fault("lost"), "dropped"),
        (Fault("half"), "half-answer"),
        (Fault("half-unmarked"), "half-answer"),
        (Fault("page"), "not-exchange"),
        (Fault("crossed"), "crossed"),
        (Fault(500), "server-error"),
        (Fault(502), "busy"),
        (Fault(503, {"Retry-After": "7"}), "busy"),
        (Fault(504), "busy"),
        (Fault(429, {"Retry-After": "7"}, {"detail": "Too fast."}), "quota"),
        (Fault(429), "quota"),
        (Fault(403, {}, {"clause": "dates", "detail": "It ended."}), "quota"),
        (Fault(409, {}, {"detail": "Still at it.", "retryable": True}), "busy"),
        (Fault(425), "busy"),
        (Fault(301, {"Location": "https://elsewhere.example/"}), "not-exchange"),
        (Fault(404), "not-exchange"),
    ],
    ids=lambda value: str(getattr(value, "kind", value)),
)
def test_a_fault_delays_a_question_and_never_doubles_it(
    agent: Agent, exchange: Exchange, fault: Fault, code: str
) -> None:
    name = ask(agent, reference="row 1")
    # A connection that was kept open and is found closed is opened anew once, at once.
    exchange.faults += [fault] * (2 if code == "dropped" else 1)
    courier, way = agent.courier()
    assert courier.round() == 1
    waiting = found(agent, name)
    assert (waiting.state, code_of(waiting)) == (State.WAITING, code)
    assert waiting.next_try > agent.now()
    assert courier.round() == 0, "it is not asked again before its time"
    way.close()

    answered = deliver(agent, name)

    assert answered.state is State.ANSWERED
    assert (answered.answer or {})["outcome"] == "full_match"
    assert exchange.carried_out == {name: 1}
    assert set(exchange.attempts) == {name}
    assert agent.spool.link().since is None, "the link is known to work again"


def test_an_exchange_that_hangs_is_left_and_asked_again(agent: Agent, exchange: Exchange) -> None:
    name = ask(agent)
    exchange.faults += [Fault("hang")]
    courier, way = agent.courier()
    courier.round()
    way.close()
    assert code_of(found(agent, name)) == "timeout"
    assert deliver(agent, name).state is State.ANSWERED
    assert exchange.carried_out == {name: 1}


def test_many_faults_in_a_row_are_outlasted(agent: Agent, exchange: Exchange) -> None:
    name = ask(agent)
    exchange.faults += [Fault(kind) for kind in ["lost", 500, "half", 503, "drop", "lost", 502]]
    assert deliver(agent, name).state is State.ANSWERED
    assert exchange.carried_out == {name: 1}
    assert len(exchange.attempts) == 8


def test_the_exchange_says_how_long_to_wait(
    agent: Agent, exchange: Exchange, still: StillClock
) -> None:
    name = ask(agent)
    exchange.faults += [Fault(429, {"Retry-After": "3600"}, {"detail": "Used up."})]
    begun = still.moment
    assert deliver(agent, name).state is State.ANSWERED
    assert 3600 <= still.moment - begun <= 3600 + 61
    assert len(exchange.attempts) == 2


def test_pauses_double_up_to_a_limit_and_leave_half_to_chance() -> None:
    longest = Patience(draw=lambda _low, high: high)
    assert [longest.pause(n) for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert longest.pause(50) == longest.pause(5000) == 300
    drawn = {Patience().pause(4) for _ in range(50)}
    assert len(drawn) > 1
    assert all(4 <= pause <= 8 for pause in drawn)
    assert 100 <= Patience().asked(100) <= 110
    assert [longest.after(n, 1.0) for n in (1, 5)] == [2, 16], "asked for a second again and again"


def test_a_refusal_is_final_and_says_which_clause_refused(agent: Agent, exchange: Exchange) -> None:
    name = ask(agent)
    detail = {"clause": "attributes", "detail": "Not allowed: religion.", "code": "clause-refused"}
    exchange.faults += [Fault(403, {}, detail)]
    refused = deliver(agent, name)
    assert refused.state is State.REFUSED
    assert refused.problem
    assert refused.problem.code == "clause-refused"
    assert "Not allowed: religion." in refused.problem.text()
    assert "The clause that refuses is attributes." in refused.problem.text()
    assert exchange.carried_out == {}

    # Asked anew by a human it has another key: the exchange may keep the refusal for a day.
    agent.spool.retry([name])
    assert deliver(agent, name).state is State.ANSWERED
    assert exchange.attempts == [name, f"{name}.1"]


def test_a_question_that_fails_does_not_hold_up_the_others(
    agent: Agent, exchange: Exchange
) -> None:
    names = [ask(agent, reference=str(n)) for n in range(3)]
    exchange.faults += [Fault(500)]
    courier, way = agent.courier()
    assert courier.round() == 3
    way.close()
    states = [found(agent, name).state for name in names]
    assert states == [State.WAITING, State.ANSWERED, State.ANSWERED]


def test_a_broken_link_is_tried_with_one_question_only(agent: Agent, exchange: Exchange) -> None:
    names = [ask(agent, reference=str(n)) for n in range(5)]
    exchange.stop()
    courier, way = agent.courier()
    courier.round()
    way.close()
    assert [found(agent, name).tries for name in names] == [1, 0, 0, 0, 0]
    link = agent.spool.link()
    assert link.problem
    assert link.problem.code == "tcp-refused"
    assert link.since is not None
    assert all(found(agent, name).sent_at is None for name in names), "none reached the exchange"


def test_a_question_that_may_have_arrived_is_held_when_its_key_is_forgotten(
    agent: Agent, exchange: Exchange, still: StillClock
) -> None:
    lost, never = ask(agent), ask(agent, reference="2")
    exchange.faults += [Fault("lost"), Fault("lost")]
    courier, way = agent.courier()
    courier.round()
    way.close()
    exchange.stop()
    still.moment += HELD_AFTER + 1
    exchange.start()
    assert deliver(agent, lost).state is State.HELD
    assert deliver(agent, never).state is State.ANSWERED, "it had certainly not arrived"
    agent.spool.retry([lost])
    assert deliver(agent, lost).state is State.ANSWERED


def test_a_signed_answer_is_checked_and_kept_as_it_came(agent: Agent, exchange: Exchange) -> None:
    name = ask(agent, signed=True)
    answer = deliver(agent, name).answer or {}
    assert answer["outcome"] == "full_match"
    assert opened(answer["signed"].encode(), exchange.published)["id"] == answer["id"]
    # The exchange may sign with a key that is newer than what the agent has read.
    exchange.signer = new_key("ES256")
    exchange.published = [exchange.signer.public_jwk()]
    assert deliver(agent, ask(agent, signed=True, reference="2")).state is State.ANSWERED


def test_an_answer_with_a_wrong_signature_is_thrown_away(agent: Agent, exchange: Exchange) -> None:
    name = ask(agent, signed=True)
    exchange.signer = replace_name(new_key("EdDSA"), exchange.published)
    courier, way = agent.courier()
    courier.round()
    way.close()
    assert code_of(found(agent, name)) == "signature"


def replace_name(key: Key, published: list[dict[str, str]]) -> Key:
    """Let a key be published as another."""
    published[0] = {**published[0], "kid": key.kid}
    return key


def test_a_clock_that_is_put_back_delays_nothing(
    agent: Agent, exchange: Exchange, still: StillClock
) -> None:
    name = ask(agent)
    exchange.faults += [Fault(503)]
    courier, way = agent.courier()
    courier.round()
    still.behind = 400 * 86400.0
    assert courier.round() == 1
    way.close()
    assert found(agent, name).state is State.ANSWERED


def test_rows_in_the_hands_of_a_dead_process_are_taken_back(
    agent: Agent, exchange: Exchange
) -> None:
    name = ask(agent)
    agent.spool.claim("somebody-dead", limit=1, at=agent.now(), lease=1e6)
    agent.tidy()
    assert found(agent, name).state is State.WAITING
    assert deliver(agent, name).state is State.ANSWERED


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "dancu_agent", arguments[0], "--home", str(home), *arguments[1:]]


def test_a_killed_agent_goes_on_where_it_was(
    home: Path, exchange: Exchange, run: Any, tmp_path: Path
) -> None:
    exchange.faults += [Fault("hang")]
    asked = tmp_path / "question.json"
    asked.write_text('{"claims": {"pid": "079213000015"}}', encoding="utf-8")
    process = subprocess.Popen(command(home, "ask", str(asked)))
    for _ in range(200):
        if exchange.carried_out:
            break
        threading.Event().wait(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert sum(exchange.carried_out.values()) == 1, "it was carried out, and nobody heard"

    code, out, _err = run("retry")

    assert code == 0, out
    assert "Answered: 1" in out
    assert list(exchange.carried_out.values()) == [1]
    assert len(exchange.attempts) == 2


def pupils(path: Path, count: int) -> Path:
    lines = [f"0792130{n:05d},Nguyễn Văn {n},01/05/2013" for n in range(count)]
    path.write_text("\n".join(["Số định danh,Họ và tên,Ngày sinh", *lines]), encoding="utf-8")
    return path


def test_several_processes_share_a_spool_and_the_exchange_dies_meanwhile(
    home: Path, exchange: Exchange, run: Any, tmp_path: Path
) -> None:
    file, count = pupils(tmp_path / "pupils.csv", 90), 90
    exchange.faults += [
        Fault(kind) for n in range(15) for kind in ((200, 200, 200, "lost", 500)[n % 5],)
    ]
    processes = [
        subprocess.Popen(
            command(home, "send", str(file)), stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for _ in range(400):
        if len(exchange.answers) > 20:
            break
        threading.Event().wait(0.05)
    processes[0].kill()
    exchange.stop()
    threading.Event().wait(0.5)
    exchange.start()
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes[1:]] == [0, 0]
    assert exchange.doubled() == []
    assert len(exchange.carried_out) == count
    code, out, _err = run("results", "--file", "last", "--format", "csv")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == count + 1
    assert [line.split(",")[0] for line in lines[1:]] == [str(n) for n in range(2, count + 2)]
    assert Counter(line.split(",")[4] for line in lines[1:]) == {"full_match": count}


def test_a_full_disk_refuses_the_question_and_keeps_the_others(
    agent: Agent, exchange: Exchange
) -> None:
    kept = ask(agent)
    database = agent.spool._database
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    def fill() -> None:
        for n in range(2000):
            ask(agent, claims={"full_name": "x" * 500}, reference=str(n))

    with pytest.raises(SpoolFull, match="was not accepted") as caught:
        fill()
    assert caught.value.http_status == 507
    database.execute("PRAGMA max_page_count = 1000000").fetchone()
    assert deliver(agent, kept).state is State.ANSWERED


def test_the_spool_is_for_its_owner_only(agent: Agent) -> None:
    ask(agent)
    open_to_others = [
        path.name
        for path in agent.home.rglob("*")
        if path.is_file() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []
    assert agent.home.stat().st_mode & 0o077 == 0


def test_answered_questions_are_deleted_after_some_days(agent: Agent, still: StillClock) -> None:
    name, waits = ask(agent), ask(agent, reference="waits")
    assert deliver(agent, name).state is State.ANSWERED
    still.moment += 6.9 * 86400
    agent.tidy()
    assert agent.spool.get(name) is not None
    still.moment += 0.2 * 86400
    agent.tidy()
    assert agent.spool.get(name) is None
    assert agent.spool.get(waits) is not None, "what waits is never deleted"
    agent.spool.close()
    files = list(agent.home.glob("spool.sqlite3*"))
    assert files
    content = b"".join(path.read_bytes() for path in files)
    assert name.encode() not in content
    assert waits.encode() in content
    agent.spool.__init__(agent.home / "spool.sqlite3")  # type: ignore[misc]
