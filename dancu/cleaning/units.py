"""The ward or commune that an address names, as its code of today."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from dancu.cleaning.types import Step, Units, no_units
from dancu.places import addresses, queries


def units_on(day: date) -> Units:
    """Return how units are found on a day; none where no map has been loaded.

    A unit of today's map gives its code. One of an older map gives today's only where all of it
    went there; it is proposed apart. Anything else a person has to tell.
    """
    if not queries.list_units(parent="", on=day):
        return no_units

    @lru_cache(maxsize=65_536)
    def found(text: str) -> Step | None:
        if not text.strip():
            return None
        parsed = addresses.parse(text, on=day)
        if parsed.needs_review:
            return Step("UNIT_UNCLEAR", None)
        only = parsed.candidates[0]
        if only.why == "written":
            return Step("UNIT_CODE", only.code)
        return Step("UNIT_NEW", only.code, "likely")

    return found
