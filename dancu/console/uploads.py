"""A file from the officer's device to the register: received, confirmed, loaded, forgotten.

Between the steps it lies in the database, in parts: another node may load it, and after a crash the
loading goes on where it stopped. The content is deleted once nobody needs it any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.console.models import Upload, UploadPart
from dancu.exchange.batches.services import file_name
from dancu.jobs.services import defer
from dancu.kernel.errors import DancuError, fill
from dancu.population import batches, deliveries, files
from dancu.population.sheets import DamagedWorkbook, NoLines, is_workbook

State = Upload.State
#: Bytes that one file may have; larger ones are loaded with the command ``dancu load``.
LARGEST = 32 * 1024 * 1024
MOST_COLUMNS = 100
#: Small enough for a bar that moves, large enough to be quick.
CHUNK_ROWS = 2_000
KEPT_UNCONFIRMED = timedelta(days=1)
KEPT_LOADED = timedelta(days=7)
#: A loading that nobody carries on for so long is offered again.
STALLED_AFTER = timedelta(minutes=2)
_PART = 1 << 20
_LONGEST_TITLE = 80
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


class FileTooLarge(DancuError):
    """The file has %(size)s MB; at most %(most)s MB can be sent at once."""

    http_status = 413
    remedy = "Split it into several files, or save a spreadsheet as CSV, which is smaller."


class TooManyColumns(DancuError):
    """The file has %(count)s columns; at most %(most)s can be read."""

    http_status = 422
    remedy = "Take out the columns that the register does not know."


def receive(*, file: UploadedFile[bytes], actor: Actor, at: datetime) -> Upload:
    """Read a file through, keep it, and return what it holds; sent again, the same.

    Raises ``UnreadableFile`` and its kinds, ``FileTooLarge``, ``NoLines`` and ``TooManyColumns``.
    """
    size = file.size or 0
    if size > LARGEST:
        raise FileTooLarge(size=-(-size // 2**20), most=LARGEST // 2**20)
    with TemporaryDirectory(prefix="dancu-upload-") as folder:
        path, digest = _written(file, Path(folder))
        same = Upload.objects.filter(
            digest=digest, account_id=actor.account_id or 0, state=State.SHOWN
        ).first()
        if same is not None:
            return same
        found = files.inspect(path)
        if len(found.headings) > MOST_COLUMNS:
            raise TooManyColumns(count=len(found.headings), most=MOST_COLUMNS)
        if not found.rows:
            raise NoLines
        return _kept(path, digest, found, file_name(name=file.name or ""), actor=actor, at=at)


def _written(file: UploadedFile[bytes], folder: Path) -> tuple[Path, bytes]:
    digest = hashlib.sha256()
    path = folder / "file"
    with path.open("wb") as target:
        for piece in file.chunks():
            digest.update(piece)
            target.write(piece)
    return path.rename(path.with_suffix(_suffix(path, file.name or ""))), digest.digest()


def _suffix(path: Path, name: str) -> str:
    """Return how a file is to be read, by its first bytes rather than by its name."""
    if is_workbook(path):
        return ".xlsx"
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_OLD_WORKBOOK):
        return ".xlsx" if name.lower().endswith(".xlsx") else ".xls"
    is_markup = head.lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
    is_text = b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_markup or not is_text:
        raise DamagedWorkbook
    return ".csv"


@transaction.atomic
def _kept(
    path: Path, digest: bytes, found: files.Inspection, name: str, *, actor: Actor, at: datetime
) -> Upload:
    upload = Upload.objects.create(
        name=name,
        suffix=path.suffix,
        size=path.stat().st_size,
        digest=digest,
        rows=found.rows,
        headings=[[h.title[:_LONGEST_TITLE], h.meaning, h.filled] for h in found.headings],
        account_id=actor.account_id or 0,
        officer_id=actor.officer_id,
        office=actor.office_code,
        uploaded_at=at,
    )
    with path.open("rb") as file:
        for number, piece in enumerate(iter(lambda: file.read(_PART), b"")):
            UploadPart.objects.create(upload=upload, number=number, content=piece)
    return upload


def confirm(
    *,
    upload_id: int,
    source: str,
    key: str,
    day: date,
    meanings: Sequence[str],
    actor: Actor,
    at: datetime,
) -> int:
    """Put a file in the queue to be loaded, and return the number of its delivery.

    Confirmed before, it stays as it was. Raises ``NoPidColumn`` and ``ColumnTwice``.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload_id)
        if upload.state != State.SHOWN and upload.batch_id is not None:
            return upload.batch_id
        files.columns_of(meanings)
        number = batches.begin(
            source=source, key=key, actor=actor, at=at, total=upload.rows, chunk_rows=CHUNK_ROWS
        )
        upload.source, upload.key, upload.day, upload.batch_id = source, key, day, number
        upload.meanings, upload.state = list(meanings), State.QUEUED
        upload.save()
        detail = {"upload": upload.pk, "batch": number, "source": source, "rows": upload.rows}
        record(event="batch.confirmed", actor=actor, at=at, detail=detail)
        _queue(upload)
    return number


def again(*, upload_id: int, actor: Actor, at: datetime) -> None:
    """Put a file whose loading stopped in the queue once more; nothing when it goes on."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload_id)
        if not is_stopped(upload, at=at) or not has_content(upload):
            return
        upload.state, upload.problem = State.QUEUED, None
        upload.begun_at = None
        upload.save(update_fields=["state", "problem", "begun_at"])
        record(event="batch.again", actor=actor, at=at, detail={"upload": upload.pk})
        _queue(upload)


def discard(*, upload_id: int) -> None:
    """Delete a file that nobody has confirmed."""
    Upload.objects.filter(pk=upload_id, state=State.SHOWN).delete()


def is_stopped(upload: Upload, *, at: datetime) -> bool:
    """Say whether a loading failed, or stands still although nothing holds it."""
    if upload.state == State.FAILED:
        return True
    if upload.state != State.LOADING or upload.begun_at is None or upload.batch_id is None:
        return False
    is_running = deliveries.delivery(batch_id=upload.batch_id).is_running
    return not is_running and upload.begun_at + STALLED_AFTER < at


def has_content(upload: Upload) -> bool:
    """Say whether the file is still there."""
    return UploadPart.objects.filter(upload=upload).exists()


def _queue(upload: Upload) -> None:
    from dancu.console.jobs import load_upload

    defer(load_upload, lock=f"upload-{upload.pk}", upload_id=upload.pk)


def load(*, upload_id: int, at: datetime, workers: int = 2) -> None:
    """Load a confirmed file through the door in; carried out again, it goes on or does nothing.

    What is wrong with the file is kept for its page; what may pass by itself (the database went
    away, somebody else is loading) is raised, so that the job is repeated.
    """
    upload = Upload.objects.filter(pk=upload_id, state__in=[State.QUEUED, State.LOADING]).first()
    if upload is None or upload.batch_id is None or upload.day is None:
        return
    upload.state, upload.begun_at = State.LOADING, at
    upload.begun_rows = deliveries.delivery(batch_id=upload.batch_id).rows
    upload.save(update_fields=["state", "begun_at", "begun_rows"])
    actor = _actor(upload)
    try:
        with content_of(upload) as path:
            columns = files.columns_of(upload.meanings or [])
            rows = files.read_rows(path, day=upload.day, columns=columns, name=upload.name)
            report = batches.load(
                source=upload.source,
                key=upload.key,
                rows=rows,
                actor=actor,
                at=at,
                total=upload.rows,
                workers=workers,
            )
    except DancuError as error:
        if error.retryable:
            raise
        _failed(upload, error, actor=actor, at=at)
        return
    _done(upload, report.rejected, actor=actor, at=at)


def _actor(upload: Upload) -> Actor:
    return Actor(
        kind="officer",
        name=upload.name,
        account_id=upload.account_id,
        officer_id=upload.officer_id,
        office_code=upload.office,
    )


@transaction.atomic
def _done(upload: Upload, rejected: int, *, actor: Actor, at: datetime) -> None:
    upload.state, upload.ended_at = State.DONE, at
    upload.save(update_fields=["state", "ended_at"])
    if not rejected:
        UploadPart.objects.filter(upload=upload).delete()
    detail = {"upload": upload.pk, "batch": upload.batch_id, "rejected": rejected}
    record(event="batch.loaded", actor=actor, at=at, detail=detail)


@transaction.atomic
def _failed(upload: Upload, error: DancuError, *, actor: Actor, at: datetime) -> None:
    upload.state, upload.ended_at = State.FAILED, at
    upload.problem = {
        "message": error.message,
        "remedy": error.remedy,
        "params": {name: str(value) for name, value in error.params.items()},
    }
    upload.save(update_fields=["state", "ended_at", "problem"])
    detail = {"upload": upload.pk, "batch": upload.batch_id, "code": error.code}
    record(event="batch.failed", actor=actor, at=at, detail=detail)


def problem_words(problem: Mapping[str, object] | None) -> tuple[str, str]:
    """Return what stopped a loading and what to do, in the reader's language; empty for nothing."""
    if not problem:
        return "", ""
    params = problem["params"]
    values = params if isinstance(params, dict) else {}
    said, what = (fill(str(problem[name]), values, _) for name in ("message", "remedy"))
    return said, what


@contextmanager
def content_of(upload: Upload) -> Iterator[Path]:
    """Put the content of a file into a folder of its own, for as long as the block runs."""
    with TemporaryDirectory(prefix="dancu-upload-") as folder:
        path = Path(folder) / f"file{upload.suffix}"
        parts = UploadPart.objects.filter(upload=upload).order_by("number")
        with path.open("wb") as target:
            for content in parts.values_list("content", flat=True).iterator(chunk_size=4):
                target.write(bytes(content))
        yield path


def forget(*, at: datetime) -> None:
    """Delete files that nobody confirmed, and the content of those loaded long enough ago."""
    unconfirmed = Upload.objects.filter(state=State.SHOWN, uploaded_at__lt=at - KEPT_UNCONFIRMED)
    unconfirmed.delete()
    ended = [State.DONE, State.FAILED]
    UploadPart.objects.filter(
        upload__state__in=ended, upload__ended_at__lt=at - KEPT_LOADED
    ).delete()
