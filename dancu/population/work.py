"""What waits for an officer's decision, for the door out only.

A list is read from the oldest duty or the newest conflict on, and each line is asked whether its
person lives or stays in the area today; conflicts of a few communes are read from their people.
Nothing is counted beyond a cap. Reading leaves no trace
here; ``dancu.disclosure`` writes the access records before it answers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from dancu.population import dictionary
from dancu.population.search import FEW_COMMUNES

WINDOW = 50
#: Waiting requests are counted up to this number.
MOST_COUNTED = 100
#: So are open conflicts of few communes; those of a large area are counted among the newest of all.
MOST_LOOKED_THROUGH = 2_000
_SQL = Path(__file__).with_name("internal") / "sql"
_COLUMNS = (
    "r.id, r.person_id, r.attribute, r.statement_id, r.reason, r.state, r.asked_at, r.due_at, "
    "r.decided_at, r.decided_by, r.decision_reason, "
    "(SELECT s.claims -> r.attribute::text FROM population_statement s "
    "WHERE s.person_id = r.person_id AND s.id = r.statement_id)"
)
#: What several texts have in common, by the mark in its place.
_PARTS = {"{both}": "work_both_sides", "{here}": "work_open_here"}


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A citizen's request. ``attribute`` is a number, ``value`` what they say it should be."""

    id: int
    person_id: int
    attribute: int
    statement_id: int | None
    reason: str
    state: str
    asked_at: datetime
    due_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    decision_reason: str | None
    value: object


@dataclass(frozen=True, slots=True)
class SaidRow:
    """Who said something, from which day, on which kind of paper; never what."""

    source_id: int
    day: date
    paper: str


@dataclass(frozen=True, slots=True)
class OpenConflictRow:
    """A claim that lost and that nobody has decided on. ``attribute`` is a number.

    ``against`` is the claim that won, while its statement is known.
    """

    person_id: int
    attribute: int
    statement_id: int
    source_id: int
    opened_at: datetime
    said: SaidRow
    against: SaidRow | None


@dataclass(frozen=True, slots=True)
class Count:
    """A number; ``is_more`` when it is only known that there are at least so many."""

    number: int
    is_more: bool = False


def waiting_requests(area: Collection[str], *, window: int = 1) -> tuple[list[RequestRow], bool]:
    """Return a window of the requests that wait, the one due first at its head; and if more do.

    ``area`` are communes: whoever lives or stays in one of them today belongs to it, wherever they
    lived when they asked.
    """
    rows = _run("work_requests", {"area": list(area), **_window(window)})
    return [_request(row) for row in rows[:WINDOW]], len(rows) > WINDOW


def request(request_id: int) -> RequestRow | None:
    """Return one request, waiting or decided."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM population_correctionrequest r WHERE r.id = %s",
            [request_id],
        )
        row = cursor.fetchone()
    return _request(row) if row else None


def requests_of(person_id: int) -> list[RequestRow]:
    """Return all requests of a person, those that wait first, then the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM population_correctionrequest r "
            "WHERE r.person_id = %s ORDER BY r.state <> 'waiting', r.asked_at DESC, r.id DESC",
            [person_id],
        )
        return [_request(row) for row in cursor.fetchall()]


def open_conflicts(
    area: Collection[str], attributes: Collection[int], *, window: int = 1
) -> tuple[list[OpenConflictRow], bool]:
    """Return a window of the open conflicts about some attributes, the newest first; and if more.

    What citizens ask for is left out: that is decided as a request.
    """
    name = "work_conflicts_here" if len(area) <= FEW_COMMUNES else "work_conflicts"
    rows = _run(name, {**_about(area, attributes), **_window(window)})
    return [_conflict(row) for row in rows[:WINDOW]], len(rows) > WINDOW


def count_requests(area: Collection[str], *, at: datetime) -> tuple[Count, int]:
    """Return how many requests wait, up to a cap, and how many of these are overdue."""
    values = {"area": list(area), "at": at, "most": MOST_COUNTED + 1}
    ((number, overdue),) = _run("work_count_requests", values)
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED), min(overdue, MOST_COUNTED)


def count_conflicts(area: Collection[str], attributes: Collection[int]) -> Count:
    """Return how many open conflicts are in an area; in a large one, among the newest of all."""
    if len(area) <= FEW_COMMUNES:
        values = {**_about(area, attributes), "most": MOST_LOOKED_THROUGH + 1}
        ((number,),) = _run("work_count_conflicts_here", values)
        return Count(min(number, MOST_LOOKED_THROUGH), number > MOST_LOOKED_THROUGH)
    values = {**_about(area, attributes), "most": MOST_LOOKED_THROUGH}
    ((looked_through, number),) = _run("work_count_conflicts", values)
    return Count(number, looked_through == MOST_LOOKED_THROUGH)


def _about(area: Collection[str], attributes: Collection[int]) -> dict[str, Any]:
    citizens = [s.id for s in dictionary.sources_by_id().values() if s.kind == "citizen"]
    return {"area": list(area), "attributes": list(attributes), "citizens": citizens}


def _window(number: int) -> dict[str, int]:
    return {"limit": WINDOW + 1, "offset": (max(number, 1) - 1) * WINDOW}


def _conflict(row: Sequence[Any]) -> OpenConflictRow:
    person, attribute, statement, source, opened_at, _against, *sides = row
    day, paper, other_source, other_day, other_paper = sides
    return OpenConflictRow(
        person,
        attribute,
        statement,
        source,
        opened_at,
        SaidRow(source, day, dictionary.evidence_kind(paper)),
        SaidRow(other_source, other_day, dictionary.evidence_kind(other_paper))
        if other_source
        else None,
    )


def _request(row: Sequence[Any]) -> RequestRow:
    value = json.loads(row[-1]) if isinstance(row[-1], str) else row[-1]
    return RequestRow(*[*row[:11], value])


@cache
def _sql(name: str) -> str:
    text = (_SQL / f"{name}.sql").read_text(encoding="utf-8").replace("{columns}", _COLUMNS)
    for mark, part in _PARTS.items():
        if mark in text:
            text = text.replace(mark, _sql(part))
    return text


def _run(name: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(name), values)
        return list(cursor.fetchall())
