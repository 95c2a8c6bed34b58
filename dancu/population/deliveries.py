"""How deliveries of agencies stand: loading, interrupted or done; counts only, no people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet, Sum

from dancu.population.batches import LOCK_CLASS
from dancu.population.models import Batch, BatchChunk

#: As many as one window of the list holds.
WINDOW = 50
#: Rows accepted and refused, and conflicts opened.
NOTHING = [0, 0, 0]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a batch stands: what is in the register so far, of how many rows if that is known.

    ``is_running``: somebody is loading it at this moment. ``entered_by`` is an account.
    """

    batch_id: int
    source: str
    key: str
    is_done: bool
    is_running: bool
    total: int | None
    accepted: int
    rejected: int
    conflicts: int
    started_at: datetime
    finished_at: datetime | None
    entered_by: int | None

    @property
    def rows(self) -> int:
        """How many rows have been read."""
        return self.accepted + self.rejected


def find(*, source: str, key: str) -> Delivery | None:
    """Return the delivery of a name, if there is one."""
    return next(iter(_deliveries(Batch.objects.filter(source__code=source, key=key))), None)


def delivery(*, batch_id: int) -> Delivery:
    """Return how a batch stands. Raises ``Batch.DoesNotExist``."""
    found = _deliveries(Batch.objects.filter(pk=batch_id))
    if not found:
        raise Batch.DoesNotExist
    return found[0]


def listed(*, window: int = 1) -> tuple[list[Delivery], bool]:
    """Return a window of all deliveries, the newest first; and whether there are more."""
    start = (max(window, 1) - 1) * WINDOW
    found = _deliveries(Batch.objects.order_by("-id")[start : start + WINDOW + 1])
    return found[:WINDOW], len(found) > WINDOW


def _deliveries(rows: QuerySet[Batch]) -> list[Delivery]:
    batches = list(rows.select_related("source"))
    open_ones = [b.pk for b in batches if b.state != Batch.State.DONE]
    sums = (
        BatchChunk.objects.filter(batch_id__in=open_ones)
        .values_list("batch_id")
        .annotate(Sum("accepted"), Sum("rejected"), Sum("conflicts"))
    )
    so_far = {number: counts for number, *counts in sums}
    running = _running(open_ones)
    return [_delivery(b, so_far.get(b.pk, NOTHING), is_running=b.pk in running) for b in batches]


def _delivery(batch: Batch, so_far: Sequence[int], *, is_running: bool) -> Delivery:
    is_done = batch.state == Batch.State.DONE
    final = (batch.accepted, batch.rejected, batch.conflicts)
    accepted, rejected, conflicts = final if is_done else so_far
    return Delivery(
        batch_id=batch.pk,
        source=batch.source.code,
        key=batch.key,
        is_done=is_done,
        is_running=is_running,
        total=batch.total_rows,
        accepted=accepted,
        rejected=rejected,
        conflicts=conflicts,
        started_at=batch.started_at,
        finished_at=batch.finished_at,
        entered_by=batch.entered_by,
    )


def _running(batch_ids: list[int]) -> set[int]:
    """Return those of the batches that somebody is loading: their lock is held."""
    if not batch_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s "
            "AND objsubid = 2 AND granted AND objid::bigint = ANY(%s) "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_CLASS, batch_ids],
        )
        return {int(row[0]) for row in cursor.fetchall()}
