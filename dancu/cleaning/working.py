"""What the worker does with a file: looks it through, sends it to be verified, writes the outcome.

Carried out again after a crash, each of the three begins anew and leaves nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import InterfaceError, OperationalError, transaction

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.cleaning import contents, findings, verifying
from dancu.cleaning.errors import Unforeseen
from dancu.cleaning.export import files_of, write
from dancu.cleaning.models import File, Part
from dancu.cleaning.units import units_on
from dancu.cleaning.workbench import Report, Workbench
from dancu.exchange.batches import queries as batches
from dancu.exchange.batches import spool
from dancu.exchange.batches.answers import RowAnswer
from dancu.exchange.contracts import contract_at
from dancu.exchange.types import Caller, client_of_office
from dancu.kernel.clock import today
from dancu.kernel.errors import DancuError

State, Work = File.State, File.Work
_EVERY = 1.0


def work(*, file_id: int, at: datetime) -> None:
    """Do what a file waits for; nothing when it waits for nothing.

    What is wrong with the file is kept for its page, and so is what nobody foresaw; what may pass
    by itself is raised, so that the job is repeated. A file deleted meanwhile stays deleted.
    """
    file = File.objects.filter(pk=file_id, state=State.WORKING, forgotten_at=None).first()
    if file is None:
        return
    file.begun_at = at
    file.save(update_fields=["begun_at"])
    steps: dict[str, Callable[[File, Workbench, datetime], None]] = {
        Work.ANALYSE: _analyse,
        Work.VERIFY: _verify,
        Work.WRITE: _write,
    }
    try:
        with contents.on_disk(file) as path:
            day = today(at)
            bench = Workbench(path, today=day, units=units_on(day))
            bench.mean([column[1] for column in file.columns])
            steps[file.work](file, bench, at)
    except DancuError as error:
        if error.retryable:
            raise
        _failed(file, error, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _failed(file, Unforeseen(), at)
        raise


def _is_wanted(file: File) -> bool:
    """Say whether somebody still waits for the work on a file, and keep it so until the commit."""
    waiting = File.objects.select_for_update().filter(pk=file.pk, forgotten_at=None)
    return waiting.filter(state=State.WORKING).exists()


def _told(file: File) -> Report:
    """Return a report that tells the page how far the work is, once a second."""
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            File.objects.filter(pk=file.pk).update(done=done, rows=max(total, done))

    return report


def _analyse(file: File, bench: Workbench, at: datetime) -> None:
    with _second(file, bench) as other:
        found = bench.analyse(report=_told(file), against=other)
    file.found, file.rows, file.done = findings.as_json(found), found.rows, found.rows
    file.state, file.ended_at = State.SHOWN, at
    with transaction.atomic():
        if _is_wanted(file):
            file.save(update_fields=["found", "rows", "done", "state", "ended_at"])


@contextmanager
def _second(file: File, bench: Workbench) -> Iterator[Workbench | None]:
    """Give the second file in which the people of a file are looked for, if one was sent."""
    if not contents.has(file, Part.Of.OTHER):
        yield None
        return
    with contents.on_disk(file, Part.Of.OTHER) as path:
        yield Workbench(path, today=bench.today, units=units_on(bench.today))


def _verify(file: File, bench: Workbench, at: datetime) -> None:
    caller = Caller(
        client_id=None,
        client=client_of_office(file.office),
        contract=contract_at(file.contract, at),
        user=file.user,
    )
    with transaction.atomic():
        batch = verifying.submit(
            bench=bench,
            decisions=findings.decisions_of(file.decisions),
            caller=caller,
            purpose=file.purpose,
            case=file.case_number,
            at=at,
            name=file.name,
            actor=_actor(file),
        )
        if not _is_wanted(file):
            transaction.set_rollback(True)
            spool.forget(batch.reference)
            return
        file.batch, file.state, file.ended_at = batch.reference, State.SHOWN, at
        file.done = file.rows
        file.save(update_fields=["batch", "state", "ended_at", "done"])


def _write(file: File, bench: Workbench, at: datetime) -> None:
    analysis = findings.analysis_of(file.found or {}, bench.columns)
    with TemporaryDirectory(prefix="dancu-cleaning-") as folder:
        # The name that its office gave a file may be longer than a folder takes.
        files = files_of(Path(folder) / bench.path.name, bench.layout.kind)
        outcome = write(
            bench=bench,
            analysis=analysis,
            decisions=findings.decisions_of(file.decisions),
            files=files,
            language=file.language,
            answers=_answers(file),
            report=_told(file),
            name=file.name,
        )
        with transaction.atomic():
            if not _is_wanted(file):
                return
            contents.put(file, Part.Of.CLEANED, files.cleaned)
            if files.report != files.cleaned:
                contents.put(file, Part.Of.REPORT, files.report)
            contents.put(file, Part.Of.RECIPE, files.recipe)
            file.outcome, file.state, file.ended_at = outcome.as_json(), State.DONE, at
            file.done = file.rows = outcome.rows
            file.save(update_fields=["outcome", "state", "ended_at", "done", "rows"])


def _answers(file: File) -> Iterator[RowAnswer] | None:
    return verifying.answers_of(batches.find(reference=file.batch)) if file.batch else None


def _actor(file: File) -> Actor:
    return Actor(
        kind="officer",
        name=file.user,
        account_id=file.account_id,
        officer_id=file.officer_id,
        office_code=file.office,
    )


def _failed(file: File, error: DancuError, at: datetime) -> None:
    file.state, file.ended_at = State.FAILED, at
    file.problem = {
        "message": error.message,
        "remedy": error.remedy,
        "params": {name: str(value) for name, value in error.params.items()},
    }
    with transaction.atomic():
        if not _is_wanted(file):
            return
        file.save(update_fields=["state", "ended_at", "problem"])
        detail = {"file": file.reference, "code": error.code}
        record(event="cleaning.failed", actor=_actor(file), at=at, detail=detail)
