"""Tables of the exchange. Every part keeps its own in its package; Django finds them here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from dancu.exchange.batches.models import Batch, BatchSlice
from dancu.exchange.feed.models import FeedEvent, FeedState, Subscription, Webhook
from dancu.exchange.oauth.models import Client, ClientKey, KeptAnswer, SeenAssertion, ServerKey

__all__ = [
    "ApprovedException",
    "Batch",
    "BatchSlice",
    "Client",
    "ClientKey",
    "FeedEvent",
    "FeedState",
    "KeptAnswer",
    "SeenAssertion",
    "ServerKey",
    "Subscription",
    "Usage",
    "Webhook",
]


class Usage(models.Model):
    """What was asked under one contract on one day in Vietnam.

    The row with an empty contract counts for the whole country.
    """

    pk = models.CompositePrimaryKey("day", "contract")
    day = models.DateField()
    contract = models.CharField(max_length=60, db_collation="C")
    #: People asked about.
    records = models.BigIntegerField(default=0)
    #: Requests, however many people each was about.
    requests = models.BigIntegerField(default=0)
    #: Requests turned away because a limit was reached.
    refused = models.BigIntegerField(default=0)


class ApprovedException(models.Model):
    """More records for a contract, or with an empty name for the country, on one day."""

    contract = models.CharField(max_length=60, db_collation="C", blank=True)
    day = models.DateField()
    records = models.BigIntegerField()
    approved_by = models.CharField(max_length=200)
    reason = models.TextField()
    account_id = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, db_default="")
    withdrawn_reason = models.TextField(db_default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["day", "contract"], name="exchange_exception_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="exchange_exception_adds", condition=models.Q(records__gt=0)
            ),
        ]
