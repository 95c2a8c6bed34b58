"""The people of the sandbox, read as those of the register are; nobody real is ever touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from dancu.catalogue import attribute
from dancu.catalogue.sandbox import SandboxPerson, sandbox_people
from dancu.kernel.text import match_key
from dancu.places import queries as places
from dancu.places.addresses import clean_text, parse
from dancu.places.types import AddressValue
from dancu.population.verification_reading import Hit, Known, NameWanted, Status

_STATUS = {"alive": Status.ALIVE, "dead": Status.DEAD, "missing": Status.MISSING}
#: Since when what is held of them holds.
SINCE = date(2026, 1, 1)


def by_numbers(pids: Sequence[str], old_numbers: Sequence[str]) -> dict[str, list[Hit]]:
    """Return whom numbers lead to, as ``verification_reading`` does."""
    wanted = {*pids, *old_numbers}
    found: dict[str, list[Hit]] = {}
    for known, person in _people():
        for number in (person.pid, person.old_id_number, *person.former):
            if number in wanted:
                is_cancelled = number in person.former
                found.setdefault(str(number), []).append(Hit(known, is_cancelled, is_merged=False))
    return found


def by_names(wanted: Sequence[NameWanted]) -> dict[int, list[Known]]:
    """Return people of these names and birth dates, by place, as ``verification_reading`` does."""
    found: dict[int, list[Known]] = {}
    for one in wanted:
        start = one.begins.removesuffix("%")
        for known, person in _people():
            born = person.birth_date
            fits = born in one.births or bool(start and born.startswith(start))
            if match_key(person.full_name) == one.key and fits:
                found.setdefault(one.place, []).append(known)
    return found


def facts(person_ids: Sequence[int], attributes: Iterable[int]) -> dict[int, dict[int, object]]:
    """Return further values of people by attribute number, as ``verification_reading`` does."""
    wanted = set(attributes)
    return {
        known.person_id: {
            attribute(name).number: value
            for name, value in person.facts.items()
            if attribute(name).number in wanted
        }
        for known, person in _people()
        if known.person_id in person_ids
    }


def addresses(keys: Iterable[int]) -> dict[int, AddressValue]:
    """Return addresses by their keys."""
    wanted = set(keys)
    return {
        known.person_id: _address(known.person_id, person)
        for known, person in _people()
        if known.person_id in wanted
    }


def told(person_id: int, names: Iterable[str]) -> dict[str, object]:
    """Return what a look-up tells of somebody, by attribute name."""
    person = next(person for known, person in _people() if known.person_id == person_id)
    address = {
        "text": person.residence,
        "unit": person.unit,
        "unit_name": places.unit_name(person.unit, places.tree().newest_day),
    }
    held = {**person.facts, "permanent_residence": address, "full_name": person.full_name}
    return {name: held[name] for name in names if name in held}


def _people() -> list[tuple[Known, SandboxPerson]]:
    return [(_known(place, person), person) for place, person in enumerate(sandbox_people(), 1)]


def _known(place: int, person: SandboxPerson) -> Known:
    """Return the card of an invented person; keys are below zero, as nobody's in the register."""
    return Known(
        person_id=-place,
        name=person.full_name,
        status=_STATUS[person.status],
        pid=person.pid,
        old_id_number=person.old_id_number,
        sex=person.sex,
        commune=person.unit,
        stay_commune=None,
        address_id=-place,
        stay_address_id=None,
        birth=person.birth_date,
    )


@lru_cache(maxsize=64)
def _address(key: int, person: SandboxPerson) -> AddressValue:
    day = places.tree().newest_day
    parts = parse(person.residence, on=day).parts.as_dict()
    text = clean_text(person.residence)
    return AddressValue(key, text, person.unit, day, person.unit, True, parts)
