"""Refusals of the one-stop desk. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import Conflict, DancuError


class OneStopError(DancuError):
    """The one-stop desk could not do this."""


class CardUnreadable(OneStopError):
    """This is not the text of an identity card's QR code: %(why)s."""

    http_status = 422
    remedy = "Scan the card again, or type the number and the name or the date of birth."


class NothingFound(OneStopError):
    """Nobody was found for this question, so there is nothing to make an extract of."""

    http_status = 409
    remedy = "Ask again with the particulars of the card, or record why the register did not help."


class FactsChanged(Conflict):
    """Since this extract was made, the register has learnt something new of the person."""

    remedy = "Make a new extract; withdraw this one if its paper is not to be used any more."


class AlreadyRecorded(Conflict):
    """The steps of this question are recorded already."""

    remedy = "If the record is wrong, correct it: the new record stands beside the old one."


class TooManyWrongFigures(OneStopError):
    """Figures of this extract were wrong too often. Wait %(wait)s before comparing another."""

    http_status = 429
    retryable = True
    remedy = "Type each figure as it stands on the paper; if they do not agree, do not rely on it."


class AlreadyWithdrawn(Conflict):
    """This extract was withdrawn already."""

    remedy = "Make a new extract if the citizen needs one."
