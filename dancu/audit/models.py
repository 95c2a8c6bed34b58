"""The log of what was done with the house itself: sign-ins, cases, batches, settings."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Event(models.Model):
    """One thing that happened. Append-only: a trigger refuses UPDATE and DELETE.

    ``detail`` holds no particulars of persons; whom somebody looked at is kept by the door out.
    """

    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    officer_id = models.BigIntegerField(null=True)
    event = models.CharField(max_length=60, db_collation="C")
    office = models.CharField(max_length=60, db_collation="C", blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account_id", "at"], name="audit_event_account"),
            models.Index(fields=["event", "at"], name="audit_event_kind"),
            BrinIndex(fields=["at"], name="audit_event_day"),
        ]
