"""The access records: who saw which attributes of whom, when, why."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class AccessRecord(models.Model):
    """One person seen, or asked for in vain, in one disclosure. Append-only: a trigger holds it.

    Committed before the answer goes out. ``attributes`` are numbers of the data dictionary, those
    shown masked negative; of what an agency compared (``VERIFY``), those that differ. Of what was
    asked in vain only a keyed hash is kept (``asked``), so that the log itself tells nobody's
    number; whoever holds the key can check a suspicion against it.
    """

    class Kind(models.IntegerChoices):
        LOOK = 1
        SEARCH = 2
        PRESENTED = 3
        REVEAL = 4
        RELATIVE = 5
        OWN = 6
        OWN_HOUSEHOLD = 7
        AUDIT = 8
        CASE_OPENED = 9
        CASE_CLOSED = 10
        #: Only ever refused: what was changed stands in the statements.
        CHANGE = 11
        PRINT = 12
        #: An agency compared what it holds; it was shown nothing.
        VERIFY = 13
        #: An agency was given attributes for a case of its own.
        LOOKUP = 14
        #: Whoever holds an extract asked whether its facts still hold; nothing was shown.
        EXTRACT_CHECKED = 15
        #: An agency asked to be told of the person's changes from now on.
        FOLLOW = 16
        #: An agency was told of a change.
        TOLD = 17

    person_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    officer_id = models.BigIntegerField(null=True)
    #: Rows of one answer share this number.
    disclosure = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.SmallIntegerField(choices=Kind.choices)
    attributes = ArrayField(models.SmallIntegerField(), null=True)
    office = models.CharField(max_length=40, db_collation="C")
    source = models.CharField(max_length=40, db_collation="C")
    role = models.CharField(max_length=40, db_collation="C")
    purpose = models.CharField(max_length=60, db_collation="C")
    case_number = models.CharField(max_length=60)
    #: The code of the error when the answer was a refusal; empty when it was given.
    refusal = models.CharField(max_length=40, db_collation="C")
    asked = models.BinaryField(null=True)
    #: Of an agency that asks through the exchange: its contract, its client, its own officer and
    #: its own number of the request.
    contract = models.CharField(max_length=60, db_collation="C", db_default="")
    client_id = models.BigIntegerField(null=True)
    agent = models.CharField(max_length=100, db_default="")
    request_id = models.CharField(max_length=100, db_default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["person_id", "-at"],
                name="access_person",
                condition=models.Q(person_id__isnull=False),
            ),
            models.Index(
                fields=["account_id", "-at"],
                name="access_account",
                condition=models.Q(account_id__isnull=False),
            ),
            models.Index(fields=["-at"], name="access_refused", condition=~models.Q(refusal="")),
            models.Index(
                fields=["asked"],
                name="access_asked",
                condition=models.Q(person_id__isnull=True),
            ),
            BrinIndex(fields=["at"], name="access_day"),
            # LOOKUP, and VERIFY where something differed: for whom an agency waits.
            models.Index(
                fields=["person_id", "at"],
                name="access_awaiting",
                condition=models.Q(kind=14) | models.Q(kind=13, attributes__0__lt=0),
            ),
        ]


class TriedValues(models.Model):
    """What one contract tried on one person today: keyed hashes of values, by attribute.

    Forgotten when the day is over. ``most``: how many different ones the contract may try.
    """

    pk = models.CompositePrimaryKey("day", "contract", "person_id", "name")
    day = models.DateField()
    contract = models.CharField(max_length=60, db_collation="C")
    person_id = models.BigIntegerField()
    #: Of the attribute, or of the question.
    name = models.CharField(max_length=60, db_collation="C")
    most = models.SmallIntegerField()
    tried = ArrayField(models.BinaryField())
