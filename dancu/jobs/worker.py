"""The process that runs background jobs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import psycopg
from django.utils.module_loading import autodiscover_modules
from procrastinate import App, exceptions, psycopg_connector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from dancu.jobs.mending import take_up_stalled
from dancu.operation import space
from dancu.operation.logs import logger

GRACE_SECONDS = 10
_POLL_SECONDS = 5.0
_PAUSE = 5.0
_log = logger(__name__)


def work(*, concurrency: int, queues: Sequence[str] | None = None, once: bool = False) -> None:
    """Run jobs until SIGINT or SIGTERM, or until no job waits when ``once`` is given.

    A database that goes away, or has no room, is waited for.
    """
    autodiscover_modules("jobs")
    if once:
        asyncio.run(_work(concurrency, queues, once=True))
    else:
        asyncio.run(_until_told(concurrency, queues))


async def _until_told(concurrency: int, queues: Sequence[str] | None) -> None:
    told = asyncio.Event()
    working = asyncio.create_task(_keep_working(concurrency, queues, told))

    def stop() -> None:
        if not told.is_set():  # A second signal must not cut short the time that jobs get to end.
            told.set()
            working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await working


async def _keep_working(
    concurrency: int, queues: Sequence[str] | None, told: asyncio.Event
) -> None:
    # A database that goes away while a worker ends has its error come in place of the cancellation.
    while not told.is_set():
        try:
            await _work(concurrency, queues, once=False)
        except (exceptions.ConnectorException, psycopg.OperationalError) as error:
            if not _is_passing(error):
                raise
            _log.warning("database unavailable", full=space.is_cause(error), seconds=_PAUSE)
            if told.is_set():
                return
        await asyncio.sleep(_PAUSE)


def _is_passing(error: BaseException) -> bool:
    """Whether the database itself is the trouble, and not what was asked of it."""
    kinds = psycopg.OperationalError | psycopg.InterfaceError
    return any(isinstance(item, kinds) for item in space.chain(error))


async def _work(concurrency: int, queues: Sequence[str] | None, *, once: bool) -> None:
    with app.replace_connector(_connector(concurrency)) as worker_app:
        async with worker_app.open_async():
            await take_up_stalled(worker_app)
            await _run(worker_app, concurrency, queues, once=once)


async def _run(
    worker_app: App, concurrency: int, queues: Sequence[str] | None, *, once: bool
) -> None:
    options: dict[str, Any] = {"queues": list(queues)} if queues else {}
    await worker_app.run_worker_async(
        concurrency=concurrency,
        wait=not once,
        fetch_job_polling_interval=_POLL_SECONDS,
        shutdown_graceful_timeout=GRACE_SECONDS,
        install_signal_handlers=False,
        listen_notify=True,
        **options,
    )


def _connector(concurrency: int) -> psycopg_connector.PsycopgConnector:
    parameters = connector_params("default")
    parameters.pop("pool", None)
    return psycopg_connector.PsycopgConnector(
        kwargs=parameters, min_size=1, max_size=concurrency + 3
    )
