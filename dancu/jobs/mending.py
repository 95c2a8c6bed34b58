"""Housekeeping of the queue: jobs of dead workers, and jobs that ended long ago."""

from __future__ import annotations

from procrastinate import App, exceptions
from procrastinate.jobs import Status

KEEP_ENDED_HOURS = 72


async def take_up_stalled(app: App) -> int:
    """Queue again the jobs whose worker gives no sign of life; returns how many.

    One whose like waits already is given up: only one of them may wait, and it does the same.
    """
    stalled = [job for job in await app.job_manager.get_stalled_jobs() if job.id is not None]
    for job in stalled:
        try:
            await app.job_manager.retry_job(job)
        except exceptions.UniqueViolation:
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
    return len(stalled)


async def forget_ended(app: App) -> None:
    """Delete jobs that succeeded long ago. Failed ones stay for somebody to look at."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_ENDED_HOURS)
