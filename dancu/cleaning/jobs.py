"""Background jobs of the workbench: working on files, and forgetting them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.cleaning import services, working
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock


@task(name="cleaning.work-on", attempts=5)
def work_on(file_id: int) -> None:
    """Look a file through, have it verified, or write its outcome."""
    working.work(file_id=file_id, at=system_clock.now())


@app.periodic(cron="11 * * * *")
@task(name="cleaning.forget-files")
def forget_files(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Delete contents that nobody needs any more, and take up what was left lying."""
    at = system_clock.now()
    services.forget(at=at)
    services.take_up(at=at)
