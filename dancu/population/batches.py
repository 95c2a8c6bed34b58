"""The door in for files: any number of statements of one source, as one delivery.

A batch is loaded in chunks. Each chunk is one transaction that holds the statements, what they
changed, the rows refused, and the chunk's own row in the ledger: killed at any moment, the batch
goes on behind the last chunk, and no row is lost or taken twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

import psycopg
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.errors import Unavailable
from dancu.operation import metrics
from dancu.operation.calm import calm_collector, quick_turns
from dancu.places.addresses import enter_addresses
from dancu.population import dictionary
from dancu.population.errors import BatchBusy, BatchTruncated
from dancu.population.internal import door
from dancu.population.internal.chunk import Chunk, Given, Preparer
from dancu.population.internal.lanes import Lanes
from dancu.population.internal.ledger import LEAST_CHUNK_ROWS, Ledger, apply_chunk
from dancu.population.models import Batch, Rejection, Source
from dancu.population.types import BatchProgress, BatchReport, IncomingRow, RejectedRow

CHUNK_ROWS = 10_000
#: After so many rows the planner's idea of the tables is out of date.
MANY_ROWS = 20_000
#: Lock class of batches in PostgreSQL's advisory locks.
LOCK_CLASS = 4706
REPORTED_REJECTIONS = 1_000
REMEMBERED_ADDRESSES = 500_000
#: What a refusal with values in it says in other languages than the one it was written in.
_WITHOUT_VALUES = {
    "INVALID": _("This is not a date."),
    "DAY_MONTH_SWAP": _("The month stands before the day."),
    "TWO_DIGIT_YEAR": _("The year has only two digits."),
}

Progress = Callable[[BatchProgress], None]


def load(
    *,
    source: str,
    key: str,
    rows: Iterable[IncomingRow],
    actor: Actor,
    at: datetime,
    total: int | None = None,
    progress: Progress | None = None,
    workers: int = 2,
    chunk_rows: int | None = None,
) -> BatchReport:
    """Load a delivery and return what became of its rows.

    ``(source, key)`` is the batch's identity. Sent again, rows that were loaded are compared with
    what came then and not loaded twice: an interrupted batch goes on, a finished one changes
    nothing. Rows of one batch do not build on each other: a person who first appears in it can be
    the subject of the next one.

    ``workers`` connections load chunks side by side; 0 loads in the caller's own transaction.
    Raises ``UnknownSource``, ``BatchChanged``, ``BatchTruncated``, ``BatchBusy`` and
    ``Unavailable`` (the database went away: load again to go on).
    """
    started = time.monotonic()
    origin_source = dictionary.source(source)
    cut = chunk_rows or _chunk_rows(total)
    batch = _open(origin_source, key, actor=actor, at=at, total=total, chunk_rows=cut)
    with _only_loader(batch.pk, in_transaction=workers == 0):
        batch.refresh_from_db()
        was_done = batch.state == Batch.State.DONE
        origin = door.Origin(origin_source.id, origin_source.kind, at, actor.account_id, batch.pk)
        ledger = Ledger.of(batch.pk, is_whole=was_done)
        try:
            with Lanes.open(workers) as lanes, calm_collector(), quick_turns():
                # By the first start, so that what is sent again on a later day is judged alike.
                preparer = Preparer(origin_source.kind, today(batch.started_at))
                chunks = _chunks(rows, preparer, partial(ledger.cut, most=batch.chunk_rows))
                _load_chunks(chunks, origin, ledger, lanes, partial(_tell, progress, ledger, total))
        except psycopg.OperationalError as error:
            raise Unavailable(
                _("The database went away while the batch was being loaded."),
                remedy=_("Nothing acknowledged is lost. Load the same file again: it goes on."),
            ) from error
        _finish(batch, ledger, at, was_done=was_done)
        if not was_done and workers and ledger.rows >= MANY_ROWS:
            _tell_the_planner()
    seconds = 0.0 if was_done else time.monotonic() - started
    if not was_done:
        metrics.batch_rows_total.labels(source, "accepted").inc(ledger.accepted)
        metrics.batch_rows_total.labels(source, "rejected").inc(ledger.rejected)
        metrics.conflicts_opened_total.labels(source).inc(ledger.conflicts)
    return report(batch_id=batch.pk, seconds=seconds, was_loaded_before=was_done)


def begin(
    *,
    source: str,
    key: str,
    actor: Actor,
    at: datetime,
    total: int | None = None,
    chunk_rows: int | None = None,
) -> int:
    """Enter a batch that is about to be loaded, and return its number; entered before, the same."""
    found, cut = dictionary.source(source), chunk_rows or _chunk_rows(total)
    return _open(found, key, actor=actor, at=at, total=total, chunk_rows=cut).pk


def _chunk_rows(total: int | None) -> int:
    """Cut a small batch finer, so that all lanes have work until its end."""
    return CHUNK_ROWS if total is None else max(LEAST_CHUNK_ROWS, min(CHUNK_ROWS, total // 4))


def report(*, batch_id: int, seconds: float = 0.0, was_loaded_before: bool = True) -> BatchReport:
    """Return the report of a batch, with its first rejected rows in the reader's language."""
    batch = Batch.objects.select_related("source").get(pk=batch_id)
    return BatchReport(
        batch_id=batch.pk,
        source=batch.source.code,
        key=batch.key,
        accepted=batch.accepted,
        rejected=batch.rejected,
        conflicts=batch.conflicts,
        seconds=seconds,
        was_loaded_before=was_loaded_before,
        rejections=tuple(map(_rejected, _rejections(batch_id)[:REPORTED_REJECTIONS])),
    )


def iterate_rejections(*, batch_id: int) -> Iterator[RejectedRow]:
    """Yield every refused row of a batch, with its reasons in the reader's language."""
    return map(_rejected, _rejections(batch_id).iterator(chunk_size=5_000))


def _rejections(batch_id: int) -> QuerySet[Rejection]:
    return Rejection.objects.filter(batch_id=batch_id).order_by("row_number", "position")


def _rejected(r: Rejection) -> RejectedRow:
    remedy = gettext(r.remedy) if r.remedy else ""
    return RejectedRow(r.row_number, r.field, r.code, _message(r), remedy)


def _message(rejection: Rejection) -> str:
    """Return the reason in the reader's language; one with values in it has no translation."""
    said = gettext(rejection.message)
    if said != rejection.message or (get_language() or "vi").startswith("en"):
        return said
    general = _WITHOUT_VALUES.get(rejection.code)
    return gettext(general) if general else said


def _open(
    source: Source, key: str, *, actor: Actor, at: datetime, total: int | None, chunk_rows: int
) -> Batch:
    with transaction.atomic():
        batch, _ = Batch.objects.get_or_create(
            source=source,
            key=key,
            defaults={
                "chunk_rows": chunk_rows,
                "total_rows": total,
                "started_at": at,
                "entered_by": actor.account_id,
            },
        )
    return batch


@contextmanager
def _only_loader(batch_id: int, *, in_transaction: bool) -> Iterator[None]:
    with connection.cursor() as cursor:
        kind = "pg_try_advisory_xact_lock" if in_transaction else "pg_try_advisory_lock"
        cursor.execute(f"SELECT {kind}(%s, %s)", [LOCK_CLASS, batch_id])
        if cursor.fetchone() != (True,):
            raise BatchBusy
    try:
        yield
    finally:
        if not in_transaction:
            _unlock(batch_id)


def _unlock(batch_id: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, batch_id])
    except Exception:  # noqa: BLE001 - the lock went with the connection
        connection.close()


def _load_chunks(
    chunks: Iterable[Chunk],
    origin: door.Origin,
    ledger: Ledger,
    lanes: Lanes,
    tell: Callable[[], None],
) -> None:
    last, places = 0, set[int]()
    for chunk in chunks:
        last = chunk.first_row + chunk.rows
        if ledger.holds(chunk):
            continue
        _store_addresses(chunk, places)
        lanes.run(partial(apply_chunk, chunk=chunk, origin=origin))
        for done in lanes.finished():
            ledger.add(done)
        tell()
    for done in lanes.drain():
        ledger.add(done)
        tell()
    if last < ledger.rows:
        raise BatchTruncated(row=last, total=ledger.rows)


def _store_addresses(chunk: Chunk, stored: set[int]) -> None:
    """Store the addresses of a chunk ahead of it.

    They are numbered by content and mean nothing alone: no harm if the chunk never comes.
    """
    new = chunk.addresses.keys() - stored
    enter_addresses([chunk.addresses[place] for place in sorted(new)])
    if len(stored) > REMEMBERED_ADDRESSES:
        stored.clear()
    stored |= new


def _tell(progress: Progress | None, ledger: Ledger, total: int | None) -> None:
    if progress is not None:
        progress(
            BatchProgress(ledger.rows, total, ledger.accepted, ledger.rejected, ledger.conflicts)
        )


def _chunks(
    rows: Iterable[IncomingRow], preparer: Preparer, cut: Callable[[int], int]
) -> Iterator[Chunk]:
    """Yield chunks of as many rows as ``cut`` says of the row where each begins."""
    chunk, size = Chunk(first_row=0), cut(0)
    for number, row in enumerate(rows):
        if chunk.rows == size:
            yield chunk
            chunk, size = Chunk(first_row=number), cut(number)
        preparer.add(
            chunk,
            number,
            Given(
                row.pid,
                None,
                row.new,
                row.day,
                row.evidence_kind,
                row.evidence_reference,
                None,
                row.claims,
            ),
        )
    if chunk.rows:
        yield chunk


def _finish(batch: Batch, ledger: Ledger, at: datetime, *, was_done: bool) -> None:
    if was_done:
        return
    batch.accepted, batch.rejected, batch.conflicts = (
        ledger.accepted,
        ledger.rejected,
        ledger.conflicts,
    )
    batch.state, batch.finished_at, batch.total_rows = Batch.State.DONE, at, ledger.rows
    batch.save(
        update_fields=["accepted", "rejected", "conflicts", "state", "finished_at", "total_rows"]
    )


def _tell_the_planner() -> None:
    """Have the tables looked at when the register has grown by half since the last time.

    The server does so by itself, but not at once; and a first look-up after a first load must not
    read whole tables.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_value > 1.5 * greatest(reltuples, 0)"
            " FROM population_person_id_seq, pg_class WHERE oid = 'population_person'::regclass"
        )
        if cursor.fetchone() != (True,):
            return
        cursor.execute(
            "ANALYZE population_person, population_pid, population_nameform, population_golden,"
            " population_statement, population_conflict, places_address"
        )
