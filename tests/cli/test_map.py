"""``dancu map``: the same as at the desk, for the operator."""

from __future__ import annotations

import argparse

import pytest

from dancu.cli import map as command
from dancu.operation.errors import OperationError
from dancu.places import queries
from dancu.places.errors import DecisionInForce
from dancu.places.models import MapDecision, Unit
from dancu.places.services import load_units
from tests.places.decision_files import SPLIT, text_of


@pytest.fixture
def maps(db):
    if not Unit.objects.exists():
        load_units()
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def do(tmp_path, maps, capsys):
    def run(action, text=None):
        path = tmp_path / "map.yaml"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        file = None if action == "list" else path
        code = command.run(argparse.Namespace(action=action, file=file))
        return code, capsys.readouterr().out

    return run


def test_a_decision_goes_from_the_check_to_being_undone(do):
    text = text_of(SPLIT, day="2199-12-01")
    assert do("list")[1] == "No decision has been applied.\n"
    assert do("check", text) == (
        0,
        "01/NQ-HĐND: 1 units change on 2199-12-01; the file is in order.\n",
    )
    code, out = do("preview")
    assert (code, "people live in units that change" in out) == (0, True)
    assert not MapDecision.objects.exists()
    assert "is entered. Everybody is taken along on 2199-12-01." in do("apply")[1]
    assert "waiting" in do("list")[1]
    assert "is undone" in do("undo")[1]
    assert "undone" in do("list")[1]


def test_errors_come_with_file_line_and_remedy(do):
    code, out = do("check", text_of(SPLIT.replace('    rest: "26740"\n', "")))
    assert code == 1
    assert "map.yaml:10: A gap: 26740 is split" in out
    assert "→ Add “rest”" in out
    assert do("apply", "changes: [")[0] == 1
    assert not MapDecision.objects.exists()


def test_what_is_in_force_stays(do):
    text = text_of(SPLIT, day="2025-12-01").replace("2026-10-15", "2025-10-15")
    assert "is in force since 2025-12-01" in do("apply", text)[1]
    assert "in force" in do("list")[1]
    with pytest.raises(DecisionInForce):
        do("undo")


def test_a_file_is_needed_and_must_be_text(do, tmp_path, capsys):
    assert command.run(argparse.Namespace(action="check", file=None)) == 2
    with pytest.raises(OperationError):
        do("check")
    (tmp_path / "map.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(OperationError, match="UTF-8"):
        do("check")
