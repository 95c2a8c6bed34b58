"""Errors of the places register."""

from __future__ import annotations

from dancu.kernel.errors import DancuError


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
