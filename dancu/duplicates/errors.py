"""What can go wrong with suspected duplicates."""

from __future__ import annotations

from dancu.population.errors import PopulationError


class DuplicatesError(PopulationError):
    """This suspicion could not be worked on."""

    code = "duplicates"


class PairDecided(DuplicatesError):
    """Somebody has decided on this pair in the meantime."""

    http_status = 409
    remedy = "Open it again and look at how it stands."


class ReasonMissing(DuplicatesError):
    """A reason is needed."""

    http_status = 422
    remedy = "Say in a sentence what shows that they are two people."


class SearchNeedsExtra(DuplicatesError):
    """To search the register for duplicates, the extra “analytics” has to be installed."""

    http_status = 503
    remedy = (
        "Run scripts/setup --analytics; pairs that were found before can be worked off without."
    )


class SearchNeedsModel(DuplicatesError):
    """There is no trained model of linkage in the catalogue."""

    http_status = 503
    remedy = "Put catalogue/linkage/register.json back, or train one."
