"""The door's background job: sealing the access records, and whatever else is registered."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app

from dancu.audit.services import seal
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock


@app.periodic(cron="* * * * * */30")
@task(name="audit.seal-logs", attempts=1)
def seal_logs(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Seal what was committed since the last time; twice a minute, so that none is older."""
    connection.close_if_unusable_or_obsolete()
    try:
        seal(at=system_clock.now())
    finally:
        # The thread may idle for days; its connection would outlive the server.
        connection.close()
