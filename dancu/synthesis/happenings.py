"""What happened after people entered the register: statements of the police, courts and registrars.

Rows go to lists by the name of their batch (``batches.BATCHES``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.anchors import HOUSEHOLD_NUMBER
from dancu.synthesis.days import DATES, ISO, YEARS
from dancu.synthesis.door import AddressValue
from dancu.synthesis.geography import NEW_MAP_DAY
from dancu.synthesis.kinship import relationship
from dancu.synthesis.records import (
    CARD_AGE,
    DEAD,
    DIVORCED,
    MARRIED,
    MISSING,
    NATION,
    SEXES,
    WIDOWED,
    birth_text,
)

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.door import Row
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Household, Person
    from dancu.synthesis.records import FirstRecords

Out = dict[str, list["Row"]]
RENEWED_AFTER = 3 * 365
NOTICED_WITHIN, LONGEST_LODGING = 40, 20
GUEST_HOUSES = 3
#: Spreads numbers that follow each other (Knuth's multiplicative hashing).
SPREAD = 2654435761
SETTLED_AFTER = 12


class Happenings:
    """Writes later statements with the random numbers of one block."""

    __slots__ = ("_bits", "_block", "_know", "_out", "_records", "_serial")

    def __init__(
        self, know: Knowledge, rng: Random, block: int, records: FirstRecords, out: Out
    ) -> None:
        """Share the block's random numbers; ``out`` takes the rows."""
        self._know = know
        self._bits = rng.getrandbits
        self._block = block
        self._records = records
        self._out = out
        self._serial = 0

    def _add(
        self, batch: str, person: Person, day: int, kind: str, claims: dict[str, object]
    ) -> None:
        self._serial += 1
        reference = f"{self._block}.{self._serial}/{YEARS[day]}"
        self._out[batch].append((person.pid, False, DATES[day], kind, reference, claims))

    def tell(self, person: Person, home: Household) -> None:
        """Write everything that happened to one person after the first record."""
        first = person.first
        death = person.death
        if person.wrong_pid:
            self._reissue(person)
        if person.married:
            self._marriage(person, first)
        former = person.former
        if former is not None and first < person.former_until and not death:
            self._join(person)
        if len(home.dwelling.stays) > 1 or (
            first < NEW_MAP_DAY and not (death and death <= NEW_MAP_DAY)
        ):
            self._moves(person, home)
        if death:
            self._death(person)
        else:
            if home.former_head is not None and first < home.former_head.death:
                self._new_head(person, home)
            if person.missing:
                self._missing(person)
            self._renewed_card(person)
            self._lodging(person)

    def entered_at_birth(self, person: Person) -> None:
        """Write where the police registered somebody who entered by a birth certificate."""
        claims: dict[str, object] = {"religion": person.clan.religion}
        day = min(person.first + SETTLED_AFTER, self._know.today)
        if person.death:
            day = min(day, person.death)
        self._records.residence(person, day, claims)
        self._add("newborn-residences", person, day, "residence_decision", claims)

    def _reissue(self, person: Person) -> None:
        day = min(person.first + 90 + self._bits(9), self._know.today - 1)
        self._serial += 1
        claims: dict[str, object] = {
            "pid": person.pid,
            "sex": SEXES[person.female],
            "birth_date": birth_text(person),
        }
        reference = f"{self._block}.{self._serial}/{YEARS[day]}"
        row: Row = (person.wrong_pid, False, DATES[day], "pid_reissue", reference, claims)
        self._out["pid-reissues"].append(row)

    def _marriage(self, person: Person, first: int) -> None:
        spouse = person.spouse
        if spouse is None:
            return
        wedding, divorced, death = person.married, person.divorced, person.death
        if first < wedding and not (death and death <= wedding):
            self._serial += 1
            register = f"{self._block}.{self._serial}/{YEARS[wedding]}"
            claims: dict[str, object] = {
                "marital_status": MARRIED,
                "spouse_name": spouse.name,
                "spouse_nationality": NATION,
                "marriage_registration_number": register,
                "marriage_date": ISO[wedding],
            }
            if spouse.registered:
                claims["spouse_pid"] = spouse.pid
            self._out["marriages"].append(
                (person.pid, False, DATES[wedding], "marriage_certificate", register, claims)
            )
        if divorced and first < divorced:
            alone: dict[str, object] = {
                "marital_status": DIVORCED,
                "divorce_date": ISO[divorced],
                "spouse_name": None,
                "spouse_pid": None,
            }
            self._add("divorces", person, divorced, "divorce_decision", alone)
        lost = spouse.death
        if not divorced and lost and first < lost and not (death and death <= lost):
            widowed: dict[str, object] = {
                "marital_status": WIDOWED,
                "spouse_name": None,
                "spouse_pid": None,
            }
            self._add("deaths", person, lost, "death_certificate", widowed)

    def _join(self, person: Person) -> None:
        """Enter the household of marriage, or leave it after a divorce."""
        claims: dict[str, object] = {}
        day = person.former_until
        self._records.residence(person, day, claims)
        self._add("moves", person, day, "residence_decision", claims)

    def _moves(self, person: Person, home: Household) -> None:
        since = max(person.first, person.former_until)
        death = person.death
        for stay in home.dwelling.stays:
            if stay.start > since and not (death and death <= stay.start):
                self._move(person, home, stay.start, "residence_decision")
        if since >= NEW_MAP_DAY or (death and death <= NEW_MAP_DAY):
            return
        # Some families of split wards, and a few others, have told their address on the new map;
        # of the rest of the split wards the register knows only the likeliest unit.
        last = home.dwelling.stay_on(NEW_MAP_DAY)
        split = len(self._know.places.wards[last.ward].successors) > 1
        chance = int(home.number[-4:]) * SPREAD & 0xFFFF
        told = self._know.household["redeclared_split" if split else "redeclared"]
        if last.start < NEW_MAP_DAY and (chance < told or home.number == HOUSEHOLD_NUMBER):
            self._move(person, home, NEW_MAP_DAY, "decision")

    def _move(self, person: Person, home: Household, day: int, kind: str) -> None:
        address = home.dwelling.stay_on(day).address(day, self._know.places)
        name = "permanent_residence" if home.dwelling.permanent is None else "temporary_residence"
        claims: dict[str, object] = {name: address}
        if not person.abroad:
            claims["current_residence"] = address
        self._add("moves", person, day, kind, claims)

    def _new_head(self, person: Person, home: Household) -> None:
        former = home.former_head
        if former is None or max(person.first, person.former_until) >= former.death:
            return
        day = min(former.death + SETTLED_AFTER, self._know.today)
        claims: dict[str, object] = {"household_relationship": relationship(person, home.head, day)}
        self._add("moves", person, day, "form_ct01", claims)

    def _death(self, person: Person) -> None:
        day = person.death
        self._serial += 1
        register = f"{self._block}.{self._serial}/{YEARS[day]}"
        claims: dict[str, object] = {
            "life_status": DEAD,
            "death_date": ISO[day],
            "death_registration_number": register,
        }
        row: Row = (person.pid, False, DATES[day], "death_certificate", register, claims)
        self._out["deaths"].append(row)
        left: dict[str, object] = {"household_number": None, "household_relationship": None}
        later = min(day + SETTLED_AFTER, self._know.today)
        self._add("moves", person, later, "residence_decision", left)

    def _missing(self, person: Person) -> None:
        claims: dict[str, object] = {"life_status": MISSING, "missing_date": ISO[person.missing]}
        self._add(
            "missing", person, min(person.missing + 60, self._know.today), "court_decision", claims
        )

    def _renewed_card(self, person: Person) -> None:
        bits = self._bits
        draw = bits(16)
        if draw >= self._know.person["card_renewed"]:
            return
        day = person.first + RENEWED_AFTER + (draw & 511)
        if day < self._know.today and day - person.birth > CARD_AGE:
            claims: dict[str, object] = {}
            self._records.card(person, day, 2, claims)
            self._add("cards", person, day, "identity_card", claims)

    def _lodging(self, person: Person) -> None:
        """Write a stay in one of the few guest houses of a commune; some are over by now.

        Drawn by the person's number, not from the block's: so the rest of the city does not depend
        on who travels.
        """
        lot = int(person.pid) * SPREAD >> 8
        know = self._know
        day = know.today - (lot >> 16) % NOTICED_WITHIN
        if lot & 0xFFFF >= know.person["lodges"] or person.abroad or person.first > day:
            return
        city = know.places.cities[know.cities[lot >> 20 & 255]]
        commune = know.places.communes[city.communes[lot >> 24 & 4095]]
        street = city.streets[int(commune.code) + (lot >> 30) % GUEST_HOUSES & 255]
        unit = commune.place
        text = f"{1 + int(commune.code) % 200} {street}, {unit.text}"
        claims: dict[str, object] = {
            "lodging": AddressValue(text, unit.unit_code, unit.code_date),
            "lodging_until": ISO[day + 1 + (lot >> 32) % LONGEST_LODGING],
        }
        self._add("lodgings", person, day, "lodging_notice", claims)
