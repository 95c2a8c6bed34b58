"""The command line itself."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import pytest

from dancu.cli import main as entrance

DANCU = [sys.executable, "-m", "dancu.cli.main"]


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DANCU, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("name", entrance.command_names())
def test_every_command_is_registered_by_its_file(name: str) -> None:
    module = entrance.load_command(name)
    assert name == module.NAME
    assert (module.__doc__ or "").strip()
    module.add_arguments(argparse.ArgumentParser())
    assert callable(module.run)


def test_help_lists_every_command() -> None:
    done = _run("--help")
    assert done.returncode == 0
    for name in entrance.command_names():
        if not getattr(entrance.load_command(name), "HIDDEN", False):
            assert name in done.stdout


def test_an_unknown_command_is_named() -> None:
    done = _run("serve")
    assert done.returncode == 2
    assert "serve" in done.stderr


def test_a_wrong_setting_ends_with_its_name_and_no_traceback() -> None:
    done = _run("config", DANCU_WEB_PORT="many")
    assert done.returncode == 2
    assert "web.port" in done.stderr
    assert "DANCU_WEB_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_configuration_is_printed_without_secrets() -> None:
    done = _run("config", "--json", DATABASE_URL="postgresql://anna:hunter2@db.vn/dancu")
    assert done.returncode == 0
    assert "anna@db.vn" in done.stdout
    assert "hunter2" not in done.stdout
