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


class IssueNotWithYou(DancuError):
    """One of these issues is over, or is not with your office any more."""

    http_status = 409
    remedy = "Open the list again; what is still to do stands there."


class CannotMendThat(DancuError):
    """%(office)s has no say in %(attribute)s, or does not serve these people."""

    http_status = 422
    remedy = "Pass it on to the office that decides this fact."


class WorseIssue(DancuError):
    """This would open a worse issue than it closes: %(issues)s."""

    http_status = 422
    remedy = (
        "Check the value once more with the paper. If it is so all the same, say why and enter it: "
        "the reason is kept with the issue."
    )


class NotByConfirming(DancuError):
    """“%(rule)s” is not over by saying again what the register holds."""

    http_status = 422
    remedy = "Correct the fact, or pass the issue on to the office that decides it."
