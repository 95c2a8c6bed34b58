"""What other rooms use of the queue: declare a job, and start one."""

from __future__ import annotations

from dancu.jobs.queue import defer, task

__all__ = ["defer", "task"]
