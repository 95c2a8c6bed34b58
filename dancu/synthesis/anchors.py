"""One family that is the same in every city, for demonstrations and for the docs.

The Nguyễn family lives in Phường Sài Gòn (26740), Thành phố Hồ Chí Minh. The grandmother knows only
the year of her birth and has an old number. Her late husband headed the household until 2022. The
couple moved across the change of maps in 2025: from Bình Thạnh to Đa Kao, a ward that was split,
and then within Phường Sài Gòn. The health insurer holds another birth day for the mother (day and
month swapped). She expects a child in November 2026.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dancu.synthesis.days import number
from dancu.synthesis.dwellings import Dwelling, Stay
from dancu.synthesis.people import YEAR_ONLY, Clan, Household, Person

if TYPE_CHECKING:
    from dancu.synthesis.knowledge import Knowledge

COMMUNE = "26740"
HOUSEHOLD_NUMBER = "79000000001"
#: The birth day that the health insurer holds for the mother.
WRONG_BIRTH_DATE = "1988-02-09"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A person who is in every city under the same number. Dates are ISO, partial where unknown."""

    role: str
    name: str
    pid: str
    sex: str
    birth_date: str
    old_id_number: str = ""
    phone: str = ""
    death_date: str = ""


GRANDFATHER = Anchor(
    "grandfather", "Nguyễn Văn Tư", "080041000011", "M", "1941", "300127645",
    death_date="2022-08-14",
)  # fmt: skip
GRANDMOTHER = Anchor("grandmother", "Lê Thị Sáu", "080144000012", "F", "1944", "300127646")
FATHER = Anchor(
    "father", "Nguyễn Văn Hòa", "079084000013", "M", "1984-05-12", "023456781", "+84900000013"
)
MOTHER = Anchor(
    "mother", "Trần Thị Thu Hương", "082188000014", "F", "1988-09-02", "311987654", "+84900000014"
)
SON = Anchor("son", "Nguyễn Gia Bảo", "079214000015", "M", "2014-03-21")
DAUGHTER = Anchor("daughter", "Nguyễn Ngọc Minh Anh", "079319000016", "F", "2019-11-08")
FAMILY = (GRANDFATHER, GRANDMOTHER, FATHER, MOTHER, SON, DAUGHTER)
ANCHOR_PIDS = frozenset(anchor.pid for anchor in FAMILY)

_COLLECTED = dt.date(2018, 3, 15)
_WEDDING = dt.date(2012, 11, 24)
_OLD_WEDDING = dt.date(1966, 2, 10)
#: Ward codes of the old map: Phường 22 (Bình Thạnh), Phường Đa Kao (Quận 1), and home villages.
_FIRST_WARD, _FIRST_COMMUNE = "26956", "26956"
_SECOND_WARD = "26737"
_VILLAGE, _MOTHERS_VILLAGE = "27703", "28249"
_MOVES = (dt.date(2021, 10, 4), dt.date(2026, 3, 2))


def anchor_household(know: Knowledge) -> Household:
    """Return the family, ready for the register."""
    clan = _clan(know)
    village = know.places.ward_by_code[_VILLAGE]
    city_ward = know.places.ward_by_code[_FIRST_WARD]
    grandfather = _person(know, clan, GRANDFATHER, village)
    grandmother = _person(know, clan, GRANDMOTHER, village)
    father = _person(know, clan, FATHER, city_ward)
    mother = _person(know, clan, MOTHER, know.places.ward_by_code[_MOTHERS_VILLAGE])
    son = _person(know, clan, SON, city_ward)
    daughter = _person(know, clan, DAUGHTER, city_ward)
    _wed(grandfather, grandmother, _OLD_WEDDING)
    _wed(father, mother, _WEDDING)
    _parents([father], grandfather, grandmother)
    _parents([son, daughter], father, mother)
    for person, names in (
        (grandfather, ("Nguyễn Văn Lành", "Phạm Thị Nết")),
        (grandmother, ("Lê Văn Được", "Huỳnh Thị Bảy")),
        (mother, ("Trần Văn Phước", "Đặng Thị Kim Loan")),
    ):
        person.father_name, person.mother_name = names
        person.hometown = person.birth_place
    for person in (father, son, daughter):
        person.hometown = grandfather.hometown
    home = Household(grandfather, Dwelling(_stays(know), None))
    home.members = [grandmother, father, mother, son, daughter]
    home.past = [grandfather]
    home.head, home.former_head = father, grandfather
    home.collected = number(_COLLECTED)
    home.number = HOUSEHOLD_NUMBER
    for person in (*home.members, *home.past):
        person.home = home
        person.first = max(home.collected, person.birth + 9)
    return home


def _clan(know: Knowledge) -> Clan:
    clan = Clan()
    clan.city = next(i for i, city in enumerate(know.places.cities) if city.region == "south")
    clan.region, clan.religion = "south", "01"
    clan.local, clan.temporary, clan.people = True, False, None
    clan.hometown_ward = know.places.ward_by_code[_VILLAGE]
    clan.hometown = know.places.wards[clan.hometown_ward].place
    clan.arrival = 0
    return clan


def _person(know: Knowledge, clan: Clan, anchor: Anchor, ward: int) -> Person:
    whole = (
        anchor.birth_date if len(anchor.birth_date) > len("1944") else f"{anchor.birth_date}-07-01"
    )
    person = Person(int(anchor.sex == "F"), number(dt.date.fromisoformat(whole)), clan)
    if whole != anchor.birth_date:
        person.precision = YEAR_ONLY
    person.name, person.clan_name = anchor.name, anchor.name.split(" ", 1)[0]
    person.pid, person.old_id, person.phone = anchor.pid, anchor.old_id_number, anchor.phone
    if anchor.death_date:
        person.death = number(dt.date.fromisoformat(anchor.death_date))
    where = know.places.wards[ward]
    person.birth_place, person.pid_code = where.place, where.pid_code
    clan.persons.append(person)
    return person


def _wed(one: Person, other: Person, day: dt.date) -> None:
    one.spouse, other.spouse = other, one
    one.married = other.married = number(day)


def _parents(children: list[Person], father: Person, mother: Person) -> None:
    father.children = mother.children = children
    for child in children:
        child.father, child.mother = father, mother
        child.father_name, child.mother_name = father.name, mother.name


def _stays(know: Knowledge) -> list[Stay]:
    places = know.places
    target = places.commune_by_code[COMMUNE]
    first = places.ward_by_code[_FIRST_WARD]
    second = places.ward_by_code[_SECOND_WARD]
    return [
        Stay(0, "720A Điện Biên Phủ", first, places.wards[first].successors[0]),
        Stay(number(_MOVES[0]), "45/2 Đinh Tiên Hoàng", second, target),
        Stay(number(_MOVES[1]), "18 Nguyễn Huệ", places.ward_by_code[COMMUNE], target),
    ]
