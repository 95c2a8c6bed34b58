"""The door's background jobs: sealing logs, checking the seal, forgetting what was tried."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.audit.services import seal
from dancu.audit.verifying import check_and_record
from dancu.disclosure.internal.trying import forget_before
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock, today

#: Before whatever else waits: a head is due each minute.
_FIRST = 100


@app.periodic(cron="* * * * * */30", queueing_lock="audit.seal-logs", priority=_FIRST)
@task(name="audit.seal-logs", attempts=1)
def seal_logs(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Seal what was committed since the last time; twice a minute, so that none is older."""
    seal(at=system_clock.now())


# The queue counts hours of UTC: this is 02:41 in Vietnam.
@app.periodic(cron="41 19 * * *", queueing_lock="audit.check-logs")
@task(name="audit.check-logs", attempts=1)
def check_logs(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Compare every record with its seal once a night."""
    check_and_record(at=system_clock.now())


# 00:11 in Vietnam.
@app.periodic(cron="11 17 * * *", queueing_lock="disclosure.forget-tried")
@task(name="disclosure.forget-tried", attempts=1)
def forget_tried(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Forget which values agencies tried on people on days that are over."""
    forget_before(today(system_clock.now()))
