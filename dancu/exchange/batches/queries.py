"""Reads: how batches stand, and their answers row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from dancu.exchange.batches import spool
from dancu.exchange.batches.answers import RowAnswer, unpack
from dancu.exchange.batches.errors import BatchGone, FileForgotten
from dancu.exchange.batches.meanings import attributes_of
from dancu.exchange.batches.models import Batch, BatchSlice
from dancu.exchange.batches.queue import Forecast
from dancu.exchange.batches.standing import is_trial, queue_at, trials_before
from dancu.exchange.batches.table import Column
from dancu.exchange.batches.types import Standing
from dancu.exchange.types import Caller

WINDOW = 50
More = Callable[[], bool]


def find(*, reference: str, caller: Caller | None = None) -> Batch:
    """Return a batch; with ``caller`` only one of its own. Raises ``BatchGone``."""
    rows = Batch.objects.filter(reference=reference)
    if caller is not None:
        rows = rows.filter(contract=caller.contract.name, client=caller.client)
    found = rows.first()
    if found is None:
        raise BatchGone
    return found


def standing(*, reference: str, at: datetime, caller: Caller | None = None) -> Standing:
    """Return how a batch stands. Raises ``BatchGone``."""
    batch = find(reference=reference, caller=caller)
    shown = _standing(batch)
    if batch.state != Batch.State.WAITING:
        return shown
    if is_trial(batch):
        return replace(shown, place=trials_before(batch) + 1)
    view = queue_at(at)
    forecast = next((one for one in view.forecast() if one.batch == batch.pk), None)
    return _with_forecast(batch, shown, forecast, len(view.waiting), at)


def listed(
    *,
    at: datetime,
    contracts: Sequence[str] | None = None,
    caller: Caller | None = None,
    window: int = 1,
) -> tuple[list[Standing], bool]:
    """Return a window of batches, the newest first, and whether there are more.

    ``contracts`` limits them to those of these contracts, ``caller`` to its own.
    """
    rows = Batch.objects.exclude(state=Batch.State.SHOWN).order_by("-id")
    if caller is not None:
        rows = rows.filter(contract=caller.contract.name, client=caller.client)
    elif contracts is not None:
        rows = rows.filter(contract__in=contracts)
    start = (max(window, 1) - 1) * WINDOW
    found = list(rows[start : start + WINDOW + 1])
    is_queued = any(one.state == Batch.State.WAITING and not is_trial(one) for one in found)
    view = queue_at(at) if is_queued else None
    forecasts = {one.batch: one for one in view.forecast()} if view else {}
    waiting = len(view.waiting) if view else 0
    shown = [
        _with_forecast(one, _standing(one), forecasts.get(one.pk), waiting, at)
        for one in found[:WINDOW]
    ]
    return shown, len(found) > WINDOW


def unconfirmed(*, account_id: int | None) -> list[Standing]:
    """Return the batches whose columns an officer has not confirmed yet, the newest first."""
    rows = Batch.objects.filter(state=Batch.State.SHOWN, account_id=account_id or 0)
    return [_standing(one) for one in rows.order_by("-id")[:10]]


def attributes(batch: Batch) -> tuple[str, ...]:
    """Return the attributes that a batch asks about."""
    return attributes_of(batch.meanings or [])


def titles(batch: Batch) -> list[str]:
    """Return the titles of the file's own columns."""
    return [str(column[0]) for column in batch.columns]


def no_more() -> bool:
    """Say that nothing is waited for."""
    return False


def answered(batch: Batch, more: More = no_more) -> Iterator[tuple[int, list[str], RowAnswer]]:
    """Yield number (from 1), own cells and answer of each row answered so far, in order.

    At the end of them ``more`` is asked whether others have been answered or will be. Raises
    ``FileForgotten`` before the first.
    """
    return (
        (number, cells, answer if answer.record else answer._replace(record=record))
        for number, cells, answer, record in answered_alike(batch, more)
    )


def answered_alike(
    batch: Batch, more: More = no_more
) -> Iterator[tuple[int, list[str], RowAnswer, str]]:
    """Yield the same with the number of the record aside: rows that are alike share an answer."""
    # A database that was brought back from a backup knows of files that did not come with it.
    if batch.forgotten_at is not None or not spool.path_of(batch.reference).exists():
        raise FileForgotten
    return _answered(batch, more)


def _answered(batch: Batch, more: More) -> Iterator[tuple[int, list[str], RowAnswer, str]]:
    width, path = len(batch.columns), spool.path_of(batch.reference)
    for first, content in _slices(batch, more):
        answers = unpack(content)
        rows = spool.read(path, first, first + len(answers))
        for number, (cells, (answer, record)) in enumerate(
            zip(rows, answers, strict=True), start=first + 1
        ):
            yield number, cells[:width], answer, record


def _slices(batch: Batch, more: More) -> Iterator[tuple[int, bytes]]:
    end = 0
    while True:
        slices = BatchSlice.objects.filter(batch=batch, first__gte=end).order_by("first")
        fields = slices.values_list("first", "rows", "content")
        for first, rows, content in fields.iterator(chunk_size=2):
            yield first, bytes(content)
            end = first + rows
        if not more():
            return


def _standing(batch: Batch) -> Standing:
    return Standing(
        reference=batch.reference,
        contract=batch.contract,
        purpose=batch.purpose,
        name=batch.name,
        state=batch.state,
        rows=batch.rows,
        done=batch.done,
        columns=[
            Column(title, meaning, by_content, tuple(examples))
            for title, meaning, by_content, examples in batch.columns
        ],
        meanings=batch.meanings or [],
        received_at=batch.received_at,
        client=batch.client,
        user=batch.user,
        encoding=batch.encoding,
        has_head=batch.has_head,
        left_out=batch.left_out,
        counts=batch.counts,
        problem=batch.problem,
        confirmed_at=batch.confirmed_at,
        worked_at=batch.worked_at,
        ended_at=batch.ended_at,
        fetched_at=batch.fetched_at,
        forgotten_at=batch.forgotten_at,
        stopped_by=batch.stopped_by,
        questions=[(name, argument) for name, argument in batch.questions],
    )


def _with_forecast(
    batch: Batch, shown: Standing, found: Forecast | None, waiting: int, at: datetime
) -> Standing:
    if found is None:
        return shown
    left = batch.rows - batch.done
    return replace(
        shown,
        place=found.place,
        waiting=waiting,
        finishes_on=found.day,
        rows_today=found.today,
        seconds_left=_seconds_left(batch, at) if found.today >= left else None,
    )


def _seconds_left(batch: Batch, at: datetime) -> int | None:
    """Return how long the rest takes by the pace of today."""
    if batch.paced_at is None:
        return None
    rows, seconds = batch.done - batch.paced_rows, (at - batch.paced_at).total_seconds()
    if rows <= 0 or seconds <= 0:
        return None
    return max(1, round((batch.rows - batch.done) * seconds / rows))
