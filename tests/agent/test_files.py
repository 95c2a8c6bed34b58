"""Files of questions, as schools really have them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dancu.catalogue.queries import attributes
from dancu_agent.files import HEADINGS

from .exchange import Exchange, Fault

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def write(content: str | bytes, name: str = "pupils.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def bodies(exchange: Exchange) -> list[dict[str, object]]:
    return [json.loads(whole) for whole, _found in exchange.answers.values()]


def test_vietnamese_headings_semicolons_and_a_mark_of_utf8_are_understood(
    run: Run, exchange: Exchange, write: Callable[..., str]
) -> None:
    text = (
        "\ufeffHọ và tên;Số CCCD;Ngày sinh;reference\n"
        "Nguyễn Văn An;079213000015;01/05/2013;7A1-01\n"
    )
    code, _out, _err = run("send", write(text), "--question", "is_at_least:18", "--case", "2026")
    assert code == 0
    assert bodies(exchange) == [
        {
            "purpose": "school_enrolment",
            "claims": {
                "full_name": "Nguyễn Văn An",
                "pid": "079213000015",
                "birth_date": "01/05/2013",
            },
            "questions": [{"question": "is_at_least", "years": 18}],
            "case": "2026",
            "reference": "7A1-01",
        }
    ]


def test_a_file_that_is_sent_again_asks_nothing_twice(
    run: Run, exchange: Exchange, write: Callable[..., str]
) -> None:
    file = write("pid\n079213000015\n079213000016\n")
    assert run("send", file, "--later")[0] == 0
    assert exchange.attempts == []
    assert run("send", file)[0] == 0
    assert run("send", file)[0] == 0
    assert sorted(exchange.carried_out.values()) == [1, 1]
    assert len(exchange.attempts) == 2
    run("send", file, "--purpose", "another")
    assert len(exchange.attempts) == 4, "for another purpose it is another delivery"


def test_results_keep_the_order_and_explain_every_row(
    run: Run, exchange: Exchange, write: Callable[..., str], tmp_path: Path
) -> None:
    file = write('pid,full_name\n079213000015,An\n\n079213000016,"Bình, Trần"\n079213000017,=Ch\n')
    exchange.answer_of = lambda _asked: {
        "id": "a",
        "outcome": "facts_differ",
        "attributes": {"full_name": {"result": "close", "reason": "accents"}},
        "answers": [{"question": "is_alive", "answer": "yes"}],
    }
    exchange.faults += [Fault(422, {}, {"code": "invalid", "detail": "No such number."})]
    run("init", "--again", "--connections", "1")
    out = tmp_path / "results.csv"
    code, _out, err = run("send", file, "--question", "is_alive", "--out", str(out))
    assert code == 1, "a row was refused"
    assert out.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert [row["row"] for row in rows] == ["2", "4", "5"]
    assert [row["code"] for row in rows] == ["invalid", "", ""]
    assert rows[0]["error"] == "No such number."
    assert rows[1]["full_name.reason"] == "accents"
    assert rows[1]["is_alive"] == "yes"
    name = err.split("Delivery ")[1].split(":")[0]
    assert run("results", "--file", name)[1].count("\n") == 3
    assert run("forget", "--file", name)[1] == "Deleted: 3\n"
    code, _out, err = run("results", "--file", name)
    assert code == 2


def test_lines_of_json_may_be_facts_or_whole_questions(
    run: Run, exchange: Exchange, write: Callable[..., str]
) -> None:
    lines = [
        {"pid": "079213000015", "reference": "1"},
        {"subject": {"pid": "079213000015"}, "attributes": ["sex"], "case": "HS-1"},
    ]
    file = write("\n".join(map(json.dumps, lines)), "asked.jsonl")
    assert run("send", file)[0] == 0
    assert sorted(sorted(body) for body in bodies(exchange)) == [
        ["attributes", "case", "purpose", "subject"],
        ["claims", "purpose", "reference"],
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "pupils.csv:1: The file has no headings."),
        (b"pid,pid\n1,2\n", "pupils.csv:1: Two columns hold pid."),
        ("pid,Điểm\n1,2\n".encode(), "pupils.csv:1: The column Điểm is not recognised."),
        (b"pid\n1,2\n", "pupils.csv:2: The line has more cells"),
        ("pid,full_name\n1,Nguyễn\n".encode("utf-16"), "pupils.csv:1: The line is not text"),
        (b"pid\n1\n\xe1\xba\n", "pupils.csv:3: The line is not text in UTF-8."),
        (b"pid\n1\n\0\n", "pupils.csv:3: The line is not text in UTF-8."),
        (b"pid,case\n1,a\n2,b\x07\n", "pupils.csv:3 case: The text is longer"),
        (b'pid\n1\n"' + b"x" * 20000 + b'"\n', "pupils.csv:3: The line cannot be read"),
        (b"pid,case\n1,\n,2\n", "pupils.csv:3 claims: There are no facts"),
    ],
)
def test_a_file_that_cannot_be_asked_names_the_line_and_keeps_nothing(
    run: Run, exchange: Exchange, write: Callable[..., str], content: bytes, told: str
) -> None:
    code, _out, err = run("send", write(content))
    assert code == 2
    assert told in err
    assert "→" in err
    assert "Waiting: nothing" in run("status")[1]
    assert exchange.attempts == []


def test_columns_can_be_named_or_left_out(
    run: Run, exchange: Exchange, write: Callable[..., str]
) -> None:
    file = write("Mã HS,Điểm\n079213000015,9.5\n")
    assert run("send", file, "--column", "Mã HS=pid", "--column", "Điểm=-")[0] == 0
    assert bodies(exchange)[0]["claims"] == {"pid": "079213000015"}


def test_a_file_that_is_not_there_is_told(run: Run) -> None:
    code, _out, err = run("send", "nowhere.csv")
    assert (code, "FILE: The file nowhere.csv cannot be used: No such file" in err) == (2, True)
    assert "Traceback" not in err


def test_every_heading_means_a_fact_of_the_dictionary() -> None:
    known = {entry.name for entry in attributes()} | {"reference", "case", "user"}
    assert set(HEADINGS.values()) <= known


@pytest.mark.parametrize("begin", ["=", "+", "-", "@"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_marked_as_text(
    run: Run, write: Callable[..., str], tmp_path: Path, begin: str
) -> None:
    reference = f"{begin}2+3|calc"
    text = f"pid,full_name,reference\n079213000015,Nguyễn Văn An,{reference}\n"
    out = tmp_path / "results.csv"
    assert run("send", write(text), "--out", str(out))[0] == 0
    lines = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")))
    assert [line["reference"] for line in lines] == [f"'{reference}"]
