"""``serve``: the local service for the agency's own software."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dancu_agent.cli.screen import Screen
from dancu_agent.texts import msg


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add ``serve``."""
    serve = commands.add_parser(
        "serve",
        parents=[common],
        help=msg("answer the agency's software on this machine, and send what waits"),
        description=msg(
            "Listens on 127.0.0.1 only: POST /ask, GET /ask/ID, DELETE /ask/ID, "
            "GET /waiting, GET /health. Callers show the secret in local.token of the agent's "
            "folder as `Authorization: Bearer …`."
        ),
    )
    serve.add_argument("--port", type=int, default=None)
    serve.set_defaults(run=run_serve)


def run_serve(args: argparse.Namespace, home: Path, screen: Screen) -> int:
    """Serve until told to stop."""
    from dancu_agent.agent import Agent
    from dancu_agent.cli.main import stop_on_signal
    from dancu_agent.service import Service

    with Agent(home, language=screen.language) as agent:
        service = Service(agent, args.port if args.port is not None else agent.settings.local_port)
        stop_on_signal()
        service.run()
    return 0
