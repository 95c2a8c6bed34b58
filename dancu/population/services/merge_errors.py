"""Why two records cannot be merged, or a merge not be undone."""

from __future__ import annotations

from dancu.population.errors import PopulationError


class MergeOfOne(PopulationError):
    """A record cannot be merged with itself."""

    http_status = 422
    remedy = "Choose two different records."


class MergeWaiting(PopulationError):
    """One of these records is part of a proposed or finished merge already."""

    http_status = 409
    remedy = "Open that merge: confirm it, decline it or undo it first."


class MergeDecided(PopulationError):
    """This merge has been decided already."""

    http_status = 409
    remedy = "Open it again and look at how it stands."


class SameOfficer(PopulationError):
    """Whoever proposed a merge cannot confirm it."""

    http_status = 403
    remedy = "A second officer of your office has to look at both records and confirm."


class RecordChangedSince(PopulationError):
    """One of the two records has changed since it was looked at."""

    http_status = 409
    remedy = "Look at both records again; what was proposed before has to be proposed anew."


class RecordsDisagree(PopulationError):
    """The two records disagree on %(attribute)s, and nobody has settled which is right."""

    http_status = 409
    remedy = "Correct the record that is wrong first; if both are right, they are two people."


class LifeAfterDeath(PopulationError):
    """One record says that the person died on %(day)s, the other says something of a later day."""

    http_status = 409
    remedy = "Settle the date of death, or withdraw what was said after it, before merging."


class RecordsOfRelatives(PopulationError):
    """One of the two records names the other as a parent, spouse or guardian."""

    http_status = 409
    remedy = "Correct the family first if that is wrong; else they are two people."


class NumberMustStay(PopulationError):
    """The record without a number cannot be the one that stays."""

    http_status = 409
    remedy = "Let the record that has the number stay."


class NumberWouldContradict(PopulationError):
    """After the merge the number that stays would contradict the sex or the year of birth."""

    http_status = 409
    remedy = "Let the other record stay, or correct the facts first."


class HouseholdWouldLackHead(PopulationError):
    """After that, household %(number)s would have %(count)s heads."""

    http_status = 409
    remedy = "Change the head of that household first."


class MergedFurther(PopulationError):
    """The record that stays has itself been merged since."""

    http_status = 409
    remedy = "Undo the later merge first."


class UndoWaiting(PopulationError):
    """Somebody has proposed already to part these records again."""

    http_status = 409
    remedy = "A second officer confirms or declines that proposal first."


class UndoNotProposed(PopulationError):
    """Nobody has proposed to part these records, or the proposal was taken back."""

    http_status = 409
    remedy = "Open the pair again and look at how it stands."


class StatementNotSince(PopulationError):
    """Only what was entered after the merge can go to the other record, and never a number."""

    http_status = 422
    remedy = "Leave it with the record that stays; a wrong number is cancelled on its own page."
