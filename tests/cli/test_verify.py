"""``dancu verify``: what it refuses before anybody is asked about."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from dancu.cli import verify
from dancu.exchange.batches import spool
from dancu.exchange.batches.models import Batch
from dancu.exchange.errors import ClauseRefused
from dancu.kernel.errors import DancuError

pytestmark = pytest.mark.django_db

LIST = "Mã định danh;Họ và tên;Ngày sinh\n079315000016;Nguyễn Thị An;8/11/2015\n"


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    verify.add_arguments(parser)
    return verify.run(parser.parse_args(list(arguments)))


def test_what_is_refused_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(spool, "folder", lambda: kept)
    file = tmp_path / "hoc-sinh.csv"
    file.write_text(LIST, encoding="utf-8")
    base = [str(file), "--yes", "--contract", "student-check"]
    purpose = ["--purpose", "school_enrolment"]
    for wrong, error in (
        (base, SystemExit),
        ([*base, *purpose, "--output", str(file)], SystemExit),
        ([*base, *purpose, "--column", "9=pid"], SystemExit),
        ([*base, *purpose, "--question", "is_at_least:abc"], DancuError),
        ([*base, "--purpose", "curiosity"], ClauseRefused),
        ([*base, *purpose, "--office", "NOPE"], DancuError),
        ([str(tmp_path / "nofile.csv"), *base[1:], *purpose], SystemExit),
    ):
        with pytest.raises(error):
            run(*wrong)
    assert not Batch.objects.exists()
    assert not list(kept.iterdir())
    assert file.read_text(encoding="utf-8") == LIST
