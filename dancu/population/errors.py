"""What can go wrong in the register. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class PopulationError(DancuError):
    """The register could not do this."""


class UnknownSource(PopulationError):
    """No source of claims is declared under the code %(source)s."""

    http_status = 422
    remedy = "Use a code of catalogue/sources.yaml."


class NotTheAuthority(PopulationError):
    """%(attribute)s is decided by another authority: %(authority)s."""

    http_status = 403
    remedy = "Pass the request on to that authority with the evidence."


class PossibleDuplicate(PopulationError):
    """A person with nearly the same particulars is already registered."""

    http_status = 409
    remedy = "Look at that person first; register again only if they are different people."


class PidAlreadyGiven(PopulationError):
    """This personal identification number was already given to somebody else."""

    http_status = 409
    remedy = "Check the number; ask for a new one if it is right."


class PidsExhausted(PopulationError):
    """No number is left for this province, sex and year of birth."""

    http_status = 409
    remedy = "Use another code of the same province."


class PersonNotAlive(PopulationError):
    """The register says that this person is dead, merged or cancelled."""

    http_status = 409
    remedy = "Check whether this is the right person; correct the status first if it is wrong."


class RecordMerged(PopulationError):
    """This record was merged into another one."""

    http_status = 409
    remedy = "Open that person again; the page leads to the record that stands."


class AlreadyMarried(PopulationError):
    """The register says that this person is married."""

    http_status = 409
    remedy = "Register the divorce or the death of the spouse first."


class NotOldEnough(PopulationError):
    """This person is too young for that on this day."""

    http_status = 409
    remedy = "The ages are those of the Law on Marriage and Family, art. 8: men 20, women 18."


class HouseholdHasHead(PopulationError):
    """The household already has a head."""

    http_status = 409
    remedy = "Choose another relationship, or change the head of the household."


class BatchChanged(PopulationError):
    """A batch of this name was begun with other rows (row %(row)s and after)."""

    http_status = 409
    remedy = "Send the same file again, or give the new file a new name."


class BatchTruncated(PopulationError):
    """The file ended after row %(row)s; the earlier delivery had %(total)s."""

    http_status = 409
    remedy = "Send the whole file; what was already loaded is not loaded twice."


class ConflictSettled(PopulationError):
    """This conflict has been settled already."""

    http_status = 409
    remedy = "Open the person again and look at the present record."


class RequestDecided(PopulationError):
    """This request has been decided already."""

    http_status = 409
    remedy = "Open it again and look at the decision."


class NothingToCorrect(PopulationError):
    """The register already says this."""

    http_status = 409
    remedy = "Nothing needs to be done."


class BatchBusy(PopulationError):
    """This batch is being loaded by somebody else at this moment."""

    http_status = 409
    retryable = True
    remedy = "Wait until that has ended, then look at the report."
