"""People of the synthetic city as a register holds them, with duplicates planted, and the truth.

Made straight by ``dancu.synthesis``. One person in twenty is recorded a second time, a few of those
a third time, by another source with the faults that real registers have: two numbers, the nine
digits of the former card, zeros lost, names misspelt or turned, dates swapped or vague, the home of
another time or on the map of before the reform, parents left out. Twins are planted as well, who
share all but their name and number and are two people.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from dancu.bench import linkage_faults as faults
from dancu.kernel.linkage.prepared import Context
from dancu.kernel.linkage.types import COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Person

#: Shares: of people recorded twice, of those recorded thrice, of people with a twin.
TWICE, THRICE, TWINS = 0.05, 0.08, 0.004

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Planted:
    """Records, and which of them are one person: pairs of keys, the smaller first."""

    records: pa.Table
    pairs: frozenset[tuple[str, str]]
    people: int


def make(records: int, seed: int) -> Planted:
    """Return so many records of a city."""
    import pyarrow as pa

    columns: dict[str, list[str]] = {name: [] for name in COLUMNS}
    pairs: set[tuple[str, str]] = set()
    people = 0
    for group in _groups(records, seed):
        people += 1
        first = len(columns["key"])
        room = records - first
        for number, row in enumerate(group[:room], first):
            columns["key"].append(f"{number:08d}")
            for name in COLUMNS[1:]:
                columns[name].append(row.get(name, ""))
        keys = columns["key"][first:]
        pairs.update(combinations(keys, 2))
        if len(columns["key"]) == records:
            break
    return Planted(pa.table(columns), frozenset(pairs), people)


def context() -> Context:
    """Return what the comparisons may know: the successions of 2025, old prefixes of telephones."""
    from dancu.synthesis.dirty.fault_numbers import OLD_PREFIXES
    from dancu.synthesis.knowledge import knowledge

    places = knowledge().places
    successions = {
        ward.place.unit_code: tuple(places.communes[one].code for one in ward.successors)
        for ward in places.wards
    }
    return Context(successions, {old: new for new, old in OLD_PREFIXES.items()})


def _groups(records: int, seed: int) -> Iterator[list[Row]]:
    """Yield the records of one person at a time."""
    from dancu.synthesis.blocks import make_block
    from dancu.synthesis.knowledge import knowledge

    know = knowledge()
    people = int(records * 1.05)
    number = 0
    while True:
        rng = random.Random(f"dancu:linkage:{seed}:{number}")  # noqa: S311 - invented people
        block = [one for one in make_block(know, seed, number, people).people() if one.home]
        rows = [_row(know, person) for person in block]
        for person, row in zip(block, rows, strict=True):
            if rng.random() < TWINS:
                yield [faults.twin(row, rng.choice(rows), rng)]
            if rng.random() < TWICE:
                again = [faults.again(know, person, row, rng, rows)]
                if rng.random() < THRICE:
                    again.append(faults.again(know, person, row, rng, rows))
                yield [row, *again]
            else:
                yield [row]
        number += 1


def _row(know: Knowledge, person: Person) -> Row:
    from dancu.synthesis.records import SEXES, birth_text

    home: Any = person.home
    address = home.dwelling.stays[-1].address(know.today, know.places)
    return {
        "full_name": person.name,
        "birth_date": birth_text(person),
        "sex": SEXES[person.female],
        "pid": person.pid,
        "old_id_number": person.old_id,
        "father_name": person.father_name,
        "mother_name": person.mother_name,
        "birth_place": person.birth_place.unit_code or person.birth_place.text,
        "commune": address.unit_code,
        "address": address.text,
        "phone": person.phone,
    }
