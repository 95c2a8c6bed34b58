"""An agency with its agent, and an exchange in small that it asks."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dancu_agent.agent import Agent
from dancu_agent.cli.main import main
from dancu_agent.courier import Patience

from .exchange import CLIENT, CONTRACT, Exchange

PUPIL = {"pid": "079213000015", "full_name": "Nguyễn Văn An", "birth_date": "2013-05-01"}


class StillClock:
    """A clock that moves only when somebody waits."""

    def __init__(self) -> None:
        self.moment = time.time()
        self.behind = 0.0
        self._lock = threading.Lock()

    def true(self) -> float:
        return self.moment

    def time(self) -> float:
        return self.moment - self.behind

    def monotonic(self) -> float:
        return self.moment

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        with self._lock:
            self.moment += max(seconds, 0.0)
        return stop.is_set()


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange().running() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, exchange: Exchange, capsys: pytest.CaptureFixture[str]) -> Path:
    """A fresh agent whose key the exchange knows."""
    folder = tmp_path / "agent"
    code = main(
        [
            *("init", "--home", str(folder), "--lang", "en", "--server", exchange.url),
            *("--client", CLIENT, "--contract", CONTRACT, "--purpose", "school_enrolment"),
            *("--timeout-seconds", "2"),
        ]
    )
    assert code == 0
    exchange.keys.append(json.loads(capsys.readouterr().out))
    return folder


@pytest.fixture
def still(exchange: Exchange) -> StillClock:
    """One time for both sides, which passes only when the agent waits."""
    clock = StillClock()
    exchange.clock = clock.true
    return clock


@pytest.fixture
def agent(home: Path, still: StillClock) -> Iterator[Agent]:
    with Agent(home, clock=still, patience=Patience(draw=lambda _low, high: high)) as made:
        yield made


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; exit code, output, errors."""

    def run(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([arguments[0], "--home", str(home), "--lang", lang, *arguments[1:]])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def question(**more: Any) -> dict[str, Any]:
    return {"claims": PUPIL} | more
