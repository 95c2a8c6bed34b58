"""Background job: make the bulletins that are due, each once."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.bulletins import schedule
from dancu.bulletins.services import produce
from dancu.catalogue.bulletins import KINDS
from dancu.jobs.services import task
from dancu.kernel.clock import Clock, system_clock, today
from dancu.quality import examining, scoring
from dancu.quality.errors import ExaminationRuns


@app.periodic(cron="*/5 * * * *", queueing_lock="bulletins.make-due")
@task(name="bulletins.make-due", attempts=1)
def make_due(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Make each bulletin that is due and not made; what was just mended is examined first."""
    make_missing(clock=system_clock)


def make_missing(*, clock: Clock) -> int:
    """Make what is due and was not made, the oldest first; return how many."""
    missing = [(kind, day) for kind in KINDS for day in schedule.missing(kind, clock.now())]
    if missing:
        examine_what_changed(clock=clock)
    for kind, day in missing:
        produce(kind=kind, day=day, actor=None, at=clock.now())
    return len(missing)


def examine_what_changed(*, clock: Clock) -> None:
    """See what was mended since the last full hour, so that nobody's evening is left out."""
    try:
        if examining.examine_changes(clock=clock):
            scoring.snapshot(day=today(clock.now()))
    except ExaminationRuns:
        return  # What that run finds is told of the next time; nothing is told of twice.
