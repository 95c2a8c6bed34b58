"""When people enter the register, and with which numbers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dancu.synthesis.days import YEARS, new_year, number, years
from dancu.synthesis.dwellings import Builder, Dwelling
from dancu.synthesis.people import WOMAN, Household, Person

if TYPE_CHECKING:
    from random import Random

    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.pids import PidIssuer

#: Who died before this day never entered the register.
REGISTER_BEGAN = number(dt.date(2017, 7, 1))
BIRTHS_ENTERED_SINCE = new_year(2017)
REGISTRATION = 4
#: Household numbers of a block that are kept for anchors.
RESERVED_HOMES = 9
OLD_NUMBER_BORN_BEFORE = new_year(2002)
PHONE_AGE = years(15)
ABROAD_UP_TO = years(60)
MOVED_AFTER_WEDDING = 20
LEFT_AFTER_DIVORCE = 30
TEN_MILLION = 10_000_000
ABROAD = (
    "Berlin, Đức", "Praha, Séc", "Osaka, Nhật Bản", "Tokyo, Nhật Bản", "Seoul, Hàn Quốc",
    "Đài Bắc, Đài Loan", "Sydney, Australia", "Melbourne, Australia", "Houston, Hoa Kỳ",
    "San Jose, Hoa Kỳ", "Paris, Pháp", "Warszawa, Ba Lan", "Moskva, Nga", "Toronto, Canada",
    "London, Anh", "Singapore",
)  # fmt: skip


class Clerk:
    """Enters families with the random numbers of one block."""

    __slots__ = ("_bits", "_block", "_builder", "_homes", "_know", "_today")

    def __init__(self, know: Knowledge, rng: Random, block: int) -> None:
        """Share the block's random numbers."""
        self._know = know
        self._bits = rng.getrandbits
        self._today = know.today
        self._block = block
        self._homes = RESERVED_HOMES
        self._builder = Builder(know.places, rng.getrandbits)

    def enter(self, home: Household) -> int:
        """Set the day on which each member enters; return how many do."""
        couple = home.couple
        if couple.divorced and couple.married > home.collected:
            home.collected = couple.divorced + LEFT_AFTER_DIVORCE
        count = 0
        for person in home.members:
            person.first = self._entered(person.birth, home.collected)
            spouse = person.spouse
            if spouse is not None and spouse.registered:
                self._former_home(person, home)
            count += 1
        for person in home.past:
            person.registered = self._enter_dead(person)
            count += person.registered
        self._former_head(home)
        return count

    def number(self, home: Household, province: str) -> None:
        """Give the household its number."""
        self._homes += 1
        home.number = f"{province}{self._block:05d}{self._homes:04d}"

    def _entered(self, birth: int, collected: int) -> int:
        """Return the day of collection, or of birth registration for those born later."""
        if birth < collected:
            return collected
        return birth + REGISTRATION + (self._bits(6) & 31)

    def _enter_dead(self, person: Person) -> bool:
        death = person.death
        if death < REGISTER_BEGAN:
            return False
        if person.birth >= BIRTHS_ENTERED_SINCE:
            person.first = person.birth + REGISTRATION
            return person.first < death
        first, last = self._know.early
        last = min(last, death - 1)
        day = first + self._bits(16) * (last - first) // 65536
        if 0 < person.married < death:
            day = min(max(day, person.married + 1), death - 1)
        person.first = day
        return True

    def _former_home(self, person: Person, home: Household) -> None:
        """Let people who wed or divorced after their first record begin in another household."""
        if person.divorced:
            self._leave_by_divorce(person, home)
            return
        wedding = person.married
        if wedding <= home.collected:
            return
        parent = person.mother
        if parent is not None and parent.home is home:
            return
        former = parent.home if parent is not None and parent.home is not None else None
        if former is None or former.collected >= wedding or not former.members:
            former = self._alone(person, home)
        person.first = max(former.collected, person.birth + REGISTRATION)
        person.former, person.former_until = former, wedding + MOVED_AFTER_WEDDING

    def _leave_by_divorce(self, person: Person, home: Household) -> None:
        spouse = person.spouse
        if person.female or spouse is None or spouse.home is None or home.couple is not person:
            return
        family = spouse.home
        if family.collected < person.divorced and person.married <= family.collected:
            person.first = self._entered(person.birth, family.collected)
            person.former = family
            person.former_until = person.divorced + LEFT_AFTER_DIVORCE
        else:
            person.first = max(person.divorced + LEFT_AFTER_DIVORCE, home.collected)

    def _alone(self, person: Person, home: Household) -> Household:
        city = self._know.places.cities[person.clan.city]
        stay = self._builder.house(city, 0)
        former = Household(person, Dwelling([stay], None))
        former.collected = home.collected
        self.number(former, city.province)
        return former

    def _former_head(self, home: Household) -> None:
        couple = home.couple
        for founder in (couple, couple.spouse):
            if founder is None or founder is home.head or founder not in home.past:
                continue
            if founder.registered and (not founder.female or home.former_head is None):
                home.former_head = founder

    def identify(self, person: Person, pids: PidIssuer, home: Household) -> None:
        """Give somebody who is registered the numbers of a lifetime."""
        bits = self._bits
        shares = self._know.person
        birth = person.birth
        year = YEARS[birth]
        person.pid = pids.issue(person.pid_code, person.female, year)
        if birth < OLD_NUMBER_BORN_BEFORE and bits(16) < shares["old_id_number"]:
            person.old_id = f"{person.pid_code[1:]}{bits(24) % TEN_MILLION:07d}"
        if self._today - birth < PHONE_AGE or person.death:
            return
        draw = bits(16)
        if draw < shares["phone"]:
            if draw < shares["phone_shared"]:
                person.phone = home.phone = home.phone or self._phone()
            else:
                person.phone = self._phone()
        draw = bits(16)
        if draw < shares["two_pids"] and not person.children and person.spouse is None:
            self._wrong_number(person, pids, year)
        elif draw > 65535 - shares["abroad"] and self._today - birth < ABROAD_UP_TO:
            person.abroad = ABROAD[draw & 15]
        elif draw & 32767 > 32767 - (shares["missing"] >> 1) and home.head is not person:
            person.missing = self._today - 100 - bits(8)
            if person.missing <= person.first:
                person.missing = 0

    def _phone(self) -> str:
        prefixes = self._know.prefixes
        bits = self._bits
        return f"+84{prefixes[bits(8) % len(prefixes)][1:]}{bits(24) % TEN_MILLION:07d}"

    def _wrong_number(self, person: Person, pids: PidIssuer, year: int) -> None:
        """Plant a first number with the wrong sex or the wrong year."""
        if self._bits(1):
            person.wrong_pid = pids.issue(person.pid_code, WOMAN - person.female, year)
        else:
            person.wrong_pid = pids.issue(person.pid_code, person.female, year - 1)
