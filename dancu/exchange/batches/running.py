"""Carrying batches out, slice by slice: whose turn it is, the questions, the answers, the commit.

A slice's answers, its access records, the usage and the progress are one transaction. Killed at
any moment, nothing is lost and nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from dancu.exchange.batches.errors import AnotherWorker, DayIsShort, FileForgotten, NotWaiting
from dancu.exchange.batches.models import Batch
from dancu.exchange.batches.pipeline import in_two_steps
from dancu.exchange.batches.processes import in_processes
from dancu.exchange.batches.queue import Turn, turn
from dancu.exchange.batches.slices import Slicer
from dancu.exchange.batches.standing import QueueView, queue_at
from dancu.kernel.clock import Clock
from dancu.kernel.errors import DancuError
from dancu.operation.calm import calm_collector

SLICE_ROWS = 5_000
#: Slices after which the queue is looked at again: alone, and with others who wait.
_SLICES_ALONE, _SLICES_AMONG_OTHERS = 20, 2
#: Of the two-part advisory locks, this first part is ours; the second is the batch.
_LOCK_CLASS = 8_006_003
_PATIENCE = 0.5
State = Batch.State
Told = Callable[[Batch], None]
_TOLD = ("state", "done", "done_today", "done_on", "counts", "paced_at", "paced_rows", "worked_at")


@dataclass(frozen=True, slots=True)
class Worker:
    """How somebody works: in slices of so many rows, until ``goes_on`` says no."""

    clock: Clock
    slice_rows: int
    goes_on: Callable[[], bool]
    may_fork: bool = False


def work(
    *,
    clock: Clock,
    seconds: float | None = None,
    only: int | None = None,
    told: Told | None = None,
    may_fork: bool = False,
    slice_rows: int = SLICE_ROWS,
) -> bool:
    """Carry out slices until nobody may go on today, or the time is over; False: more is to do.

    ``told`` is called after each slice; see ``working``.
    """
    slices = working(
        clock=clock, seconds=seconds, only=only, may_fork=may_fork, slice_rows=slice_rows
    )
    while True:
        try:
            batch = next(slices)
        except StopIteration as end:
            return bool(end.value)
        if told is not None:
            told(batch)


def working(
    *,
    clock: Clock,
    seconds: float | None = None,
    only: int | None = None,
    may_fork: bool = False,
    slice_rows: int = SLICE_ROWS,
) -> Generator[Batch, None, bool]:
    """Carry out slices and yield after each how its batch stands; returns what ``work`` does.

    ``only`` works on one batch whoever else waits (never beyond the quotas). Batches that another
    worker is at are left to it; with ``only`` it is waited for. ``may_fork``: the caller has no
    other threads at work.
    """
    begin = monotonic()

    def goes_on() -> bool:
        return seconds is None or monotonic() - begin <= seconds

    with calm_collector():
        return (yield from _working(Worker(clock, slice_rows, goes_on, may_fork), only))


def _working(worker: Worker, only: int | None) -> Generator[Batch, None, bool]:
    left_out = set[int]()
    faults: list[Exception] = []
    while True:
        view = queue_at(worker.clock.now(), only=only)
        found = _turn(view, left_out, worker.slice_rows, is_only=only is not None)
        if found is None:
            # Told at the end: a batch at which something breaks keeps nobody else waiting.
            if faults:
                raise faults[0]
            return True
        everybody = (*view.waiting, *view.trials)
        before = next(one.rows for one in everybody if one.batch == found.batch)
        try:
            batch = yield from _carry_out(found, worker)
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            if only is not None:
                raise
            faults.append(fault)
            batch = None
        if batch is None and only is not None:
            # The worker is at it; what it does is done for us.
            sleep(_PATIENCE)
            yield Batch.objects.get(pk=only)
        elif batch is None or (batch.state == State.WAITING and batch.rows - batch.done == before):
            left_out.add(found.batch)
        if not worker.goes_on():
            return False


def _turn(view: QueueView, left_out: set[int], slice_rows: int, *, is_only: bool) -> Turn | None:
    waiting = [one for one in view.waiting if one.batch not in left_out]
    slices = _SLICES_ALONE if len(waiting) == 1 else _SLICES_AMONG_OTHERS
    # Who works on one batch only has no reason to look at the queue again.
    most = sum(one.rows for one in waiting) if is_only else slice_rows * slices
    found = turn(waiting, view.shares, day=view.day, left_today=view.left_today, most=most)
    trial = next((one for one in view.trials if one.batch not in left_out), None)
    if found is None and trial is not None:
        return Turn(trial.batch, min(trial.rows, slice_rows))
    return found


def _carry_out(wanted: Turn, worker: Worker) -> Generator[Batch, None, Batch | None]:
    """Answer the next rows of a batch and return how it stands; None when it is not ours to do.

    What is wrong with the batch as a whole (its contract ended, its file is gone) stops it and is
    kept for its page; what may pass by itself is raised.
    """
    with _alone_with(wanted.batch) as is_alone:
        batch = Batch.objects.filter(pk=wanted.batch, state=State.WAITING).first()
        if batch is None or not is_alone:
            return None
        try:
            yield from _answer_as_many_as_fit(batch, wanted.rows, worker)
        except AnotherWorker:
            return None
        except NotWaiting:
            pass
        except FileNotFoundError:
            return _failed(batch, FileForgotten(), worker.clock.now())
        except DancuError as error:
            if error.retryable:
                raise
            return _failed(batch, error, worker.clock.now())
        batch.refresh_from_db()
        return batch


@contextmanager
def _alone_with(batch_id: int) -> Iterator[bool]:
    """Keep other workers off a batch; False when one of them is at it. The lock dies with us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_CLASS, batch_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_CLASS, batch_id])


def _answer_as_many_as_fit(batch: Batch, rows: int, worker: Worker) -> Iterator[Batch]:
    end = min(batch.done + rows, batch.rows)
    while batch.done < end:
        try:
            yield from answer(batch, end, worker)
        except DayIsShort as short:
            batch.refresh_from_db(fields=_TOLD)
            end = min(end - 1, batch.done + short.left)
        else:
            return


def answer(batch: Batch, end: int, worker: Worker) -> Iterator[Batch]:
    """Answer the rows up to ``end``, slice by slice, as long as the worker goes on."""
    slicer, clock = Slicer(batch), worker.clock
    bounds = [
        (first, min(first + worker.slice_rows, end))
        for first in range(batch.done, end, worker.slice_rows)
    ]
    in_order = in_processes if worker.may_fork and len(bounds) > 1 else in_two_steps
    for _ in in_order(
        bounds,
        lambda bound: slicer.compare(*bound, clock.now()),
        slicer.store,
        goes_on=worker.goes_on,
    ):
        batch.refresh_from_db(fields=_TOLD)
        yield batch


def _failed(batch: Batch, error: DancuError, at: datetime) -> Batch:
    batch.state, batch.ended_at = State.FAILED, at
    batch.problem = {
        "message": error.message,
        "remedy": error.remedy,
        "params": {name: str(value) for name, value in error.params.items()},
    }
    batch.save(update_fields=["state", "ended_at", "problem"])
    return batch
