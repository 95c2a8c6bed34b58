"""Tables of the population register.

``Statement`` is the truth: claims as they came in, never changed. ``Golden`` and ``Person`` are
computed from it by the door in (``internal.door``) in the same transaction, so that today's record
can be read with one look-up and people can be found. Statements, golden rows and conflicts carry
the person's key first in their primary key and no foreign key to ``Person``: they can be
hash-partitioned by person, and the door, the only writer, holds the person's row while it writes.
``dancu doctor`` checks that no row is orphaned and that golden rows agree with the statements.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse


class Person(models.Model):
    """The register's index card of one human being: what finds them, never what is disclosed."""

    class Status(models.IntegerChoices):
        ALIVE = 1
        DEAD = 2
        MISSING = 3
        MERGED = 4
        CANCELLED = 5

    id = models.BigAutoField(primary_key=True)
    address_id = models.BigIntegerField(null=True)
    stay_address_id = models.BigIntegerField(null=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.ForeignKey(
        "NameForm",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    status = models.PositiveSmallIntegerField(choices=Status.choices, default=Status.ALIVE)
    birth_year = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=1, null=True, db_collation="C")
    #: Commune of permanent residence under the newest map; null when a split leaves it open.
    commune = models.CharField(max_length=8, null=True, db_collation="C")
    #: Where they stay (temporary, else current, residence), when it is not at home.
    stay_commune = models.CharField(max_length=8, null=True, db_collation="C")
    pid = models.CharField(max_length=12, null=True, db_collation="C")
    old_id_number = models.CharField(max_length=9, null=True, db_collation="C")
    household = models.CharField(max_length=40, null=True, db_collation="C")
    father_pid = models.CharField(max_length=12, null=True, db_collation="C")
    mother_pid = models.CharField(max_length=12, null=True, db_collation="C")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "birth_year"], name="person_name_year"),
            models.Index(fields=["commune", "birth_year"], name="person_commune"),
            models.Index(
                fields=["stay_commune"],
                name="person_stay_commune",
                condition=Q(stay_commune__isnull=False),
            ),
            models.Index(
                fields=["old_id_number"],
                name="person_old_id",
                condition=Q(old_id_number__isnull=False),
            ),
            models.Index(fields=["household"], name="person_household"),
            models.Index(
                fields=["father_pid"],
                name="person_father",
                condition=Q(father_pid__isnull=False),
            ),
            models.Index(
                fields=["mother_pid"],
                name="person_mother",
                condition=Q(mother_pid__isnull=False),
            ),
            models.Index(fields=["address_id"], name="person_address"),
            models.Index(
                fields=["merged_into"],
                name="person_merged_into",
                condition=Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=["stay_address_id"],
                name="person_stay_address",
                condition=Q(stay_address_id__isnull=False),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="person_merged_has_a_target",
                condition=Q(status=4, merged_into__isnull=False)
                | (~Q(status=4) & Q(merged_into__isnull=True)),
            ),
        ]


class Lodger(models.Model):
    """Where somebody lodges by a notice, as the golden record has it.

    Whoever lodges nowhere has no row. ``until`` is null where the notice names no day.
    """

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    address_id = models.BigIntegerField()
    day = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["address_id"], name="lodger_address")
        ]


class NameForm(models.Model):
    """One distinct full name with its keys: people share far fewer names than there are people."""

    full_name = models.CharField(max_length=200, unique=True, db_collation="C")
    match_key = models.CharField(max_length=200, db_collation="C")
    phonetic_key = models.CharField(max_length=200, db_collation="C")
    sort_key = models.BinaryField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["match_key"], name="nameform_match"),
            models.Index(fields=["phonetic_key"], name="nameform_phonetic"),
            # Names by their end, which is the given name.
            models.Index(Reverse("match_key"), name="nameform_reversed"),
        ]


class Pid(models.Model):
    """Every personal identification number ever given; a number is never given twice."""

    pid = models.CharField(max_length=12, primary_key=True, db_collation="C")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pids")
    valid_from = models.DateField()
    cancelled_on = models.DateField(null=True)
    cancel_reason = models.CharField(max_length=40, null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="pid_is_twelve_digits", condition=Q(pid__regex=r"^\d{12}$")
            ),
            models.UniqueConstraint(
                name="pid_one_current_per_person",
                fields=["person"],
                condition=Q(cancelled_on__isnull=True),
            ),
        ]


class Source(models.Model):
    """A source of claims, with the small number under which statements keep it."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    code = models.CharField(max_length=40, unique=True, db_collation="C")
    kind = models.CharField(max_length=24, db_collation="C")


class EvidenceKind(models.Model):
    """What a claim rests on, with the small number under which statements keep it."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(max_length=40, unique=True, db_collation="C")


class CivilEvent(models.Model):
    """A civil event: the legal cause of new facts (birth, death, marriage, …)."""

    class Kind(models.TextChoices):
        BIRTH = "birth"
        DEATH = "death"
        MARRIAGE = "marriage"
        DIVORCE = "divorce"
        ADOPTION = "adoption"
        NAME_CHANGE = "name_change"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.CharField(max_length=40)
    office = models.CharField(max_length=40, db_collation="C")
    happened_on = models.DateField()
    registered_at = models.DateTimeField()
    registered_by = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                name="civilevent_number_once_per_office", fields=["office", "kind", "number"]
            ),
        ]


class Batch(models.Model):
    """One delivery of statements. Its identity is (source, key): sent again, it changes nothing."""

    class State(models.TextChoices):
        LOADING = "loading"
        DONE = "done"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.LOADING)
    chunk_rows = models.PositiveIntegerField()
    total_rows = models.BigIntegerField(null=True)
    accepted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    conflicts = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    entered_by = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="batch_identity", fields=["source", "key"]),
        ]


class BatchChunk(models.Model):
    """A run of a batch's rows, written in the same transaction as what those rows changed."""

    pk = models.CompositePrimaryKey("batch_id", "first_row")
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="chunks", db_index=False
    )
    first_row = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.BinaryField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    conflicts = models.PositiveIntegerField()


class Rejection(models.Model):
    """One row of a batch that could not be accepted, and why."""

    pk = models.CompositePrimaryKey("batch_id", "row_number", "position")
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="rejections", db_index=False
    )
    row_number = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=60, db_collation="C")
    code = models.CharField(max_length=60, db_collation="C")
    message = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300)


class Statement(models.Model):
    """Claims that came together: one person, one source, one evidence, one day. Append-only."""

    pk = models.CompositePrimaryKey("person_id", "id")
    id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    entered_by = models.BigIntegerField(null=True)
    event_id = models.BigIntegerField(null=True)
    batch_id = models.IntegerField(null=True)
    valid_from = models.DateField()
    source_id = models.SmallIntegerField()
    evidence_kind_id = models.SmallIntegerField()
    evidence = models.TextField()
    #: ``{"<attribute number>": value}``
    claims = models.JSONField()


class Annulment(models.Model):
    """The withdrawal of one claim, or of a whole statement, found to be wrong."""

    person_id = models.BigIntegerField()
    statement_id = models.BigIntegerField()
    #: Attribute number; null withdraws every claim of the statement.
    attribute = models.SmallIntegerField(null=True)
    annulled_at = models.DateTimeField()
    annulled_by = models.BigIntegerField()
    reason = models.TextField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person_id"], name="annulment_person"),
        ]


class Golden(models.Model):
    """What the register holds to be true today, for one person and one group of attributes.

    The row repeats nothing that a statement says. Its facts are the claims, in the facet, of the
    base ``statement_id`` (whose source and day are kept here), and over them those of
    ``overrides``: ``{"<number>": [value, statement, source, day in days since 1800-01-01]}``.
    Without a base all facts are overrides. ``held`` counts the facts; ``disputed`` lists the
    attributes with an open conflict. ``internal.golden`` unfolds rows.
    """

    pk = models.CompositePrimaryKey("person_id", "facet")
    person_id = models.BigIntegerField()
    statement_id = models.BigIntegerField(null=True)
    valid_from = models.DateField(null=True)
    facet = models.SmallIntegerField()
    source_id = models.SmallIntegerField(null=True)
    held = models.SmallIntegerField(default=0)
    overrides = models.JSONField(null=True)
    disputed = ArrayField(models.SmallIntegerField(), null=True)


class Conflict(models.Model):
    """A claim that lost against another and says something else: kept until somebody settles it."""

    class Outcome(models.TextChoices):
        DISMISSED = "dismissed"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"
        SUPERSEDED = "superseded"

    pk = models.CompositePrimaryKey("person_id", "attribute", "statement_id")
    person_id = models.BigIntegerField()
    statement_id = models.BigIntegerField()
    against_id = models.BigIntegerField(null=True)
    settled_by = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    attribute = models.SmallIntegerField()
    source_id = models.SmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, null=True)
    reason = models.TextField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["-opened_at", "person_id", "attribute", "statement_id"],
                name="conflict_open",
                condition=Q(settled_at__isnull=True),
            ),
        ]


class Household(models.Model):
    """People registered at one residence under one head. Its members are those who claim it."""

    number = models.CharField(max_length=40, primary_key=True, db_collation="C")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)


class CorrectionRequest(models.Model):
    """A citizen's claim that awaits the decision of their ward (Decree 58/2026: 2 working days)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    statement_id = models.BigIntegerField(null=True)
    attribute = models.SmallIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    commune = models.CharField(max_length=8, null=True, db_collation="C")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.TextField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["commune", "state", "due_at"], name="correction_work_list"),
            models.Index(
                fields=["due_at", "id"],
                name="correction_waiting",
                condition=Q(state="waiting"),
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="correction_decided_or_waiting",
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
            ),
        ]


class Merge(models.Model):
    """Two records of one human being made one: proposed by one officer, confirmed by another.

    ``merged`` gives way to ``survivor``. Beside who, when and why, the row keeps what an undo
    needs: which statements of the survivor repeat which of the merged record (``entered``: new to
    original), which of the survivor's own were said again to keep their place (``restated``), the
    numbers, requests and earlier merges that were taken over, and the survivor's conflicts as they
    were. ``seen`` holds, for both, the newest statement and withdrawal that the proposer saw.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        DECLINED = "declined"
        DONE = "done"
        UNDONE = "undone"

    survivor_id = models.BigIntegerField()
    merged_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField()
    seen = models.JSONField()
    proposed_at = models.DateTimeField()
    proposed_by = models.BigIntegerField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decision_reason = models.TextField(null=True)
    #: The statement about the merged record that its number holds no more.
    statement_id = models.BigIntegerField(null=True)
    cancelled_pid = models.CharField(max_length=12, null=True, db_collation="C")
    pids = ArrayField(models.CharField(max_length=12, db_collation="C"), default=list)
    entered = models.JSONField(default=dict)
    restated = ArrayField(models.BigIntegerField(), default=list)
    requests = ArrayField(models.BigIntegerField(), default=list)
    followers = ArrayField(models.BigIntegerField(), default=list)
    conflicts = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)
    #: Why they are two people, as the officer says who proposes to part them.
    undo_reason = models.TextField(null=True)
    undo_proposed_at = models.DateTimeField(null=True)
    undo_proposed_by = models.BigIntegerField(null=True)
    undo_to_merged = ArrayField(models.BigIntegerField(), default=list)
    undo_seen = models.JSONField(null=True)
    undo_decision_reason = models.TextField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["survivor_id"], name="merge_survivor"),
            models.Index(fields=["merged_id"], name="merge_merged"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="merge_of_two_records", condition=~Q(survivor_id=models.F("merged_id"))
            ),
            models.CheckConstraint(
                name="merge_by_two_officers",
                condition=~Q(state__in=["done", "undone"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
            ),
            # Undone before two officers were asked for: nobody had proposed it.
            models.CheckConstraint(
                name="merge_undone_by_two_officers",
                condition=~Q(state="undone")
                | Q(undo_proposed_by__isnull=True)
                | ~Q(undo_proposed_by=models.F("undone_by")),
            ),
            models.UniqueConstraint(
                name="merge_gives_way_once",
                fields=["merged_id"],
                condition=Q(state__in=["proposed", "done"]),
            ),
        ]
