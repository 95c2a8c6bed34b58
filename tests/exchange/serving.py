"""Runs the gateway's process on the tests' database, and speaks HTTP to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from dancu.exchange.gateway.command import command
from dancu.operation.config import current
from dancu.operation.postgres.cluster import ephemeral_port

READY_SECONDS = 60


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """A gateway that runs."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Got:
        there = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            there.request(
                method, path, body, {name.replace("_", "-"): v for name, v in headers.items()}
            )
            answer = there.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Got(answer.status, found, answer.read())
        finally:
            there.close()

    def wait(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            with suppress(OSError):
                if self.send("GET", "/health/live").status == 200:
                    return
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, self.log.read_text(encoding="utf-8")
            time.sleep(0.05)


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    """Serve the tests' database until the block ends."""
    with starting(folder, **environment) as item:
        item.wait()
        yield item


@contextmanager
def starting(folder: Path, **environment: str) -> Iterator[Served]:
    """As ``served``, without waiting until it answers."""
    port = ephemeral_port()
    config = replace(current(), exchange=replace(current().exchange, port=port))
    known = connection.settings_dict
    address = (
        f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
        f"/{known['NAME']}"
    )
    log = folder / "exchange.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command(config)],
            env=os.environ
            | {
                "DATABASE_URL": address,
                "DANCU_PROCESS": "exchange",
                "DANCU_SECRET_KEY": settings.SECRET_KEY,
                "DANCU_VAR": str(folder),
                "DANCU_CONFIG": os.devnull,
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Served(port, process, log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
