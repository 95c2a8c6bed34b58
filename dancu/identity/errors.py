"""What can go wrong with accounts. The first line of each docstring is the message."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


class IdentityError(DancuError):
    """The account could not be used."""


class SignInFailed(IdentityError):
    """The user name or the password is wrong."""

    http_status = 422
    remedy = "Check both, the Caps Lock key and the Vietnamese input method, and try again."


class TooManySignIns(IdentityError):
    """There were too many failed attempts. Wait %(wait)s before the next one."""

    http_status = 429
    retryable = True
    remedy = "If you forgot the password, ask the administrator of your office to set a new one."


class SignInNeeded(IdentityError):
    """Sign in to see this page."""

    http_status = 401
    remedy = "Open the sign-in page."


class OfficersOnly(IdentityError):
    """This page is for officers."""

    http_status = 403
    remedy = "Sign in with an officer's account."


class CitizensOnly(IdentityError):
    """This page is for citizens."""

    http_status = 403
    remedy = "Sign in with your own electronic identity."


class UsernameTaken(IdentityError):
    """There is already an account with this user name."""

    http_status = 409
    remedy = "Choose another user name."


class WrongPassword(IdentityError):
    """The present password is wrong."""

    http_status = 422
    remedy = "Enter the password with which you signed in."
