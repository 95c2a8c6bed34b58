"""The script that makes the environment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

SETUP = Path(__file__).resolve().parents[2] / "scripts" / "setup"
#: A Python whose pip waits and, like the real one, fails on Ctrl-C instead of dying of it.
PYTHON = """#!/bin/bash
case "$*" in
    *"pip --version"*) echo "pip of $(dirname "$(dirname "$0")")" ;;
    *install*)
        trap 'exit 1' INT
        echo installing >> installs
        for _ in $(seq 600); do sleep 0.1; done
        ;;
esac
"""


def test_ctrl_c_ends_the_setup_instead_of_having_pip_tried_again(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(SETUP, tmp_path / "scripts" / "setup")
    (tmp_path / "requirements.lock").touch()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    installs = tmp_path / "installs"
    environment = {name: text for name, text in os.environ.items() if name != "PYTHON"}
    with subprocess.Popen(
        [tmp_path / "scripts" / "setup"],
        cwd=tmp_path,
        env=environment,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as setup:
        try:
            while not installs.exists() and setup.poll() is None:
                time.sleep(0.05)
            os.killpg(setup.pid, signal.SIGINT)
            assert setup.wait(30) == 130
        finally:
            if setup.poll() is None:
                os.killpg(setup.pid, signal.SIGKILL)
    assert installs.read_text(encoding="utf-8") == "installing\n"
