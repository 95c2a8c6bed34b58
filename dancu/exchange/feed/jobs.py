"""Background jobs of the feed: noticing changes, sending them, and forgetting them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from procrastinate.contrib.django import app

from dancu.exchange.feed import collecting, delivering, retiring
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock

#: A job gives way to others, and to the worker's end, after so long.
_SECONDS = 20.0
#: Receivers that are sent to at once, so that a slow one does not keep the others waiting.
_SENDERS = 4


@app.periodic(cron="* * * * * */10", queueing_lock="exchange.collect-changes")
@task(name="exchange.collect-changes", attempts=1)
def collect_changes(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Turn what has come in into events."""
    collecting.collect(clock=system_clock, seconds=_SECONDS)


@app.periodic(cron="* * * * * */10", queueing_lock="exchange.send-webhooks")
@task(name="exchange.send-webhooks", attempts=1)
def send_webhooks(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Send events to the webhooks that are due."""
    if not delivering.is_due(at=system_clock.now()):
        return
    with ThreadPoolExecutor(_SENDERS) as senders:
        for done in [senders.submit(_send) for _ in range(_SENDERS)]:
            done.result()


def _send() -> None:
    try:
        delivering.work(clock=system_clock, seconds=_SECONDS)
    finally:
        connection.close()


@app.periodic(cron="53 * * * *")
@task(name="exchange.forget-changes")
def forget_changes(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """End what ends with its contract, and delete what nobody needs any more."""
    retiring.retire(at=system_clock.now())
