"""What must be true of every city. ``broken`` returns what is not; nothing is the right answer."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from dancu.kernel.pid import Pid
from dancu.synthesis.days import YEARS, years
from dancu.synthesis.kinship import HEAD, OTHER, relationship
from dancu.synthesis.records import MARRIED, SEXES, WIDOWED, marital_status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dancu.synthesis.blocks import Block
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Household, Person

PARENT_OLDER = years(16)
MOTHER_AT_MOST = years(46)
POSTHUMOUS = 300
HUSBAND, WIFE = years(20), years(18)
#: Relationships nobody can put a word to are rare.
OTHERS_AT_MOST = 0.02


def broken(blocks: Iterable[Block], know: Knowledge) -> list[str]:
    """Return one line for each rule that somebody breaks."""
    found: list[str] = []
    pids: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    others = people = 0
    for block in blocks:
        for home in block.homes:
            numbers[home.number] += 1
            found += _household(home, know.today)
            others += sum(relationship(p, home.head, know.today) == OTHER for p in home.members)
        for person in block.people():
            people += 1
            pids[person.pid] += 1
            if person.wrong_pid:
                pids[person.wrong_pid] += 1
            for rule in (_papers, _parents, _marriage, _life):
                found += [
                    f"{person.name} {person.pid}: {what}" for what in rule(person, know.today)
                ]
    found += [f"PID {pid} was given {count} times" for pid, count in pids.items() if count > 1]
    found += [f"two households are {number}" for number, n in numbers.items() if n > 1]
    if others > people * OTHERS_AT_MOST + 3:
        found.append(f"{others} of {people} people are of no kin to their household")
    return found


def _household(home: Household, today: int) -> Iterator[str]:
    heads = [p for p in home.members if relationship(p, home.head, today) == HEAD]
    if home.members and len(heads) != 1:
        yield f"household {home.number} has {len(heads)} heads"
    if home.members and home.head.birth > today - years(18):
        yield f"the head of household {home.number} is a child"
    for person in (*home.members, *home.past):
        if person.home is not home:
            yield f"{person.name} is in household {home.number} and in another"
    starts = [stay.start for stay in home.dwelling.stays]
    if starts != sorted(starts) or starts[-1] > today:
        yield f"the moves of household {home.number} are out of order"


def _papers(person: Person, _: int) -> Iterator[str]:
    pid = Pid(person.pid)
    if pid.sex != SEXES[person.female]:
        yield "the PID belongs to the other sex"
    if pid.birth_year != YEARS[person.birth]:
        yield "the PID belongs to another year"
    if not unicodedata.is_normalized("NFC", person.name) or person.name != " ".join(
        person.name.split()
    ):
        yield "the name is not NFC with single spaces"


def _parents(person: Person, _: int) -> Iterator[str]:
    father, mother = person.father, person.mother
    for parent in (father, mother):
        if parent is not None and person.birth - parent.birth < PARENT_OLDER:
            yield f"a parent ({parent.name}) is less than 16 years older"
        if parent is not None and person not in parent.children:
            yield f"{parent.name} does not know this child"
    if mother is not None:
        yield from _mother(person, mother)
    if father is not None:
        if father.female:
            yield "the father is a woman"
        if father.death and person.birth > father.death + POSTHUMOUS:
            yield "was born long after the father's death"


def _mother(person: Person, mother: Person) -> Iterator[str]:
    if person.birth - mother.birth > MOTHER_AT_MOST:
        yield "the mother was too old"
    if mother.death and person.birth > mother.death:
        yield "was born after the mother's death"
    if not mother.female:
        yield "the mother is a man"


def _marriage(person: Person, today: int) -> Iterator[str]:
    spouse = person.spouse
    if spouse is None:
        return
    if spouse.spouse is not person or spouse.female == person.female:
        yield "is not the spouse of the spouse"
    if spouse.married != person.married or spouse.divorced != person.divorced:
        yield "husband and wife know different days"
    if person.married - person.birth < (WIFE if person.female else HUSBAND):
        yield "married too young"
    if person.death and person.death <= person.married:
        yield "married after death"
    status = marital_status(person, today)
    if not person.divorced and (status == WIDOWED) != bool(spouse.death):
        yield "widowhood does not fit"
    if status == MARRIED and spouse.death:
        yield "is married to a dead person"


def _life(person: Person, today: int) -> Iterator[str]:
    death = person.death
    if death and death <= person.birth:
        yield "died before birth"
    if not person.birth < person.first <= today:
        yield "entered the register before birth or after today"
    if death and person.first >= death:
        yield "entered the register after death"
    former = person.former
    if former is not None and not (former.number and person.first < person.former_until):
        yield "left a household before entering the register, or one without a number"
    if not death and person.home is not None and person not in person.home.members:
        yield "lives in no household"
