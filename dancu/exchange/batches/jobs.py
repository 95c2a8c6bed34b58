"""Background jobs of batches: answering them, and forgetting them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.exchange.batches import running, services
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock

#: A worker gives way to other jobs, and to its own end, after so long.
_SECONDS = 30.0


@task(name="exchange.run-batches", attempts=20)
def run_batches() -> None:
    """Answer batches until nobody may go on today; then again when time is over."""
    if not running.work(clock=system_clock, seconds=_SECONDS):
        services.go_on()


@app.periodic(cron="* * * * *")
@task(name="exchange.wake-batches")
def wake_batches(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Go on after midnight, when quotas begin anew, and after whatever went wrong."""
    services.wake()


@app.periodic(cron="41 * * * *")
@task(name="exchange.forget-batches")
def forget_batches(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Delete questions and answers that nobody needs any more."""
    services.forget(at=system_clock.now())
