"""Issues, how each of them ended, what offices did about them, runs, and scores by day.

An issue says that a person breaks a rule, and no value. Rows are narrow, for there may be millions:
the office that mends an issue follows from its rule and commune, unless it was passed on to another
one; what is to be done follows from the rule. Codes of communes are kept as numbers; 0 is "no
commune known".
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q


class Run(models.Model):
    """One examination. ``statement`` and ``annulment``: how far the truth had been read.

    ``spot`` is of those alone whom an officer has just said something about.
    """

    class Kind(models.TextChoices):
        ALL = "all"
        CHANGES = "changes"
        SPOT = "spot"

    id = models.AutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    statement = models.BigIntegerField()
    annulment = models.BigIntegerField()
    examined = models.BigIntegerField(default=0)
    opened = models.BigIntegerField(default=0)
    closed = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="quality_run_ends_after_it_began",
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=models.F("begun_at")),
            ),
        ]


class RuleState(models.Model):
    """What a rule meant when it was last examined, to know when it has changed."""

    number = models.SmallIntegerField(primary_key=True)
    name = models.CharField(max_length=80, db_collation="C")
    fingerprint = models.CharField(max_length=16, db_collation="C")
    since = models.DateField()


class Issue(models.Model):
    """Somebody breaks a rule, found by a run and still so.

    ``passed_to`` is the office to which it was passed on; empty while it is with the office that
    its rule names.
    """

    pk = models.CompositePrimaryKey("subject", "rule")
    subject = models.BigIntegerField()
    opened_on = models.DateField()
    unit = models.IntegerField()
    run = models.IntegerField()
    rule = models.SmallIntegerField()
    passed_to = models.CharField(max_length=40, null=True, db_collation="C")  # noqa: DJ001

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "rule"], name="quality_issue_unit"),
            models.Index(
                fields=["passed_to", "unit"],
                name="quality_issue_passed",
                condition=Q(passed_to__isnull=False),
            ),
        ]


class ClosedIssue(models.Model):
    """An issue that is over, and why: append-only.

    ``statement``: the one that mended it; of a withdrawal or a neighbour's change there is none.
    """

    class Cause(models.IntegerChoices):
        MENDED = 1
        WITHDRAWN = 2
        SUBJECT_LEFT = 3
        RULE_ENDED = 4
        RULE_CHANGED = 5
        AROUND = 6

    subject = models.BigIntegerField()
    statement = models.BigIntegerField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField()
    unit = models.IntegerField()
    run = models.IntegerField()
    rule = models.SmallIntegerField()
    cause = models.SmallIntegerField(choices=Cause.choices)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject"], name="quality_closed_subject"),
            models.Index(fields=["closed_on", "unit"], name="quality_closed_day"),
            BrinIndex(fields=["run"], name="quality_closed_run", pages_per_range=16),
        ]


class Handling(models.Model):
    """What an office did about an issue: append-only.

    ``opened_on`` tells the issue from an earlier one of the same person and rule. ``settled``: the
    ``statement`` was entered to mend it; ``passed_on`` to the office ``passed_to``; ``kept``: the
    officer entered facts although they open this issue, since they are so.
    """

    class Act(models.IntegerChoices):
        SETTLED = 1
        PASSED_ON = 2
        HANDED_BACK = 3
        KEPT = 4

    subject = models.BigIntegerField()
    statement = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    opened_on = models.DateField()
    rule = models.SmallIntegerField()
    act = models.SmallIntegerField(choices=Act.choices)
    office = models.CharField(max_length=40, db_collation="C")
    passed_to = models.CharField(max_length=40, blank=True, default="", db_collation="C")
    reason = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "rule"], name="quality_handling_issue"),
            models.Index(fields=["office", "at"], name="quality_handling_office"),
        ]


class Score(models.Model):
    """How a commune stood on a day: its people, those with an issue of the dimension, all issues.

    ``dimension`` is the place in đúng, đủ, sạch, sống: 0 to 3.
    """

    pk = models.CompositePrimaryKey("unit", "day", "dimension")
    day = models.DateField()
    unit = models.IntegerField()
    people = models.IntegerField()
    affected = models.IntegerField()
    issues = models.IntegerField()
    dimension = models.SmallIntegerField()
