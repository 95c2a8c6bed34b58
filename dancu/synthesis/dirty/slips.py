"""Slips in the register itself: one wrong fact in some people's records, with the truth beside.

The specialised files are dirty by themselves; this makes the city's own records so, through the
door in like every other word. Whoever was written wrongly, in what, and what is right goes into a
table of truth, so that cleaning can be measured.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.catalogue.files import folder, yaml_of
from dancu.synthesis.batches import batch_key
from dancu.synthesis.dirty.rows import blocks
from dancu.synthesis.door import incoming
from dancu.synthesis.knowledge import REFERENCE_DAY, knowledge
from dancu.synthesis.people import DAY
from dancu.synthesis.records import SEXES, birth_text

if TYPE_CHECKING:
    from dancu.access.types import Actor
    from dancu.population.types import BatchReport
    from dancu.synthesis.door import Row
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Person

NAME = "slips"
SOURCE = "C06"
#: Days before the day of the city on which the wrong words were written.
WRITTEN_BEFORE = 20
TRUTH = ("pid", "slip", "attribute", "written", "right")


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong fact of one person: what is written and what is right."""

    pid: str
    code: str
    attribute: str
    written: str
    right: str


def slips_of(
    know: Knowledge, *, people: int, seed: int, rates: Mapping[str, float] | None = None
) -> Iterator[Slip]:
    """Yield the slips of a city, the same for the same seed; one for each person at most."""
    given = rates if rates is not None else declared_rates()
    for block in blocks(know, seed, people):
        rng = random.Random(f"dancu:slips:{seed}:{block.number}")  # noqa: S311 - no secret
        for person in block.people():
            slip = _slip(person, given, rng)
            if slip is not None and _takes_hold(person):
                yield slip


def declared_rates() -> dict[str, float]:
    """Return the rates of ``catalogue/synthesis/dirty.yaml``, by the code of the slip."""
    return dict(yaml_of(folder() / "synthesis" / "dirty.yaml")["slips"])


def plant(
    *,
    people: int,
    seed: int,
    day: dt.date = REFERENCE_DAY,
    truth: Path | None = None,
    rates: Mapping[str, float] | None = None,
    actor: Actor | None = None,
) -> tuple[list[Slip], BatchReport]:
    """Write the slips of a city that was built into its register, and the truth into a file.

    Repeated, it changes nothing. Raises what ``population.batches.load`` raises.
    """
    from dancu.access.types import system_actor
    from dancu.kernel.clock import VIETNAM
    from dancu.population import batches

    found = list(slips_of(knowledge(day), people=people, seed=seed, rates=rates))
    written_on = day - dt.timedelta(days=WRITTEN_BEFORE)
    report = batches.load(
        source=SOURCE,
        key=batch_key(people, seed, NAME),
        rows=incoming(_row(one, number, written_on) for number, one in enumerate(found, 1)),
        actor=actor or system_actor(name="dancu synthesise", source=SOURCE),
        at=dt.datetime.combine(day, dt.time(18), VIETNAM),
        total=len(found),
    )
    if truth is not None:
        with truth.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(TRUTH)
            writer.writerows((s.pid, s.code, s.attribute, s.written, s.right) for s in found)
    return found, report


def _takes_hold(person: Person) -> bool:
    """Say whether a wrong word of the police would be believed: not against a birth on file."""
    return not person.death and person.home is not None and not person.enters_by_birth


def _row(slip: Slip, number: int, day: dt.date) -> Row:
    return (slip.pid, False, day, "file", f"SAI-{number}", {slip.attribute: slip.written})


def _slip(person: Person, rates: Mapping[str, float], rng: random.Random) -> Slip | None:
    draw = rng.random()
    for code, make in _SLIPS.items():
        rate = rates.get(code, 0.0)
        if draw < rate:
            return make(code, person)
        draw -= rate
    return None


def _born(code: str, person: Person, written: str) -> Slip | None:
    right = birth_text(person)
    if person.precision != DAY or written == right:
        return None
    return Slip(person.pid, code, "birth_date", written, right)


def _first_of_january(code: str, person: Person) -> Slip | None:
    return _born(code, person, f"{birth_text(person)[:4]}-01-01")


def _year(code: str, person: Person) -> Slip | None:
    right = birth_text(person)
    return _born(code, person, f"{int(right[:4]) - 1}{right[4:]}")


def _sex(code: str, person: Person) -> Slip:
    right, wrong = SEXES[person.female], SEXES[not person.female]
    return Slip(person.pid, code, "sex", wrong, right)


def _cut(code: str, person: Person) -> Slip:
    return Slip(person.pid, code, "full_name", person.name.rpartition(" ")[2], person.name)


_SLIPS: Mapping[str, Callable[[str, Person], Slip | None]] = {
    "FIRST_OF_JANUARY": _first_of_january,
    "SEX_SWAPPED": _sex,
    "YEAR_TYPED_WRONG": _year,
    "NAME_CUT": _cut,
}
