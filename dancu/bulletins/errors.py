"""What may go wrong in this room. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import Conflict, DancuError


class BulletinOvertaken(Conflict):
    """A later bulletin than that of %(day)s is out, so this one cannot be made any more."""

    remedy = "Read the later one: it counts everything since the last that was made."


class NothingExamined(Conflict):
    """The data have not been examined yet, so there is nothing to tell of."""

    remedy = "Run `dancu quality run`, or wait for the night."


class UnknownBulletin(DancuError):
    """There is no such bulletin."""

    http_status = 404
    remedy = "Choose one from the list of bulletins."


class TargetGone(Conflict):
    """This target has ended or was replaced meanwhile."""

    remedy = "Look at the list of targets again."
