"""Errors of the places register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.kernel.errors import DancuError, fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dancu.places.decision_types import Flaw


class PlacesError(DancuError):
    """The administrative map does not allow this."""

    code = "places-error"
    http_status = 409


class UnknownUnit(PlacesError):
    """There is no administrative unit %(unit)s on %(day)s."""

    code = "unknown-unit"
    http_status = 404
    remedy = "Look the unit up under the map of that day."


class UnitExists(PlacesError):
    """The administrative unit %(unit)s already exists on %(day)s."""

    code = "unit-exists"
    remedy = "Use another code, or rename the unit that is there."


class AddressCollision(PlacesError):
    """Two different addresses have the same number."""

    code = "address-collision"
    http_status = 500
    remedy = "Write one of the two in another way, for example with the word “Số” before the house."


class DecisionRefused(PlacesError):
    """The decision file has %(count)s errors; nothing was changed."""

    code = "decision-refused"
    http_status = 422
    remedy = "Correct the lines named below and check the file again."

    def __init__(self, flaws: Sequence[Flaw], /) -> None:
        """Keep what is wrong, in the order of lines."""
        self.flaws = tuple(flaws)
        super().__init__(count=len(self.flaws))

    def __str__(self) -> str:
        """Return the English message and every flaw on one line."""
        details = (f"line {f.line}: {fill(f.message, f.params)}" for f in self.flaws)
        return " ".join((self.text(), *details))


class DecisionChanged(PlacesError):
    """Decision %(number)s has been applied with another content."""

    code = "decision-changed"
    remedy = "Undo it first, or give the correcting decision its own number."


class DecisionUnknown(PlacesError):
    """No decision %(number)s has been applied."""

    code = "decision-unknown"
    http_status = 404
    remedy = "Compare the number with the list of decisions."


class DecisionInForce(PlacesError):
    """Decision %(number)s has been in force since %(day)s and can no longer be undone."""

    code = "decision-in-force"
    remedy = "Have the units changed back by another decision, with its own number and day."


class AlreadySettled(PlacesError):
    """This address is no longer unclear."""

    code = "already-settled"
    remedy = "Open the list again; somebody else may have settled it."


class NotACandidate(PlacesError):
    """The unit %(unit)s took over nothing of the unit that the address lay in."""

    code = "not-a-candidate"
    http_status = 422
    remedy = "Choose one of the units named with the address."


class UnclearChanged(PlacesError):
    """What is unclear along this street has changed since you looked at it."""

    code = "unclear-changed"
    remedy = "Look again at what the rule would do, then settle."


class SettlingUnknown(PlacesError):
    """There is nothing settled here that could be undone."""

    code = "settling-unknown"
    http_status = 404
    remedy = "Open the list again; somebody else may have undone it."


class SettlingInForce(PlacesError):
    """This has been in force since %(day)s and can no longer be undone."""

    code = "settling-in-force"
    remedy = "Register the move of whoever lives elsewhere, or have a decision change the map."
