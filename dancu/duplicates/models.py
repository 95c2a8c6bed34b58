"""Pairs of records that may be of one human being, and what became of each suspicion."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Search(models.Model):
    """One search of the whole register, by one model of linkage."""

    model = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    people = models.BigIntegerField(default=0)
    pairs = models.BigIntegerField(default=0)


class Pair(models.Model):
    """Two records, by key, the smaller first, and what speaks for their being of one person.

    ``evidence`` is a list of comparison, level and weight in bits; it holds no value of the
    register. ``digest`` is of what both records said when they were compared: a pair that was
    dismissed, or merged and parted again, is suspected anew only when that has changed.
    ``communes`` are those of the permanent residences, by which the pair comes to its officers.
    """

    class State(models.TextChoices):
        SUSPECTED = "suspected"
        DISMISSED = "dismissed"
        PROPOSED = "proposed"
        MERGED = "merged"
        PARTING = "parting"
        UNDONE = "undone"
        CLEARED = "cleared"

    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.SUSPECTED)
    weight = models.FloatField()
    probability = models.FloatField()
    evidence = models.JSONField()
    digest = models.BinaryField()
    left_commune = models.CharField(max_length=8, blank=True, default="", db_collation="C")
    right_commune = models.CharField(max_length=8, blank=True, default="", db_collation="C")
    search = models.ForeignKey(Search, null=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    merge_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True, default="")
    #: Who entered the pair by hand, and how they know; a search leaves such a pair alone.
    suggested_by = models.BigIntegerField(null=True)
    suggested_at = models.DateTimeField(null=True)
    suggestion = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["left_commune", "state", "-weight"], name="duplicates_pair_by_place"
            ),
            models.Index(fields=["right_id"], name="duplicates_pair_right"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["left_id", "right_id"], name="duplicates_pair_once"),
            models.CheckConstraint(
                name="duplicates_pair_in_order", condition=Q(left_id__lt=F("right_id"))
            ),
            models.CheckConstraint(
                name="duplicates_suggested_with_a_reason",
                condition=Q(suggested_by__isnull=True)
                | (Q(suggested_at__isnull=False) & ~Q(suggestion="")),
            ),
            models.CheckConstraint(
                name="duplicates_dismissed_with_a_reason",
                condition=~Q(state="dismissed") | (Q(decided_by__isnull=False) & ~Q(reason="")),
            ),
        ]
