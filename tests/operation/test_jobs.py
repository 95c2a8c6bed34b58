"""Background jobs: a job belongs to its transaction, and a worker runs it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction

from dancu.jobs import worker
from dancu.jobs.services import defer, task
from dancu.jobs.worker import work

DONE: list[int] = []
#: A queue of our own: the platform's periodic jobs come due while the tests run.
QUEUE = "tests"


@task(name="tests.note", queue=QUEUE, attempts=1)
def note(number: int) -> None:
    DONE.append(number)


@task(name="tests.fail", queue=QUEUE, attempts=1)
def fail() -> None:
    raise RuntimeError("on purpose")


@pytest.fixture(autouse=True)
def _fresh(transactional_db: None) -> Iterator[None]:
    _empty()
    yield
    _empty()


def _empty() -> None:
    # pytest-django does not know the queue's tables, so it does not empty them.
    DONE.clear()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return cursor.fetchone()[0]


def test_a_job_of_a_failed_transaction_never_existed() -> None:
    with transaction.atomic():
        defer(note, number=1)
        assert _waiting() == 1
        transaction.set_rollback(True)
    assert _waiting() == 0


def test_only_one_waits_where_one_is_enough() -> None:
    with transaction.atomic():
        assert defer(note, only_one_waiting="x", number=1) is not None
        assert defer(note, only_one_waiting="x", number=2) is None
        assert defer(note, number=3) is not None
    assert _waiting() == 2


def test_the_worker_runs_jobs_and_counts_them() -> None:
    from dancu.operation.metrics import exposition

    defer(note, number=7)
    defer(fail)
    work(concurrency=2, queues=[QUEUE], once=True)
    assert DONE == [7]
    text = exposition().decode()
    assert 'dancu_jobs_total{outcome="done",task="tests.note"} 1.0' in text
    assert 'dancu_jobs_total{outcome="failed",task="tests.fail"} 1.0' in text
    assert 'dancu_jobs{queue="tests",state="failed"} 1.0' in text


def test_a_job_of_a_killed_worker_is_taken_up_again() -> None:
    number = defer(note, number=9)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        other.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', "
            "worker_id = (SELECT max(id) FROM procrastinate_workers) WHERE id = %s",
            [number],
        )
    work(concurrency=1, queues=[QUEUE], once=True)
    assert DONE == [9]


def test_a_worker_told_to_stop_ends_though_its_database_falls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[None] = []

    async def falls(*_given: object, **_options: object) -> None:
        begun.append(None)
        assert len(begun) == 1
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise psycopg.OperationalError("the connection is lost") from None

    monkeypatch.setattr(worker, "_work", falls)
    work(concurrency=1)
