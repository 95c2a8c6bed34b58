"""Background jobs, kept in PostgreSQL by procrastinate.

A room declares its jobs in ``<room>/jobs.py`` with ``task`` and starts one with ``defer``. A job
deferred inside a transaction exists only if the transaction commits. A job may run more than once
(a killed worker's jobs are taken up again), so it must bear repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from time import perf_counter
from typing import Any, ParamSpec, TypeVar

import procrastinate
from django.db import connection
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import Task

from dancu.operation import metrics
from dancu.operation.logs import logger

P = ParamSpec("P")
R = TypeVar("R")
DEFAULT_QUEUE = "default"
_log = logger("dancu.jobs")


def task(
    *, name: str, queue: str = DEFAULT_QUEUE, attempts: int = 3, wait_seconds: int = 10
) -> Callable[[Callable[P, R]], Task[P, R, P]]:
    """Declare a job. ``name`` is ``room.verb-noun`` and stays the same for ever.

    A failed attempt is repeated after ``wait_seconds``, then twice that, and so on. Arguments are
    JSON values; pass keys of records, never personal data. A job finds a connection to the database
    that works, and leaves none behind.
    """

    def declare(function: Callable[P, R]) -> Task[P, R, P]:
        # The strategy counts repetitions, and takes 0 for "without end".
        retry = (
            procrastinate.RetryStrategy(max_attempts=attempts - 1, linear_wait=wait_seconds)
            if attempts > 1
            else False
        )
        declared: Task[P, R, P] = app.task(name=name, queue=queue, retry=retry)(
            _observed(name, function)
        )
        return declared

    return declare


def _observed(name: str, function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        begin = perf_counter()
        connection.close_if_unusable_or_obsolete()
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            metrics.jobs_total.labels(name, "failed").inc()
            _log.error("job failed", task=name, exc_info=error)
            raise
        finally:
            metrics.job_seconds.labels(name).observe(perf_counter() - begin)
            # The thread may idle for days; its connection would outlive the server.
            connection.close()
        metrics.jobs_total.labels(name, "done").inc()
        return result

    return run


def defer(
    job: Task[Any, Any, Any],
    *,
    lock: str | None = None,
    only_one_waiting: str | None = None,
    not_before: datetime | None = None,
    **arguments: Any,
) -> int | None:
    """Put a job in the queue and return its number.

    Jobs with the same ``lock`` run one after another. While a job with the same
    ``only_one_waiting`` waits, another is not queued and None is returned.
    """
    deferrer = job.configure(lock=lock, queueing_lock=only_one_waiting, schedule_at=not_before)
    # Inside a worker the app has a connection of its own; the job belongs to our transaction.
    deferrer.job_manager = JobManager(DjangoConnector())
    if only_one_waiting is None:
        return int(deferrer.defer(**arguments))
    return _defer_once(deferrer, arguments)


def _defer_once(deferrer: Any, arguments: dict[str, Any]) -> int | None:
    from django.db import transaction

    try:
        # The unique index that refuses a second job must not break the caller's transaction.
        with transaction.atomic():
            return int(deferrer.defer(**arguments))
    except exceptions.AlreadyEnqueued:
        return None
