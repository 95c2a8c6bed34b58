"""The rows of a specialised file: clean first, then with faults planted."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from dancu.synthesis.blocks import block_count, make_block
from dancu.synthesis.days import ISO, YEAR
from dancu.synthesis.dirty.drafts import Draft, Truth
from dancu.synthesis.dirty.faults import Planter
from dancu.synthesis.people import DAY, MONTH
from dancu.synthesis.records import SEXES, birth_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dancu.synthesis.blocks import Block
    from dancu.synthesis.dirty.config import Sheet
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Person

BITS = 20
DUPLICATE_WITHIN = 60
TEN_DIGITS = 10_000_000_000
AMOUNTS = (500_000, 750_000, 1_000_000, 1_250_000)
CATEGORIES = ("Người cao tuổi", "Hưu trí xã hội", "Khuyết tật nặng", "Khuyết tật đặc biệt nặng")
SERIES = "ABCDEFGHKLMNPSTUVXYZ"
LOCALITIES = {"79": ("41", "50", "51", "59"), "01": ("29", "30", "33", "40")}
UPPER_SCHOOL, LOWER_SCHOOL, LEFT_SCHOOL = 15, 11, 18


def blocks(know: Knowledge, seed: int, people: int) -> Iterator[Block]:
    """Yield the blocks of a city, one at a time."""
    for number in range(block_count(people, know)):
        yield make_block(know, seed, number, people)


class SheetRows:
    """Makes the rows of one file, block by block; keeps what one block leaves to the next."""

    def __init__(self, know: Knowledge, sheet: Sheet, seed: int) -> None:
        """Begin an empty file."""
        self._know = know
        self._sheet = sheet
        self._seed = seed
        self._planter = Planter(know.places, sheet.rates, sheet.most_faults)
        self._phone_above = ""
        self._makers: dict[str, Callable[[Person, random.Random], object]] = {
            "school": self._school,
            "grade": self._grade,
            "insurance_number": _ten_digits,
            "clinic": self._clinic,
            "doses": _doses,
            "plate": self._plate,
            "since": self._since,
            "category": _category,
            "amount": _amount,
        }

    def of_block(self, block: Block) -> Iterator[Draft]:
        """Yield the rows that a block gives, duplicates a little later than their originals."""
        # Ready for nobody's secrets: the same block gives the same rows.
        rng = random.Random(f"dancu:dirty:{self._seed}:{self._sheet.name}:{block.number}")  # noqa: S311
        waiting: list[tuple[int, Draft]] = []
        count = 0
        for person in block.people():
            if not self._is_in(person, rng):
                continue
            draft = self._draft(person, rng)
            if rng.random() < self._sheet.rates.get("DUP", 0.0):
                waiting.append((count + rng.randrange(1, DUPLICATE_WITHIN), draft.again()))
            yield self._with_faults(draft, rng)
            count += 1
            while waiting and waiting[0][0] <= count:
                yield self._with_faults(waiting.pop(0)[1], rng)
        for _, draft in waiting:
            yield self._with_faults(draft, rng)

    def _is_in(self, person: Person, rng: random.Random) -> bool:
        sheet = self._sheet
        age = (self._know.today - person.birth) / YEAR
        first, up_to = sheet.ages
        if not first <= age < up_to or rng.random() >= sheet.share:
            return False
        if person.death and rng.random() >= sheet.dead_kept:
            return False
        return bool(person.phone) or not sheet.needs_phone

    def _draft(self, person: Person, rng: random.Random) -> Draft:
        know, sheet = self._know, self._sheet
        home = person.home
        if home is None:
            raise LookupError(person.pid)
        stay = home.dwelling.stays[-1]
        address = stay.address(know.today, know.places)
        phone = f"0{person.phone[3:]}" if person.phone else _family_phone(person)
        truth = Truth(
            pid=person.pid,
            name=person.name,
            birth_date=birth_text(person),
            sex=SEXES[person.female],
            phone=phone,
            address=address.text,
            unit_code=address.unit_code,
            dead=bool(person.death),
        )
        cells: dict[str, object] = {
            "pid": truth.pid,
            "name": truth.name.upper() if sheet.upper_case else truth.name,
            "birth": birth_cell(person),
            "sex": sheet.sexes[person.female],
            "phone": phone,
            "address": address.text,
        }
        for _, value in sheet.columns:
            maker = self._makers.get(value)
            if maker is not None:
                cells[value] = maker(person, rng)
        draft = Draft(truth, person, stay, cells)
        if person.death:
            draft.errors.append("DEAD_ACTIVE")
        return draft

    def _with_faults(self, draft: Draft, rng: random.Random) -> Draft:
        above, self._phone_above = self._phone_above, draft.truth.phone
        if above and above != draft.truth.phone:
            shared = rng.random() < self._sheet.rates.get("PHONE_SHARED", 0.0)
            if shared:
                draft.cells["phone"] = above
                draft.errors.append("PHONE_SHARED")
        self._planter.plant(draft, rng)
        return draft

    def _school(self, person: Person, rng: random.Random) -> str:
        age = (self._know.today - person.birth) / YEAR
        if age >= LEFT_SCHOOL:
            return "Cao đẳng, đại học"
        level = 2 if age >= UPPER_SCHOOL else int(age >= LOWER_SCHOOL)
        return rng.choice(self._know.work.schools[level])

    def _grade(self, person: Person, rng: random.Random) -> str:
        year = int((self._know.today - person.birth) / YEAR) - 5
        return f"{year}A{rng.randrange(1, 9)}" if year + 5 < LEFT_SCHOOL else f"Năm {year - 12}"

    def _clinic(self, person: Person, rng: random.Random) -> str:
        city = self._know.places.cities[person.clan.city].province
        return rng.choice(self._know.work.clinics[city])

    def _plate(self, person: Person, rng: random.Random) -> str:
        city = self._know.places.cities[person.clan.city].province
        start = f"{rng.choice(LOCALITIES[city])}{rng.choice(SERIES)}"
        if rng.random() < 0.8:  # noqa: PLR2004 - four of five vehicles are motorbikes
            return f"{start}{rng.randrange(1, 10)}-{rng.randrange(100_000):05d}"
        return f"{start}-{rng.randrange(100_000):05d}"

    def _since(self, _: Person, rng: random.Random) -> str:
        return vietnamese(ISO[self._know.today - rng.randrange(30, 4000)])


def vietnamese(iso: str) -> str:
    """Return ``dd/mm/yyyy`` for an ISO date."""
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"


def birth_cell(person: Person) -> str:
    """Return the birth date as a Vietnamese file writes it, as far as it is known."""
    text = vietnamese(ISO[person.birth])
    if person.precision == DAY:
        return text
    return text[3:] if person.precision == MONTH else text[6:]


def _family_phone(person: Person) -> str:
    for parent in (person.mother, person.father):
        if parent is not None and parent.registered and parent.phone:
            return f"0{parent.phone[3:]}"
    return ""


def _ten_digits(_: Person, rng: random.Random) -> str:
    return f"{rng.randrange(TEN_DIGITS):010d}"


def _doses(_: Person, rng: random.Random) -> int:
    return rng.randrange(1, 5)


def _category(_: Person, rng: random.Random) -> str:
    return rng.choice(CATEGORIES)


def _amount(_: Person, rng: random.Random) -> int:
    return rng.choice(AMOUNTS)
