"""Questions of one-stop desks, how they were answered, and extracts. All of it is only added to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Act(models.Model):
    """Somebody at a desk did something: account, officer and office of the day."""

    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    officer_id = models.BigIntegerField(null=True)
    office = models.CharField(max_length=40, db_collation="C")

    class Meta:
        abstract = True


class Question(Act):
    """What was asked of the register for one dossier. ``person_id`` is empty when nobody was found.

    ``topics`` are what the page answers; the answer itself is not kept, only that it was given.
    Without topics nothing could be asked: the link was down, or the citizen had no number.
    """

    dossier = models.CharField(max_length=60)
    person_id = models.BigIntegerField(null=True)
    topics = models.JSONField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account_id", "-at"], name="onestop_question_account"),
            models.Index(fields=["office", "at"], name="onestop_question_office"),
        ]


class StepRecord(Act):
    """At which step of Decree 104/2022 the residence was learnt, and why those before it failed.

    ``reasons``: ``[{"step": 1, "reason": "no_connection", "note": ""}, …]``, one for each step
    before ``succeeded``. ``paper`` is what was asked for at the last step. A wrong record stays
    and is corrected by another that names it.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="records")
    succeeded = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    paper = models.CharField(max_length=40, blank=True, default="", db_collation="C")
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["office", "at"], name="onestop_record_office"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(succeeded__gte=1, succeeded__lte=5), name="onestop_record_step"
            ),
            models.CheckConstraint(
                condition=Q(succeeded=5) ^ Q(paper=""), name="onestop_record_paper"
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(corrects__isnull=True),
                name="onestop_record_first",
            ),
        ]


class Extract(Act):
    """A sealed extract: its number, hash and signature; never what it says.

    What it says is signed and put together anew from the register whenever it is printed: the hash
    must come out the same. ``facts`` are digests of single facts under the check code of the paper
    (of which only a hash is kept), so that nobody learns a value from the database.
    """

    number = models.CharField(max_length=60, unique=True, db_collation="C")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="extracts")
    valid_until = models.DateField()
    officer_name = models.CharField(max_length=120)
    office_name = models.CharField(max_length=200)
    legal_basis = models.CharField(max_length=300)
    content_hash = models.BinaryField()
    check_hash = models.BinaryField()
    facts = models.JSONField()
    kid = models.CharField(max_length=60, db_collation="C")
    signature = models.BinaryField()
    #: The number of the access record of the answer that was signed.
    disclosure = models.BigIntegerField()


class Copy(models.Model):
    """A file that was made of an extract, known again by its hash."""

    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="copies")
    at = models.DateTimeField()
    digest = models.BinaryField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["digest"], name="onestop_copy_digest"),
        ]


class Withdrawal(Act):
    """An extract taken back, with the reason; whoever checks the paper is told."""

    extract = models.OneToOneField(Extract, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
