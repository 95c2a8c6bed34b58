"""Files on the bench: who sent what, what was found and decided, and the outcome while it is kept.

The contents wait in the database (decision 0016), in parts of a megabyte. They and everything that
quotes a person go after some days; the row with name, office and figures stays.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class File(models.Model):
    """A file of an agency, from its arrival to its cleaned form.

    ``working`` is read by the worker (``work`` says at what), ``shown`` waits for decisions,
    ``done`` has its outcome. ``found`` and ``decisions`` quote values and go with the content.
    """

    class State(models.TextChoices):
        WORKING = "working"
        SHOWN = "shown"
        DONE = "done"
        FAILED = "failed"

    class Work(models.TextChoices):
        ANALYSE = "analyse"
        VERIFY = "verify"
        WRITE = "write"

    reference = models.CharField(max_length=32, unique=True, db_collation="C")
    name = models.CharField(max_length=120)
    #: What the second file is called in which these people are looked for; empty for none.
    other_name = models.CharField(max_length=120, blank=True, default="")
    #: ``text``, ``workbook`` or ``parquet``.
    kind = models.CharField(max_length=8)
    size = models.BigIntegerField()
    digest = models.BinaryField()
    account_id = models.BigIntegerField()
    officer_id = models.BigIntegerField(null=True)
    #: Their name, as it stands in access records when the file is verified.
    user = models.CharField(max_length=200)
    office = models.CharField(max_length=40, db_collation="C")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WORKING)
    work = models.CharField(max_length=7, choices=Work.choices, default=Work.ANALYSE)
    rows = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    #: ``[[title, meaning, by content], …]``.
    columns = models.JSONField(default=list)
    #: Profiles, kinds with samples and values, duplicates (``dancu.cleaning.findings``).
    found = models.JSONField(null=True)
    decisions = models.JSONField(default=dict)
    contract = models.CharField(max_length=60, blank=True, db_collation="C")
    purpose = models.CharField(max_length=60, blank=True, db_collation="C")
    case_number = models.CharField(max_length=120, blank=True)
    #: Reference of the exchange's batch.
    batch = models.CharField(max_length=32, blank=True, db_collation="C")
    language = models.CharField(max_length=5, default="vi")
    #: Figures of the outcome (``dancu.cleaning.outcome``).
    outcome = models.JSONField(null=True)
    #: What stopped the work: ``{"message", "remedy", "params"}``, msgids with their values.
    problem = models.JSONField(null=True)
    received_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "-id"], name="cleaning_file_office"),
        ]


class Part(models.Model):
    """A piece of a content, at most a megabyte: a file as sent, or one of the outcome."""

    class Of(models.TextChoices):
        SENT = "sent"
        OTHER = "other"
        CLEANED = "cleaned"
        REPORT = "report"
        RECIPE = "recipe"

    pk = models.CompositePrimaryKey("file_id", "of", "number")
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="parts", db_index=False)
    of = models.CharField(max_length=7, choices=Of.choices)
    number = models.PositiveIntegerField()
    content = models.BinaryField()
