"""The start of the whole platform, step by step."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from dancu.cli import _city as city
from dancu.exchange.gateway.command import GRACE as EXCHANGE_GRACE
from dancu.exchange.gateway.command import command as exchange_command
from dancu.operation import translations
from dancu.operation.config import ROOT, Config
from dancu.operation.errors import OperationError
from dancu.operation.instance import metrics_folder, only_one, prepare_var
from dancu.operation.logs import SERVER_LOGGING
from dancu.operation.postgres.provision import start_embedded
from dancu.operation.supervisor import Service, StopRequested, Supervisor
from dancu.operation.terminal import Terminal

_WEB_GRACE = 15.0
_WORKER_GRACE = 20.0
_READY_SECONDS = 240.0


class Up:
    """One run of ``dancu up``."""

    def __init__(self, config: Config, terminal: Terminal | None = None) -> None:
        self.config = config
        self.terminal = terminal or Terminal()
        self.supervisor = Supervisor(self.terminal.say)
        self.cleaning = ExitStack()
        self.shared: dict[str, str] = {}

    def run(self, *, serve: bool = True, begin_anew: bool = False) -> int:
        """Start everything and return when it has been told to stop and has stopped."""
        with (
            only_one(self.config.var, what="dancu up", address=self.config.address),
            self.cleaning,
        ):
            try:
                with self.supervisor.listening():
                    try:
                        self._start(serve=serve, begin_anew=begin_anew)
                        if serve:
                            self.supervisor.watch()
                    except StopRequested:
                        self.terminal.say("\nStopping …  (Ctrl-C again stops at once)")
            except StopRequested:
                return 130
        self.terminal.say("Stopped.")
        return 0

    def _start(self, *, serve: bool, begin_anew: bool) -> None:
        begin = time.monotonic()
        prepare_var(self.config.var)
        if serve:
            self._require_free_port("web server", "web", self.config.web.port)
            if self.config.exchange.port:
                self._require_free_port("exchange", "exchange", self.config.exchange.port)
        self._compile_translations()
        self._start_database()
        self._prepare_django()
        self._prepare_database(begin_anew=begin_anew)
        if not serve:
            return
        self._start_pages()
        self._welcome(time.monotonic() - begin)
        self._start_others()
        self.terminal.say(f"Logs are in {self.config.var / 'log'}. Ctrl-C stops everything.")

    def _compile_translations(self) -> None:
        try:
            translations.compile_stale()
        except OperationError as error:
            self.terminal.say(f"Warning: {error}")

    def _require_free_port(self, name: str, section: str, port: int) -> None:
        host = self.config.web.host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise OperationError(
                    f"The {name} cannot listen on {host}:{port}: {error.strerror}.",
                    f"stop what listens there, or set web.host and {section}.port"
                    f" (DANCU_{section.upper()}_PORT={port + 100})",
                ) from None

    def _start_database(self) -> None:
        if self.config.database.url:
            self.terminal.say("Using the PostgreSQL server of DATABASE_URL")
            return
        server, _address = start_embedded(self.config, say=self.terminal.say, own=self._own_server)
        self.terminal.say(
            f"PostgreSQL {server.binaries.major} ({server.binaries.origin}) runs as "
            f"{server.user.name} on 127.0.0.1:{server.port}"
        )

    def _own_server(self, server: object) -> None:
        self.supervisor.server = server  # type: ignore[assignment]

    def _prepare_django(self) -> None:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.house.settings")
        django.setup()

    def _prepare_database(self, *, begin_anew: bool) -> None:
        from django.db import connection

        from dancu.operation import database, setup_steps

        database.require_usable()
        if begin_anew:
            city.empty_unfinished(self.terminal)
        database.migrate(self.terminal)
        setup_steps.run_missing(self.terminal, last=setup_steps.CITY)
        city.build(self.config, self.terminal)
        setup_steps.run_missing(self.terminal, first=setup_steps.CITY)
        connection.close()

    def _start_pages(self) -> None:
        """Start the web server alone: what starts beside it takes its processors."""
        metrics = metrics_folder(self.config.var)
        self.cleaning.callback(shutil.rmtree, metrics, ignore_errors=True)
        self.shared = os.environ | {
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "DJANGO_SETTINGS_MODULE": "dancu.house.settings",
            "PYTHONUNBUFFERED": "1",
        }
        web = self._service("web", "web server", self._web_command(), _WEB_GRACE)
        self._wait_until_answers(web, self.config.web.port, "/health/ready")

    def _start_others(self) -> None:
        port = self.config.exchange.port
        if port:
            exchange = self._service(
                "exchange", "exchange", exchange_command(self.config), EXCHANGE_GRACE
            )
        worker = [sys.executable, "-m", "dancu.cli.main", "worker"]
        # Its database ends with us, and it would wait for it; jobs bear repetition.
        self._service("worker", "job worker", worker, _WORKER_GRACE, signal.SIGKILL)
        if port:
            self._wait_until_answers(exchange, port, "/health/live")
            self.terminal.say(
                f"Agencies ask at http://{self.config.web.host}:{port}/api/exchange/v1"
            )

    def _service(
        self,
        process: str,
        name: str,
        command: Sequence[str | Path],
        grace: float,
        parent_death_signal: int = signal.SIGTERM,
    ) -> Service:
        environment = self.shared | {"DANCU_PROCESS": process}
        log = self.config.var / "log" / f"{process}.log"
        service = Service(name, command, log, environment, grace, parent_death_signal)
        self.supervisor.add(service)
        return service

    def _web_command(self) -> list[str | Path]:
        web = self.config.web
        return [
            sys.executable,
            *("-m", "granian", "--interface", "wsgi", "--host", web.host, "--port", str(web.port)),
            *("--workers", str(web.workers), "--blocking-threads", str(web.threads)),
            *("--workers-kill-timeout", "10", "--respawn-failed-workers"),
            *("--no-ws", "--working-dir", str(ROOT), "--log-level", "warning"),
            *("--log-config", str(SERVER_LOGGING)),
            "dancu.house.wsgi:application",
        ]

    def _wait_until_answers(self, service: Service, port: int, path: str) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(  # noqa: S104 - only compared
            self.config.web.host, self.config.web.host
        )
        url = f"http://{host}:{port}{path}"
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if service.child is not None and service.child.poll() is not None:
                break
            if _answers(url):
                return
            time.sleep(0.1)
        raise OperationError(f"The {service.name} did not become ready.", f"see {service.log}")

    def _welcome(self, seconds: float) -> None:
        say = self.terminal.say
        say()
        say(f"dancu is ready at {self.config.address}  ({seconds:.1f} s)")
        if self.config.city.sign_ins:
            for line in city.sign_in_lines():
                say(line)


def _answers(url: str) -> bool:
    # Straight to the server: a proxy of the environment must not stand between.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return int(answer.status) == 200  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False
