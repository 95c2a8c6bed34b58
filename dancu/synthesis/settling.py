"""Who lives with whom, where, since when, and who heads the household."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.days import YEAR, new_year, years
from dancu.synthesis.dwellings import Builder, Dwelling
from dancu.synthesis.people import Household, Person

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.geography import City
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Clan

ADULT = years(18)
GROWN = years(24)
AGED = years(60)
FIRST_MOVE = new_year(2012)
#: The last moves happened so many days ago.
LAST_MOVE = 45


class Settler:
    """Divides families into households with the random numbers of one block."""

    __slots__ = ("_bits", "_builder", "_know", "_places", "_today")

    def __init__(self, know: Knowledge, rng: Random) -> None:
        """Share the block's random numbers."""
        self._know = know
        self._bits = rng.getrandbits
        self._builder = Builder(know.places, rng.getrandbits)
        self._places = know.places
        self._today = know.today

    def settle(self, root: Person) -> list[Household]:
        """Return the households of a family; every living person is in exactly one."""
        households: list[Household] = []
        city = self._places.cities[root.clan.city]
        waiting: list[tuple[Person, Household | None]] = [(root, None)]
        while waiting:
            person, home = waiting.pop()
            if home is None:
                home = self._household(person, city)
                households.append(home)
            self._move_in(person, home)
            spouse = person.spouse
            if spouse is None:
                continue
            family = home
            if person.divorced:
                other = self._household(spouse, city)
                households.append(other)
                self._move_in(spouse, other)
                family = home if person.female else other
            else:
                self._move_in(spouse, home)
            waiting.extend(self._divide(person, family))
        for home in households:
            self._choose_head(home)
        return households

    def _divide(self, parent: Person, home: Household) -> list[tuple[Person, Household | None]]:
        """Say where each child lives: with the parents, or in a household of its own (None)."""
        bits = self._bits
        today = self._today
        limits = self._know.household
        stayed = False
        homes: list[tuple[Person, Household | None]] = []
        for child in parent.children:
            if child.spouse is None:
                leaves = (
                    not child.death
                    and today - child.birth > GROWN
                    and bits(16) < limits["single_leaves_home"]
                )
                homes.append((child, None if leaves else home))
                continue
            share = limits["married_child_stays"]
            if today - parent.birth > AGED:
                share += share >> 1
            if child.female:
                share >>= 1
            stays = not stayed and not child.divorced and bits(16) < share
            stayed = stayed or stays
            homes.append((child, home if stays else None))
        return homes

    def _move_in(self, person: Person, home: Household) -> None:
        person.home = home
        (home.past if person.death else home.members).append(person)

    def _choose_head(self, home: Household) -> None:
        """The founders head the household, then a grown child; an orphan's parent is kept alive."""
        today = self._today
        if not home.members:
            home.head = home.past[0]
            return
        adults = [person for person in home.members if today - person.birth > ADULT]
        if not adults:
            parent = home.members[0].mother or home.members[0]
            self._revive(parent, home)
            adults = [parent]
        couple = home.couple
        founders = [p for p in (couple, couple.spouse) if p is not None and p in adults]
        founders.sort(key=_women_last)
        others = [p for p in adults if p not in founders]
        handing_over = self._know.handing_over * YEAR
        if founders and (not others or today - founders[0].birth < handing_over):
            home.head = founders[0]
        else:
            grown = sorted(others or founders, key=_eldest_man)
            home.head = grown[0]

    def _revive(self, person: Person, home: Household) -> None:
        """Let a parent live whose death would leave children without any adult."""
        person.death = 0
        old = person.home
        if old is not None:
            if person in old.past:
                old.past.remove(person)
            elif person in old.members:
                old.members.remove(person)
        person.home = home
        home.members.insert(0, person)

    def _household(self, person: Person, city: City) -> Household:
        bits = self._bits
        know = self._know
        home = Household(person, self._dwelling(person.clan, city))
        home.tenants = person.clan.temporary
        first, last = know.early if bits(16) < know.early_share else know.late
        home.collected = first + bits(16) * (last - first) // 65536
        return home

    def _dwelling(self, clan: Clan, city: City) -> Dwelling:
        bits = self._bits
        limits = self._know.household
        draw = bits(16)
        moves = 0
        if draw < limits["moved_twice"]:
            moves = 2
        elif draw < limits["moved_once"]:
            moves = 1
        from_village = moves > 0 and not clan.local and bits(2) == 0
        builder = self._builder
        first = builder.village(clan.hometown_ward, city) if from_village else None
        stays = [first or builder.house(city, 0)]
        if moves:
            span = self._today - LAST_MOVE - FIRST_MOVE
            days = sorted(FIRST_MOVE + bits(16) * span // 65536 for _ in range(moves))
            stays.extend(builder.house(city, day) for day in days)
        village = self._builder.village(clan.hometown_ward, city) if clan.temporary else None
        return Dwelling(stays, village)


def _women_last(person: Person) -> int:
    return person.female


def _eldest_man(person: Person) -> tuple[int, int]:
    return (person.female, person.birth)
