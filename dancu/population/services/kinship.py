"""Who is related to whom, as far as the register knows: parents and spouses by their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dancu.population.models import Person
from dancu.population.services.records import (
    HEAD,
    Record,
    people_of_pids,
    pids_of,
    read,
)

OTHER = "KHAC"
_PARENTS = ("father_pid", "mother_pid")


@dataclass(frozen=True, slots=True)
class Relative:
    """A person as far as kinship goes; also a child that is not in the register yet."""

    key: int
    sex: str
    born: str
    father: int | None
    mother: int | None
    spouse: int | None

    @property
    def parents(self) -> tuple[int, ...]:
        """The parents that are in the register."""
        return tuple(p for p in (self.father, self.mother) if p is not None)


@dataclass(slots=True)
class Family:
    """Relatives read so far; more are read as the questions reach them."""

    known: dict[int, Relative] = field(default_factory=dict)

    def add(self, records: Iterable[Record]) -> None:
        """Take in people."""
        new = [record for record in records if record.id not in self.known]
        names = ("father_pid", "mother_pid", "spouse_pid")
        found = people_of_pids(record.text(name) for record in new for name in names)
        for record in new:
            father, mother, spouse = (found.get(record.text(name)) for name in names)
            self.known[record.id] = Relative(
                record.id, record.text("sex"), record.text("birth_date"), father, mother, spouse
            )

    def of(self, key: int | None) -> Relative | None:
        """Return a person; ``None`` for nobody."""
        if key is None:
            return None
        if key not in self.known:
            self.add(read([key]).values())
        return self.known.get(key)

    def parents(self, who: Relative | None) -> list[Relative]:
        """Return the parents in the register."""
        return [p for p in (self.of(key) for key in (who.parents if who else ())) if p]

    def grandparents(self, who: Relative | None) -> list[Relative]:
        """Return the grandparents in the register."""
        return [g for parent in self.parents(who) for g in self.parents(parent)]

    def line(self, who: Relative, generations: int) -> set[int]:
        """Return the person and their ancestors, so many generations counted from the person."""
        found = {who.key}
        level = [who]
        for _level in range(generations - 1):
            level = [parent for person in level for parent in self.parents(person)]
            found |= {person.key for person in level}
        return found

    def are_close(self, one: Relative, other: Relative, generations: int) -> bool:
        """Say whether two people have a common origin within so many generations.

        With three: ancestors and descendants, brothers and sisters, uncle and niece, cousins.
        """
        return not self.line(one, generations).isdisjoint(self.line(other, generations))

    def relationship(self, who: Relative, head: Relative) -> str:
        """Return the code of what somebody is to the head of the household; ``KHAC`` if unknown."""
        if who.key == head.key:
            return HEAD
        for answer in (
            self._direct,
            self._descendant,
            self._ancestor,
            self._collateral,
            self._in_law,
        ):
            if code := answer(who, head):
                return code
        return OTHER

    def _direct(self, who: Relative, head: Relative) -> str:
        if head.spouse == who.key or who.spouse == head.key:
            return "VO" if who.sex == "F" else "CHONG"
        if head.key in who.parents:
            return "CON_DE"
        if who.key == head.father:
            return "CHA_DE"
        return "ME_DE" if who.key == head.mother else ""

    def _descendant(self, who: Relative, head: Relative) -> str:
        for parent in self.parents(who):
            if head.key in parent.parents:
                return "CHAU_NOI" if parent.key == who.father else "CHAU_NGOAI"
        if any(head.key in older.parents for older in self.grandparents(who)):
            return "CHAT"
        if head.spouse is not None and head.spouse in who.parents:
            return "CON_RIENG_VO_CHONG"
        return ""

    def _ancestor(self, who: Relative, head: Relative) -> str:
        for parent in self.parents(head):
            side = "NOI" if parent.key == head.father else "NGOAI"
            if who.key in parent.parents:
                return f"{'BA' if who.sex == 'F' else 'ONG'}_{side}"
            if any(who.key in older.parents for older in self.parents(parent)):
                return f"CU_{side}"
            if who.spouse == parent.key:
                return "ME_KE" if who.sex == "F" else "CHA_DUONG"
        return ""

    def _collateral(self, who: Relative, head: Relative) -> str:
        shared = set(who.parents) & set(head.parents)
        if shared:
            return _sibling(who, head, shared)
        for parent in self.parents(who):
            if set(parent.parents) & set(head.parents):
                return "CHAU_RUOT"
        for parent in self.parents(head):
            if set(parent.parents) & set(who.parents):
                return _uncle_or_aunt(who, parent, is_fathers=parent.key == head.father)
        return ""

    def _in_law(self, who: Relative, head: Relative) -> str:
        spouse = self.of(who.spouse)
        if spouse is not None:
            if head.key in spouse.parents:
                return "CON_DAU" if who.sex == "F" else "CON_RE"
            if set(spouse.parents) & set(head.parents):
                return _siblings_spouse(who, spouse, head)
        heads_spouse = self.of(head.spouse)
        if heads_spouse is None:
            return ""
        if who.key in heads_spouse.parents:
            side = "VO" if head.sex == "M" else "CHONG"
            return f"{'ME' if who.sex == 'F' else 'CHA'}_{side}"
        if set(heads_spouse.parents) & set(who.parents):
            return "ANH_CHI_EM_VO_CHONG"
        return ""


def _is_older(one: Relative, other: Relative) -> bool:
    return (one.born or "9999", one.key) < (other.born or "9999", other.key)


def _sibling(who: Relative, head: Relative, shared: set[int]) -> str:
    # One common parent is a half-sibling only where both other parents are known to differ.
    both_known = len(who.parents) == len(_PARENTS) == len(head.parents)
    if both_known and len(shared) == 1:
        return "ANH_CHI_EM_KHAC_CHA_ME"
    if not _is_older(who, head):
        return "EM_RUOT"
    return "CHI_RUOT" if who.sex == "F" else "ANH_RUOT"


def _uncle_or_aunt(who: Relative, parent: Relative, *, is_fathers: bool) -> str:
    if _is_older(who, parent):
        return "BAC_RUOT"
    if is_fathers:
        return "CO_RUOT" if who.sex == "F" else "CHU_RUOT"
    return "DI_RUOT" if who.sex == "F" else "CAU_RUOT"


def _siblings_spouse(who: Relative, sibling: Relative, head: Relative) -> str:
    if _is_older(sibling, head):
        return "CHI_DAU" if who.sex == "F" else "ANH_RE"
    return "EM_DAU" if who.sex == "F" else "EM_RE"


def family_of(records: Iterable[Record]) -> Family:
    """Return a family that knows the people already."""
    family = Family()
    family.add(records)
    return family


def children_of(person_id: int) -> list[int]:
    """Return the people whose record names the person as father or mother, under any number."""
    pids = pids_of(person_id)
    if not pids:
        return []
    cards = Person.objects.exclude(status=Person.Status.MERGED)
    by_father = cards.filter(father_pid__in=pids).values_list("pk", flat=True)
    by_mother = cards.filter(mother_pid__in=pids).values_list("pk", flat=True)
    return sorted({*by_father, *by_mother})
