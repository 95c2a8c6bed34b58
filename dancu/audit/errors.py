"""Errors of the seal over the logs. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class AuditError(DancuError):
    """The seal over the logs cannot do this."""


class KeyMissing(AuditError):
    """The key that signs the seal is not in %(folder)s, or is not the one in use."""

    http_status = 503
    remedy = "Put the file back from your copy, or run “dancu audit rotate-key --lost”."


class KeyUnreadable(AuditError):
    """This is no public key of a log: %(why)s."""

    http_status = 422
    remedy = "Use the file or the line that “dancu audit key” prints."


class NoteInvalid(AuditError):
    """This is no signed head of a log: %(why)s."""

    http_status = 422
    remedy = "Give the whole note, from the first line to the signature."


class SealBroken(AuditError):
    """The stored hashes do not lead to the last signed head, so nothing more is sealed."""

    http_status = 500
    remedy = "Run “dancu audit verify”: it finds what was changed."


class NotSealedYet(AuditError):
    """This access is not sealed yet."""

    http_status = 409
    retryable = True
    retry_after = 60
    remedy = "Come back in a minute: accesses are sealed twice a minute."


class NoHeadYet(AuditError):
    """The log has no signed head yet."""

    http_status = 503
    retryable = True
    remedy = "Try again in a minute. If it stays so, look whether the worker of jobs runs."


class NoSuchTree(AuditError):
    """The log has no tree of this size, or no leaf of this number: %(what)s."""

    http_status = 422
    remedy = "Ask for sizes up to that of the last head, and for leaves below the size."


class NotReachable(AuditError):
    """The log at %(where)s cannot be read: %(why)s."""

    http_status = 502
    remedy = "Check the address or the folder."
