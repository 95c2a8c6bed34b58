"""Errors of running the platform, written for the person at the terminal."""

from __future__ import annotations


class OperationError(Exception):
    """The platform cannot do what was asked of it.

    ``what`` says what is wrong and why, ``remedy`` what to do about it. Neither holds a secret.
    """

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(what if not remedy else f"{what}\n  → {remedy}")


class ConfigurationError(OperationError):
    """A setting is missing or wrong."""

    exit_code = 2


class AlreadyRunning(OperationError):
    """Another process of this instance holds the lock."""

    exit_code = 3


class ForeignDatabase(OperationError):
    """The database found was not made by this platform, so it is left alone."""

    exit_code = 4


class DatabaseUnavailable(OperationError):
    """The database server did not start, does not answer or cannot serve us."""

    exit_code = 5
