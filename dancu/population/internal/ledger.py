"""The ledger of a batch: which chunks are in, and how one gets in."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import psycopg
from django.utils.translation import gettext_noop as _

from dancu.kernel.errors import FieldError
from dancu.population.errors import BatchChanged
from dancu.population.internal import door
from dancu.population.internal.chunk import Chunk
from dancu.population.internal.names import Names
from dancu.population.models import BatchChunk

#: What the door's refusals say, and what to do about them.
REFUSALS = {
    "pid-already-given": (
        _("This personal identification number was already given to somebody."),
        _("Check the number; if it is right, state facts about that person instead."),
    ),
    "person-unknown": (
        _("Nobody in the register has this personal identification number."),
        _("Check the number against the card; register the person first if they are new."),
    ),
    "refused-by-database": (
        _("The database cannot keep this row as it is."),
        _("Check the values of the row, or report it with its number."),
    ),
}
LEAST_CHUNK_ROWS = 2_500
_RETRIES = 4
_PASSING = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
_ROW_AT_FAULT = (psycopg.DataError, psycopg.IntegrityError)


@dataclass(frozen=True, slots=True)
class Done:
    """What one chunk came to."""

    first_row: int
    rows: int
    accepted: int
    rejected: int
    conflicts: int


class Ledger:
    """The chunks of a batch that are in the register, with their totals."""

    def __init__(
        self,
        chunks: dict[int, tuple[int, bytes]],
        totals: tuple[int, int, int, int],
        *,
        is_whole: bool = False,
    ) -> None:
        self._chunks = chunks
        self._is_whole = is_whole
        self._starts = sorted(chunks)
        self.rows, self.accepted, self.rejected, self.conflicts = totals

    @classmethod
    def of(cls, batch_id: int, *, is_whole: bool) -> Ledger:
        """Read the ledger of a batch, to which nothing can be added when it is whole."""
        found = list(BatchChunk.objects.filter(batch_id=batch_id))
        return cls(
            {c.first_row: (c.rows, bytes(c.digest)) for c in found},
            (
                sum(c.rows for c in found),
                sum(c.accepted for c in found),
                sum(c.rejected for c in found),
                sum(c.conflicts for c in found),
            ),
            is_whole=is_whole,
        )

    def holds(self, chunk: Chunk) -> bool:
        """Say whether the chunk is in.

        Raises ``BatchChanged`` if other rows came in its place, or more of them than the whole.
        """
        held = self._chunks.get(chunk.first_row)
        if held is None and not self._is_whole:
            return False
        if held != (chunk.rows, chunk.digest()):
            raise BatchChanged(row=chunk.first_row + 1)
        return True

    def cut(self, first_row: int, most: int) -> int:
        """Return how many rows the chunk that begins at a row has, ``most`` of them at most.

        The first chunks of a batch are small, so that no connection waits long for work; each is as
        large as all before it together. What is held is cut as it was.
        """
        if held := self._chunks.get(first_row):
            return held[0]
        rows = min(most, max(LEAST_CHUNK_ROWS, first_row))
        following = bisect_right(self._starts, first_row)
        if following < len(self._starts):
            rows = min(rows, self._starts[following] - first_row)
        return rows

    def add(self, done: Done) -> None:
        """Note a chunk that has just been committed."""
        self.rows += done.rows
        self.accepted += done.accepted
        self.rejected += done.rejected
        self.conflicts += done.conflicts


def apply_chunk(
    conn: psycopg.Connection[Any], names: Names, *, chunk: Chunk, origin: door.Origin
) -> Done:
    """Enter one chunk and its line in the ledger, in one transaction of ``conn``."""
    for attempt in range(_RETRIES):
        try:
            names.store(conn, chunk.names)
            with conn.transaction(), psycopg.Cursor(conn) as cursor:
                return _apply(cursor, chunk, origin)
        except _PASSING:
            if attempt == _RETRIES - 1:
                raise
    raise AssertionError("unreachable")


def _apply(cursor: psycopg.Cursor[Any], chunk: Chunk, origin: door.Origin) -> Done:
    refused = list(chunk.refused)
    accepted, conflicts = _apply_or_split(cursor, chunk, origin, refused)
    _write_refusals(cursor, origin, refused)
    rejected = chunk.rows - accepted
    cursor.execute(
        """
        INSERT INTO population_batchchunk
            (batch_id, first_row, rows, digest, accepted, rejected, conflicts)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        [
            origin.batch_id,
            chunk.first_row,
            chunk.rows,
            chunk.digest(),
            accepted,
            rejected,
            conflicts,
        ],
    )
    return Done(chunk.first_row, chunk.rows, accepted, rejected, conflicts)


def _apply_or_split(
    cursor: psycopg.Cursor[Any],
    chunk: Chunk,
    origin: door.Origin,
    refused: list[tuple[int, FieldError]],
) -> tuple[int, int]:
    try:
        with cursor.connection.transaction():
            outcome = door.apply(cursor, chunk, origin)
    except _ROW_AT_FAULT as error:
        if len(chunk.numbers) == 1:
            refused.append((chunk.numbers[0], _database_error(error)))
            return 0, 0
        halves = [_apply_or_split(cursor, part, origin, refused) for part in chunk.parts()]
        return halves[0][0] + halves[1][0], halves[0][1] + halves[1][1]
    refused += [(n, FieldError(field, code, *REFUSALS[code])) for n, field, code in outcome.refused]
    return outcome.accepted, outcome.conflicts


def _database_error(error: psycopg.Error) -> FieldError:
    column = error.diag.column_name or error.diag.constraint_name or "row"
    return FieldError(column, "refused-by-database", *REFUSALS["refused-by-database"])


def _write_refusals(
    cursor: psycopg.Cursor[Any], origin: door.Origin, refused: list[tuple[int, FieldError]]
) -> None:
    if not refused:
        return
    positions: dict[int, int] = {}
    with cursor.copy(
        "COPY population_rejection (batch_id, row_number, position, field, code, message, remedy)"
        " FROM STDIN"
    ) as copy:
        for number, error in refused:
            position = positions[number] = positions.get(number, -1) + 1
            copy.write_row(
                (
                    origin.batch_id,
                    number + 1,
                    position,
                    error.field,
                    error.code,
                    error.text()[:300],
                    error.remedy_text()[:300],
                )
            )
