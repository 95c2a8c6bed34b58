"""Comparing a cleaned file with the register: through the exchange, under the agency's contract.

What is asked is a batch like any other: its quota, its place in the queue, its access records.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from dancu.access.types import Actor
from dancu.cleaning.recipe import Decisions
from dancu.cleaning.workbench import Workbench
from dancu.exchange.batches import queries, services
from dancu.exchange.batches.answers import RowAnswer
from dancu.exchange.batches.errors import NothingToAsk
from dancu.exchange.batches.meanings import allowed
from dancu.exchange.batches.models import Batch
from dancu.exchange.types import Caller


def submit(
    *,
    bench: Workbench,
    decisions: Decisions,
    caller: Caller,
    purpose: str,
    at: datetime,
    case: str = "",
    name: str = "",
    actor: Actor | None = None,
) -> Batch:
    """Put the rows that are kept in the exchange's queue, and return their batch.

    ``name`` is what the file is called in the lists, if not as on the disk; ``actor`` the officer.
    Only columns that the contract allows are sent. Raises ``ClauseRefused`` and its kinds,
    ``NothingToAsk`` and ``TooManyWaiting``.
    """
    known = set(allowed(caller.contract))
    columns = [column for column in bench.columns if column.meaning in known]
    if not columns:
        raise NothingToAsk
    with TemporaryDirectory(prefix="dancu-cleaning-") as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
            path.chmod(0o600)
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([column.title or column.meaning for column in columns])
            for one in bench.cleaned(decisions.decide(bench.columns)):
                if not one.dropped:
                    writer.writerow([one.cells[column.place] for column in columns])
        with path.open("rb") as sent:
            batch = services.receive(
                file=sent,
                name=name or bench.path.name,
                caller=caller,
                at=at,
                actor=actor,
                is_made=True,
            )
    try:
        return services.confirm(
            reference=batch.reference,
            caller=caller,
            purpose=purpose,
            meanings=[column.meaning for column in columns],
            case=case,
            actor=actor,
            at=at,
        )
    except BaseException:
        services.discard(reference=batch.reference, caller=caller, actor=actor, at=at)
        raise


def answers_of(batch: Batch) -> Iterator[RowAnswer]:
    """Yield the answers to the rows answered so far, in order. Raises ``FileForgotten``."""
    return (answer for _number, _cells, answer in queries.answered(batch))
