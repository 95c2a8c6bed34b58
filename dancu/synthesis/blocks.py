"""Blocks: the units in which a city is made.

A block holds a fixed number of people (the last one the rest) and depends on nothing but the seed,
its number and the catalogue. So blocks can be made in any order, in any process, one at a time.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from dancu.synthesis.anchors import anchor_household
from dancu.synthesis.families import Grower
from dancu.synthesis.origins import Ancestry
from dancu.synthesis.papers import Clerk
from dancu.synthesis.people import Household, Person
from dancu.synthesis.pids import PidIssuer
from dancu.synthesis.settling import Settler
from dancu.synthesis.strays import strays

if TYPE_CHECKING:
    from dancu.synthesis.knowledge import Knowledge

#: The anchor family lives in this block.
ANCHOR_BLOCK = 0
#: When so few places are left, only young people who live alone are taken in.
FEW = 6
YOUNG = (2000, 2004)


class Block:
    """People of one block, household by household."""

    __slots__ = ("homes", "number", "rng", "strays")

    def __init__(self, number: int, rng: random.Random) -> None:
        """Make an empty block."""
        self.number = number
        self.rng = rng
        self.homes: list[Household] = []
        #: People without papers; they belong to no household.
        self.strays: list[Person] = []

    def people(self) -> list[Person]:
        """Return everybody who is in the register, those without papers apart."""
        return [
            person
            for home in self.homes
            for group in (home.members, home.past)
            for person in group
            if person.registered
        ]


def block_count(people: int, know: Knowledge) -> int:
    """Return how many blocks a city of so many people has."""
    return -(-people // know.per_block)


def make_block(know: Knowledge, seed: int, number: int, people: int) -> Block:
    """Make block ``number`` of a city of ``people``. The same arguments give the same block."""
    size = min(know.per_block, people - number * know.per_block)
    rng = random.Random(f"dancu:{seed}:{number}")  # noqa: S311 - invented people need no secrets
    block = Block(number, rng)
    maker = _Maker(know, rng, seed, block)
    if number == ANCHOR_BLOCK:
        maker.take(anchor_household(know))
    block.strays = strays(know, rng, size)
    maker.fill(size - len(block.strays))
    return block


class _Maker:
    """Fills one block."""

    __slots__ = ("_ancestry", "_block", "_clerk", "_count", "_grower", "_know", "_pids", "_settler")

    def __init__(self, know: Knowledge, rng: random.Random, seed: int, block: Block) -> None:
        self._know = know
        self._block = block
        self._ancestry = Ancestry(know, rng)
        self._grower = Grower(know, rng)
        self._settler = Settler(know, rng)
        self._clerk = Clerk(know, rng, block.number)
        self._pids = PidIssuer(seed, block.number)
        self._count = 0

    def take(self, home: Household) -> None:
        """Add a household that is ready."""
        self._block.homes.append(home)
        self._count += len(home.members) + sum(p.registered for p in home.past)

    def fill(self, size: int) -> None:
        """Add families until the block has ``size`` people in households."""
        bits = self._block.rng.getrandbits
        years = self._know.demography.root_years
        while self._count < size:
            left = size - self._count
            year = years[bits(10)] if left > FEW else YOUNG[0] + bits(8) % (YOUNG[1] - YOUNG[0])
            clan = self._ancestry.found(year)
            root = self._grower.grow(clan, year)
            homes = self._settler.settle(root)
            taken: list[Household] = []
            for home in homes:
                count = self._clerk.enter(home)
                if 0 < count <= left:
                    left -= count
                    self._count += count
                    taken.append(home)
                else:
                    _leave_out(home)
            if taken:
                self._ancestry.trace(clan, root)
                self._give_numbers(taken)

    def _give_numbers(self, homes: list[Household]) -> None:
        clerk, pids = self._clerk, self._pids
        for home in homes:
            self._number(home)
        for home in homes:
            for group in (home.members, home.past):
                for person in group:
                    if person.registered:
                        clerk.identify(person, pids, home)
                        if person.former is not None and not person.former.number:
                            # The family that this person left is not in the register.
                            self._number(person.former)
            self._block.homes.append(home)

    def _number(self, home: Household) -> None:
        commune = self._know.places.communes[home.dwelling.stays[-1].commune]
        self._clerk.number(home, commune.province)


def _leave_out(home: Household) -> None:
    """Keep a household out of the register; its people are only somebody's relatives."""
    for group in (home.members, home.past):
        for person in group:
            person.registered = False
