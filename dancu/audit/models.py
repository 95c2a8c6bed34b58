"""The log of what was done with the house itself, and the seal over this and other logs.

Leaves, nodes, heads and keys of the seal are append-only: a trigger refuses UPDATE and DELETE.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class Event(models.Model):
    """One thing that happened. Append-only: a trigger refuses UPDATE and DELETE.

    ``detail`` holds no particulars of persons; whom somebody looked at is kept by the door out.
    """

    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    officer_id = models.BigIntegerField(null=True)
    event = models.CharField(max_length=60, db_collation="C")
    office = models.CharField(max_length=60, db_collation="C", blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account_id", "at"], name="audit_event_account"),
            models.Index(fields=["event", "at"], name="audit_event_kind"),
            BrinIndex(fields=["at"], name="audit_event_day"),
        ]


class LeafSource(models.Model):
    """A log that is sealed. ``floor``: whatever has a record number up to it is sealed."""

    number = models.SmallIntegerField(primary_key=True)
    name = models.CharField(max_length=40, unique=True, db_collation="C")
    floor = models.BigIntegerField(default=0)


class Leaf(models.Model):
    """A sealed record: its place in the tree, what is hashed with it, and the hash (RFC 9162).

    ``version`` tells how the source writes the record's bytes. ``salt`` (32 random bytes) keeps
    outsiders who see the hash from guessing the record.
    """

    index = models.BigIntegerField(primary_key=True)
    source = models.SmallIntegerField()
    version = models.SmallIntegerField()
    record = models.BigIntegerField()
    salt = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "record"], name="audit_leaf_record"),
        ]


class Node(models.Model):
    """The root of a complete subtree of 2^level leaves; kept at levels 8, 16, 24 and so on."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()


class SigningKey(models.Model):
    """A public Ed25519 key that heads are signed with; the latest is in use.

    ``introduction`` is the note with which the former key vouches for this one; empty for the
    first key, and where the former was lost.
    """

    verifier = models.CharField(max_length=200, unique=True, db_collation="C")
    public = models.BinaryField()
    made_at = models.DateTimeField()
    introduction = models.TextField(default="")


class TreeHead(models.Model):
    """The size and root of the tree at a moment, as signed; ``note`` is what goes out."""

    at = models.DateTimeField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["size", "id"], name="audit_head_size"),
        ]
