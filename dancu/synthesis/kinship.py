"""How two people are related, in the codes of ``catalogue/codes/relationships.csv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dancu.synthesis.people import Person

HEAD = "CHU_HO"
OTHER = "KHAC"


def relationship(person: Person, head: Person, day: int) -> str:
    """Return what ``person`` is to the head of the household on a day."""
    if person is head:
        return HEAD
    spouse = head.spouse
    married = spouse is not None and 0 < head.married <= day and not 0 < head.divorced <= day
    if married and person is spouse:
        return "VO" if person.female else "CHONG"
    if person.father is head or person.mother is head:
        return "CON_DE"
    if head.father is person or head.mother is person:
        return "ME_DE" if person.female else "CHA_DE"
    found = _in_law(person, head) if married else ""
    return found or _blood(person, head) or _by_marriage(person, head, day) or OTHER


def _in_law(person: Person, head: Person) -> str:
    """Return the parents and siblings of the head's husband or wife."""
    spouse = head.spouse
    if spouse is None:
        return ""
    if spouse.father is person:
        return "CHA_CHONG" if head.female else "CHA_VO"
    if spouse.mother is person:
        return "ME_CHONG" if head.female else "ME_VO"
    if _siblings(person, spouse):
        return "ANH_CHI_EM_VO_CHONG"
    return _blood_of_spouse(person, spouse)


def _blood_of_spouse(person: Person, spouse: Person) -> str:
    """Return descendants of the spouse, who are the head's own as well."""
    if person.father is spouse or person.mother is spouse:
        return "CON_DE"
    return _grandchild(person, spouse)


def _blood(person: Person, head: Person) -> str:
    return (
        _sibling(person, head)
        or _grandchild(person, head)
        or _grandparent(person, head)
        or _nephew_or_uncle(person, head)
        or _great(person, head)
    )


def _siblings(one: Person, other: Person) -> bool:
    return one.mother is not None and one.mother is other.mother and one is not other


def _sibling(person: Person, head: Person) -> str:
    if not _siblings(person, head):
        return ""
    if person.birth > head.birth:
        return "EM_RUOT"
    return "CHI_RUOT" if person.female else "ANH_RUOT"


def _grandchild(person: Person, head: Person) -> str:
    father, mother = person.father, person.mother
    if father is not None and (father.father is head or father.mother is head):
        return "CHAU_NOI"
    if mother is not None and (mother.father is head or mother.mother is head):
        return "CHAU_NGOAI"
    return ""


def _grandparent(person: Person, head: Person) -> str:
    for parent, side in ((head.father, "NOI"), (head.mother, "NGOAI")):
        if parent is not None:
            if parent.father is person:
                return f"ONG_{side}"
            if parent.mother is person:
                return f"BA_{side}"
    return ""


def _nephew_or_uncle(person: Person, head: Person) -> str:
    for parent in (person.father, person.mother):
        if parent is not None and _siblings(parent, head):
            return "CHAU_RUOT"
    father, mother = head.father, head.mother
    if father is not None and _siblings(person, father):
        if person.birth < father.birth:
            return "BAC_RUOT"
        return "CO_RUOT" if person.female else "CHU_RUOT"
    if mother is not None and _siblings(person, mother):
        if person.birth < mother.birth:
            return "BAC_RUOT"
        return "DI_RUOT" if person.female else "CAU_RUOT"
    return ""


def _great(person: Person, head: Person) -> str:
    for parent in (person.father, person.mother):
        if parent is not None and _grandchild(parent, head):
            return "CHAT"
    for parent, side in ((head.father, "NOI"), (head.mother, "NGOAI")):
        if parent is not None and _grandparent(person, parent):
            return f"CU_{side}"
    return ""


def _by_marriage(person: Person, head: Person, day: int) -> str:
    """Return those who married into the head's family."""
    spouse = person.spouse
    if spouse is None or not 0 < person.married <= day:
        return ""
    if spouse.father is head or spouse.mother is head:
        return "CON_DAU" if person.female else "CON_RE"
    if _siblings(spouse, head):
        if spouse.birth < head.birth:
            return "CHI_DAU" if person.female else "ANH_RE"
        return "EM_DAU" if person.female else "EM_RE"
    if head.father is not None and spouse is head.father:
        return "ME_KE" if person.female else "CHA_DUONG"
    return ""
