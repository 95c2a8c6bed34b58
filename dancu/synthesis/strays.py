"""People without papers: no number, a name nobody can prove, a year of birth at best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.days import new_year
from dancu.synthesis.dwellings import Builder, Dwelling
from dancu.synthesis.names import BITS
from dancu.synthesis.people import YEAR_ONLY, Clan, Household, Person

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.knowledge import Knowledge

OLDEST_YEAR = 1940
SPAN = 70
UP_TO = 400


def strays(know: Knowledge, rng: Random, size: int) -> list[Person]:
    """Return the people without papers of a block of ``size``."""
    count = (size * know.person["no_papers"] + rng.getrandbits(16)) >> 16
    return [_stray(know, rng) for _ in range(min(count, size))]


def _stray(know: Knowledge, rng: Random) -> Person:
    bits = rng.getrandbits
    clan = Clan()
    clan.city = know.cities[bits(8)]
    city = know.places.cities[clan.city]
    clan.region = city.region
    person = Person(bits(1), new_year(OLDEST_YEAR + bits(10) % SPAN), clan)
    person.precision = YEAR_ONLY
    given = know.names.given[city.region][person.female][1][bits(BITS)]
    # Some give a surname, some are known by one word.
    surname = know.names.surnames[city.region][bits(BITS)] if bits(1) else ""
    person.name = f"{surname} {given}" if surname else given
    house = Builder(know.places, bits).house(city, 0)
    person.home = Household(person, Dwelling([house], None))
    person.first = know.today - 30 - bits(16) % UP_TO
    return person
