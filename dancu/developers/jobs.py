"""Background jobs: measuring how the parts are, and forgetting what has had its time."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.developers import probing, services
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock
from dancu.operation.config import current


@app.periodic(cron="* * * * *")
@task(name="developers.measure", attempts=1)
def measure(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Measure every part once a minute."""
    at = system_clock.now()
    services.measure(measured=probing.probe(current(), at=at), at=at)


@app.periodic(cron="47 * * * *")
@task(name="developers.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Remove expired sandbox clients, and what was counted and measured long ago."""
    services.forget(at=system_clock.now())
