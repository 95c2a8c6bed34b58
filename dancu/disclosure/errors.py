"""Refusals of the door out. The first line of each docstring is the message.

A person who is absent and one whom the actor may not see raise the same
``kernel.errors.NotFoundOrNotYours``.
"""

from __future__ import annotations

from dancu.access.errors import CaseNumberMissing
from dancu.kernel.errors import DancuError


class DisclosureError(DancuError):
    """The door out could not do this."""


class CaseMissing(DisclosureError):
    """Say first which case you are working on, and for which purpose."""

    http_status = 409
    remedy = "Open a case: choose the purpose and enter the number of the dossier."


class CaseNumberTooLong(DisclosureError):
    """The case number has more than 60 characters."""

    http_status = 422
    remedy = "Enter the number only, as it stands on the dossier."


class CaseNumberTooShort(CaseNumberMissing):
    """A case number has at least three letters or digits."""

    remedy = "Enter the number as it stands on the dossier."


class CaseNumberNamesSomebody(CaseNumberMissing):
    """This reads as the number or the card of a person, or holds characters nobody can print."""

    remedy = "Enter the number of the dossier: it is kept and listed, so it must name nobody."


class TooManyWrongParticulars(DisclosureError):
    """Numbers and names were wrong too often. Wait %(wait)s before the next person."""

    http_status = 429
    retryable = True
    remedy = "Compare number, name and birth date with the card. Each failed attempt is on record."


class PresentationRequired(DisclosureError):
    """This purpose reaches only a person who is there with their number and name."""

    http_status = 403
    remedy = "Enter the exact PID, the name and the date of birth, as on the person's card."


class CaseNumberNeededToReveal(DisclosureError):
    """A masked value is shown in full only for a numbered case."""

    http_status = 422
    remedy = "Open the case again with its number."


class NotMasked(DisclosureError):
    """Nothing more of this fact may be shown for this purpose."""

    http_status = 403
    remedy = "Open a case with a purpose that permits this fact."


class NoOwnRecord(DisclosureError):
    """This account belongs to nobody in the register."""

    http_status = 404
    remedy = "Ask the police of your commune to connect your account with your record."
