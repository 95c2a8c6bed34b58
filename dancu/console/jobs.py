"""The console's background jobs: loading files that officers sent, and forgetting them."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dancu.console import uploads
from dancu.jobs.services import task
from dancu.kernel.clock import system_clock


@task(name="console.load-upload", attempts=5)
def load_upload(upload_id: int) -> None:
    """Load a confirmed file."""
    uploads.load(upload_id=upload_id, at=system_clock.now())


@app.periodic(cron="23 * * * *")
@task(name="console.forget-uploads")
def forget_uploads(timestamp: int) -> None:  # noqa: ARG001 - the machinery passes it
    """Delete the content of files that nobody needs any more."""
    uploads.forget(at=system_clock.now())
