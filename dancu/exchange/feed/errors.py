"""Refusals of the feed. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.exchange.errors import ExchangeError


class CursorUnknown(ExchangeError):
    """This cursor is not one of this feed."""

    http_status = 422
    remedy = (
        "Use a cursor as it was given. If you have none, begin without a cursor: you get "
        "everything that is kept, what you know already too. Cursors of before a restore of the "
        "register are not known any more either."
    )


class CursorTooOld(ExchangeError):
    """Events after this cursor are not kept any more; %(days)s days are."""

    http_status = 410
    remedy = (
        "Begin without a cursor, and verify everybody whom you follow: what changed in between "
        "is not told again."
    )

    def __init__(self, *, days: int) -> None:
        """Name the days for which events are kept."""
        super().__init__(days=days)


class SubscriptionAbsent(ExchangeError):
    """You follow nobody under this number."""

    http_status = 404
    remedy = "GET /feed/subscriptions lists those that stand."


class WebhookAbsent(ExchangeError):
    """You have no webhook under this number."""

    http_status = 404
    remedy = "GET /feed/webhooks lists them."


class WebhookTaken(ExchangeError):
    """There is a webhook for this address already."""

    http_status = 409
    remedy = "GET /feed/webhooks shows it. Delete it first to begin anew."


class TooManyWebhooks(ExchangeError):
    """There are %(most)s webhooks under this contract already."""

    http_status = 409
    remedy = "Delete one that is not needed, or let one receiver hand the events on."

    def __init__(self, *, most: int) -> None:
        """Name how many there may be."""
        super().__init__(most=most)


class WebhookStands(ExchangeError):
    """This webhook is not switched off: there is nothing to resume."""

    http_status = 409
    remedy = "GET /feed/webhooks shows when it is tried next."
