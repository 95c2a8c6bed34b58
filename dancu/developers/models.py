"""Tables of the developers' pages: what was measured for the status, and what strangers did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Part(models.TextChoices):
    """What the status page tells of."""

    EXCHANGE = "exchange"
    DATABASE = "database"
    BATCHES = "batches"
    SEAL = "seal"


class Measurement(models.Model):
    """One measurement of a part, kept for two days.

    ``value``: milliseconds of the exchange and the database, rows that wait in batches, seconds
    since the log was last sealed; none where nothing answered.
    """

    part = models.CharField(max_length=10, choices=Part.choices)
    at = models.DateTimeField()
    is_up = models.BooleanField()
    value = models.FloatField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["part", "-at"], name="developers_measured"),
        ]


class MeasuredDay(models.Model):
    """The measurements of a part on one day in Vietnam, added up. ``total`` adds the values."""

    pk = models.CompositePrimaryKey("part", "day")
    part = models.CharField(max_length=10, choices=Part.choices)
    day = models.DateField()
    measured = models.PositiveIntegerField(default=0)
    up = models.PositiveIntegerField(default=0)
    valued = models.PositiveIntegerField(default=0)
    total = models.FloatField(default=0)
    worst = models.FloatField(default=0)


class Attempt(models.Model):
    """Something that a stranger did and that is limited; forgotten after a day.

    ``network`` is a keyed hash: it can be counted and not be led back to an address.
    """

    class Kind(models.TextChoices):
        CLIENT = "client"
        TRIAL = "trial"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    network = models.CharField(max_length=40, db_collation="C")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "network", "at"], name="developers_attempted"),
        ]
