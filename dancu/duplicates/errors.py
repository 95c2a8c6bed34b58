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


class PairKnown(DuplicatesError):
    """These two records are a pair already, number %(pair)s."""

    http_status = 409
    remedy = "Open that pair in the list of duplicates and decide there."


class OneRecord(DuplicatesError):
    """Both numbers lead to the same record."""

    http_status = 422
    remedy = "They are one person already; there is nothing to merge."


class RecordClosed(DuplicatesError):
    """One of the two records is cancelled, or was merged into another."""

    http_status = 409
    remedy = "Look the person up again and use the number that is in force."


class HowKnownMissing(DuplicatesError):
    """A reason is needed."""

    http_status = 422
    remedy = "Say in a sentence how you know that both are one person."


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
