"""Refusals of the exchange. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import DancuError, Invalid


class ExchangeError(DancuError):
    """The exchange could not do this."""


class ClauseRefused(ExchangeError):
    """The contract “%(contract)s” does not allow this (clause “%(clause)s”): %(asked)s."""

    http_status = 403
    remedy = "Ask only for what the contract names, or have the contract changed."

    def __init__(self, *, contract: str, clause: str, asked: str = "-", remedy: str = "") -> None:
        """Name the contract, its clause that refused, and what was asked."""
        self.contract, self.clause = contract, clause
        super().__init__(remedy=remedy, contract=contract, clause=clause, asked=asked)


class QuotaUsedUp(ClauseRefused):
    """No records are left today for “%(contract)s” (clause “%(clause)s”); more from %(asked)s."""

    http_status = 429
    retryable = True
    remedy = "Send the rest tomorrow, or as a batch: it waits in the queue by itself."


class TooManyRequests(ClauseRefused):
    """“%(contract)s” asked faster than agreed (clause “%(clause)s”): %(asked)s a second."""

    http_status = 429
    retryable = True
    remedy = "Slow down, or send many people in one batch."


class TooManyValues(ClauseRefused):
    """“%(contract)s” tried too many values on one person today (clause “%(clause)s”): %(asked)s."""

    remedy = "Ask the person, or compare with their papers; what was tried may be asked again."


class Unanswerable(Invalid):
    """The question cannot be answered as it was asked."""

    code = "unanswerable"
    remedy = "Correct what is named below and ask again."
