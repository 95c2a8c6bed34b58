"""Tables of the feed: how far it has read, who is followed, what is to be told, and to where."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dancu.disclosure.changes import Change, Nature


class FeedState(models.Model):
    """How far the statements have been read. One row; whoever writes it holds the feed's lock.

    ``statement`` and ``annulment`` have been read up to; ``marked_…`` have been seen, and are read
    when every transaction of before ``marked_transaction`` has ended.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    statement = models.BigIntegerField()
    annulment = models.BigIntegerField()
    marked_statement = models.BigIntegerField()
    marked_annulment = models.BigIntegerField()
    marked_transaction = models.BigIntegerField()
    marked_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="exchange_feed_one_state", condition=Q(id=1)),
            models.CheckConstraint(
                name="exchange_feed_reads_what_it_marked",
                condition=Q(statement__lte=models.F("marked_statement"))
                & Q(annulment__lte=models.F("marked_annulment")),
            ),
        ]


class Subscription(models.Model):
    """One person whom an agency follows under a contract. No fact about the person is kept here."""

    #: What the agency knows it by.
    key = models.CharField(max_length=32, unique=True, db_collation="C")
    contract = models.CharField(max_length=60, db_collation="C")
    person_id = models.BigIntegerField()
    purpose = models.CharField(max_length=60, db_collation="C")
    #: The agency's own mark; it comes with each event.
    reference = models.CharField(max_length=100, blank=True)
    client_id = models.BigIntegerField(null=True)
    #: The person has left the contract's area, and its agency is told nothing but that.
    is_away = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: ``agency``, or ``contract`` when that has ended.
    ended_by = models.CharField(max_length=8, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["contract", "id"],
                name="exchange_subscription_list",
                condition=Q(ended_at__isnull=True),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="exchange_subscription_once",
                fields=["person_id", "contract"],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class FeedEvent(models.Model):
    """One change that one contract is to be told. It holds no value: those are read when told.

    Positions are given by one writer at a time, so they appear in their order. ``event`` is random
    and never given twice, not even by a restored database.
    """

    position = models.BigAutoField(primary_key=True)
    event = models.UUIDField()
    contract = models.CharField(max_length=60, db_collation="C")
    #: None where everybody of the contract's area is followed.
    subscription_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField()
    change = models.CharField(max_length=16, choices=[(c, c) for c in Change])
    nature = models.CharField(max_length=10, choices=[(n, n) for n in Nature])
    #: Keys of the statements that hold now and held before; 0 for none.
    statement = models.BigIntegerField()
    former = models.BigIntegerField()
    #: By this move the person left the contract's area.
    leaves = models.BooleanField(default=False)
    noticed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["contract", "position"], name="exchange_feed_order"),
            models.Index(fields=["noticed_at"], name="exchange_feed_age"),
        ]


class Webhook(models.Model):
    """An address to which a contract's events are sent, and how far that has got.

    ``delivery`` names what is being sent: the events after ``told`` up to ``telling``. It stays
    the same until it has been taken, so that the receiver knows it again.
    """

    class State(models.TextChoices):
        #: Nobody at the address has agreed yet.
        UNCONFIRMED = "unconfirmed"
        ACTIVE = "active"
        #: Given up after days of failing; can be resumed.
        OFF = "off"
        #: Ended by the agency, by its receiver (410), or with the contract.
        ENDED = "ended"

    key = models.CharField(max_length=32, unique=True, db_collation="C")
    contract = models.CharField(max_length=60, db_collation="C")
    client_id = models.BigIntegerField(null=True)
    client = models.CharField(max_length=120)
    address = models.CharField(max_length=500)
    changes = ArrayField(models.CharField(max_length=16), default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNCONFIRMED)
    #: Why it is off or ended: a code of ``words``.
    why = models.CharField(max_length=40, blank=True, db_collation="C")
    #: Position up to which everything has been taken.
    told = models.BigIntegerField()
    telling = models.BigIntegerField(default=0)
    delivery = models.CharField(max_length=32, blank=True, db_collation="C")
    record = models.BigIntegerField(default=0)
    #: Requests a minute that the receiver allows; 0 for any.
    rate = models.IntegerField(default=0)
    attempts = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    last_status = models.IntegerField(null=True)
    last_problem = models.CharField(max_length=40, blank=True, db_collation="C")
    last_tried_at = models.DateTimeField(null=True)
    last_taken_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    #: Somebody works on it until then; whoever dies at it lets go by that.
    held_until = models.DateTimeField()
    holder = models.CharField(max_length=32, blank=True, db_collation="C")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["contract", "id"], name="exchange_webhook_contract"),
            models.Index(
                fields=["next_at"],
                name="exchange_webhook_due",
                condition=Q(state__in=["unconfirmed", "active"]),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="exchange_webhook_once",
                fields=["contract", "address"],
                condition=~Q(state="ended"),
            ),
        ]

    def __str__(self) -> str:
        return self.key
