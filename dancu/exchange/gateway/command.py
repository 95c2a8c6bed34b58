"""How the exchange's process is started."""

from __future__ import annotations

import sys
from pathlib import Path

from dancu.operation.config import ROOT, Config
from dancu.operation.logs import SERVER_LOGGING

#: Seconds for which a process may finish its work.
GRACE = 15.0
_BACKLOG = 4096
#: Each open connection counts, asking or idle; those beyond are not even accepted.
_CONNECTIONS = 20_000


def command(config: Config) -> list[str | Path]:
    """Return the command line of the web server that runs the gateway."""
    return [
        sys.executable,
        *("-m", "granian", "--interface", "rsgi", "--host", config.web.host),
        *("--port", str(config.exchange.port), "--workers", str(config.exchange.workers)),
        *("--runtime-mode", "st", "--backlog", str(_BACKLOG)),
        # The queue of the gateway is what is bounded, with an answer; this one would not answer.
        *("--backpressure", str(_CONNECTIONS), "--workers-kill-timeout", "10"),
        *("--respawn-failed-workers", "--no-ws", "--working-dir", str(ROOT)),
        *("--log-level", "warning", "--log-config", str(SERVER_LOGGING)),
        "dancu.exchange.gateway.main:application",
    ]
