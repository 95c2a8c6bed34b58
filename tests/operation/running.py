"""Runs the real command ``dancu`` in a directory of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from dancu.operation.postgres.cluster import ephemeral_port
from dancu.operation.process import is_alive

DANCU = [sys.executable, "-m", "dancu.cli.main"]
READY_SECONDS = 300


class Running:
    """One ``dancu`` with its own ``var``; nothing of the checkout's own is touched."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        self.port = ephemeral_port()
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DANCU_")}
        kept.pop("DATABASE_URL", None)
        self.environment = kept | {
            "DANCU_VAR": str(var),
            "DANCU_CONFIG": os.devnull,
            "DANCU_WEB_PORT": str(self.port),
            "DANCU_DATABASE_PORT": str(ephemeral_port()),
            "DANCU_EXCHANGE_PORT": "0",
            "DANCU_CITY_PEOPLE": "0",
            "DANCU_WEB_WORKERS": "1",
            **settings,
        }
        self.output = var.parent / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*DANCU, *arguments],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*DANCU, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    @property
    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while words not in self.text:
            assert self.process is not None
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, dict(answer.headers), answer.read()

    def wait_until_ready(self) -> None:
        self.wait_until_answers("/health/ready")

    def wait_until_answers(self, path: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            with suppress(OSError):
                if self.get(path)[0] == 200:
                    return
            assert time.monotonic() < deadline, self.text + self.logs()
            time.sleep(0.1)

    def logs(self) -> str:
        """The last lines of every log, for a test that fails."""
        found = sorted((self.var / "log").glob("*.log"))
        return "\n".join(
            f"--- {path.name}\n{path.read_text(encoding='utf-8', errors='replace')[-3000:]}"
            for path in found
        )

    def children(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, words: str) -> psutil.Process:
        found = [item for item in self.children() if words in _command(item)]
        assert found, [_command(item) for item in self.children()]
        return found[0]

    def state(self) -> dict[str, Any]:
        return json.loads((self.var / "database.json").read_text(encoding="utf-8"))

    def interrupt(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=240)


def _command(item: psutil.Process) -> str:
    try:
        return " ".join(item.cmdline())
    except psutil.Error:  # It has just ended.
        return ""


@contextmanager
def place() -> Iterator[Path]:
    """A directory that the database's own user may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="dancu-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(var: Path, **settings: str) -> Iterator[Running]:
    item = Running(var, **settings)
    try:
        yield item
    finally:
        if item.process is not None and item.process.poll() is None:
            left = item.children()
            item.process.kill()
            item.process.wait(timeout=120)
            assert gone(left)


def gone(processes: list[psutil.Process], seconds: float = 30) -> bool:
    """Whether all have ended, at the latest after some seconds. A zombie has ended."""
    deadline = time.monotonic() + seconds
    while any(is_alive(item.pid) for item in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
