"""What can go wrong with campaigns and rounds."""

from __future__ import annotations

from dancu.kernel.errors import Conflict
from dancu.population.errors import PopulationError


class RoundsError(PopulationError):
    """This could not be noted."""

    code = "rounds"
    http_status = 409


class CampaignRuns(RoundsError):
    """A check of this kind is already open in %(unit)s until %(until)s."""

    remedy = "Work in the one that is open, or close it first."


class CampaignNotRunning(RoundsError):
    """People are shown and visits noted from %(begins)s to %(ends)s, while the check is open."""

    remedy = "Ask whoever opened it; an ended check can be opened anew with other days."


class CampaignClosed(RoundsError):
    """This check is closed already."""

    remedy = "Open its page to see how it ended."


class StopChanged(Conflict):
    """Somebody else noted a visit at this house in the meantime."""

    code = "stop-changed"
    remedy = "Look at what they entered; note your visit only if it says something newer."


class NothingToCheck(RoundsError):
    """There is no commune below this unit."""

    http_status = 422
    remedy = "Choose a province, a commune or a ward."
