"""``dancu catalogue check`` on catalogues in which something is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dancu.catalogue.files import BESIDE_THE_PACKAGE


def _check(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    return subprocess.run(
        [sys.executable, "-m", "dancu.cli.main", "catalogue", "check"],
        env=environment | {"DANCU_CATALOGUE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "catalogue"
    shutil.copytree(BESIDE_THE_PACKAGE, copy)
    return copy


def test_a_sound_catalogue_passes(folder: Path) -> None:
    done = _check(folder)
    assert done.returncode == 0, done.stderr
    assert "in order" in done.stdout


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("attributes.yaml", "rule: once", "rule: never"),
        ("attributes.yaml", "attributes:", "attributes: [unfinished"),
        ("roles.yaml", "roles:", "rolls:"),
        ("purposes.yaml", "masked: true", "masked: perhaps"),
        ("sources.yaml", "kind: police", "kind: nobody"),
    ],
)
def test_each_finding_has_its_file_its_line_and_a_remedy(
    folder: Path, file: str, before: str, after: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    done = _check(folder)

    assert done.returncode == 1, done.stdout + done.stderr
    assert f"\n{file}:" in f"\n{done.stdout}"
    assert "  → " in done.stdout
    assert done.stderr == ""


def test_a_folder_without_a_catalogue_is_no_crash(tmp_path: Path) -> None:
    done = _check(tmp_path / "nowhere")
    assert done.returncode == 1
    assert "attributes.yaml:1: The file cannot be read" in done.stdout
    assert done.stderr == ""


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "roles.yaml").write_bytes("tên: đúng".encode("utf-16"))
    done = _check(folder)
    assert done.returncode == 1
    assert "roles.yaml:1: " in done.stdout
    assert done.stderr == ""
