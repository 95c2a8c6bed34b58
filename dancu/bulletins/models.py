"""Bulletins as they were when made, and targets with their history.

An edition covers all units at once. It and its figures are only ever added; a trigger refuses
UPDATE and DELETE. What its words mean (groups, cells, weights) is kept with it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Edition(models.Model):
    """One bulletin or briefing. ``since``: the first day it counts, less what was told of it.

    ``cells``: the columns of its figures, ``[{"group", "dimension", "remedy_by", "rules"}, …]``;
    ``groups``: the words of the groups; ``league``: the weights by which units were placed.
    """

    class Kind(models.TextChoices):
        WEEKLY = "weekly"
        EVENING = "evening"

    id = models.AutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField()
    since = models.DateField()
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    examined_at = models.DateTimeField(null=True)
    is_late = models.BooleanField()
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT)
    cells = models.JSONField()
    groups = models.JSONField()
    league = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "day"], name="bulletins_edition_once"),
            models.CheckConstraint(
                name="bulletins_edition_counts_forward",
                condition=Q(since__lte=models.F("day")),
            ),
        ]


class Figure(models.Model):
    """How one unit stood; the arrays have a number for each cell of the edition.

    ``closed`` has six for each, by cause. ``passed``: of those left, passed on to another office.
    ``own_day``: of communes, what was counted of the
    edition's own day, ``{rule: [opened, closed by cause…]}``; the next edition counts the rest.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="figures")
    unit = models.CharField(max_length=10, db_collation="C")
    level = models.CharField(max_length=13)
    parent = models.CharField(max_length=10, blank=True, db_collation="C")
    name = models.CharField(max_length=200)
    people = models.IntegerField()
    left = ArrayField(models.IntegerField())
    before = ArrayField(models.IntegerField())
    opened = ArrayField(models.IntegerField())
    closed = ArrayField(models.IntegerField())
    passed = ArrayField(models.IntegerField())
    own_day = models.JSONField(default=dict)
    share = models.FloatField(null=True)
    per_thousand = models.FloatField(null=True)
    place = models.IntegerField(null=True)
    placed = models.IntegerField(default=0)
    paces = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["edition", "unit"], name="bulletins_figure_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "edition"], name="bulletins_figure_unit"),
        ]


class Target(models.Model):
    """What a unit is to reach: issues left by a day, or mended each working day until then.

    ``group`` is empty for all issues. A new target for the same ends the old one, which stays.
    """

    class Kind(models.TextChoices):
        LEFT = "left"
        DAILY = "daily"

    id = models.AutoField(primary_key=True)
    unit = models.CharField(max_length=10, db_collation="C")
    group = models.CharField(max_length=60, blank=True, db_collation="C")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    goal = models.IntegerField()
    by = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    officer_id = models.BigIntegerField(null=True)
    office = models.CharField(max_length=40, db_collation="C")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "group"],
                condition=Q(ended_at__isnull=True),
                name="bulletins_target_one_at_a_time",
            ),
            models.CheckConstraint(
                name="bulletins_target_can_be_reached", condition=Q(goal__gte=0)
            ),
        ]
