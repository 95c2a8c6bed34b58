"""Addresses as the services take them: the unit must have stood on the day of its code."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dancu.places.queries import unit, unit_now
from dancu.population.services.records import wrong
from dancu.population.types import AddressValue

_SMALL = ("commune", "neighbourhood")


def require_unit(address: object, *, field: str, is_home: bool = False) -> None:
    """Raise ``Invalid`` unless the address lies in a unit that stood on the day of its code.

    Where people live, the unit must be a commune or a neighbourhood.
    """
    if not isinstance(address, AddressValue):
        return
    found = unit(address.unit_code, address.code_date)
    if found is None:
        raise wrong(
            field,
            "unit-unknown",
            _("No administrative unit had the code %(unit)s on that day."),
            _("Choose the commune from the list."),
            unit=address.unit_code,
        )
    if is_home and found.level not in _SMALL:
        raise wrong(
            field,
            "unit-too-wide",
            _("A place of residence needs its commune; %(unit)s is a wider unit."),
            _("Choose the commune from the list."),
            unit=address.unit_code,
        )


def commune_now(address: AddressValue) -> str:
    """Return the unit of the newest map that covers the address; empty when none does."""
    return unit_now(address.unit_code, address.code_date).code
