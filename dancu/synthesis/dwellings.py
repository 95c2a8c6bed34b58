"""Where households live, and when they moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.door import AddressValue
from dancu.synthesis.geography import NEW_MAP_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from dancu.synthesis.geography import City, Geography


class Stay:
    """One dwelling from a day on; it has one address on each of the two maps."""

    __slots__ = ("_new", "_old", "commune", "start", "street", "ward")

    def __init__(self, start: int, street: str, ward: int, commune: int) -> None:
        """Take the ward of the old map and the commune of today in which the house lies."""
        self.start = start
        self.street = street
        self.ward = ward
        self.commune = commune
        self._old: AddressValue | None = None
        self._new: AddressValue | None = None

    def address(self, day: int, places: Geography) -> AddressValue:
        """Return the address under the map valid on a day."""
        if day < NEW_MAP_DAY:
            found = self._old
            if found is None:
                unit = places.wards[self.ward].place
                found = self._old = AddressValue(
                    f"{self.street}, {unit.text}", unit.unit_code, unit.code_date
                )
            return found
        found = self._new
        if found is None:
            unit = places.communes[self.commune].place
            found = self._new = AddressValue(
                f"{self.street}, {unit.text}", unit.unit_code, unit.code_date
            )
        return found


class Dwelling:
    """The stays of a household in order of time; the first one has lasted for ever."""

    __slots__ = ("permanent", "stays")

    def __init__(self, stays: list[Stay], permanent: Stay | None) -> None:
        """``permanent`` is the house elsewhere of those who are only temporary residents here."""
        self.stays = stays
        self.permanent = permanent

    def stay_on(self, day: int) -> Stay:
        """Return the stay that lasts on a day."""
        stays = self.stays
        found = stays[0]
        for stay in stays[1:]:
            if stay.start > day:
                break
            found = stay
        return found


class Builder:
    """Finds houses with the random numbers of one block."""

    __slots__ = ("_bits", "_places")

    def __init__(self, places: Geography, bits: Callable[[int], int]) -> None:
        """Share the block's random numbers."""
        self._places = places
        self._bits = bits

    def house(self, city: City, start: int) -> Stay:
        """Return a house somewhere in a city."""
        bits = self._bits
        index = city.communes[bits(12)]
        commune = self._places.communes[index]
        wards = commune.wards
        ward = wards[bits(8) % len(wards)]
        return Stay(start, self._street(city, rural=commune.rural), ward, index)

    def village(self, ward: int, city: City) -> Stay:
        """Return a house in the family's home village."""
        successors = self._places.wards[ward].successors
        commune = successors[self._bits(8) % len(successors)]
        return Stay(0, self._street(city, rural=True), ward, commune)

    def _street(self, city: City, *, rural: bool) -> str:
        bits = self._bits
        draw = bits(20)
        if rural:
            hamlet = "Thôn" if city.region == "north" else "Ấp"
            return f"Tổ {1 + (draw & 15)}, {hamlet} {1 + (draw >> 4) % 9}"
        street = city.streets[bits(8)]
        house = 1 + (draw & 511)
        kind = draw >> 17
        if kind < 3:  # noqa: PLR2004 - three of eight houses stand in an alley
            return f"{house}/{1 + (draw >> 9 & 63)} {street}"
        if kind == 3:  # noqa: PLR2004 - one of eight writes its neighbourhood
            return f"{house} {street}, Khu phố {1 + (draw >> 9 & 7)}"
        return f"{house} {street}"
