"""Making a bulletin: all units in one transaction, once, and never changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.bulletins import schedule
from dancu.bulletins.errors import BulletinOvertaken, NothingExamined
from dancu.bulletins.internal.making import (
    figures,
    layout_of_today,
    lines_of,
    plain_cells,
    plain_groups,
)
from dancu.bulletins.models import Edition, Figure
from dancu.catalogue.bulletins import Kind, league
from dancu.quality.queries import last_finished

_LOCK = 0x64616E6375_6275
_BATCH = 500
#: How many days the first bulletin of a kind counts, its own included.
_FIRST = {"weekly": 7, "evening": 1}


@transaction.atomic
def produce(*, kind: Kind, day: date, actor: Actor | None, at: datetime) -> Edition:
    """Make the bulletin of a day for all units and return it; one that is there stays as it is.

    Raises ``BulletinOvertaken`` when a later one is out, and ``NothingExamined``.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if found := Edition.objects.filter(kind=kind, day=day).first():
        return found
    run = last_finished()
    if run is None:
        raise NothingExamined
    previous = Edition.objects.filter(kind=kind).order_by("-day").first()
    if previous is not None and previous.day > day:
        raise BulletinOvertaken(day=day.strftime("%d/%m/%Y"))
    since = previous.day if previous else day - timedelta(days=_FIRST[kind] - 1)
    layout = layout_of_today()
    lines = lines_of(layout, kind=kind, day=day, since=since, previous=previous)
    weights = league(day)
    edition = Edition.objects.create(
        kind=kind,
        day=day,
        since=since,
        due_at=schedule.due_at(kind, day),
        made_at=at,
        examined_at=run.finished_at,
        is_late=schedule.is_late(kind, day, at),
        previous=previous,
        cells=plain_cells(layout),
        groups=plain_groups(),
        league={
            "average_issues": weights.average_issues,
            "average_people": weights.average_people,
            "least_people": weights.least_people,
        },
    )
    Figure.objects.bulk_create(figures(edition, lines), batch_size=_BATCH)
    record(
        event="bulletin.made",
        actor=actor,
        at=at,
        detail={
            "kind": kind,
            "day": day.isoformat(),
            "units": len(lines),
            "late": edition.is_late,
        },
    )
    return edition
