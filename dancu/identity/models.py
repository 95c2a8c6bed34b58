"""Accounts: the electronic identity that signs in. Not a person, not an officer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their username, whatever its letter case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """One way to sign in: an officer's account or a citizen's (Decree 69/2024/ND-CP)."""

    class Kind(models.TextChoices):
        OFFICER = "officer"
        CITIZEN = "citizen"

    username = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    #: Key of ``agencies.Officer`` for officers.
    officer_id = models.BigIntegerField(null=True, unique=True)
    #: Key of ``population.Person`` for citizens.
    person_id = models.BigIntegerField(null=True, unique=True)
    #: Level of the electronic identity, 1 or 2 (Decree 69/2024 art. 7).
    level = models.PositiveSmallIntegerField(default=2)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="account_is_officer_or_citizen",
                condition=(
                    models.Q(kind="officer", officer_id__isnull=False, person_id__isnull=True)
                    | models.Q(kind="citizen", person_id__isnull=False, officer_id__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="account_level_is_one_or_two", condition=models.Q(level__in=(1, 2))
            ),
        ]
