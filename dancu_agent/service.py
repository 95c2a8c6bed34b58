"""The local service: the agency's software asks here, and never needs to know of broken links.

It listens on the loopback address only, and answers only who shows the secret of the agent's
folder: whoever may read that folder may ask in the agency's name, nobody else on the machine.
"""

from __future__ import annotations

import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from dancu_agent.agent import Agent
from dancu_agent.cli.screen import Screen
from dancu_agent.courier import PURGE_EVERY
from dancu_agent.errors import AgentError
from dancu_agent.handler import LOOPBACK, Handler
from dancu_agent.log import log
from dancu_agent.settings import TOKEN_FILE, wrong
from dancu_agent.texts import msg

_AFTER_FAILURE = 5.0
_NOTICE = 0.1
"""Seconds after which a new question is sent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A caller that hung up is no news; anything else is told by its kind."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            log(type(error).__name__)


def _secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        secret = ""
    if not secret:
        raise wrong(
            TOKEN_FILE,
            msg("The secret of the local service is missing."),
            msg("make it anew with `dancu-agent init --again`"),
        )
    return secret


class Service:
    """The local service together with the couriers that send in the background."""

    def __init__(self, agent: Agent, port: int) -> None:
        """Listen on a port of this machine (0: any free one); nothing is answered yet."""
        self.agent = agent
        self.stop = threading.Event()
        self.secret = _secret(agent.home / TOKEN_FILE)
        handler = type("BoundHandler", (Handler,), {"service": self})
        try:
            self._server = _Server((LOOPBACK, port), handler)
        except (OSError, OverflowError) as error:
            raise wrong(
                "local_port",
                msg("Port %(port)d of this machine cannot be used: %(reason)s."),
                msg("another agent may run already; else choose another port with --port"),
                port=port,
                reason=getattr(error, "strerror", None) or str(error),
            ) from None
        self.port = int(self._server.server_address[1])

    def run(self) -> None:
        """Answer and send until stopped; what is in hand is finished or given back."""
        screen = Screen(self.agent.language)
        sender = threading.Thread(target=self._send, daemon=True)
        answering = threading.Thread(target=self._server.serve_forever, daemon=True)
        sender.start()
        answering.start()
        screen.tell(msg("Listening on http://127.0.0.1:%(port)d"), port=self.port)
        try:
            while not self.stop.wait(1.0):
                pass
        except KeyboardInterrupt:
            pass
        finally:
            self.stop.set()
            self._server.shutdown()
            self._server.server_close()
            sender.join(self.agent.settings.timeout_seconds + 1)
        screen.tell(msg("Stopped."))

    def _send(self) -> None:
        """Send what waits; whatever fails (a full disk, a key that is gone) is tried again."""
        tidied = -PURGE_EVERY
        while not self.stop.is_set():
            try:
                if self.agent.clock.monotonic() - tidied >= PURGE_EVERY:
                    self.agent.tidy()
                    tidied = self.agent.clock.monotonic()
                self._deliver()
            except AgentError as error:
                log(error.problem.code)
                self.stop.wait(_AFTER_FAILURE)
            except Exception as error:  # noqa: BLE001 - the service goes on, whatever happens
                log(type(error).__name__)
                self.stop.wait(_AFTER_FAILURE)

    def _deliver(self) -> None:
        """Send for an hour at most, then let old things be tidied."""
        until = self.agent.clock.monotonic() + PURGE_EVERY
        halted = threading.Event()

        def done() -> bool:
            return self.stop.is_set() or self.agent.clock.monotonic() >= until

        self.agent.deliver(
            done,
            stop=halted,
            connections=self.agent.settings.connections,
            watch=self.agent.remember,
            nap=_NOTICE,
        )
