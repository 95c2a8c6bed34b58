"""Accounts: the electronic identity that signs in. Not a person, not an officer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


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
    #: How the account is addressed; the legal name is in the register.
    name = models.CharField(max_length=200, blank=True, default="")
    #: Key of ``agencies.Officer`` for officers.
    officer_id = models.BigIntegerField(null=True, unique=True)
    #: Key of ``population.Person`` for citizens.
    person_id = models.BigIntegerField(null=True, unique=True)
    #: Level of the electronic identity, 1 or 2 (Decree 69/2024 art. 7).
    level = models.PositiveSmallIntegerField(default=2)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    #: Sessions begun under another number are void: raised to sign out everywhere.
    session_epoch = models.PositiveIntegerField(default=0)

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

    def get_session_auth_hash(self) -> str:
        """Return what a session is bound to: the password and the epoch."""
        return self._bound_to(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Any:
        """Yield the same under former keys."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._bound_to(key)

    def _bound_to(self, secret: str | bytes) -> str:
        value = f"{self.password}:{self.session_epoch}"
        salted = salted_hmac("dancu.identity.session", value, secret=secret, algorithm="sha256")
        return salted.hexdigest()


class Throttle(models.Model):
    """Failed sign-ins by account and by address, whether the account exists or not, and guesses.

    A row ``known:`` counts nothing: it tells when an account was last opened from an address.
    """

    #: ``pair:<hash>``, ``address:<network address>``, ``account:<hash>``, ``known:<hash>`` or, for
    #: other guesses, ``extract:<hash>``.
    key = models.CharField(max_length=80, primary_key=True, db_collation="C")
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True)
