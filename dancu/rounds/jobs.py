"""Background jobs: lists of many communes after opening, and all lists each night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.jobs.services import task
from dancu.kernel.clock import system_clock
from dancu.rounds import services


# The queue counts hours of UTC: this is 02:41 in Vietnam.
@app.periodic(cron="41 19 * * *", queueing_lock="rounds.renew-lists")
@task(name="rounds.renew-lists", attempts=1)
def renew_lists(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Bring the lists of all open checks up to date with the register."""
    services.draw_lists(at=system_clock.now())


@task(name="rounds.draw-lists")
def draw_lists(campaign_id: int) -> None:
    """Make the lists of a campaign that was opened for many communes."""
    services.draw_lists(at=system_clock.now(), campaign_id=campaign_id)
