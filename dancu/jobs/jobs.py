"""The queue's own periodic jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.jobs.mending import forget_ended, take_up_stalled


@app.periodic(cron="* * * * *")
@app.task(name="jobs.take-up-stalled", queueing_lock="jobs.take-up-stalled", pass_context=False)
async def take_up(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Take up the jobs of workers that were killed."""
    await take_up_stalled(app)


# The queue counts hours of UTC: this is 03:17 in Vietnam.
@app.periodic(cron="17 20 * * *")
@app.task(name="jobs.forget-ended", queueing_lock="jobs.forget-ended")
async def forget(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Keep the queue small."""
    await forget_ended(app)
