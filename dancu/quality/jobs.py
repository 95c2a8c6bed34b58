"""Background jobs: everybody at night, what changed each hour, the map as it changes.

Each ends with the scores.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.jobs.services import task
from dancu.kernel.clock import system_clock, today
from dancu.quality import examining, following, scoring
from dancu.quality.errors import ExaminationRuns
from dancu.quality.progress import note_progress

#: While it waits, no second one is ordered.
FIRST = "quality.examine-first"


# The queue counts hours of UTC: this is 01:17 in Vietnam.
@app.periodic(cron="17 18 * * *", queueing_lock="quality.examine-all")
@task(name="quality.examine-all", attempts=1)
def examine_all(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Examine everybody by all rules, and keep how each commune stands today."""
    examining.examine_all(clock=system_clock)
    scoring.snapshot(day=today(system_clock.now()))


@task(name="quality.examine-first", attempts=2)
def examine_first() -> None:
    """Examine everybody for the first time, as soon as the register has people.

    One connection: the other core belongs to whoever signs in meanwhile.
    """
    try:
        if examining.last_run() is None:
            examining.examine_all(clock=system_clock, lanes=1, told=_tell)
            scoring.snapshot(day=today(system_clock.now()))
    except ExaminationRuns:
        return  # Somebody began it by hand.


def _tell(done: int, of: int) -> None:
    note_progress(done=done, of=of)


@app.periodic(cron="47 * * * *", queueing_lock="quality.examine-changes")
@task(name="quality.examine-changes", attempts=1)
def examine_changes(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Examine those about whom something was said since the last time."""
    try:
        # The first examination of a register is a job of its own.
        if examining.last_run() is not None and examining.examine_changes(clock=system_clock):
            scoring.snapshot(day=today(system_clock.now()))
    except ExaminationRuns:
        return  # It sees the same changes.


# A little after decisions are brought into force.
@app.periodic(cron="2-59/5 * * * *", queueing_lock="quality.follow-map")
@task(name="quality.follow-map", attempts=1)
def follow_map(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Take issues along with those whom the map took to another commune; return stray ones."""
    at = system_clock.now()
    if following.follow_map(at=at):
        scoring.snapshot(day=today(at))
    following.return_stray(at=at)
