"""Files that officers send in: kept until they are loaded and their refused lines are fetched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Upload(models.Model):
    """A file of another agency, from its arrival to the delivery that came of it.

    The content goes (``UploadPart``), the row stays: who sent what when, with its SHA-256.
    """

    class State(models.TextChoices):
        SHOWN = "shown"
        QUEUED = "queued"
        LOADING = "loading"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=120)
    #: ``.csv`` or ``.xlsx`` or ``.xls``: how it is read, whatever it was called.
    suffix = models.CharField(max_length=5)
    size = models.BigIntegerField()
    digest = models.BinaryField()
    rows = models.BigIntegerField()
    #: ``[[title, meaning, lines filled], …]``, the meanings as recognised.
    headings = models.JSONField()
    #: The meanings as the officer confirmed them, in the same order.
    meanings = models.JSONField(null=True)
    #: An account; the office is that of the officer on the day.
    account_id = models.BigIntegerField()
    officer_id = models.BigIntegerField(null=True)
    office = models.CharField(max_length=40, db_collation="C")
    state = models.CharField(max_length=7, choices=State.choices, default=State.SHOWN)
    source = models.CharField(max_length=40, db_collation="C", blank=True, default="")
    key = models.CharField(max_length=120, blank=True, default="")
    day = models.DateField(null=True)
    batch_id = models.IntegerField(null=True)
    uploaded_at = models.DateTimeField()
    #: When the loading that goes on began, and how many rows were in the register then.
    begun_at = models.DateTimeField(null=True)
    begun_rows = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    #: What stopped it: ``{"message", "remedy", "params"}``, msgids with their values.
    problem = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch_id"], name="upload_batch"),
            models.Index(fields=["account_id", "-uploaded_at"], name="upload_account"),
        ]


class UploadPart(models.Model):
    """A piece of a file's content, at most a megabyte."""

    pk = models.CompositePrimaryKey("upload_id", "number")
    upload = models.ForeignKey(
        Upload, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    number = models.PositiveIntegerField()
    content = models.BinaryField()
