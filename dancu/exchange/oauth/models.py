"""Tables of connected programs: clients, their public keys, and the exchange's own keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Client(models.Model):
    """A program of an agency that may ask under one or more contracts."""

    name = models.CharField(max_length=60, unique=True, db_collation="C")
    label = models.CharField(max_length=200, blank=True)
    #: Names of contracts in the catalogue; the first is taken when a token names none.
    contracts = ArrayField(models.CharField(max_length=60))
    #: ``INSTANCE/CLASS/MEMBER/SUBSYSTEM`` that a security server may send; empty: any.
    xroad_client = models.CharField(max_length=255, blank=True)
    #: SHA-256 of the TLS certificate that tokens are bound to (RFC 8705), base64url; empty: none.
    certificate = models.CharField(max_length=43, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="exchange_client_has_contract", condition=models.Q(contracts__len__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClientKey(models.Model):
    """A public key of a client. Two hold side by side while one takes over from the other."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="keys")
    kid = models.CharField(max_length=100, db_collation="C")
    #: RFC 7638, base64url of SHA-256.
    thumbprint = models.CharField(max_length=43, unique=True, db_collation="C")
    jwk = models.JSONField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)
    #: From then on it is not taken any more; none: until another takes over.
    retires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "kid"], name="exchange_client_kid"),
        ]

    def __str__(self) -> str:
        return self.kid


class SeenAssertion(models.Model):
    """An assertion that has been used: none is taken twice. Kept until it would have expired."""

    digest = models.BinaryField(primary_key=True)
    expires_at = models.DateTimeField(db_index=True)


class ServerKey(models.Model):
    """A key with which the exchange signs tokens or answers.

    ``secret`` is encrypted under the installation's secret key. The public half of an answer's key
    stays published for good: third parties check old answers with it.
    """

    class Use(models.TextChoices):
        TOKEN = "token"  # noqa: S105 - a word, no secret
        ANSWER = "answer"

    kid = models.CharField(max_length=43, primary_key=True, db_collation="C")
    use = models.CharField(max_length=8, choices=Use.choices)
    secret = models.BinaryField()
    public = models.BinaryField()
    made_at = models.DateTimeField()
    #: From then on it signs no more.
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kid


class KeptAnswer(models.Model):
    """What was answered under an idempotency key; the same question again gets the same answer."""

    pk = models.CompositePrimaryKey("client_id", "key")
    client_id = models.BigIntegerField()
    #: SHA-256 of contract, operation and key.
    key = models.BinaryField()
    #: SHA-256 of the body that came with it.
    asked = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.BinaryField()
    at = models.DateTimeField(db_index=True)
