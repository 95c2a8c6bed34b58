"""Background jobs: forgetting what need not be known any more."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.exchange.api import keeping
from dancu.exchange.oauth import granting
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock


@app.periodic(cron="29 * * * *")
@task(name="exchange.forget-used")
def forget_used(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Forget assertions that have expired, and answers kept for more than a day."""
    at = system_clock.now()
    granting.forget_assertions(at=at)
    keeping.forget(at=at)
