"""The process that runs background jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from procrastinate import App, psycopg_connector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from dancu.jobs.mending import take_up_stalled

GRACE_SECONDS = 10
_POLL_SECONDS = 5.0


def work(*, concurrency: int, queues: Sequence[str] | None = None, once: bool = False) -> None:
    """Run jobs until SIGINT or SIGTERM, or until no job waits when ``once`` is given."""
    asyncio.run(_work(concurrency, queues, once=once))


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
        install_signal_handlers=True,
        listen_notify=True,
        **options,
    )


def _connector(concurrency: int) -> psycopg_connector.PsycopgConnector:
    parameters = connector_params("default")
    parameters.pop("pool", None)
    return psycopg_connector.PsycopgConnector(
        kwargs=parameters, min_size=1, max_size=concurrency + 3
    )
