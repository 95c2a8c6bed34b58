"""Campaigns, their communes, the doors to go to, who is asked about there, and every visit.

Of people there are keys, of addresses the words below the commune. Lists are drawn commune by
commune, an *area*; whoever is found in two communes is asked about in both.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Campaign(models.Model):
    """A general check or round of a declared kind, in a unit, for some days."""

    kind = models.CharField(max_length=40, db_collation="C")
    unit = models.CharField(max_length=20, db_collation="C")
    begins_on = models.DateField()
    #: The last day on which visits are noted.
    ends_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    close_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="rounds_campaign_ends_after_it_begins",
                condition=Q(ends_on__gte=F("begins_on")),
            ),
        ]


class Area(models.Model):
    """One commune of a campaign. ``is_open`` follows the campaign: one of a kind at a time."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="areas")
    commune = models.CharField(max_length=8, db_collation="C")
    kind = models.CharField(max_length=40, db_collation="C")
    is_open = models.BooleanField(default=True)
    #: When its lists were made, and last compared with the register.
    drawn_at = models.DateTimeField(null=True)
    renewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "commune"], name="rounds_area_once"),
            models.UniqueConstraint(
                fields=["commune", "kind"],
                condition=Q(is_open=True),
                name="rounds_area_one_open_of_a_kind",
            ),
        ]


class Stop(models.Model):
    """A household at a door. The keys put doors in the order in which one walks past them."""

    class State(models.IntegerChoices):
        WAITING = 0
        NOBODY_HOME = 1
        MET = 2
        DIFFERS = 3
        REFUSED = 4
        NO_SUCH_HOUSE = 5

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="stops", db_index=False)
    visited_at = models.DateTimeField(null=True)
    visited_by = models.BigIntegerField(null=True)
    people = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    version = models.IntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    #: How many were met, at the last visit, who are not on the list.
    others = models.SmallIntegerField(default=0)
    state = models.SmallIntegerField(choices=State.choices, default=State.WAITING)
    #: Whether somebody is asked about here, or was.
    is_listed = models.BooleanField(default=True)
    neighbourhood_key = models.CharField(max_length=400, db_collation="C")
    street_key = models.CharField(max_length=400, db_collation="C")
    house_key = models.CharField(max_length=120, db_collation="C")
    #: What tells households at one door apart: its number, else the address without a house.
    household = models.CharField(max_length=60, db_collation="C")
    neighbourhood = models.CharField(max_length=300)
    street = models.CharField(max_length=300)
    house = models.CharField(max_length=120)
    team = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "neighbourhood_key", "street_key", "house_key", "household"],
                name="rounds_stop_once",
            ),
            models.CheckConstraint(
                name="rounds_stop_settles_its_people",
                condition=Q(settled__gte=0, settled__lte=F("people")),
            ),
        ]


class Subject(models.Model):
    """Somebody asked about, and how they were found. Who was settled stays, whatever comes."""

    class State(models.IntegerChoices):
        WAITING = 0
        CONFIRMED = 1
        DIFFERS = 2
        MOVED = 3
        ABSENT = 4
        NOT_FOUND = 5
        REFUSED = 6

    class Joined(models.IntegerChoices):
        OPENING = 1
        SINCE = 2

    class Left(models.IntegerChoices):
        NOT_LIVING = 1
        ELSEWHERE = 2
        CHANGED = 3

    pk = models.CompositePrimaryKey("area_id", "person_id")
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, related_name="subjects", db_index=False
    )
    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="subjects")
    person_id = models.BigIntegerField()
    settled_at = models.DateTimeField(null=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    basis = models.SmallIntegerField()
    state = models.SmallIntegerField(choices=State.choices, default=State.WAITING)
    joined = models.SmallIntegerField(choices=Joined.choices)
    left = models.SmallIntegerField(choices=Left.choices, null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="rounds_subject_leaves_with_a_cause",
                condition=Q(left_on__isnull=True, left__isnull=True)
                | Q(left_on__isnull=False, left__isnull=False),
            ),
        ]


class Visit(models.Model):
    """What one visit found: append-only. ``answers``: by person, question and answer."""

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="visits", db_index=False)
    #: The version of the stop that this visit made: two at once cannot both be noted.
    version = models.IntegerField()
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    office = models.CharField(max_length=40, db_collation="C")
    team = models.CharField(max_length=60, blank=True, default="")
    outcome = models.SmallIntegerField(choices=Stop.State.choices)
    #: How many are there who are not on the list.
    others = models.SmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True, default="")
    answers = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["stop", "version"], name="rounds_visit_once"),
        ]
