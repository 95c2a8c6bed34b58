"""What may go wrong in this room. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import Conflict, DancuError


class ExaminationRuns(Conflict):
    """Another examination of the data is running."""

    remedy = "Wait until it is over; issues are shown as the last finished one left them."


class UnknownRule(DancuError):
    """There is no rule of quality called %(rule)s."""

    http_status = 404
    remedy = "Use a name from catalogue/quality, or of the list of rules."
