"""Relatives and household members as facts of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dancu.catalogue import attribute
from dancu.disclosure.internal.showing import Showing, masked_pid
from dancu.disclosure.types import Relative
from dancu.population import reading
from dancu.population.reading import Held
from dancu.population.search import IndexCard

IsInside = Callable[[IndexCard], bool]

#: Kinship → the attributes that name the relative, and the PID.
NAMED = {
    "father": ("father_name", "father_pid"),
    "mother": ("mother_name", "mother_pid"),
    "spouse": ("spouse_name", "spouse_pid"),
    "guardian": ("guardian_name", "guardian_pid"),
}
_DEAD = (2, 5)
_ROLE_OF = {pid: role for role, (_, pid) in NAMED.items()}


def family_of(
    person_id: int, held: Mapping[int, Held], showing: Showing, is_inside: IsInside
) -> tuple[Relative, ...]:
    """Return parents, spouse, guardian, children and siblings that the purpose permits."""
    allowed = showing.permitted.all
    roles = {role: names for role, names in NAMED.items() if names[0] in allowed}
    if not roles:
        return ()
    named = {
        pid: str(held[n].value)
        for _, pid in roles.values()
        if (n := attribute(pid).number) in held and held[n].value
    }
    kin = reading.kin(person_id, named)
    cards = {_ROLE_OF[k.role]: k.card for k in kin if k.role in _ROLE_OF}
    found: list[Relative] = []
    for role, (name, pid) in roles.items():
        card = cards.get(role)
        relative = (
            _relative(role, card, showing, is_inside, by=name)
            if card
            else _named(role, held, showing)
        )
        if relative is not None:
            found.append(relative if pid in allowed else replace(relative, pid=""))
    if {"father_pid", "mother_pid"} <= allowed:
        found += [
            _relative(k.role, k.card, showing, is_inside, by="father_name")
            for k in kin
            if k.role in ("child", "sibling")
        ]
    return tuple(found)


def household_of(
    card: IndexCard, held: Mapping[int, Held], showing: Showing, is_inside: IsInside
) -> tuple[Relative, ...]:
    """Return the members of the person's household, the head first."""
    number = held.get(attribute("household_number").number)
    allowed = showing.permitted.all
    if number is None or not number.value or "household_relationship" not in allowed:
        return ()
    return tuple(
        _relative(m.relationship, m.card, showing, is_inside, by="full_name", own=card.person_id)
        for m in reading.members(str(number.value))
    )


def _named(role: str, held: Mapping[int, Held], showing: Showing) -> Relative | None:
    """Return a relative whom the register knows only by the person's own facts."""
    name, pid = NAMED[role]
    said, number = held.get(attribute(name).number), held.get(attribute(pid).number)
    if said is None or not said.value:
        return None
    shown = masked_pid(str(number.value)) if number and number.value else ""
    return Relative(role, showing.name(name, str(said.value)), pid=shown)


def _relative(
    role: str,
    card: IndexCard,
    showing: Showing,
    is_inside: IsInside,
    *,
    by: str,
    own: int | None = None,
) -> Relative:
    """Return a relative in the register; of one outside the area only name and masked PID."""
    name = showing.name(by, card.name or "")
    inside = card.person_id == own or is_inside(card)
    if not inside:
        return Relative(role, name, pid=masked_pid(card.pid), in_register=True)
    return Relative(
        role=role,
        name=name,
        pid=masked_pid(card.pid),
        sex=card.sex or "",
        birth_year=card.birth_year,
        is_inside=True,
        in_register=True,
        is_alive=card.status not in _DEAD,
        person_id=card.person_id,
    )
