"""Administrative units over time, the links between them, and addresses."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _


class DateRange(Func):
    """PostgreSQL's half-open ``daterange(from, to)``."""

    function = "daterange"


class UnitLevel(models.TextChoices):
    """The tiers of administration, from the top."""

    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune")
    NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")


class Unit(models.Model):
    """An administrative unit in one period. A change of name, kind or parent opens a new row."""

    code = models.CharField(max_length=20)
    level = models.CharField(max_length=16, choices=UnitLevel.choices)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    #: The code of the unit above, in the same days; empty for provinces.
    parent_code = models.CharField(max_length=20, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    sort_key = models.BinaryField()
    folded = models.CharField(max_length=160)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    area_km2 = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="places_unit_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="places_unit_period",
            ),
            ExclusionConstraint(
                name="places_unit_no_overlap",
                # The code first: few units share one, and many a level.
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                    ("level", RangeOperators.EQUAL),
                ],
            ),
        ]
        indexes = [models.Index(fields=["parent_code"], name="places_unit_parent")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MapDecision(models.Model):
    """A decision that changes the map: applied, in force from its day on, or undone before it."""

    number = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    legal_basis = models.TextField()
    decided_on = models.DateField()
    effective_on = models.DateField()
    #: A hash of what the file says, and the file itself.
    digest = models.CharField(max_length=32)
    text = models.TextField()
    applied_at = models.DateTimeField()
    applied_by = models.BigIntegerField(null=True)
    #: When the addresses went to their new units; null until the day.
    in_force_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(undone_at__isnull=True),
                name="places_decision_applied_once",
            ),
            models.CheckConstraint(
                condition=Q(in_force_at__isnull=True) | Q(undone_at__isnull=True),
                name="places_decision_in_force_or_undone",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class UnitSuccession(models.Model):
    """On a day, a unit (or a part of it) became (a part of) another."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins")
    on = models.DateField()
    is_default = models.BooleanField()
    #: The part of the predecessor's area that went this way, 0..1; null where it is not known.
    share = models.FloatField(null=True, blank=True)
    #: What a second source says of this link: agree, differs, single (not found there) or nothing.
    cross_check = models.CharField(max_length=16, blank=True, default="")
    #: The cause; null for the maps that came with the catalogue.
    decision = models.ForeignKey(
        MapDecision, null=True, blank=True, on_delete=models.PROTECT, related_name="successions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "on"], name="places_succession_once"
            ),
            models.UniqueConstraint(
                fields=["predecessor", "on"],
                condition=Q(is_default=True),
                name="places_succession_one_default",
            ),
        ]


class MapVersion(models.Model):
    """The one row that every process looks at to learn that the map has changed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="places_mapversion_single")]


class Address(models.Model):
    """An address as it was written. Its number follows from its content, so it is entered once."""

    id = models.BigIntegerField(primary_key=True)
    text = models.TextField()
    #: The parts as written: house, street, neighbourhood, commune, district, province.
    parts = models.JSONField(default=dict)
    #: The unit under the map of ``code_date``; empty when the text does not decide it.
    unit_code = models.CharField(max_length=20, blank=True, default="")
    code_date = models.DateField()
    #: The unit of the newest map that covers it.
    unit_now = models.CharField(max_length=20, blank=True, default="")
    #: False when the older unit was split, so that ``unit_now`` is only the likeliest.
    unit_now_is_sure = models.BooleanField(default=False)
    #: Text and names of the unit, folded, for searching.
    folded = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["unit_now"], name="places_address_unit_now"),
            models.Index(fields=["unit_code", "code_date"], name="places_address_unit"),
            GinIndex(SearchVector("folded", config="simple"), name="places_address_words"),
        ]

    def __str__(self) -> str:
        return self.text


class Settling(models.Model):
    """One act by which an officer said where addresses lie that a split left open.

    ``street``, ``side``, ``low`` and ``high`` are the rule that chose them; empty where they were
    ticked one by one. ``communes`` are those in which they were until then.
    """

    unit_code = models.CharField(max_length=20)
    communes = ArrayField(models.CharField(max_length=20))
    street = models.CharField(max_length=200, blank=True, default="")
    side = models.CharField(max_length=4, blank=True, default="")
    low = models.IntegerField(null=True)
    high = models.IntegerField(null=True)
    addresses = models.IntegerField()
    reason = models.TextField()
    #: The day from which the addresses lie there: that of the split, or of the act when later.
    takes_effect = models.DateField()
    #: The last day on which it can be taken back.
    undo_until = models.DateField()
    settled_at = models.DateTimeField()
    settled_by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [GinIndex(fields=["communes"], name="places_settling_communes")]

    def __str__(self) -> str:
        return f"{self.street} {self.unit_code}"


class Placing(models.Model):
    """Where one address went when its unit was split: by a rule of the decision, or by an officer.

    The rows are kept: one that was corrected says when. Without a row, the address is unclear.
    """

    address_id = models.BigIntegerField()
    #: The day of the split.
    on = models.DateField()
    level = models.CharField(max_length=16, choices=UnitLevel.choices)
    unit_code = models.CharField(max_length=20)
    decision = models.ForeignKey(
        MapDecision, null=True, blank=True, on_delete=models.PROTECT, related_name="placings"
    )
    #: The line of the decision file that decided; null where an officer did, with their reason.
    line = models.IntegerField(null=True)
    settling = models.ForeignKey(
        Settling, null=True, blank=True, on_delete=models.PROTECT, related_name="placings"
    )
    reason = models.TextField(blank=True, default="")
    placed_at = models.DateTimeField()
    placed_by = models.BigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_id", "on", "level"],
                condition=Q(replaced_at__isnull=True),
                name="places_placing_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address_id} {self.unit_code}"
