"""Batches of verifications: who sent what, how far it is, and the answers while they are kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Batch(models.Model):
    """A file of people to be verified, from its arrival until its answers are forgotten.

    The questions lie in ``var/exchange/REFERENCE.rows``, the answers in ``BatchSlice``. Both are
    deleted some days after the answers were fetched; this row stays, with counts only.
    """

    class State(models.TextChoices):
        SHOWN = "shown"
        WAITING = "waiting"
        STOPPED = "stopped"
        FAILED = "failed"
        DONE = "done"

    reference = models.CharField(max_length=32, unique=True, db_collation="C")
    contract = models.CharField(max_length=60, db_collation="C")
    client_id = models.BigIntegerField(null=True)
    client = models.CharField(max_length=120)
    user = models.CharField(max_length=200, blank=True)
    #: The agency's own number of the request: sent again, it is the same batch.
    request_id = models.CharField(max_length=120, db_collation="C", blank=True)
    issue = models.CharField(max_length=120, blank=True)
    #: The account of the officer who sent it in on a page of the console.
    account_id = models.BigIntegerField(null=True)

    name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    digest = models.BinaryField()
    encoding = models.CharField(max_length=12, blank=True)
    has_head = models.BooleanField()
    left_out = models.JSONField(default=list)
    #: ``[[title, meaning, by content, examples], …]`` as recognised; examples go when confirmed.
    columns = models.JSONField()
    meanings = models.JSONField(null=True)
    hints = models.JSONField(null=True)
    purpose = models.CharField(max_length=60, blank=True, db_collation="C")
    case_number = models.CharField(max_length=120, blank=True)
    #: ``[[name, argument], …]``.
    questions = models.JSONField(default=list)

    state = models.CharField(max_length=8, choices=State.choices, default=State.SHOWN)
    rows = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    #: Rows answered on the day in Vietnam that ``done_on`` names.
    done_today = models.BigIntegerField(default=0)
    done_on = models.DateField(null=True)
    #: Group of errors → rows.
    counts = models.JSONField(default=dict)
    #: Rows done and moment at which the pace began to be measured.
    paced_rows = models.BigIntegerField(default=0)
    paced_at = models.DateTimeField(null=True)
    #: What stopped it: ``{"message", "remedy", "params"}``, msgids with their values.
    problem = models.JSONField(null=True)

    received_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["confirmed_at", "id"],
                name="exchange_batch_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["contract", "-id"], name="exchange_batch_contract"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "client", "request_id"],
                name="exchange_batch_once",
                condition=~models.Q(request_id=""),
            ),
            models.CheckConstraint(
                name="exchange_batch_within", condition=models.Q(done__lte=models.F("rows"))
            ),
        ]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be answered."""
        return self.state == self.State.DONE

    @property
    def is_given_up(self) -> bool:
        """Whether no answers come and none are left, unless somebody goes on with it."""
        ended = self.state in {self.State.STOPPED, self.State.FAILED}
        return ended or self.forgotten_at is not None


class BatchSlice(models.Model):
    """Answers to rows that follow each other, committed with the progress and the usage.

    ``content``: compressed JSON, one list a row (``dancu.exchange.batches.answers``).
    """

    pk = models.CompositePrimaryKey("batch_id", "first")
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="slices", db_index=False
    )
    #: Rows are counted from 0.
    first = models.BigIntegerField()
    rows = models.IntegerField()
    content = models.BinaryField()
