"""Background jobs of the register."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.access.types import system_actor
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock
from dancu.population.services.restructuring import enforce_due


@app.periodic(cron="*/5 * * * *", queueing_lock="population.enforce-map")
@task(name="population.enforce-map", attempts=1)
def enforce_map(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Bring decisions on the map into force on their day."""
    enforce_due(actor=system_actor(name="population.enforce-map"), at=system_clock.now())
