"""Whose figures an officer sees: those of the area that the office serves, and of no other."""

from __future__ import annotations

from datetime import date

from dancu.access.types import Actor
from dancu.bulletins.types import COUNTRY, NOWHERE
from dancu.places import queries as places


def is_in_area(actor: Actor, unit: str, day: date) -> bool:
    """Say whether a unit is in the officer's area.

    The country is when all its provinces are, and with it what is known of no commune.
    """
    if unit in (COUNTRY, NOWHERE):
        provinces = places.list_units(level="province", on=day)
        return bool(provinces) and all(one.code in actor.jurisdictions for one in provinces)
    return places.is_within(unit, actor.jurisdictions, day)


def own_units(actor: Actor, day: date) -> list[str]:
    """Return the units from which an officer looks down, the largest first."""
    if is_in_area(actor, COUNTRY, day):
        return [COUNTRY]
    return sorted(actor.jurisdictions, key=lambda code: (len(code), code))
