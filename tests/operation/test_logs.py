"""Nothing personal reaches a log."""

from __future__ import annotations

import json
import logging
import logging.config
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dancu.operation import logs, supervisor
from dancu.operation.errors import OperationError
from dancu.operation.instance import only_one, open_log


@pytest.mark.parametrize(
    "text",
    [
        "person 001085012345 was moved",
        'duplicate key value: Key (pid)=(001085012345) already exists."',
        "phone 0912345678",
        "card 123456789,",
        "001 085 012 345",
        "0912.345.678",
    ],
)
def test_numbers_of_persons_are_masked(text: str) -> None:
    masked = logs.masked_text(text)
    assert logs.MASK in masked
    assert sum(character.isdigit() for character in masked) < 4


@pytest.mark.parametrize(
    "text",
    ["took 12345678 ms", "2026-03-02T09:00:00.123456Z", "127.0.0.1:8006", "1234567890123456"],
)
def test_other_numbers_stay(text: str) -> None:
    assert logs.masked_text(text) == text


@given(st.from_regex(r"[0-9]{9,12}", fullmatch=True), st.text("abc (),;='\"", max_size=8))
def test_no_run_of_digits_of_that_length_survives(digits: str, around: str) -> None:
    assert digits not in logs.masked_text(f"{around}{digits}{around}")


def test_values_under_personal_names_are_dropped_at_any_depth() -> None:
    event = {
        "event": "claim",
        "full_name": "Nguyễn Văn An",
        "detail": {"Address": "12 Hàng Bài", "rows": [{"phone": "x", "count": 3}]},
        "number": 1085012345,
        "request_id": "a1085012345b",
    }
    cleaned = logs.drop_personal_data(None, "", event)
    assert "Nguyễn" not in str(cleaned)
    assert "Hàng Bài" not in str(cleaned)
    assert cleaned["detail"]["rows"][0]["count"] == 3
    assert cleaned["number"] == logs.MASK
    assert cleaned["request_id"] == "a1085012345b"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]):
    root = logging.getLogger()
    former = root.handlers[:], root.level
    logging.config.dictConfig(logs.django_logging(level="INFO", style="json"))
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers[:], root.level = former


def test_a_line_is_one_json_object_with_time_and_severity(lines) -> None:
    logs.logger("dancu.test").info("moved", people=2)
    (line,) = lines()
    assert (line["event"], line["level"], line["people"]) == ("moved", "info", 2)
    assert line["timestamp"].endswith("Z")


def test_the_standard_library_and_tracebacks_pass_the_same_sieve(lines) -> None:
    try:
        raise ValueError("Key (pid)=(001085012345) already exists")
    except ValueError:
        logging.getLogger("someone.else").exception("failed for %s", "001085012345")
    (line,) = lines()
    assert "001085012345" not in json.dumps(line)
    assert "ValueError" in line["exception"]


def test_a_log_that_has_grown_is_put_aside_under_its_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_KEEP_LOG_BYTES", 10)
    path = tmp_path / "web.log"
    with open_log(path) as writer:
        writer.write(b"a former line\n")
        writer.flush()
        supervisor.rotate(path)
        writer.write(b"next\n")
    assert path.read_bytes() == b"next\n"
    former = tmp_path / "web.log.1"
    assert former.read_bytes() == b"a former line\n"
    assert former.stat().st_mode & 0o777 == path.stat().st_mode & 0o777
    supervisor.rotate(path)
    assert path.read_bytes() == b"next\n"


def test_the_servers_own_lines_have_the_same_form() -> None:
    record = logging.LogRecord("_granian", logging.WARNING, "", 0, "%s 001085012345", ("x",), None)
    line = json.loads(logs.ServerFormatter().format(record))
    assert line["event"] == "x •••"
    assert line["level"] == "warning"
    declared = json.loads(logs.SERVER_LOGGING.read_text())["formatters"]["generic"]["()"]
    assert declared.rpartition(".")[2] == "ServerFormatter"


def test_nothing_is_written_or_closed_to_others_through_a_link(tmp_path: Path) -> None:
    target = tmp_path / "somebody's file"
    target.write_text("as it was")
    target.chmod(0o644)
    for name in ("web.log", "lock"):
        (tmp_path / name).symlink_to(target)
    with pytest.raises(OperationError, match="is a link"):
        open_log(tmp_path / "web.log")
    with pytest.raises(OperationError, match="is a link"), only_one(tmp_path, what="up"):
        pass
    assert target.read_text() == "as it was"
    assert target.stat().st_mode & 0o777 == 0o644
