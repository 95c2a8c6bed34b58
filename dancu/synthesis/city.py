"""A block's people as rows for the door in, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dancu.synthesis.batches import BATCHES
from dancu.synthesis.blocks import make_block
from dancu.synthesis.days import DATES
from dancu.synthesis.enrichment import Enrichment
from dancu.synthesis.happenings import Happenings
from dancu.synthesis.records import SEXES, FirstRecords, birth_text

if TYPE_CHECKING:
    from dancu.synthesis.blocks import Block
    from dancu.synthesis.door import Row
    from dancu.synthesis.knowledge import Knowledge
    from dancu.synthesis.people import Household, Person

Rows = dict[str, list["Row"]]


def rows_of_block(know: Knowledge, seed: int, number: int, people: int) -> Rows:
    """Return the rows of block ``number`` of a city, by the name of their batch."""
    return rows_of(know, make_block(know, seed, number, people))


def rows_of(know: Knowledge, block: Block) -> Rows:
    """Return the rows of a block. Draws from the block's random numbers: call it once."""
    out: Rows = {spec.name: [] for spec in BATCHES}
    writer = _Writer(know, block, out)
    for home in block.homes:
        for person in home.members:
            writer.person(person, home)
        for person in home.past:
            if person.registered:
                writer.person(person, home)
    for person in block.strays:
        writer.stray(person)
    return out


class _Writer:
    __slots__ = (
        "_births",
        "_block",
        "_collection",
        "_enrichment",
        "_happenings",
        "_know",
        "_records",
        "_strays",
    )

    def __init__(self, know: Knowledge, block: Block, out: Rows) -> None:
        self._know = know
        self._block = block
        self._records = FirstRecords(know, block.rng, block.number)
        self._happenings = Happenings(know, block.rng, block.number, self._records, out)
        self._enrichment = Enrichment(know, block.rng, block.number, out)
        self._collection = out["collection"]
        self._births = out["births"]
        self._strays = out["undocumented"]

    def person(self, person: Person, home: Household) -> None:
        if person.enters_by_birth:
            self._births.append(self._records.by_registrar(person))
            self._happenings.entered_at_birth(person)
        else:
            self._collection.append(self._records.by_police(person))
        self._happenings.tell(person, home)
        if not person.death:
            self._enrichment.tell(person)

    def stray(self, person: Person) -> None:
        home = person.home
        if home is None:
            return
        claims: dict[str, object] = {
            "full_name": person.name,
            "birth_date": birth_text(person),
            "sex": SEXES[person.female],
            "life_status": "SONG",
            "current_residence": home.dwelling.stays[0].address(person.first, self._know.places),
        }
        reference = f"NKDB-{self._block.number}-{len(self._strays) + 1}"
        row: Row = (None, True, DATES[person.first], "inspection", reference, claims)
        self._strays.append(row)
