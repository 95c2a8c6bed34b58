"""What other agencies' registers tell about a person: three or four attributes a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.anchors import MOTHER, WRONG_BIRTH_DATE
from dancu.synthesis.days import DATES, ISO, YEAR, YEARS
from dancu.synthesis.people import DAY
from dancu.synthesis.records import birth_text

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.door import Row
    from dancu.synthesis.happenings import Out
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Person

SCHOOL_AGES = (6, 18)
UPPER_SCHOOL, LOWER_SCHOOL = 15, 11
WORKING_AGES = (18, 60)
TAX_AGES = (20, 60)
DRIVING_AGES = (18, 70)
EID_AGE = 14
SOCIAL_PENSION_AGE = 80
INFANT, ADULT, OLD = 6, 18, 60
TEN_DIGITS = 10_000_000_000
MILLION = 1_000_000
WITHIN = 420


class Enrichment:
    """Writes enrichment rows with the random numbers of one block."""

    __slots__ = ("_bits", "_block", "_know", "_out", "_serial")

    def __init__(self, know: Knowledge, rng: Random, block: int, out: Out) -> None:
        """Share the block's random numbers; ``out`` takes the rows."""
        self._know = know
        self._bits = rng.getrandbits
        self._block = block
        self._out = out
        self._serial = 0

    def tell(self, person: Person) -> None:
        """Write what the registers tell about a living person."""
        bits = self._bits
        shares = self._know.enrichment
        age = int((self._know.today - person.birth) / YEAR)
        if bits(16) < shares["health_insurance"] or person.pid == MOTHER.pid:
            self._health_insurance(person, age)
        if age < SCHOOL_AGES[1]:
            if age >= SCHOOL_AGES[0] and bits(16) < shares["education"]:
                self._education(person, age)
            return
        if age < WORKING_AGES[1]:
            if bits(16) < shares["labour"]:
                self._labour(person)
            if age >= TAX_AGES[0] and bits(16) < shares["tax"]:
                claims: dict[str, object] = {"tax_code": person.pid, "tax_dependant_count": bits(2)}
                self._add("tax", person, claims)
        elif age >= SOCIAL_PENSION_AGE and bits(16) < shares["welfare"]:
            self._welfare(person)
        if age < DRIVING_AGES[1] and bits(16) < shares["driving"]:
            self._driving(person)
        self._devices(person)

    def _devices(self, person: Person) -> None:
        bits = self._bits
        shares = self._know.enrichment
        if person.phone and bits(16) < shares["telecom"]:
            self._telecom(person)
        if bits(16) < shares["eid"]:
            level: dict[str, object] = {
                "eid_level": "1" if bits(3) == 0 else "2",
                "eid_status": "HOAT_DONG",
            }
            self._add("eid", person, level)

    def _add(self, batch: str, person: Person, claims: dict[str, object]) -> None:
        bits = self._bits
        self._serial += 1
        today = self._know.today
        day = max(today - 1 - bits(16) * WITHIN // 65536, min(person.first + 7, today))
        if bits(16) < self._know.enrichment["wrong"]:
            self._mistake(person, claims)
        reference = f"{self._block}.{self._serial}"
        row: Row = (person.pid, False, DATES[day], "file", reference, claims)
        self._out[batch].append(row)

    def _mistake(self, person: Person, claims: dict[str, object]) -> None:
        """Let the register hold another name or another birth date."""
        parts = person.name.split(" ")
        if self._bits(1) and len(parts) > len(("surname", "given")):
            claims["full_name"] = f"{parts[0]} {parts[-1]}"
            return
        text = birth_text(person)
        if (
            person.precision == DAY
            and text[5:7] != text[8:]
            and int(text[8:]) <= len("123456789012")
        ):
            claims["birth_date"] = f"{text[:4]}-{text[8:]}-{text[5:7]}"
        else:
            claims["birth_date"] = f"{YEARS[person.birth]}-01-01"

    def _health_insurance(self, person: Person, age: int) -> None:
        bits = self._bits
        work = self._know.work
        if age < ADULT:
            insured = work.insured["child" if age < INFANT else "pupil"]
        else:
            insured = work.insured["adult" if age < OLD else "old"]
        city = self._know.places.cities[person.clan.city].province
        clinics = work.clinics[city]
        claims: dict[str, object] = {
            "health_insurance_number": f"{bits(40) % TEN_DIGITS:010d}",
            "health_insurance_object": insured[bits(8)],
            "health_insurance_expiry_date": ISO[self._know.today + 30 + bits(8)],
            "health_insurance_facility": clinics[bits(8) % len(clinics)],
        }
        if person.pid == MOTHER.pid:
            claims["birth_date"] = WRONG_BIRTH_DATE
        self._add("health-insurance", person, claims)

    def _education(self, person: Person, age: int) -> None:
        bits = self._bits
        schools = self._know.work.schools
        level = 2 if age >= UPPER_SCHOOL else int(age >= LOWER_SCHOOL)
        names = schools[level]
        claims: dict[str, object] = {
            "student_code": f"{bits(40) % TEN_DIGITS:010d}",
            "school": names[bits(8) % len(names)],
            "school_grade": f"Lớp {age - 5}",
        }
        self._add("education", person, claims)

    def _labour(self, person: Person) -> None:
        bits = self._bits
        work = self._know.work
        claims: dict[str, object] = {
            "occupation": work.occupations[bits(8)],
            "employment_status": "CO_VIEC_LAM",
            "workplace": work.workplaces[bits(8)],
        }
        self._add("labour", person, claims)

    def _welfare(self, person: Person) -> None:
        claims: dict[str, object] = {
            "welfare_category": "HUU_TRI_XA_HOI",
            "social_pension_date": "2025-07-01",
        }
        self._add("welfare", person, claims)

    def _driving(self, person: Person) -> None:
        bits = self._bits
        number = (
            f"{person.pid_code[1:]}{person.pid[3]}{bits(5) % 24:02d}{bits(23) % (10 * MILLION):07d}"
        )
        claims: dict[str, object] = {
            "driving_licence_number": number,
            "driving_licence_classes": self._know.work.driving[bits(8)],
            "driving_licence_points": 12 - (bits(3) == 0) * 2,
        }
        self._add("driving", person, claims)

    def _telecom(self, person: Person) -> None:
        operator = self._know.networks[f"0{person.phone[3:5]}"]
        claims: dict[str, object] = {
            "subscriber_numbers": [person.phone],
            "subscriber_since": ISO[self._know.today - WITHIN - 30 - self._bits(12)],
        }
        self._add(operator.lower(), person, claims)
