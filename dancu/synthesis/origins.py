"""Where families come from and where their members were born."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.days import YEARS
from dancu.synthesis.geography import NEW_MAP_DAY, region_of
from dancu.synthesis.people import Clan, Person

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.knowledge import Knowledge

#: Families of city people whose village (father's line) lies elsewhere: 3 of 8.
VILLAGE_ELSEWHERE_OF_8 = 3
SPOUSE_FROM_ELSEWHERE_OF_8 = 3
ARRIVALS = 26
FIRST_ADULT_AGE = 17
TEMPORARY_ROOT_SINCE = 1962


class Ancestry:
    """Gives families an origin with the random numbers of one block."""

    __slots__ = ("_bits", "_know", "_places")

    def __init__(self, know: Knowledge, rng: Random) -> None:
        """Share the block's random numbers."""
        self._know = know
        self._bits = rng.getrandbits
        self._places = know.places

    def found(self, root_year: int) -> Clan:
        """Return a family that has an origin, a people and a religion but nobody in it yet."""
        bits = self._bits
        know = self._know
        clan = Clan()
        clan.city = know.cities[bits(8)]
        city = self._places.cities[clan.city]
        clan.local = bits(16) < city.local_16
        elsewhere = not clan.local or bits(3) < VILLAGE_ELSEWHERE_OF_8
        province = city.origins[bits(8)] if elsewhere else city.province
        clan.hometown_ward = self._ward_in(province)
        clan.hometown = self._places.wards[clan.hometown_ward].place
        clan.region = region_of(province)
        clan.arrival = root_year + FIRST_ADULT_AGE + bits(8) % ARRIVALS
        clan.temporary = (
            not clan.local
            and root_year >= TEMPORARY_ROOT_SINCE
            and bits(16) < know.household["temporary"]
        )
        clan.people = know.names.peoples[clan.region][bits(12)]
        clan.religion = know.religions[bits(10)]
        if clan.people is not None and bits(1):
            clan.religion = clan.people.religion
        return clan

    def _ward_in(self, province: str) -> int:
        wards = self._places.wards_of_province[province]
        return wards[self._bits(16) % len(wards)]

    def trace(self, clan: Clan, root: Person) -> None:
        """Say where everybody of a family was born, eldest generation first."""
        bits = self._bits
        places = self._places
        city = places.cities[clan.city]
        for person in clan.persons:
            father = person.father
            ward = clan.hometown_ward
            if father is not None:
                person.hometown = father.hometown
                if (clan.local or YEARS[person.birth] >= clan.arrival) and person.home is not None:
                    ward = person.home.dwelling.stays[-1].ward
            elif person is root:
                person.hometown = clan.hometown
                if clan.local:
                    ward = self._ward_in(city.province)
            else:
                province = (
                    city.origins[bits(8)]
                    if bits(3) < SPOUSE_FROM_ELSEWHERE_OF_8
                    else places.wards[ward].province
                )
                ward = self._ward_in(province)
                person.hometown = places.wards[ward].place
            where = places.wards[ward]
            person.pid_code = where.pid_code
            if person.birth < NEW_MAP_DAY:
                person.birth_place = where.place
            else:
                person.birth_place = places.communes[where.successors[0]].place
