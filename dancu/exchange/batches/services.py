"""Use cases of a batch: received, confirmed, stopped, resumed, fetched, forgotten."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import IO

from django.db import IntegrityError, connection, transaction

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.exchange.api.errors import KeyUsedForAnother
from dancu.exchange.batches import queries, spool
from dancu.exchange.batches.errors import (
    BatchEnded,
    BatchGone,
    NoRows,
    NotConfirmed,
    TooLarge,
    TooManyRows,
    TooManyWaiting,
)
from dancu.exchange.batches.hints import hints_of
from dancu.exchange.batches.meanings import attributes_of, require_each_once, require_people
from dancu.exchange.batches.models import Batch, BatchSlice
from dancu.exchange.batches.table import LONGEST_CELL, Table, open_made, open_table
from dancu.exchange.pace import pace
from dancu.exchange.services.gate import check_clauses
from dancu.exchange.types import Caller, Question
from dancu.jobs.services import defer
from dancu.operation.calm import calm_collector
from dancu.operation.config import current

State = Batch.State
MOST_ROWS = 1_000_000
#: Bytes of a file, as it is sent.
LARGEST = 400 * 1024 * 1024
#: Of the sandbox, which anybody may try: it knows a handful of people.
SANDBOX_ROWS = 1_000
SANDBOX_LARGEST = 1024 * 1024
SANDBOX_SHOWN = 20
SANDBOX_WAITING = 3
KEPT_UNCONFIRMED = timedelta(days=1)
#: Answers that nobody fetches are kept so much longer than fetched ones.
UNFETCHED_TIMES = 4
_HINT_ROWS = 5_000
#: Of the two-part advisory locks, this first part is ours; the second is a client of the sandbox.
_LOCK_CLASS = 8_006_004
_LONGEST_NAME, _KEPT_END = 120, 20


def receive(
    *,
    file: IO[bytes],
    name: str,
    caller: Caller,
    at: datetime,
    actor: Actor | None = None,
    largest: int = LARGEST,
    is_made: bool = False,
) -> Batch:
    """Read a table through, keep it on disk, and return what its columns seem to mean.

    ``actor``: the officer, where it is one. ``is_made``: it is CSV that we wrote ourselves, of
    which even an empty line is a row.
    Sent again with the same number of request, it is the batch of the first time. Raises
    ``UnreadableTable`` and its kinds, ``KeyUsedForAnother``, ``TooManyRequests`` and
    ``TooManyWaiting``.
    """
    pace.require(caller, at=at)
    is_sandbox = caller.contract.is_sandbox
    largest = min(largest, SANDBOX_LARGEST) if is_sandbox else largest
    reference = secrets.token_hex(16)
    arrived = spool.path_of(reference).with_suffix(".sent")
    try:
        digest, size = written(file=file, path=arrived, largest=largest)
        if caller.request_id and (same := _same(caller, digest)) is not None:
            return same
        _require_room(caller, State.SHOWN, SANDBOX_SHOWN)
        table = (open_made if is_made else open_table)(arrived, caller.contract)
        with calm_collector():
            rows = _spooled(table, reference, SANDBOX_ROWS if is_sandbox else MOST_ROWS)
        batch = Batch(
            reference=reference,
            contract=caller.contract.name,
            client_id=caller.client_id,
            client=caller.client[:120],
            user=caller.user[:200],
            request_id=caller.request_id[:120],
            issue=caller.issue[:120],
            account_id=actor.account_id if actor is not None else None,
            name=file_name(name=name),
            size=size,
            digest=digest,
            encoding=table.encoding,
            has_head=table.has_head,
            left_out=table.left_out[:50],
            columns=[[c.title, c.meaning, c.by_content, c.examples] for c in table.columns],
            rows=rows,
            received_at=at,
        )
        with transaction.atomic():
            _require_room(caller, State.SHOWN, SANDBOX_SHOWN)
            batch.save(force_insert=True)
            _note("received", batch, actor, at)
    except IntegrityError:
        spool.forget(reference)
        if (same := _same(caller, digest)) is not None:
            return same
        raise
    except BaseException:
        spool.forget(reference)
        raise
    finally:
        arrived.unlink(missing_ok=True)
    return batch


def _same(caller: Caller, digest: bytes) -> Batch | None:
    """Return the batch that the same request made. Raises ``KeyUsedForAnother``."""
    found = Batch.objects.filter(
        contract=caller.contract.name,
        client=caller.client[:120],
        request_id=caller.request_id[:120],
    ).first()
    if found is not None and bytes(found.digest) != digest:
        raise KeyUsedForAnother
    return found


def written(*, file: IO[bytes], path: Path, largest: int) -> tuple[bytes, int]:
    """Keep a file that is sent, and return its SHA-256 and size. Raises ``TooLarge``."""
    digest, size = hashlib.sha256(), 0
    with spool.create(path) as target:
        while piece := file.read(1 << 20):
            size += len(piece)
            if size > largest:
                raise TooLarge(size=f"> {largest >> 20}", most=largest >> 20)
            digest.update(piece)
            target.write(piece)
    return digest.digest(), size


def _spooled(table: Table, reference: str, most: int) -> int:
    with spool.Writer(spool.path_of(reference)) as writer:
        for line in table.rows:
            cells = line.cells
            if max(map(len, cells)) > LONGEST_CELL:
                cells = [cell[:LONGEST_CELL] for cell in cells]
            writer.add([*cells, line.fault])
            if writer.rows > most:
                raise TooManyRows(most=most)
    if not writer.rows:
        raise NoRows
    return writer.rows


def file_name(*, name: str) -> str:
    """Return a file's own name, without folders and without what cannot be shown.

    A long one keeps its beginning, and the end with what kind of file it is.
    """
    bare = PurePath(name.replace("\\", "/")).name
    shown = "".join(sign for sign in bare if sign.isprintable()).strip()
    if len(shown) > _LONGEST_NAME:
        shown = f"{shown[: _LONGEST_NAME - _KEPT_END - 1]}…{shown[-_KEPT_END:]}"
    return shown if shown.strip(".") else "-"


def confirm(
    *,
    reference: str,
    caller: Caller,
    purpose: str,
    at: datetime,
    meanings: Sequence[str] | None = None,
    questions: Sequence[Question] = (),
    case: str = "",
    actor: Actor | None = None,
) -> Batch:
    """Say what the columns mean and put the batch in the queue; confirmed before, it stays so.

    Without ``meanings`` those recognised hold. ``actor``: the officer, where it is one. Raises
    ``ClauseRefused`` and its kinds, ``NothingToAsk``, ``MeaningTwice``, ``MeaningUnknown`` and
    ``TooManyWaiting``.
    """
    with transaction.atomic():
        batch = _locked(reference, caller)
        if batch.state != State.SHOWN:
            return batch
        chosen = [c[1] for c in batch.columns] if meanings is None else list(meanings)
        require_each_once(chosen, caller.contract, len(batch.columns))
        require_people(chosen)
        check_clauses(
            caller,
            mode="batch",
            purpose=purpose,
            attributes=attributes_of(chosen),
            questions=questions,
            at=at,
        )
        _require_room(caller, State.WAITING, SANDBOX_WAITING)
        pace.require(caller, at=at, records=batch.rows)
        sample = list(spool.read(spool.path_of(reference), 0, _HINT_ROWS))
        batch.meanings, batch.hints = chosen, hints_of(sample, chosen).as_json()
        batch.columns = [[title, meaning, seen, []] for title, meaning, seen, _ in batch.columns]
        batch.purpose, batch.case_number = purpose, case[:120]
        batch.questions = [[one.name, one.argument] for one in questions]
        batch.state, batch.confirmed_at = State.WAITING, at
        batch.save()
        _note("confirmed", batch, actor, at)
        go_on()
    return batch


def _note(event: str, batch: Batch, actor: Actor | None, at: datetime) -> None:
    rows = batch.rows if batch.state == State.SHOWN else batch.done
    detail = {"batch": batch.reference, "contract": batch.contract, "client": batch.client}
    record(event=f"exchange.batch-{event}", actor=actor, at=at, detail={**detail, "rows": rows})


def _require_room(caller: Caller, state: str, most: int) -> None:
    """Refuse a client of the sandbox that has as many batches already. ``TooManyWaiting``."""
    if not caller.contract.is_sandbox:
        return
    if connection.in_atomic_block:
        # Who counts waits for whoever has counted and not committed yet.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, caller.client]
            )
    mine = Batch.objects.filter(contract=caller.contract.name, client=caller.client[:120])
    if mine.filter(state=state).count() >= most:
        raise TooManyWaiting(most=most)


def go_on() -> None:
    """Have the worker look at the queue; part of the caller's transaction."""
    from dancu.exchange.batches.jobs import run_batches

    defer(run_batches, only_one_waiting="exchange.batches")


def wake() -> None:
    """Have the worker look at the queue when somebody waits."""
    if Batch.objects.filter(state=State.WAITING).exists():
        go_on()


def stop(
    *,
    reference: str,
    at: datetime,
    by: str,
    caller: Caller | None = None,
    actor: Actor | None = None,
) -> Batch:
    """Stop a batch; what is answered stays. Raises ``BatchEnded`` when nothing is left to stop."""
    with transaction.atomic():
        batch = _locked(reference, caller)
        if batch.state == State.STOPPED:
            return batch
        if batch.state != State.WAITING:
            raise BatchEnded if batch.state != State.SHOWN else NotConfirmed
        batch.state, batch.stopped_by, batch.ended_at = State.STOPPED, by[:200], at
        batch.save(update_fields=["state", "stopped_by", "ended_at"])
        _note("stopped", batch, actor, at)
    return batch


def resume(
    *, reference: str, at: datetime, caller: Caller | None = None, actor: Actor | None = None
) -> Batch:
    """Put a stopped or failed batch back in the queue, at its old place.

    Raises ``BatchEnded`` when everything was answered or the questions are gone, and
    ``TooManyWaiting``.
    """
    with transaction.atomic():
        batch = _locked(reference, caller)
        if batch.state == State.WAITING:
            return batch
        if batch.state == State.SHOWN:
            raise NotConfirmed
        if batch.state == State.DONE or batch.forgotten_at is not None:
            raise BatchEnded
        if caller is not None:
            _require_room(caller, State.WAITING, SANDBOX_WAITING)
        batch.state, batch.stopped_by, batch.problem = State.WAITING, "", None
        batch.ended_at, batch.paced_at = None, None
        batch.save(update_fields=["state", "stopped_by", "problem", "ended_at", "paced_at"])
        _note("resumed", batch, actor, at)
        go_on()
    return batch


def _locked(reference: str, caller: Caller | None) -> Batch:
    found = queries.find(reference=reference, caller=caller)
    batch = Batch.objects.select_for_update().filter(pk=found.pk).first()
    if batch is None:
        raise BatchGone
    return batch


def discard(
    *, reference: str, at: datetime, caller: Caller | None = None, actor: Actor | None = None
) -> None:
    """Delete a batch that nobody confirmed, with its file."""
    batch = queries.find(reference=reference, caller=caller)
    with transaction.atomic():
        if not Batch.objects.filter(pk=batch.pk, state=State.SHOWN).delete()[0]:
            return
        _note("discarded", batch, actor, at)
    spool.forget(reference)


def drop(*, reference: str, actor: Actor, at: datetime) -> None:
    """Stop a batch and delete its questions and answers. Raises ``BatchGone``.

    That people were asked about stays in their lists of accesses, and the counts stay.
    """
    with transaction.atomic():
        batch = _locked(reference, None)
        if batch.state == State.WAITING:
            batch.state, batch.stopped_by = State.STOPPED, actor.name[:200]
        batch.ended_at = batch.ended_at or at
        batch.save(update_fields=["state", "stopped_by", "ended_at"])
        _emptied(batch, at)
        _note("dropped", batch, actor, at)
        transaction.on_commit(lambda: spool.forget(reference))


def _emptied(batch: Batch, at: datetime) -> None:
    BatchSlice.objects.filter(batch=batch).delete()
    batch.forgotten_at = at
    batch.save(update_fields=["forgotten_at"])


def fetched(*, reference: str, at: datetime) -> None:
    """Note that the answers of a finished batch were fetched: from now on they wait to go."""
    Batch.objects.filter(reference=reference, state=State.DONE, fetched_at=None).update(
        fetched_at=at
    )


def noted(
    *, pieces: Iterator[bytes], batch: Batch, at: datetime, actor: Actor | None = None
) -> Iterator[bytes]:
    """Hand a file of answers on, noting who asked before the first of it.

    Read to its end it counts as fetched. What was begun before the batch was done holds only some
    of the answers and counts for nothing.
    """
    _note("fetched", batch, actor, at)
    yield from pieces
    if batch.is_over:
        fetched(reference=batch.reference, at=at)


def forget(*, at: datetime) -> int:
    """Delete what nobody needs any more, and return of how many batches.

    Files that nobody confirmed go after a day; questions and answers so many days after they were
    fetched as the setting says, and four times as long after the end when nobody came for them.
    """
    keep = timedelta(days=current().exchange.keep_batches_days)
    for reference in Batch.objects.filter(
        state=State.SHOWN, received_at__lt=at - KEPT_UNCONFIRMED
    ).values_list("reference", flat=True):
        discard(reference=reference, at=at)
    ended = Batch.objects.filter(forgotten_at=None, ended_at__isnull=False).exclude(
        state=State.WAITING
    )
    old = ended.filter(fetched_at__lt=at - keep) | ended.filter(
        fetched_at=None, ended_at__lt=at - keep * UNFETCHED_TIMES
    )
    count = 0
    for batch in old:
        with transaction.atomic():
            _emptied(batch, at)
        spool.forget(batch.reference)
        count += 1
    _sweep(at)
    return count


def _sweep(at: datetime) -> None:
    """Delete files of which no batch came, because the process died while it took them in."""
    long_ago = (at - KEPT_UNCONFIRMED).timestamp()
    old = [path for path in spool.folder().iterdir() if path.stat().st_mtime < long_ago]
    names = [path.stem for path in old]
    known = Batch.objects.filter(reference__in=names, forgotten_at=None)
    kept = {f"{reference}.rows" for reference in known.values_list("reference", flat=True)}
    for path in old:
        if path.name not in kept:
            path.unlink(missing_ok=True)
