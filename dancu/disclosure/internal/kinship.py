"""Relatives and household members as facts of a person, and what is recorded of each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dancu.access.policy import Permitted
from dancu.catalogue import attribute
from dancu.disclosure.internal.gate import Grant
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.disclosure.internal.showing import Showing, masked_pid, names_relative
from dancu.disclosure.masking import initials
from dancu.disclosure.types import Relative
from dancu.population import reading
from dancu.population.reading import Held
from dancu.population.search import IndexCard

IsInside = Callable[[IndexCard], bool]
#: Cards of relatives by the PID that names them.
Cards = Mapping[str, IndexCard]

#: Kinship → the attributes that name the relative, and the PID.
NAMED = {
    "father": ("father_name", "father_pid"),
    "mother": ("mother_name", "mother_pid"),
    "spouse": ("spouse_name", "spouse_pid"),
    "guardian": ("guardian_name", "guardian_pid"),
}
_DEAD = (2, 5)
_ROLE_OF = {pid: role for role, (_, pid) in NAMED.items()}


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at somebody's relatives. ``is_inside``: this one can be opened by the onlooker.

    ``is_own``: a citizen looks at their own family, whose names are no secret to them.
    """

    showing: Showing
    is_inside: IsInside
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A relative as shown, and who it is for the record: also of one who cannot be opened.

    ``attributes`` are numbers of what is shown of that person, the masked ones negative.
    """

    relative: Relative
    person_id: int | None
    attributes: tuple[int, ...] = ()


def family_of(person_id: int, held: Mapping[int, Held], onlooker: Onlooker) -> tuple[Shown, ...]:
    """Return parents, spouse, guardian, children and siblings that the purpose permits."""
    allowed = onlooker.showing.permitted.all
    roles = {role: names for role, names in NAMED.items() if names[0] in allowed}
    if not roles:
        return ()
    named = {pid: number for _, pid in roles.values() if (number := _said(held, pid))}
    kin = reading.kin(person_id, named)
    cards = {_ROLE_OF[k.role]: k.card for k in kin if k.role in _ROLE_OF}
    found = [_named(role, held, onlooker, cards.get(role)) for role in roles]
    if {"father_pid", "mother_pid"} <= allowed:
        found += [
            _relative(k.role, k.card, onlooker, by="father_name")
            for k in kin
            if k.role in ("child", "sibling")
        ]
    return tuple(shown for shown in found if shown is not None)


def household_of(
    card: IndexCard, held: Mapping[int, Held], onlooker: Onlooker, family: Iterable[Shown]
) -> tuple[Shown, ...]:
    """Return the members of the person's household, the head first.

    Of those outside the area only initials are shown, unless the person's own facts (``family``)
    name them.
    """
    number = _said(held, "household_number")
    if not number or "household_relationship" not in onlooker.showing.permitted.all:
        return ()
    known = {s.person_id: s for s in family if s.relative.role in NAMED and s.person_id is not None}
    return tuple(
        _member(m.relationship, m.card, onlooker, card.person_id, known.get(m.card.person_id))
        for m in reading.members(number)
    )


def cards_of(values: Iterable[tuple[int, object]], permitted: Permitted) -> Cards:
    """Return the cards of the relatives whom values (number, value) name by PID.

    Of those whose PID or name may be shown. One query, and only if anybody is named.
    """
    pids = {pid for names in NAMED.values() for pid in names[1:] if permitted.all & {*names}}
    wanted = {str(value) for number, value in values if value and attribute(number).name in pids}
    return {str(pid): card for pid, card in reading.cards(wanted).items()} if wanted else {}


def numbers_in_full(grant: Grant, cards: Cards) -> frozenset[str] | None:
    """Return the PIDs of relatives that stand in full: of those whom the actor may see as well.

    ``None``, all of them, where citizens look at their own facts.
    """
    if grant.purpose.scope == "own":
        return None
    allowed = grant.reach(cards.values()) if cards else frozenset()
    return frozenset(pid for pid, card in cards.items() if card.person_id in allowed)


def entries_of(
    shown: Iterable[Shown], subject: int, *, named: Iterable[tuple[int, int]] = ()
) -> list[Entry]:
    """Return the records of the relatives shown beside a person, one for each of them.

    ``named`` are others whom a value shown names, with the signed number of what it shows.
    """
    seen: dict[int, set[int]] = {}
    for one in shown:
        if one.person_id is not None and one.attributes:
            seen.setdefault(one.person_id, set()).update(one.attributes)
    for person, number in named:
        seen.setdefault(person, set()).add(number)
    seen.pop(subject, None)
    return [Entry(person, Kind.RELATIVE, _joined(seen[person])) for person in sorted(seen)]


def named_by(
    values: Iterable[tuple[int, object]], cards: Cards, showing: Showing
) -> Iterable[tuple[int, int]]:
    """Return for the record those whom shown values name by PID, also values of the past."""
    for number, value in values:
        entry = attribute(number)
        card = cards.get(str(value))
        if card and names_relative(entry) and entry.name in showing.permitted.all:
            _, is_masked = showing.value(entry, value)
            yield card.person_id, _number("pid", whole=not is_masked)


def entries_named(
    people: Mapping[int, Mapping[int, Held]],
    showing: Showing,
    own: Sequence[int],
    *,
    cards: Cards,
) -> list[Entry]:
    """Return the records of those in the register whom the disclosed facts of others name.

    ``people``: what is held, by person and attribute number.
    """
    permitted = showing.permitted
    found: list[tuple[str, tuple[int, ...]]] = []
    for held in people.values():
        for name, pid in NAMED.values():
            number = _said(held, pid)
            names = [
                (who, of)
                for who, of in ((name, "full_name"), (pid, "pid"))
                if who in permitted.all and _said(held, who)
            ]
            if number and names:
                signed = tuple(
                    _number(
                        of,
                        whole=who not in permitted.masked
                        and (of != "pid" or showing.tells(number)),
                    )
                    for who, of in names
                )
                found.append((number, signed))
    seen: dict[int, set[int]] = {}
    for number, signed in found:
        card = cards.get(number)
        if card is not None and card.person_id not in own:
            seen.setdefault(card.person_id, set()).update(signed)
    return [Entry(person, Kind.RELATIVE, _joined(seen[person])) for person in sorted(seen)]


def _said(held: Mapping[int, Held], name: str) -> str:
    """Return what the person's own facts say; empty when they say nothing or “none”."""
    known = held.get(attribute(name).number)
    return str(known.value) if known and known.value else ""


def _number(name: str, *, whole: bool) -> int:
    number = attribute(name).number
    return number if whole else -number


def _joined(numbers: set[int]) -> tuple[int, ...]:
    """Return the numbers of everything seen; what was seen in full was not seen masked."""
    return tuple(sorted(n for n in numbers if n > 0 or -n not in numbers))


def _named(
    role: str, held: Mapping[int, Held], onlooker: Onlooker, card: IndexCard | None
) -> Shown | None:
    """Return a relative whom the person's own facts name, in the register or not.

    Of one outside the area nothing is shown that these facts do not say.
    """
    name, pid = NAMED[role]
    permitted = onlooker.showing.permitted
    said, number = _said(held, name), _said(held, pid) if pid in permitted.all else ""
    if card is None:
        if not said:
            return None
        return Shown(Relative(role, onlooker.showing.name(name, said), masked_pid(number)), None)
    shown = _relative(role, card, onlooker, by=name, said=said, number=number)
    if not number:
        return shown
    # The number itself stands among the person's facts.
    whole = pid not in permitted.masked and onlooker.showing.tells(number)
    signed = _number("pid", whole=whole)
    return Shown(shown.relative, shown.person_id, _joined({*shown.attributes, signed}))


def _member(role: str, card: IndexCard, onlooker: Onlooker, own: int, known: Shown | None) -> Shown:
    if card.person_id == own:
        return _whole(role, card, onlooker, by="full_name", pid=masked_pid(card.pid))
    if known is None or onlooker.is_own or onlooker.is_inside(card):
        return _relative(role, card, onlooker, by="full_name")
    kin = known.relative
    return Shown(
        Relative(role, kin.name, kin.pid, in_register=True), known.person_id, known.attributes
    )


def _relative(
    role: str,
    card: IndexCard,
    onlooker: Onlooker,
    *,
    by: str,
    said: str = "",
    number: str | None = None,
) -> Shown:
    """Return a relative in the register, as the attribute ``by`` may be shown.

    ``said`` and ``number`` are the name and the PID in the person's own facts; ``number`` is None
    where such facts do not name the relative at all.
    """
    showing = onlooker.showing
    if onlooker.is_inside(card):
        pid = masked_pid(card.pid) if number != "" else ""
        return _whole(role, card, onlooker, by=by, pid=pid)
    pid = masked_pid(number)
    name, whole = initials(card.name or ""), False
    if onlooker.is_own:
        said, pid = card.name or "", masked_pid(card.pid if number != "" else "")
    if said:
        name, whole = showing.name(by, said), by not in showing.permitted.masked
    return Shown(
        Relative(role, name, pid, in_register=True),
        card.person_id,
        _seen(name=name, pid=pid, whole=whole),
    )


def _whole(role: str, card: IndexCard, onlooker: Onlooker, *, by: str, pid: str) -> Shown:
    """Return somebody who can be opened: the link, and what the purpose shows of an index card."""
    permitted = onlooker.showing.permitted
    relative = Relative(
        role=role,
        name=onlooker.showing.name(by, card.name or ""),
        pid=pid,
        sex=(card.sex or "") if "sex" in permitted.all else "",
        birth_year=card.birth_year if "birth_date" in permitted.all else None,
        is_inside=True,
        in_register=True,
        is_alive=card.status not in _DEAD,
        person_id=card.person_id,
    )
    seen = _seen(
        name=relative.name,
        pid=pid,
        whole=by not in permitted.masked,
        more=[
            *(["sex"] if relative.sex else []),
            *(["birth_date"] if relative.birth_year else []),
        ],
    )
    return Shown(relative, card.person_id, seen)


def _seen(*, name: str, pid: str, whole: bool, more: Iterable[str] = ()) -> tuple[int, ...]:
    """Return the numbers of what is shown of a relative; of a PID only a part ever is."""
    found = [_number(one, whole=True) for one in more]
    found += [_number("full_name", whole=whole)] if name else []
    found += [_number("pid", whole=False)] if pid else []
    return tuple(sorted(found))
