"""The first examination: ordered once when the platform starts, done beside it, seen coming."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from dancu.operation import setup_steps
from dancu.quality import progress
from dancu.quality.models import Run
from tests.disclosure.conftest import new_person

NOW = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'quality.examine-first'"
        )
        return int(cursor.fetchone()[0])


def ordering() -> setup_steps.SetupStep:
    return next(s for s in setup_steps.ordered() if s.name == "quality.first-examination")


def begin() -> Run:
    return Run.objects.create(kind="all", day=NOW.date(), begun_at=NOW, statement=0, annulment=0)


def test_it_is_ordered_once_and_its_way_is_seen(examine: object) -> None:
    new_person()
    step = ordering()
    assert step.needs_people
    assert not step.is_done()
    for _start in range(2):
        step.run(lambda *_told: None)
    assert waiting() == 1
    before = progress.underway(at=NOW)
    assert before is not None
    assert (before.begun_at, before.examined) == (None, 0)
    run = begin()
    assert step.is_done()
    progress.note_progress(done=1, of=2)
    now = progress.underway(at=NOW + timedelta(minutes=1))
    assert now is not None
    assert (now.begun_at, now.examined) == (NOW, now.people // 2)
    late = progress.underway(at=NOW + timedelta(days=1))
    assert late is not None
    assert late.begun_at is None
    run.finished_at = NOW
    run.save()
    assert progress.underway(at=NOW) is None
