"""Families over several generations: who is born, marries, divorces and dies.

Families grow from one root, the eldest member's line. Whoever marries in comes from a family that
the register knows only by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.days import YEAR, YEARS, new_year, years
from dancu.synthesis.names import BITS, compose, generation_of
from dancu.synthesis.people import MONTH, WOMAN, YEAR_ONLY, Clan, Person

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.knowledge import Knowledge

#: Births of the last weeks are not registered yet.
UNREGISTERED_DAYS = 70
MARRIED_AT_LEAST = years(18)
HUSBAND_AT_LEAST = years(20) + 1
WIFE_AT_LEAST = years(18) + 1
LAST_BIRTH = years(44)
POSTHUMOUS = 240
TWINS_OF_128 = 1
MOTHERS_NAME_OF_16 = 1
MODERN = 2


class Grower:
    """Grows families with the random numbers of one block."""

    __slots__ = ("_bits", "_know", "_last_birth", "_today")

    def __init__(self, know: Knowledge, rng: Random) -> None:
        """Share the block's random numbers."""
        self._know = know
        self._bits = rng.getrandbits
        self._today = know.today
        self._last_birth = know.today - UNREGISTERED_DAYS

    def grow(self, clan: Clan, root_year: int) -> Person:
        """Return the root of a new family whose eldest member was born in ``root_year``."""
        bits = self._bits
        root = self._born(bits(1), self._day_in(root_year), clan)
        while root.death and root.death - root.birth < MARRIED_AT_LEAST:
            self._mortal(root)
        self._outsider(root, clan)
        adult_before = self._today - MARRIED_AT_LEAST
        waiting = [root]
        while waiting:
            person = waiting.pop()
            if person.birth < adult_before and self._marry(person):
                waiting.extend(self._bear(person))
        return root

    def _day_in(self, year: int) -> int:
        start = new_year(year)
        return min(start + self._bits(16) * 365 // 65536, self._last_birth)

    def _born(self, female: int, birth: int, clan: Clan) -> Person:
        person = Person(female, birth, clan)
        self._mortal(person)
        bits = self._bits
        year = YEARS[birth]
        draw = bits(16)
        know = self._know.demography
        for before, share in know.year_only:
            if year < before:
                if draw < share:
                    person.precision = YEAR_ONLY if draw & 7 else MONTH
                elif year < 1970 and draw > 65535 - know.first_of_january:  # noqa: PLR2004
                    person.birth = new_year(year)
                break
        clan.persons.append(person)
        return person

    def _mortal(self, person: Person) -> None:
        bits = self._bits
        age = self._know.demography.death_age[person.female][bits(10)]
        death = person.birth + int(age * YEAR) + 1 + bits(16) * 363 // 65536
        person.death = death if death < self._today else 0

    def _outsider(self, person: Person, clan: Clan) -> None:
        """Name somebody whose parents are known only by name."""
        bits = self._bits
        names = self._know.names
        year = YEARS[person.birth]
        generation = generation_of(year)
        elder = max(generation - 1, 0)
        people = clan.people
        if people is not None:
            surname = people.clan(bits)
            person.clan_name = surname
            person.name = people.compose(person.female, surname, bits)
            other = people.clan(bits)
            by_mother = people.clan_from == "mother"
            person.father_name = people.compose(0, other if by_mother else surname, bits)
            person.mother_name = people.compose(1, surname if by_mother else other, bits)
            return
        surnames = names.surnames[clan.region]
        given = names.given[clan.region]
        surname = surnames[bits(BITS)]
        female = person.female
        person.clan_name = surname
        person.name = compose(
            surname, names.middle[female][generation], given[female][generation], bits
        )
        person.father_name = compose(surname, names.middle[0][elder], given[0][elder], bits)
        person.mother_name = compose(
            surnames[bits(BITS)], names.middle[1][elder], given[1][elder], bits
        )

    def _child_name(self, child: Person, father: Person, mother: Person) -> None:
        bits = self._bits
        people = child.clan.people
        if people is not None:
            surname = mother.clan_name if people.clan_from == "mother" else father.clan_name
            child.clan_name = surname
            child.name = people.compose(child.female, surname, bits)
            return
        names = self._know.names
        female = child.female
        generation = generation_of(YEARS[child.birth])
        surname = child.clan_name = father.clan_name
        middle = names.middle[female][generation]
        given = names.given[child.clan.region][female][generation]
        if generation >= MODERN and bits(4) < MOTHERS_NAME_OF_16 and mother.clan_name != surname:
            surname = f"{surname} {mother.clan_name}"
        child.name = compose(surname, middle, given, bits)

    def _marry(self, person: Person) -> bool:
        bits = self._bits
        law = self._know.demography
        if bits(16) < law.never:
            return False
        female = person.female
        year = YEARS[person.birth]
        age = law.marriage_age[female][generation_of(year)][bits(10)]
        day = person.birth + int(age * YEAR) + 1 + bits(16) * 364 // 65536
        if day >= self._last_birth or (person.death and person.death <= day):
            return False
        older = law.husband_older[bits(10)]
        gap = int(older * YEAR) + bits(8)
        birth = person.birth - gap if female else person.birth + gap
        least = HUSBAND_AT_LEAST if female else WIFE_AT_LEAST
        if birth > day - least:
            birth = day - least - bits(8)
        spouse = self._born(1 - female, max(birth, 0), person.clan)
        while spouse.death and spouse.death <= day:
            self._mortal(spouse)
        self._outsider(spouse, person.clan)
        person.spouse, spouse.spouse = spouse, person
        person.married = spouse.married = day
        if year >= law.divorce_since and bits(16) < law.divorce:
            self._divorce(person, spouse)
        return True

    def _divorce(self, one: Person, other: Person) -> None:
        first, last = self._know.demography.divorce_years
        day = one.married + years(first) + self._bits(16) * years(last - first) // 65536
        if day < self._last_birth and one.alive_on(day) and other.alive_on(day):
            one.divorced = other.divorced = day

    def _bear(self, person: Person) -> list[Person]:
        bits = self._bits
        law = self._know.demography
        spouse = person.spouse
        assert spouse is not None  # noqa: S101 - only couples come here
        father, mother = (spouse, person) if person.female else (person, spouse)
        count = law.fertility_of(YEARS[mother.birth])[bits(10)]
        if not count:
            return []
        end = min(self._last_birth, mother.birth + LAST_BIRTH)
        if mother.death:
            end = min(end, mother.death)
        if father.death:
            end = min(end, father.death + POSTHUMOUS)
        if person.divorced:
            end = min(end, person.divorced)
        day = person.married + 200 + bits(10)
        children: list[Person] = []
        while len(children) < count and day < end:
            children.append(self._child(father, mother, day))
            if bits(7) >= TWINS_OF_128:
                day += 480 + bits(11)
        father.children = mother.children = children
        return children

    def _child(self, father: Person, mother: Person, day: int) -> Person:
        boy = self._know.demography.boy[0 if YEARS[day] < 2000 else 1]  # noqa: PLR2004
        female = 0 if self._bits(16) < boy else WOMAN
        child = self._born(female, day, father.clan)
        child.father, child.mother = father, mother
        child.father_name, child.mother_name = father.name, mother.name
        self._child_name(child, father, mother)
        return child
