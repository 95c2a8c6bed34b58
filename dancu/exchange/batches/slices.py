"""One slice of a batch: its rows read and compared, its answers stored with their records.

Comparing and storing are two steps, so that the next slice is compared while one is stored. What
is stored is one transaction: answers, access records, usage and progress.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dancu.disclosure.inquiries import Inquiry, Verdict
from dancu.disclosure.services.verifying_rows import (
    ComparedRows,
    Proved,
    compare_rows,
    may_be_equal,
)
from dancu.exchange.batches import spool
from dancu.exchange.batches.answers import AnyAnswer, counted, judged, pack, proved, unasked
from dancu.exchange.batches.cleaning import Cleaner, Prepared
from dancu.exchange.batches.errors import AnotherWorker, DayIsShort, NotWaiting
from dancu.exchange.batches.hints import Hints, twice_in
from dancu.exchange.batches.meanings import attributes_of
from dancu.exchange.batches.models import Batch, BatchSlice
from dancu.exchange.batches.plain import PlainReader
from dancu.exchange.contracts import contract_at
from dancu.exchange.quotas import Wish, take_each
from dancu.exchange.services.gate import check_clauses
from dancu.exchange.services.inquiring import inquiry_of
from dancu.exchange.types import Caller, Question, Verification
from dancu.kernel.clock import today

State = Batch.State
#: Of a batch, what a slice has no need to read again and again.
_LARGE = ("hints", "columns", "left_out")


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


@dataclass(slots=True)
class Slice:
    """Rows that were compared and wait to be stored. Rows are counted from 0.

    ``rows`` holds the rows that were read with care, by their place in the slice.
    """

    first: int
    size: int
    at: datetime
    rows: Mapping[int, Prepared]
    found: ComparedRows


class Slicer:
    """Compares and stores slices of one batch."""

    def __init__(self, batch: Batch) -> None:
        """Look up once what every slice needs."""
        self._batch = batch
        meanings = batch.meanings or []
        self._attributes = attributes_of(meanings)
        hints = hints_of_all(batch, meanings)
        self._twice = hints.twice
        self._path = spool.path_of(batch.reference)
        self._cleaner, self._reader = Cleaner(meanings, hints), PlainReader(meanings, hints)

    def compare(self, first: int, stop: int, at: datetime) -> Slice:
        """Compare rows with the register. Raises ``ClauseRefused`` and ``FileNotFoundError``."""
        asked = self._asked(at)
        cells = list(spool.read(self._path, first, stop))
        plain = self._reader.read_all(cells) if may_be_equal(asked) else []
        rows: dict[int, Prepared] = {}

        def claims(proved: Container[int]) -> dict[int, Mapping[str, object]]:
            prepare = self._cleaner.prepare
            rows.update({n: prepare(row) for n, row in enumerate(cells) if n not in proved})
            return {n: row.claims for n, row in rows.items() if row.is_askable}

        found = compare_rows(plain, claims, asked=asked, at=at)
        return Slice(first, len(cells), at, rows, found)

    def _asked(self, at: datetime) -> Inquiry:
        """Return what is asked about every row but the claims, once the contract allows it."""
        batch, caller = self._batch, caller_of(self._batch, at)
        questions = questions_of(batch)
        check_clauses(
            caller,
            mode="batch",
            purpose=batch.purpose,
            attributes=self._attributes,
            questions=questions,
            at=at,
        )
        nobody = Verification(caller, batch.purpose, {}, questions, case=batch.case_number)
        return inquiry_of(nobody, None)

    def store(self, slice_: Slice) -> None:
        """Store answers, access records, usage and progress.

        Raises ``AnotherWorker``, ``NotWaiting`` and ``DayIsShort``, having stored nothing.
        """

        def within(right: Mapping[int, Proved], verdicts: Mapping[int, Verdict]) -> None:
            batch = Batch.objects.select_for_update().defer(*_LARGE).get(pk=self._batch.pk)
            if batch.done != slice_.first:
                raise AnotherWorker
            if batch.state != State.WAITING:
                raise NotWaiting
            self._take(len(right) + len(verdicts), slice_.at)
            answers = self._answers(slice_, right, verdicts)
            BatchSlice.objects.create(
                batch=batch, first=slice_.first, rows=len(answers), content=pack(answers)
            )
            advance(batch, answers, slice_.at)

        slice_.found.record(at=slice_.at, within=within)

    def _take(self, records: int, at: datetime) -> None:
        """Count the records of the day. Raises ``DayIsShort`` when there are fewer."""
        if not records:
            return
        wish = Wish(contract_at(self._batch.contract, at), records, requests=1)
        granted = take_each([wish], at=at)[0].granted
        if granted < records:
            raise DayIsShort(granted)

    def _answers(
        self, slice_: Slice, right: Mapping[int, Proved], verdicts: Mapping[int, Verdict]
    ) -> list[AnyAnswer]:
        twice, first, rows = self._twice, slice_.first, slice_.rows
        found: list[AnyAnswer] = []
        for place in range(slice_.size):
            before = twice.get(first + place)
            if place in right:
                found.append(proved(right[place], is_twice=before is not None))
            elif place in verdicts:
                found.append(judged(rows[place], verdicts[place], before))
            else:
                found.append(unasked(rows[place]))
        return found


def hints_of_all(batch: Batch, meanings: Sequence[str]) -> Hints:
    """Return what the columns tell; before the first row, also which numbers stand there twice."""
    stored = batch.hints or {}
    if batch.done == 0 and not stored.get("is_complete"):
        everything = spool.read(spool.path_of(batch.reference), 0, batch.rows)
        stored = {**stored, "twice": [*twice_in(everything, meanings).items()]}
        stored["is_complete"] = True
        Batch.objects.filter(pk=batch.pk).update(hints=stored)
    return Hints.from_json(stored)


def advance(batch: Batch, found: Sequence[AnyAnswer], at: datetime) -> None:
    """Note that so many more rows are answered."""
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
