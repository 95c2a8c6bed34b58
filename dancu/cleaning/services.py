"""Use cases of a file on the bench: received, understood, decided, verified, written, forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.db import transaction

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.cleaning import contents, queries
from dancu.cleaning.errors import FileForgotten, NotReady, OtherFileUnfit, UnknownKind
from dancu.cleaning.findings import columns_of, decisions_json, decisions_of
from dancu.cleaning.kinds import KINDS
from dancu.cleaning.linking import names_people
from dancu.cleaning.models import File, Part
from dancu.cleaning.reading import EVERYTHING, layout_of
from dancu.cleaning.recipe import CHOICES, Choice, read_recipe
from dancu.exchange.batches import queries as asked
from dancu.exchange.batches import services as batches
from dancu.exchange.batches.errors import BatchGone
from dancu.exchange.batches.meanings import require_each_once
from dancu.jobs.services import defer
from dancu.kernel.errors import DancuError
from dancu.operation.config import current

#: Bytes of a file sent on a page; larger ones are cleaned with the command ``dancu clean``.
LARGEST = 32 * 1024 * 1024
#: Contents that nobody fetches are kept so much longer than fetched ones.
UNFETCHED_TIMES = 4
#: A file whose work began so long ago is taken up again.
LEFT_AFTER = timedelta(hours=1)
State, Work = File.State, File.Work
#: Beside decisions that a recipe took and nobody has changed.
OF_RECIPE = "of_recipe"


def receive(
    *,
    file: IO[bytes],
    name: str,
    actor: Actor,
    at: datetime,
    language: str = "vi",
    recipe: bytes = b"",
    other: IO[bytes] | None = None,
    other_name: str = "",
) -> File:
    """Keep a file and have it looked through.

    ``other`` is a second file in which its people are looked for. Raises ``UnreadableTable``,
    ``BadRecipe`` and ``OtherFileUnfit``.
    """
    known = read_recipe(recipe) if recipe else None
    with TemporaryDirectory(prefix="dancu-cleaning-") as folder:
        path = Path(folder) / "file"
        digest, size = batches.written(file=file, path=path, largest=LARGEST)
        layout = layout_of(path)
        columns = list(layout.columns)
        if known is not None:
            columns = known.columns_for(columns)
        beside = _second(other, Path(folder)) if other is not None else None
        with transaction.atomic():
            found = File.objects.create(
                reference=secrets.token_hex(16),
                name=batches.file_name(name=name),
                other_name=batches.file_name(name=other_name) if beside else "",
                kind=layout.kind,
                size=size,
                digest=digest,
                account_id=actor.account_id or 0,
                officer_id=actor.officer_id,
                user=actor.name[:200],
                office=actor.office_code,
                columns=[[one.title, one.meaning, one.by_content] for one in columns],
                decisions=decisions_json(known.decisions) | {OF_RECIPE: True} if known else {},
                language=language,
                received_at=at,
            )
            contents.put(found, Part.Of.SENT, path)
            if beside:
                contents.put(found, Part.Of.OTHER, beside)
            _note("cleaning.received", found, actor, at)
            _queue(found, Work.ANALYSE)
    return found


def _second(file: IO[bytes], folder: Path) -> Path:
    """Keep a second file, of which the columns must tell who its people are."""
    path = folder / "other"
    try:
        batches.written(file=file, path=path, largest=LARGEST)
        meanings = {column.meaning for column in layout_of(path).columns}
    except DancuError as error:
        raise OtherFileUnfit from error
    if not names_people(meanings):
        raise OtherFileUnfit
    return path


def _note(event: str, file: File, actor: Actor, at: datetime, **detail: object) -> None:
    record(event=event, actor=actor, at=at, detail={"file": file.reference, **detail})


def _queue(file: File, work: str) -> None:
    from dancu.cleaning.jobs import work_on

    file.state, file.work, file.done, file.problem = State.WORKING, work, 0, None
    file.begun_at = None
    file.save(update_fields=["state", "work", "done", "problem", "begun_at"])
    defer(work_on, lock=f"cleaning-{file.pk}", file_id=file.pk)


def _locked(reference: str, actor: Actor) -> File:
    """Return a file of the actor's office to be changed. Raises ``FileGone`` and its kin."""
    found = queries.find(reference=reference, office=actor.office_code)
    file = File.objects.select_for_update().get(pk=found.pk)
    if file.forgotten_at is not None:
        raise FileForgotten
    if file.state == State.WORKING:
        raise NotReady
    return file


def mean(*, reference: str, meanings: Sequence[str], actor: Actor, at: datetime) -> None:
    """Say what the columns mean, and have the file looked through again.

    Raises ``MeaningUnknown``, ``MeaningTwice``, ``FileGone`` and its kin.
    """
    with transaction.atomic():
        file = _locked(reference, actor)
        require_each_once(meanings, EVERYTHING, len(file.columns))
        before = [column[1] for column in file.columns]
        if list(meanings) == before and file.found is not None:
            return
        file.columns = [
            [title, meaning, seen and meaning == old]
            for (title, old, seen), meaning in zip(file.columns, meanings, strict=True)
        ]
        file.found, file.outcome = None, None
        _drop_answers(file, actor, at)
        file.save(update_fields=["columns", "found", "outcome", "batch"])
        contents.drop_outcome(file)
        _note("cleaning.columns", file, actor, at)
        _queue(file, Work.ANALYSE)


def choose(*, reference: str, kinds: Mapping[str, Choice], actor: Actor, at: datetime) -> None:
    """Accept or refuse proposals by their kind. Raises ``UnknownKind``, ``FileGone``, its kin."""
    for kind, choice in kinds.items():
        if kind not in KINDS or KINDS[kind].level == "look" or choice not in CHOICES:
            raise UnknownKind(kind=kind, known="")
    with transaction.atomic():
        file = _locked(reference, actor)
        held = decisions_of(file.decisions)
        changed = replace(held, kinds={**held.kinds, **kinds})
        if _decided(file, decisions_json(changed), actor, at):
            _note("cleaning.decided", file, actor, at, kinds=dict(kinds))


def choose_values(
    *,
    reference: str,
    kind: str,
    values: Mapping[tuple[int, str], bool],
    actor: Actor,
    at: datetime,
    rows: Mapping[tuple[int, int, int], bool] | None = None,
) -> None:
    """Accept or refuse single values, (column, before), and rows, (sheet, row, column), of a kind.

    Raises ``UnknownKind``, ``FileGone`` and its kin.
    """
    if kind not in KINDS or KINDS[kind].level == "look":
        raise UnknownKind(kind=kind, known="")
    with transaction.atomic():
        file = _locked(reference, actor)
        held = decisions_of(file.decisions)
        columns = columns_of(file.columns)
        titles = {column.place: column.title for column in columns}
        changed = replace(
            held,
            values={
                **held.values,
                **{(kind, titles.get(place, ""), text): yes
                   for (place, text), yes in values.items()},
            },
            rows={**held.rows, **{(*key, kind): yes for key, yes in (rows or {}).items()}},
        )  # fmt: skip
        if _decided(file, decisions_json(changed), actor, at):
            detail = {"kind": kind, "values": len(values), "rows": len(rows or {})}
            _note("cleaning.decided", file, actor, at, **detail)


def _decided(file: File, decisions: Mapping[str, object], actor: Actor, at: datetime) -> bool:
    """Keep decisions; an outcome of before no longer holds, and neither do its answers.

    Those that are as they were change nothing: False.
    """
    if dict(decisions) == {k: v for k, v in file.decisions.items() if k != OF_RECIPE}:
        return False
    file.decisions, file.outcome, file.state = dict(decisions), None, State.SHOWN
    _drop_answers(file, actor, at)
    file.save(update_fields=["decisions", "outcome", "batch", "state"])
    contents.drop_outcome(file)
    return True


def _drop_answers(file: File, actor: Actor, at: datetime) -> None:
    """Give up a comparison: nobody is asked about any more, and no answers are left behind."""
    if file.batch:
        with suppress(BatchGone):
            batches.drop(reference=file.batch, actor=actor, at=at)
    file.batch = ""


def _has_answers(file: File) -> bool:
    """Say whether a comparison is under way or done."""
    if not file.batch:
        return False
    try:
        return not asked.find(reference=file.batch).is_given_up
    except BatchGone:
        return False


def verify(
    *, reference: str, contract: str, purpose: str, case: str, actor: Actor, at: datetime
) -> None:
    """Have the cleaned rows compared with the register; nothing while a comparison stands.

    Raises ``FileGone`` and its kin.
    """
    with transaction.atomic():
        file = _locked(reference, actor)
        if _has_answers(file):
            return
        _drop_answers(file, actor, at)
        file.contract, file.purpose, file.case_number = contract, purpose, case[:120]
        file.outcome = None
        file.save(update_fields=["contract", "purpose", "case_number", "outcome", "batch"])
        _note("cleaning.verified", file, actor, at, contract=contract, purpose=purpose)
        _queue(file, Work.VERIFY)


def finish(*, reference: str, actor: Actor, at: datetime) -> None:
    """Have the cleaned file and the report written. Raises ``FileGone`` and its kin."""
    with transaction.atomic():
        file = _locked(reference, actor)
        _note("cleaning.written", file, actor, at)
        _queue(file, Work.WRITE)


def again(*, reference: str, actor: Actor, at: datetime) -> None:
    """Take up what failed once more. Raises ``FileGone`` and its kin."""
    with transaction.atomic():
        file = _locked(reference, actor)
        if file.state == State.FAILED:
            _note("cleaning.again", file, actor, at)
            _queue(file, file.work)


def leave(*, reference: str, actor: Actor, at: datetime) -> None:
    """Go back to the choices of before a comparison or a writing that failed.

    Raises ``FileGone`` and its kin.
    """
    with transaction.atomic():
        file = _locked(reference, actor)
        if file.state == State.FAILED and file.found is not None:
            file.state, file.problem = State.SHOWN, None
            if not _has_answers(file):
                _drop_answers(file, actor, at)
            file.save(update_fields=["state", "problem", "batch"])
            _note("cleaning.left", file, actor, at)


def fetched(*, file: File, of: str, actor: Actor, at: datetime) -> None:
    """Note that a content was fetched: from now on it waits to go."""
    File.objects.filter(pk=file.pk, fetched_at=None).update(fetched_at=at)
    _note("cleaning.fetched", file, actor, at, of=of)


def discard(*, reference: str, actor: Actor, at: datetime) -> None:
    """Delete the contents of a file at once. Raises ``FileGone``."""
    with transaction.atomic():
        found = queries.find(reference=reference, office=actor.office_code)
        file = File.objects.select_for_update().get(pk=found.pk)
        _drop_answers(file, actor, at)
        _forget(file, at)
        _note("cleaning.discarded", file, actor, at)


def _forget(file: File, at: datetime) -> None:
    """Delete everything that quotes a person; name, office and figures stay."""
    Part.objects.filter(file=file).delete()
    file.found, file.decisions, file.forgotten_at = None, {}, at
    if file.state != State.DONE:
        file.state = State.SHOWN
    file.save(update_fields=["found", "decisions", "batch", "state", "forgotten_at"])


def forget(*, at: datetime) -> int:
    """Delete contents that nobody needs any more, and return of how many files.

    They go as many days after they were fetched as the exchange keeps batches; when nobody fetched
    them, four times later.
    """
    keep = timedelta(days=current().exchange.keep_batches_days)
    open_files = File.objects.filter(forgotten_at=None)
    old = open_files.filter(fetched_at__lt=at - keep) | open_files.filter(
        fetched_at=None, received_at__lt=at - keep * UNFETCHED_TIMES
    )
    count = 0
    for file in old:
        with transaction.atomic():
            _forget(file, at)
        count += 1
    return count


def take_up(*, at: datetime) -> int:
    """Have files worked on that nobody works on any more, and return how many.

    Their job came to its last attempt while the database was away, or was lost with it. A file that
    is worked on all the same is not worked on twice.
    """
    from dancu.cleaning.jobs import work_on

    left = File.objects.filter(state=State.WORKING, forgotten_at=None)
    left = left.filter(received_at__lt=at - LEFT_AFTER).exclude(begun_at__gte=at - LEFT_AFTER)
    for file in left:
        lock = f"cleaning-{file.pk}"
        defer(work_on, lock=lock, only_one_waiting=lock, file_id=file.pk)
    return len(left)
