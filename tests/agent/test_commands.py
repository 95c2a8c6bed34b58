"""What people at the agency type, and what they read."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dancu_agent.cli.main import build_parser, main
from dancu_agent.errors import AgentError
from dancu_agent.settings import checked
from dancu_agent.texts import fill, language_of
from dancu_agent.vietnamese import VIETNAMESE

from .conftest import PUPIL, question
from .exchange import CONTRACT, Exchange, Fault
from .words import msgids

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def asked(tmp_path: Path) -> str:
    path = tmp_path / "question.json"
    more = {"questions": [{"question": "is_at_least", "years": 18}], "reference": "HS-1"}
    path.write_text(json.dumps(question(**more)), encoding="utf-8")
    return str(path)


def test_every_text_has_its_translation_with_the_same_places() -> None:
    found = msgids()
    assert set(found) - set(VIETNAMESE) == set(), "without translation"
    assert set(VIETNAMESE) - set(found) == set(), "no longer said"
    places = re.compile(r"%\((\w+)\)")
    for english, vietnamese in VIETNAMESE.items():
        assert set(places.findall(english)) == set(places.findall(vietnamese)), english
        assert fill(vietnamese, dict.fromkeys(places.findall(english), 1))


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "vi"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8", "DANCU_AGENT_LANG": "en"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_the_language_is_that_of_the_environment(environ: dict[str, str], language: str) -> None:
    assert language_of(None, environ) == language
    assert language_of("vi", environ) == "vi"


def test_a_question_is_asked_and_answered_in_words(run: Run, asked: str) -> None:
    code, out, _err = run("ask", asked)
    assert code == 0
    assert out.splitlines()[0] == "everything agrees with the register"
    assert "  full_name: agrees" in out
    assert "  is_at_least 18: yes" in out
    assert CONTRACT in out
    code, out, _err = run("ask", asked, lang="vi")
    assert "mọi thông tin đều khớp với cơ sở dữ liệu" in out


def test_the_wire_carries_what_the_exchange_wants(
    run: Run, exchange: Exchange, tmp_path: Path
) -> None:
    path = tmp_path / "question.json"
    path.write_text(json.dumps(question(user="an.nv", case="HS-7")), encoding="utf-8")
    assert run("ask", str(path), "--json")[0] == 0
    head = exchange.heads[0]
    assert head["Idempotency-Key"] == head["X-Road-Id"]
    assert head["X-Road-UserId"] == "an.nv"
    whole = next(iter(exchange.answers.values()))[0]
    assert json.loads(whole) == {"purpose": "school_enrolment", "claims": PUPIL, "case": "HS-7"}


def test_a_look_up_goes_the_other_way(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "question.json"
    lookup = {"subject": {"pid": "079213000015"}, "attributes": ["permanent_residence"]}
    path.write_text(json.dumps({**lookup, "case": "HS-7", "reference": "1"}), encoding="utf-8")
    code, out, _err = run("ask", str(path), "--json")
    assert (code, json.loads(out)["kind"]) == (0, "lookup")
    path.write_text(json.dumps(lookup), encoding="utf-8")
    code, _out, err = run("ask", str(path))
    assert code == 2
    assert err.startswith("dancu-agent: case: A look-up needs the number")


def test_a_question_can_come_on_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(question())))
    assert run("ask", "-")[0] == 0


def test_a_question_can_be_typed(
    run: Run, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.StringIO("079213000015\nNguyễn Văn An\n\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    code, _out, err = run("ask", lang="vi")
    assert (code, "Số định danh cá nhân:" in err) == (0, True)
    whole = json.loads(next(iter(exchange.answers.values()))[0])
    assert whole["claims"] == {"pid": "079213000015", "full_name": "Nguyễn Văn An"}


def test_without_link_the_user_is_told_what_waits_and_since_when(
    run: Run, asked: str, exchange: Exchange
) -> None:
    exchange.stop()
    code, out, err = run("ask", asked, "--wait", "0.2")
    assert code == 75
    assert "is not lost" in err
    assert f"refuses connections on port {exchange.port}" in err
    assert "→" in err
    code, out, _err = run("status", "--list")
    assert re.search(r"Waiting: 1, the oldest since \d\d/\d\d/\d{4}", out)
    assert "Link: broken since" in out
    code, out, _err = run("status", lang="vi")
    assert "Đang chờ: 1, lâu nhất từ" in out
    assert "Đường truyền: đứt từ" in out
    code, out, _err = run("status", "--json")
    told = json.loads(out)
    assert (told["waiting"], told["link"]["state"]) == (1, "broken")
    assert run("retry")[0] == 75
    exchange.start()
    code, out, _err = run("retry")
    assert code == 0
    assert "Waiting: nothing" in out
    assert "Link: works" in out


def test_a_question_can_be_left_for_later(run: Run, asked: str, exchange: Exchange) -> None:
    code, out, _err = run("ask", asked, "--later")
    name = out.strip()
    assert code == 0
    assert exchange.attempts == []
    code, out, err = run("forget", name)
    assert (code, "--also-waiting" in err) == (1, True)
    assert run("retry", name)[0] == 0
    code, out, _err = run("results", name)
    assert json.loads(out)["answer"]["outcome"] == "full_match"
    assert run("forget", name)[0] == 0
    code, _out, err = run("results", name)
    assert code == 1
    assert "There is no question" in err


def test_a_refused_question_tells_field_reason_and_remedy(
    run: Run, asked: str, exchange: Exchange
) -> None:
    errors = [{"field": "claims.pid", "detail": "Not twelve digits.", "remedy": "Count them."}]
    exchange.faults += [Fault(422, {}, {"detail": "Invalid.", "errors": errors})]
    code, out, err = run("ask", asked)
    assert code == 1
    assert "Refused." in out
    assert err.strip() == "claims.pid: Not twelve digits. → Count them."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "A question is a JSON object."),
        ("{", "The question cannot be read: Expecting property name"),
        ('{"claims": {}}', "claims: There are no facts"),
        ('{"claims": {"pid": 79213000015.0}}', "claims.pid: The value must be text"),
        ('{"claims": {"pid": null}}', "claims.pid: The value must be text"),
        ('{"claims": {"pid": "1"}, "colour": 1}', "colour: There is no such field"),
        ('{"claims": {"pid": "1"}, "kind": "x"}', "kind: The kind 'x' is not known"),
        ('{"claims": {"pid": "1"}, "questions": [1]}', "questions[0]: Each question"),
        ('{"claims": {"pid": "1"}, "reference": ["x"]}', "reference: This must be text"),
        ('{"claims": {"pid": "1"}, "case": "a\\nb"}', "case: The text is longer"),
        ('{"claims": {"pid": 79213000015}}', "claims.pid: The value must be text"),
        ('{"claims": {"pid": "1"}, "user": "Ân"}', "user: The user's name goes into a header"),
        ('{"subject": {"pid": "1"}, "attributes": []}', "attributes: A look-up names"),
    ],
)
def test_a_wrong_question_is_not_kept(
    run: Run, tmp_path: Path, exchange: Exchange, text: str, told: str
) -> None:
    path = tmp_path / "question.json"
    path.write_text(text, encoding="utf-8")
    code, _out, err = run("ask", str(path))
    assert code == 2
    assert err.startswith(f"dancu-agent: {'FILE: ' if 'cannot be read' in told else ''}{told}")
    assert "→" in err
    assert "Waiting: nothing" in run("status")[1]
    assert exchange.attempts == []


def test_the_clock_of_the_machine_may_be_ten_minutes_off(
    run: Run, asked: str, exchange: Exchange
) -> None:
    exchange.skew = 600.0
    assert run("ask", asked)[0] == 0
    code, out, _err = run("status")
    assert "this machine is 9 minutes behind" in out or "is 10 minutes behind" in out
    code, out, _err = run("doctor")
    assert code == 0
    assert re.search(r"clock +doubtful", out)
    exchange.skew = 0.0
    assert run("ask", asked)[0] == 0
    assert "Clock" not in run("status")[1]


def test_settings_are_checked_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for server, told in (
        ("http://exchange.example.vn", "server: The address is not encrypted"),
        ("exchange.example.vn", "server: exchange.example.vn is not the address"),
        ("https://exchange.example.vn/api", "server: The address has more"),
        ("https://exchange.example.vn:99999", "server: https://exchange.example.vn:99999 is not"),
        ("https://[", "server: https://[ is not the address"),
    ):
        folder = tmp_path / "new"
        arguments = ["init", "--home", str(folder), "--server", server, "--client", "c"]
        assert main([*arguments, "--lang", "en"]) == 2
        assert told in capsys.readouterr().err
        assert not folder.exists()


def test_an_agent_is_not_overwritten_but_can_be_changed(run: Run, home: Path) -> None:
    key = json.loads(run("keys", "show")[1])
    code, _out, err = run("init", "--server", "https://other.example.vn", "--client", "c")
    assert (code, "There is an agent" in err) == (2, True)
    code, out, _err = run("init", "--again", "--keep-days", "3")
    assert (code, json.loads(out)) == (0, key), "the key stays"
    assert "keep_days = 3" in (home / "agent.toml").read_text(encoding="utf-8")


def test_wrong_settings_name_the_field(run: Run, home: Path) -> None:
    path = home / "agent.toml"
    whole = path.read_text(encoding="utf-8")
    for old, new, told in (
        ("timeout_seconds = 2", 'timeout_seconds = "2"', "timeout_seconds: The value"),
        ("timeout_seconds = 2", "timeout_seconds = 0", "timeout_seconds: The number must lie"),
        ("timeout_seconds = 2", "colour = 2", "colour: There is no such setting"),
        ("timeout_seconds = 2", "timeout_seconds =", "agent.toml: The settings in"),
        ("[ca]", "", ""),
    ):
        if not told:
            continue
        path.write_text(whole.replace(old, new), encoding="utf-8")
        code, _out, err = run("status")
        assert code == 2
        assert f"dancu-agent: {told}" in err


def test_keys_are_replaced_without_a_gap(run: Run, asked: str, exchange: Exchange) -> None:
    assert run("keys", "activate")[0] == 1, "nothing follows yet"
    code, out, _err = run("keys", "rotate", "--algorithm", "ES256")
    following = json.loads(out)
    assert (code, following["kty"]) == (0, "EC")
    code, _out, err = run("keys", "activate")
    assert (code, "does not work yet" in err) == (1, True)
    assert run("ask", asked)[0] == 0, "the present key goes on"
    exchange.keys.append(following)
    code, out, _err = run("keys", "activate")
    assert (code, following["kid"] in out) == (0, True)
    exchange.keys.pop(0)
    assert run("ask", asked)[0] == 0
    assert run("keys", "clean")[1] == "Deleted: 1\n"
    # The next one takes over by itself when the exchange no longer takes the present one.
    exchange.keys = [json.loads(run("keys", "rotate")[1])]
    assert run("ask", asked)[0] == 0
    assert json.loads(run("keys", "show")[1]) == exchange.keys[0]


def test_a_key_that_others_may_read_is_not_used(run: Run, asked: str, home: Path) -> None:
    for path in (home / "keys").glob("*.pem"):
        path.chmod(0o644)
    code, _out, err = run("ask", asked)
    assert code == 1
    assert "key: Others may read the private key" in err
    assert "Waiting: 1" in run("status")[1], "the question is kept all the same"


def test_a_spool_that_is_damaged_is_told_and_left_alone(run: Run, asked: str, home: Path) -> None:
    path = home / "spool.sqlite3"
    path.write_bytes(b"not a database, " * 500)
    code, _out, err = run("ask", asked)
    assert code == 1
    assert "cannot be used: file is not a database" in err
    assert "Traceback" not in err
    assert path.read_bytes().startswith(b"not a database")


def test_a_spool_of_a_newer_version_is_not_touched(run: Run, home: Path) -> None:
    run("status")
    database = sqlite3.connect(home / "spool.sqlite3")
    database.execute("PRAGMA user_version = 99")
    database.close()
    code, _out, err = run("status")
    assert (code, "newer dancu-agent" in err) == (1, True)


def test_an_agent_that_was_never_made_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--home", str(tmp_path / "none"), "--lang", "en"]) == 2
    assert "dancu-agent init" in capsys.readouterr().err


def test_it_is_handed_out_as_one_file(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    target = tmp_path / "dancu-agent"
    environment = {**os.environ, "PYTHON": sys.executable}
    subprocess.run(
        [root / "scripts" / "package-agent", target],
        check=True,
        capture_output=True,
        env=environment,
    )
    done = subprocess.run(
        [sys.executable, "-I", target, "status", "--home", tmp_path / "none", "--lang", "vi"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert "chưa có phần mềm này" in done.stderr
    assert target.stat().st_size < 150_000


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    commands: Any = build_parser()._subparsers
    for name in commands._group_actions[0].choices:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert "usage: dancu-agent" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("proxy", "end"),
    [
        ("", None),
        ("proxy.example.vn", ("proxy.example.vn", 3128)),
        ("http://proxy.example.vn:8080/", ("proxy.example.vn", 8080)),
        ("http://user:secret@proxy.example.vn:8080", ("proxy.example.vn", 8080)),
    ],
)
def test_a_proxy_is_read_alike_by_the_link_and_the_doctor(
    proxy: str, end: tuple[str, int] | None
) -> None:
    given = {"server": "https://exchange.example.vn", "client": "c", "proxy": proxy}
    assert checked(given).proxy_end == end


@pytest.mark.parametrize("proxy", ["http://", "proxy.example.vn:eighty", "http://["])
def test_a_proxy_that_is_no_address_is_told_at_once(proxy: str) -> None:
    given = {"server": "https://exchange.example.vn", "client": "c", "proxy": proxy}
    with pytest.raises(AgentError) as told:
        checked(given)
    assert told.value.problem.field == "proxy"
