"""The people of the city while it grows.

Days are numbers (``dancu.synthesis.days``); 0 is never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.synthesis.door import AddressValue
    from dancu.synthesis.dwellings import Dwelling
    from dancu.synthesis.names import People

MAN, WOMAN = 0, 1
DAY, MONTH, YEAR_ONLY = 0, 1, 2
#: Who is in the register within so many days of the birth came in by the birth certificate.
BY_BIRTH = 60


class Person:
    """A person. Who is not ``registered`` is only somebody's relative."""

    __slots__ = (
        "abroad",
        "birth",
        "birth_place",
        "children",
        "clan",
        "clan_name",
        "death",
        "divorced",
        "father",
        "father_name",
        "female",
        "first",
        "former",
        "former_until",
        "home",
        "hometown",
        "married",
        "missing",
        "mother",
        "mother_name",
        "name",
        "old_id",
        "phone",
        "pid",
        "pid_code",
        "precision",
        "registered",
        "spouse",
        "wrong_pid",
    )

    def __init__(self, female: int, birth: int, clan: Clan) -> None:
        """Make somebody without relatives, papers or home."""
        self.female = female
        self.birth = birth
        self.clan = clan
        self.death = 0
        self.father: Person | None = None
        self.mother: Person | None = None
        self.father_name = ""
        self.mother_name = ""
        self.spouse: Person | None = None
        self.children: list[Person] = NOBODY
        self.married = 0
        self.divorced = 0
        self.missing = 0
        #: Lives abroad: the city and country.
        self.abroad = ""
        self.registered = True
        self.precision = DAY
        self.name = ""
        self.clan_name = ""
        self.home: Household | None = None
        #: The household before marriage or divorce, until the day of the move.
        self.former: Household | None = None
        self.former_until = 0
        self.first = 0
        self.pid = ""
        self.wrong_pid = ""
        self.old_id = ""
        self.phone = ""

    name: str
    clan_name: str
    birth_place: AddressValue
    hometown: AddressValue
    #: Three digits of the province where the birth was registered.
    pid_code: str

    @property
    def enters_by_birth(self) -> bool:
        """Return whether the birth certificate, not the police, gave the first record."""
        return self.first - self.birth < BY_BIRTH

    def alive_on(self, day: int) -> bool:
        """Return whether the person lives on a day after the birth."""
        return not self.death or self.death > day

    def wed_on(self, day: int) -> bool:
        """Return whether the person has a living husband or wife on a day."""
        spouse = self.spouse
        return (
            spouse is not None
            and 0 < self.married <= day
            and not 0 < self.divorced <= day
            and (not spouse.death or spouse.death > day)
        )


#: The children of whoever has none; never changed.
NOBODY: list[Person] = []


class Clan:
    """A family in all its branches: where it comes from and what it shares."""

    __slots__ = (
        "arrival",
        "city",
        "hometown",
        "hometown_ward",
        "local",
        "people",
        "persons",
        "region",
        "religion",
        "temporary",
    )

    city: int
    region: str
    local: bool
    #: Ward (old map) of the father's father's village, and the day the family came to the city.
    hometown_ward: int
    hometown: AddressValue
    arrival: int
    temporary: bool
    people: People | None
    religion: str

    def __init__(self) -> None:
        """Make a family without anybody."""
        self.persons: list[Person] = []


class Household:
    """People registered at one residence under one head."""

    __slots__ = (
        "collected",
        "couple",
        "dwelling",
        "former_head",
        "head",
        "members",
        "number",
        "past",
        "phone",
        "tenants",
    )

    def __init__(self, couple: Person, dwelling: Dwelling) -> None:
        """Make an empty household founded by ``couple`` and the spouse."""
        self.couple = couple
        self.dwelling = dwelling
        self.members: list[Person] = []
        self.past: list[Person] = []
        self.head = couple
        #: Who headed the household until death, if the register knows it.
        self.former_head: Person | None = None
        self.collected = 0
        self.number = ""
        self.phone = ""
        self.tenants = False

    def head_on(self, day: int) -> Person:
        """Return who heads the household on a day."""
        former = self.former_head
        return former if former is not None and former.death > day else self.head
