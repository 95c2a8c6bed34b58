"""Reads of one-stop desks: an officer's own questions, and the measure of all. Never a person."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dancu.access.types import Actor
from dancu.kernel.clock import start_of_day
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.onestop.models import Extract, Question, StepRecord
from dancu.onestop.services.asking import own_question
from dancu.onestop.types import (
    DayLine,
    DossierLine,
    Measure,
    QuestionValue,
    Reason,
    Span,
    Standing,
    Taken,
)

#: Of dossiers that the register did not settle: nothing is recorded, or a paper was asked for.
_KEPT_WAITING = """
SELECT DISTINCT q.person_id
FROM onestop_question q
LEFT JOIN onestop_steprecord r ON r.question_id = q.id
     AND NOT EXISTS (SELECT FROM onestop_steprecord n WHERE n.corrects_id = r.id)
WHERE q.office = ANY (%(offices)s) AND q.at >= %(since)s
  AND coalesce(r.succeeded, %(paper)s) = %(paper)s
"""
_PAPER = 5

#: Of a dossier the highest step counts that was recorded on a day at an office: what was asked of
#: one citizen is not undone by the next. Corrected records do not count, and questions without a
#: record only where the dossier has none.
_LATEST = """
WITH asked AS (
    SELECT q.id, q.office, q.dossier, q.at, q.account_id,
           (q.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
    FROM onestop_question q
    WHERE q.at >= %(since)s AND q.at < %(until)s AND q.office = ANY(%(offices)s)
), latest AS (
    SELECT DISTINCT ON (a.office, a.day, a.dossier)
           a.office, a.day, a.dossier, a.at, a.account_id, r.succeeded, r.reasons, r.paper
    FROM asked a
    LEFT JOIN onestop_steprecord r ON r.question_id = a.id
         AND NOT EXISTS (SELECT FROM onestop_steprecord n WHERE n.corrects_id = r.id)
    ORDER BY a.office, a.day, a.dossier, (r.id IS NULL), r.succeeded DESC, r.at DESC, a.at DESC
)
"""
_LINES = f"""{_LATEST}
SELECT office, day, count(*), count(*) FILTER (WHERE succeeded = 1),
       count(*) FILTER (WHERE succeeded = 2), count(*) FILTER (WHERE succeeded = 3),
       count(*) FILTER (WHERE succeeded = 4), count(*) FILTER (WHERE succeeded = 5),
       count(*) FILTER (WHERE succeeded IS NULL)
FROM latest GROUP BY office, day ORDER BY day DESC, office
"""
_REASONS = f"""{_LATEST}
SELECT (one->>'step')::int, one->>'reason', count(*)
FROM latest CROSS JOIN LATERAL jsonb_array_elements(coalesce(reasons, '[]')) one
GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""
_PAPERS = f"""{_LATEST}
SELECT paper, count(*) FROM latest WHERE succeeded = 5 GROUP BY paper ORDER BY 2 DESC, 1
"""
_DOSSIERS = f"""{_LATEST}
SELECT dossier, office, at, account_id, succeeded, reasons, paper FROM latest
WHERE (%(day)s::date IS NULL OR day = %(day)s)
  AND (%(step)s::int IS NULL OR coalesce(succeeded, 0) = %(step)s)
  AND (%(paper)s = '' OR paper = %(paper)s)
  AND (%(failed)s::int IS NULL
       OR reasons @> jsonb_build_array(jsonb_build_object('step', %(failed)s::int,
                                                          'reason', %(reason)s::text)))
ORDER BY at DESC, dossier LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dossiers behind a number; ``step`` 0 stands for those without a record."""

    day: date | None = None
    step: int | None = None
    paper: str = ""
    failed: int | None = None
    reason: str = ""


def question(*, actor: Actor, question_id: int) -> QuestionValue:
    """Return a question of this officer with what is recorded. Raises ``NotFoundOrNotYours``."""
    return _value(own_question(actor, question_id))


def unrecorded(*, actor: Actor, since: datetime) -> list[QuestionValue]:
    """Return the officer's own questions without a record, the newest first, one a dossier."""
    rows = Question.objects.filter(
        account_id=actor.account_id, at__gte=since, records__isnull=True
    ).order_by("-at")[:100]
    done = set(
        Question.objects.filter(
            account_id=actor.account_id, at__gte=since, records__isnull=False
        ).values_list("dossier", flat=True)
    )
    found: dict[str, Question] = {}
    for row in rows:
        if row.dossier not in done:
            found.setdefault(row.dossier, row)
    return [_value(row) for row in found.values()]


def own_extract(*, actor: Actor, number: str) -> Extract:
    """Return an extract of the officer's office. Raises ``NotFoundOrNotYours``."""
    rows = Extract.objects.select_related("withdrawal", "question")
    found = rows.filter(number=number, office=actor.office_code[:40]).first()
    if found is None:
        raise NotFoundOrNotYours
    return found


def offices_that_asked(codes: Iterable[str]) -> list[str]:
    """Return those of the offices whose desks ever asked, by code."""
    rows = Question.objects.filter(office__in=list(codes)).order_by("office")
    return list(rows.values_list("office", flat=True).distinct())


def kept_waiting(
    offices: Iterable[str], people: Collection[int], *, since: datetime
) -> frozenset[int]:
    """Return those of the people whose dossier at one of the desks the register did not settle."""
    # A desk serves fewer people than a ward has on its list.
    values = {"offices": list(offices), "since": since, "paper": _PAPER}
    return frozenset(row[0] for row in _rows(_KEPT_WAITING, values)).intersection(people)


def measure(span: Span) -> Measure:
    """Count dossiers by office, day and step, reasons and papers."""
    values = _values(span)
    return Measure(
        lines=tuple(
            DayLine(office, day, total, (one, two, three, four, five), none)
            for office, day, total, one, two, three, four, five, none in _rows(_LINES, values)
        ),
        reasons=tuple((step, reason, n) for step, reason, n in _rows(_REASONS, values)),
        papers=tuple((paper, n) for paper, n in _rows(_PAPERS, values)),
    )


def dossiers(
    span: Span, wanted: Wanted, *, limit: int | None, offset: int = 0
) -> list[DossierLine]:
    """Return the dossiers behind a number, the newest first; all of them without a limit."""
    values = _values(span) | {
        "day": wanted.day,
        "step": wanted.step,
        "paper": wanted.paper,
        "failed": wanted.failed,
        "reason": wanted.reason,
        "limit": limit,
        "offset": offset,
    }
    return [
        DossierLine(
            dossier, office, at, account, _taken(succeeded, reasons, paper) if succeeded else None
        )
        for dossier, office, at, account, succeeded, reasons, paper in _rows(_DOSSIERS, values)
    ]


def _values(span: Span) -> dict[str, Any]:
    return {
        "since": start_of_day(span.since),
        "until": start_of_day(span.until + timedelta(days=1)),
        "offices": list(span.offices),
    }


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _value(row: Question) -> QuestionValue:
    standing = _standing(row.records.filter(corrected_by__isnull=True))
    extracts = row.extracts.order_by("-id").values_list("number", flat=True)
    return QuestionValue(
        id=row.pk,
        dossier=row.dossier,
        at=row.at,
        account_id=row.account_id,
        office=row.office,
        person_id=row.person_id,
        standing=standing,
        extracts=tuple(extracts),
    )


def _standing(records: QuerySet[StepRecord]) -> Standing | None:
    row = records.first()
    if row is None:
        return None
    return Standing(
        record_id=row.pk,
        taken=_taken(row.succeeded, row.reasons, row.paper),
        at=row.at,
        account_id=row.account_id,
        is_correction=row.corrects_id is not None,
    )


def _taken(succeeded: int, reasons: Any, paper: str) -> Taken:
    """Return what was recorded; ``reasons`` as a field holds them, or as text of the driver."""
    given: list[dict[str, Any]] = json.loads(reasons) if isinstance(reasons, str) else reasons
    return Taken(
        succeeded,
        tuple(Reason(one["step"], one["reason"], one.get("note", "")) for one in given or ()),
        paper or "",
    )
