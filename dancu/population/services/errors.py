"""What can go wrong in the register's use cases. The first line of a docstring is the message."""

from __future__ import annotations

from collections.abc import Sequence

from dancu.population.errors import PopulationError
from dancu.population.errors import PossibleDuplicate as PossibleDuplicateError


class PossibleDuplicate(PossibleDuplicateError):
    """A person with nearly the same particulars is already registered.

    ``person_ids`` names them, for the door out to show.
    """

    code = "possible-duplicate"

    def __init__(self, person_ids: Sequence[int]) -> None:
        """Keep whom the new person may be."""
        self.person_ids = tuple(person_ids)
        super().__init__()


class HasPid(PopulationError):
    """This person already has a personal identification number."""

    http_status = 409
    remedy = "Use it; if it is wrong, cancel it and issue another."


class HasNoPid(PopulationError):
    """This person has no personal identification number in force."""

    http_status = 409
    remedy = "Issue a number first."


class PidFactsMissing(PopulationError):
    """A number needs the sex, the date of birth and the place of birth registration."""

    http_status = 409
    remedy = "Complete these facts first, or name the province of birth registration."


class PidRight(PopulationError):
    """The present number agrees with the sex and the year of birth."""

    http_status = 409
    remedy = "Correct the facts in the same request, or give another reason."


class PidJustChanged(PopulationError):
    """This person was given another number today already."""

    http_status = 409
    remedy = "Look at the numbers of the person; only digits that are proved wrong change at once."


class NotOfTheDead(PopulationError):
    """%(attribute)s does not belong to the record of somebody who has died."""

    http_status = 409
    remedy = "What is kept of the dead: who they were, birth, family, last home and death."


class NumberUsed(PopulationError):
    """Registration number %(number)s was already used by this office."""

    http_status = 409
    remedy = "Look at that registration; leave the number empty to get the next one."


class NotMarried(PopulationError):
    """The register does not say that this person is married."""

    http_status = 409
    remedy = "Check whether this is the right person; register the marriage first if it is missing."


class CloseKin(PopulationError):
    """These two are too closely related to marry."""

    http_status = 409
    remedy = "Law on Marriage and Family, art. 5: no marriage within three generations."


class BornBeforeParent(PopulationError):
    """The parent would have been %(age)s years old at that birth."""

    http_status = 409
    remedy = "Check the date of birth and whether this is the right parent."


class AdopterTooYoung(PopulationError):
    """An adoptive parent is at least %(years)s years older than the child."""

    http_status = 409
    remedy = "Law on Adoption, art. 14. Check both dates of birth."


class NotAChild(PopulationError):
    """Only a child under %(years)s can be adopted."""

    http_status = 409
    remedy = "Law on Adoption, art. 8. Check the date of birth."


class UnknownHousehold(PopulationError):
    """There is no open household under the number %(number)s."""

    http_status = 404
    remedy = "Check the number, or open a new household."


class HouseholdNeedsHead(PopulationError):
    """A household has exactly one head; these people would have %(count)s."""

    http_status = 409
    remedy = "Choose the head among them and their relationship to the head for the others."


class NotInHousehold(PopulationError):
    """This person is not a member of that household."""

    http_status = 409
    remedy = "Register the person in the household first."


class ConsentMissing(PopulationError):
    """Joining a household needs the consent of its head or of the owner of the dwelling."""

    http_status = 422
    remedy = "Note how the consent was given: on the form, through VNeID, or in writing."


class HouseholdElsewhere(PopulationError):
    """The household lives at another address."""

    http_status = 409
    remedy = "Leave the address empty to take the household's, or open a new household."


class SameCommune(PopulationError):
    """This is the commune of the person's permanent residence."""

    http_status = 409
    remedy = "Temporary residence and absence concern another commune."


class NothingToEnd(PopulationError):
    """The register knows nothing of this kind that could end."""

    http_status = 409
    remedy = "Open the person again and look at the present record."


class RequestWaiting(PopulationError):
    """A request about the same fact is already waiting for a decision."""

    http_status = 409
    remedy = "Wait for the decision, or ask your ward."


class OwnRecordOnly(PopulationError):
    """A request for correction concerns your own record."""

    http_status = 403
    remedy = "Ask the ward to correct the record of somebody else."


class HasItsOwnWay(PopulationError):
    """%(attribute)s is not corrected as a single fact."""

    http_status = 409
    remedy = "Use the registration that it belongs to: household, residence, or number."
