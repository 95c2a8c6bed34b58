"""Carrying batches out, slice by slice: whose turn it is, the questions, the answers, the commit.

A slice's answers, its access records, the usage and the progress are one transaction. Killed at
any moment, nothing is lost and nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import monotonic, sleep

from django.db import DatabaseError, InterfaceError, connection, transaction

from dancu.exchange.batches import spool
from dancu.exchange.batches.answers import RowAnswer, counted, judged, pack, unasked
from dancu.exchange.batches.cleaning import Cleaner, Prepared
from dancu.exchange.batches.errors import FileForgotten
from dancu.exchange.batches.hints import Hints, twice_in
from dancu.exchange.batches.meanings import attributes_of
from dancu.exchange.batches.models import Batch, BatchSlice
from dancu.exchange.batches.queue import Turn, turn
from dancu.exchange.batches.standing import queue_at
from dancu.exchange.contracts import contract_at
from dancu.exchange.quotas import Wish, take_each
from dancu.exchange.services import verify_many
from dancu.exchange.services.gate import check_clauses
from dancu.exchange.types import Answer, Caller, Question, Verification
from dancu.kernel.clock import Clock, today
from dancu.kernel.errors import Conflict, DancuError

SLICE_ROWS = 2_500
#: Of the two-part advisory locks, this first part is ours; the second is the batch.
_LOCK_CLASS = 8_006_003
_PATIENCE = 0.5
State = Batch.State
Told = Callable[[Batch], None]


class AnotherWorker(Conflict):
    """Another worker has answered these rows in the meantime."""


class DayIsShort(Exception):
    """Others took what the day had left between planning and asking."""

    def __init__(self, left: int) -> None:
        """Keep how many records are left."""
        self.left = left
        super().__init__(left)


def work(
    *,
    clock: Clock,
    seconds: float | None = None,
    only: int | None = None,
    told: Told | None = None,
    slice_rows: int = SLICE_ROWS,
) -> bool:
    """Carry out slices until nobody may go on today, or the time is over; False: more is to do.

    ``only`` works on one batch whoever else waits (never beyond the quotas); ``told`` is called
    after each slice. Batches that another worker is at are left to it; with ``only`` it is waited
    for.
    """
    begin, left_out = monotonic(), set[int]()
    while True:
        at = clock.now()
        view = queue_at(at, only=only)
        found = turn(
            [one for one in view.waiting if one.batch not in left_out],
            view.shares,
            day=view.day,
            left_today=view.left_today,
            most=slice_rows,
        )
        if found is None:
            return True
        before = next(one.rows for one in view.waiting if one.batch == found.batch)
        batch = carry_out(found, at=at)
        if batch is None and only is not None:
            # The worker is at it; what it does is done for us.
            sleep(_PATIENCE)
            batch = Batch.objects.get(pk=only)
            if told is not None:
                told(batch)
        elif batch is None or (batch.state == State.WAITING and batch.rows - batch.done == before):
            left_out.add(found.batch)
        elif told is not None:
            told(batch)
        if seconds is not None and monotonic() - begin > seconds:
            return False


def carry_out(wanted: Turn, *, at: datetime) -> Batch | None:
    """Answer the next rows of a batch and return how it stands; None when it is not ours to do.

    What is wrong with the batch as a whole (its contract ended, its file is gone) stops it and is
    kept for its page; what may pass by itself is raised.
    """
    with _alone_with(wanted.batch) as is_alone:
        batch = Batch.objects.filter(pk=wanted.batch, state=State.WAITING).first()
        if batch is None or not is_alone:
            return None
        try:
            _answer_as_many_as_fit(batch, wanted.rows, at)
        except AnotherWorker:
            return None
        except FileNotFoundError:
            return _failed(batch, FileForgotten(), at)
        except DancuError as error:
            if error.retryable:
                raise
            return _failed(batch, error, at)
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


def _answer_as_many_as_fit(batch: Batch, rows: int, at: datetime) -> None:
    while rows > 0:
        try:
            _answer(batch, rows, at)
        except DayIsShort as short:
            rows = min(rows - 1, short.left)
        else:
            return


def caller_of(batch: Batch, at: datetime) -> Caller:
    """Return who asks. Raises ``ClauseRefused`` when the contract is not in force."""
    return Caller(
        client_id=batch.client_id,
        client=batch.client,
        contract=contract_at(batch.contract, at),
        user=batch.user,
        request_id=batch.reference,
        issue=batch.issue,
    )


def questions_of(batch: Batch) -> tuple[Question, ...]:
    """Return the yes-or-no questions that are asked about every row."""
    return tuple(Question(name, argument) for name, argument in batch.questions)


def _answer(batch: Batch, rows: int, at: datetime) -> None:
    caller, questions = caller_of(batch, at), questions_of(batch)
    meanings = batch.meanings or []
    attributes = attributes_of(meanings)
    check_clauses(
        caller,
        mode="batch",
        purpose=batch.purpose,
        attributes=attributes,
        questions=questions,
        at=at,
    )
    first, path = batch.done, spool.path_of(batch.reference)
    hints = _hints(batch, meanings)
    cells = spool.read(path, first, min(first + rows, batch.rows))
    cleaner = Cleaner(meanings, hints)
    prepared = [cleaner.prepare(row) for row in cells]
    asked = [
        Verification(caller, batch.purpose, row.claims, questions, case=batch.case_number)
        for row in prepared
        if row.is_askable
    ]
    slice_ = _Slice(batch, first, prepared, hints, at)
    if asked:
        verify_many(asked, at=at, mode="batch", is_taken=True, within=slice_.store)
    else:
        with transaction.atomic():
            slice_.store([])


def _hints(batch: Batch, meanings: Sequence[str]) -> Hints:
    """Return what the columns tell; before the first row, also which numbers stand there twice."""
    stored = batch.hints or {}
    if batch.done == 0 and not stored.get("is_complete"):
        everything = spool.read(spool.path_of(batch.reference), 0, batch.rows)
        stored = {**stored, "twice": [*twice_in(everything, meanings).items()]}
        stored["is_complete"] = True
        Batch.objects.filter(pk=batch.pk).update(hints=stored)
    return Hints.from_json(stored)


class _Slice:
    """Rows on their way: stored inside the transaction that records who was asked about."""

    def __init__(
        self, batch: Batch, first: int, prepared: Sequence[Prepared], hints: Hints, at: datetime
    ) -> None:
        self._batch, self._first, self._prepared, self._at = batch, first, prepared, at
        self._twice = hints.twice

    def store(self, answers: Sequence[Answer | DancuError]) -> None:
        """Keep the answers and the progress. Raises ``AnotherWorker``."""
        batch = Batch.objects.select_for_update().get(pk=self._batch.pk)
        if batch.done != self._first:
            raise AnotherWorker
        self._take(len(answers))
        found = self._judged(answers)
        BatchSlice.objects.create(
            batch=batch, first=self._first, rows=len(found), content=pack(found)
        )
        _advance(batch, found, self._at)

    def _take(self, records: int) -> None:
        """Count the records of the day. Raises ``DayIsShort`` when there are fewer."""
        if not records:
            return
        wish = Wish(contract_at(self._batch.contract, self._at), records, requests=1)
        granted = take_each([wish], at=self._at)[0].granted
        if granted < records:
            raise DayIsShort(granted)

    def _judged(self, answers: Sequence[Answer | DancuError]) -> list[RowAnswer]:
        rest, found = iter(answers), []
        for number, row in enumerate(self._prepared, start=self._first):
            if not row.is_askable:
                found.append(unasked(row))
                continue
            found.append(judged(row, next(rest), self._twice.get(number)))
        return found


def _advance(batch: Batch, found: Sequence[RowAnswer], at: datetime) -> None:
    day = today(at)
    before = batch.done_today if batch.done_on == day else 0
    if batch.paced_at is None or before == 0:
        batch.paced_at, batch.paced_rows = at, batch.done
    batch.done += len(found)
    batch.done_today, batch.done_on = before + len(found), day
    batch.counts = counted(found, batch.counts)
    batch.worked_at = at
    if batch.done == batch.rows:
        batch.state, batch.ended_at = State.DONE, at
    batch.save(
        update_fields=[
            "done", "done_today", "done_on", "counts", "paced_at", "paced_rows", "worked_at",
            "state", "ended_at",
        ]
    )  # fmt: skip


def _failed(batch: Batch, error: DancuError, at: datetime) -> Batch:
    batch.state, batch.ended_at = State.FAILED, at
    batch.problem = {
        "message": error.message,
        "remedy": error.remedy,
        "params": {name: str(value) for name, value in error.params.items()},
    }
    batch.save(update_fields=["state", "ended_at", "problem"])
    return batch
