"""Agencies, their offices, officers, and the sources of claims."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AgencyKind(models.TextChoices):
    """What sort of body an agency is."""

    MINISTRY = "ministry", _("Ministry")
    DEPARTMENT = "department", _("Department")
    COURT = "court", _("Court")
    PROVINCIAL = "provincial", _("Provincial agency")
    COMMUNE = "commune", _("Commune agency")
    COMPANY = "company", _("Company")


def _period(prefix: str, *, start: str, end: str) -> models.CheckConstraint:
    condition = Q(**{f"{start}__isnull": True}) | Q(**{f"{end}__isnull": True})
    return models.CheckConstraint(
        condition=condition | Q(**{f"{end}__gt": F(start)}), name=f"{prefix}_period"
    )


class Agency(models.Model):
    """A ministry, a part of one, a local authority or a connected company."""

    code = models.CharField(max_length=35, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=AgencyKind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="origins"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [_period("agencies_agency", start="valid_from", end="valid_to")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"


class Source(models.Model):
    """A source of claims; its kind decides the strength of what it says."""

    code = models.CharField(max_length=35, unique=True)
    kind = models.CharField(max_length=20)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [_period("agencies_source", start="valid_from", end="valid_to")]

    def __str__(self) -> str:
        return self.code


class Office(models.Model):
    """A part of an agency that acts, for an area."""

    code = models.CharField(max_length=35, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="offices")
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    #: Codes of the administrative units that it serves, with everything below them.
    serves = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    #: The source that claims of its officers carry; none for offices that make no claims.
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.name_vi


class Officer(models.Model):
    """A person acting for an office in one or more roles."""

    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True, default="")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="officers")
    #: Names of roles in the catalogue.
    roles = ArrayField(models.CharField(max_length=40), default=list)
    #: Codes of the units in the officer's charge, within those that the office serves.
    jurisdictions = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [_period("agencies_officer", start="active_from", end="active_to")]

    def __str__(self) -> str:
        return self.name
