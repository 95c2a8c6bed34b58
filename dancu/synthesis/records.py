"""The first record of each person: about 26 attributes in one statement."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dancu.synthesis.anchors import ANCHOR_PIDS
from dancu.synthesis.days import DATES, ISO, YEAR, YEARS, number, years
from dancu.synthesis.door import AddressValue
from dancu.synthesis.geography import NEW_MAP
from dancu.synthesis.kinship import HEAD, relationship
from dancu.synthesis.people import DAY, MONTH

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.door import Row
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Household, Person

CARD_AGE = years(14) + 30
FIRST_CARDS = number(dt.date(2016, 1, 4))
CARD_AGES = (25, 40, 60)
ISSUED_BEFORE = 2
ISSUERS = (
    (number(dt.date(2018, 10, 10)), "CCSDKQLCT"),
    (number(dt.date(2024, 7, 1)), "CCSQLHC"),
    (number(dt.date(2060, 1, 1)), "BCA"),
)
SEXES = ("M", "F")
NATION = "VN"
KINH = "01"
MARRIED, SINGLE, DIVORCED, WIDOWED = "DANG_CO_VO_CHONG", "CHUA_KET_HON", "LY_HON", "GOA"
ALIVE, DEAD, MISSING = "SONG", "CHET", "MAT_TICH"
OTHER_NAMES = ("Ba", "Tư", "Năm", "Sáu", "Bảy", "Út", "Bé", "Tèo", "Tý", "Hai", "Mười", "Cu")
FORM = "form_dc01"


def birth_text(person: Person) -> str:
    """Return the birth date as far as it is known: ``1985-03-02``, ``1985-03`` or ``1985``."""
    text = ISO[person.birth]
    if person.precision == DAY:
        return text
    return text[:7] if person.precision == MONTH else text[:4]


def marital_status(person: Person, day: int) -> str:
    """Return the code of the marital status on a day."""
    if not 0 < person.married <= day:
        return SINGLE
    if 0 < person.divorced <= day:
        return DIVORCED
    spouse = person.spouse
    if spouse is not None and spouse.death and spouse.death <= day:
        return WIDOWED
    return MARRIED


def household_on(person: Person, day: int) -> Household:
    """Return the household somebody belonged to on a day."""
    former = person.former
    if former is not None and day < person.former_until:
        return former
    home = person.home
    if home is None:
        raise LookupError(person.name)
    return home


class FirstRecords:
    """Writes first records with the random numbers of one block."""

    __slots__ = ("_bits", "_know", "_prefix", "_serial")

    def __init__(self, know: Knowledge, rng: Random, block: int) -> None:
        """Share the block's random numbers."""
        self._know = know
        self._bits = rng.getrandbits
        self._prefix = f"DC01-{block}-"
        self._serial = 0

    def by_police(self, person: Person) -> Row:
        """Return the first record that the police collected."""
        day = person.first
        claims = self._identity(person)
        claims["religion"] = person.clan.religion
        if person.old_id:
            claims["old_id_number"] = person.old_id
        self._family(person, day, claims)
        self.residence(person, day, claims)
        bits = self._bits
        shares = self._know.person
        if bits(16) < shares["blood_group_known"]:
            claims["blood_group"] = self._know.blood[bits(8)]
        if day - person.birth > CARD_AGE:
            self._card(person, day, claims)
            self._contact(person, claims)
        pid = person.pid
        if person.wrong_pid:
            pid = person.wrong_pid
            self._plant_error(person, claims)
        self._serial += 1
        return (pid, True, DATES[day], FORM, f"{self._prefix}{self._serial}", claims)

    def by_registrar(self, person: Person) -> Row:
        """Return the first record of somebody who entered by registration of the birth."""
        day = person.first
        claims = self._identity(person)
        claims["marital_status"] = SINGLE
        mother, father = person.mother, person.father
        claims["father_name"] = person.father_name
        claims["mother_name"] = person.mother_name
        if father is not None and father.registered:
            claims["father_pid"] = father.pid
        if mother is not None and mother.registered:
            claims["mother_pid"] = mother.pid
        self._serial += 1
        register = f"{self._serial}/{YEARS[day]}"
        claims["birth_registration_number"] = register
        claims["birth_registration_date"] = ISO[day]
        claims["father_nationality"] = claims["mother_nationality"] = NATION
        return (person.pid, True, DATES[day], "birth_certificate", register, claims)

    def _identity(self, person: Person) -> dict[str, object]:
        people = person.clan.people
        return {
            "full_name": person.name,
            "pid": person.pid,
            "birth_date": birth_text(person),
            "sex": SEXES[person.female],
            "birth_place": person.birth_place,
            "birth_registration_place": person.birth_place,
            "hometown": person.hometown,
            "ethnicity": KINH if people is None else people.ethnicity,
            "nationality": NATION,
            "life_status": ALIVE,
        }

    def _family(self, person: Person, day: int, claims: dict[str, object]) -> None:
        claims["father_name"] = person.father_name
        claims["mother_name"] = person.mother_name
        father, mother = person.father, person.mother
        if father is not None and father.registered:
            claims["father_pid"] = father.pid
        if mother is not None and mother.registered:
            claims["mother_pid"] = mother.pid
        claims["marital_status"] = marital_status(person, day)
        if person.wed_on(day):
            spouse = person.spouse
            if spouse is not None:
                claims["spouse_name"] = spouse.name
                if spouse.registered:
                    claims["spouse_pid"] = spouse.pid

    def residence(self, person: Person, day: int, claims: dict[str, object]) -> None:
        """Add where somebody lives on a day, and in which household."""
        places = self._know.places
        home = household_on(person, day)
        dwelling = home.dwelling
        here = dwelling.stay_on(day).address(day, places)
        claims["household_number"] = home.number
        permanent = dwelling.permanent
        if permanent is not None:
            claims["permanent_residence"] = permanent.address(day, places)
            claims["temporary_residence"] = here
        else:
            claims["permanent_residence"] = here
        if person.abroad:
            claims["current_residence"] = AddressValue(person.abroad, "", NEW_MAP)
        else:
            claims["current_residence"] = here
        claims["residence_file_number"] = f"{here.unit_code}-{home.number[2:]}"
        head = home.head_on(day)
        claims["household_relationship"] = (
            relationship(person, head, day) if head.registered else HEAD
        )

    def _card(self, person: Person, day: int, claims: dict[str, object]) -> None:
        bits = self._bits
        shares = self._know.person
        early = day < self._know.late[0]
        share = shares["card_early" if early else "card_late"]
        if bits(16) >= share and person.pid not in ANCHOR_PIDS:
            return
        first = max(person.birth + CARD_AGE, FIRST_CARDS)
        if first < day:
            self.card(person, first + bits(16) * (day - first) // 65536, 1, claims)

    def card(self, person: Person, issued: int, issue: int, claims: dict[str, object]) -> None:
        """Add an identity card issued on a day."""
        claims["card_number_of_issue"] = issue
        claims["card_issue_date"] = ISO[issued]
        claims["card_issue_place"] = next(code for end, code in ISSUERS if issued < end)
        age = (issued - person.birth) / YEAR
        for limit in CARD_AGES:
            if age < limit - ISSUED_BEFORE:
                claims["card_expiry_date"] = _birthday(person.birth, limit)
                break

    def _contact(self, person: Person, claims: dict[str, object]) -> None:
        bits = self._bits
        shares = self._know.person
        if person.phone:
            claims["phone"] = person.phone
        draw = bits(16)
        if draw < shares["email"]:
            claims["email"] = f"cd{bits(30)}@example.com"
        elif draw > 65535 - shares["other_name"]:
            given = OTHER_NAMES[draw % len(OTHER_NAMES)]
            claims["other_names"] = [f"{person.clan_name} {given}".strip()]

    def _plant_error(self, person: Person, claims: dict[str, object]) -> None:
        """Give the first record the wrong sex or year, as its first number has it."""
        wrong = person.wrong_pid
        claims["pid"] = wrong
        if wrong[3:6] == person.pid[3:6]:
            return
        claims["sex"] = SEXES[int(wrong[3]) % 2]
        year = 1900 + 100 * (int(wrong[3]) // 2) + int(wrong[4:6])
        claims["birth_date"] = f"{year}{ISO[person.birth][4:8]}01"


def _birthday(birth: int, age: int) -> str:
    text = ISO[birth]
    day = text[4:] if text[5:] != "02-29" else "-02-28"
    return f"{int(text[:4]) + age}{day}"
