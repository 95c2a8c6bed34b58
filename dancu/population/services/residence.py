"""Permanent residence: people and households move (Law on Residence 68/2020, art. 19–24)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.kernel.clock import today
from dancu.kernel.text import fold
from dancu.places.addresses import address_id
from dancu.population.errors import NothingToCorrect
from dancu.population.services import gate
from dancu.population.services.addresses import commune_now, require_unit
from dancu.population.services.errors import (
    ConsentMissing,
    HouseholdElsewhere,
    HouseholdNeedsHead,
    UnknownHousehold,
)
from dancu.population.services.households import (
    close_household,
    head_candidates,
    lock_households,
    open_household,
    relations_to,
    require_may_lead,
)
from dancu.population.services.minors import require_consent
from dancu.population.services.records import (
    HEAD,
    Record,
    address_of,
    lock,
    members_of,
    read,
    require_alive,
    require_unchanged,
    wrong,
)
from dancu.population.services.weighing import Change, enter_changes
from dancu.population.types import AddressValue, Evidence

MOVED_FACTS = ("permanent_residence", "household_number", "household_relationship")


@dataclass(frozen=True, slots=True)
class LeftHousehold:
    """A household that somebody left: closed when empty, else perhaps in need of a head."""

    number: str
    is_empty: bool
    needs_head: bool
    head_candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A registered move: the household lived in now, and those left behind."""

    household: str
    statement_ids: tuple[int, ...]
    left: tuple[LeftHousehold, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """Where the movers go, and what each of them is to the head there."""

    household: str
    address: AddressValue
    relationships: Mapping[int, str]


@transaction.atomic
def register_move(
    *,
    person_ids: Iterable[int],
    to: AddressValue | None,
    household: str | None = None,
    relationships: Mapping[int, str] | None = None,
    day: date,
    consent: str = "",
    guardian_consent: str = "",
    evidence: Evidence | None = None,
    presented: Collection[int] = (),
    actor: Actor,
    at: datetime,
    expected: Mapping[int, int] | None = None,
) -> Move:
    """Register the permanent residence of people at a new address, from a day on.

    Without ``household`` they open a new one with one head among them. With the number of another
    household they join it, on the noted consent of its head or owner. With their own, when all its
    members move, the household moves as it is. ``expected`` gives the version of each person that
    the officer saw. Movers are of the officer's area, or ``presented`` in the case. Minors move
    away from parents and guardian on their noted ``guardian_consent``.

    Raises ``NotFoundOrNotYours``, ``NothingToCorrect`` when they live so already,
    ``PersonNotAlive``, ``UnknownHousehold``, ``HouseholdNeedsHead``, ``HouseholdElsewhere``,
    ``ConsentMissing``, ``OutsideJurisdiction``, ``kernel.errors.Conflict`` and ``Invalid``.
    """
    gate.require(actor, "residence.register")
    movers = _lock_movers(person_ids, household)
    gate.require_people(actor, movers, today(at), presented=presented)
    if household:
        _require_open_to(actor, household, movers, today(at))
    require_alive(*movers)
    for mover in movers:
        require_unchanged(mover.id, MOVED_FACTS, (expected or {}).get(mover.id))
    target = _target(movers, to, household, given=relationships or {}, consent=consent, day=day)
    require_unit(target.address, field="to", is_home=True)
    gate.require_place(actor, commune_now(target.address), today(at))
    if not any(_changes(mover, target) for mover in movers):
        raise NothingToCorrect
    comers = [mover for mover in movers if mover.text("household_number") != target.household]
    together = [*movers, *members_of(target.household)]
    require_consent(comers, together, day, guardian_consent)
    basis = (evidence or Evidence("residence_registration", "")).noting(consent, guardian_consent)
    entered = enter_changes(
        [Change(mover, _claims(mover, target), day, basis) for mover in movers],
        actor=actor,
        at=at,
    )
    left = _left(movers, target.household, day)
    return Move(target.household, tuple(e.statement_id for e in entered), left)


def _lock_movers(person_ids: Iterable[int], household: str | None) -> list[Record]:
    wanted = list(dict.fromkeys(person_ids))
    if not wanted:
        raise wrong("person_ids", "EMPTY", _("Nobody was chosen."), _("Choose who moves."))
    before = [record.text("household_number") for record in read(wanted).values()]
    if household:
        lock_households([household])
    # Those who stay are locked too: whoever becomes head of them must wait.
    stay = [member.id for number in {*before, household} if number for member in members_of(number)]
    records = lock({*wanted, *stay})
    return [records[person_id] for person_id in wanted]


def _require_open_to(actor: Actor, number: str, movers: Sequence[Record], day: date) -> None:
    """Raise ``UnknownHousehold`` for a household elsewhere, as for a number that there is not."""
    moving = {mover.id for mover in movers}
    staying = [member for member in members_of(number) if member.id not in moving]
    is_own = all(mover.text("household_number") == number for mover in movers) and not staying
    if not is_own and not any(gate.is_theirs(actor, member, day) for member in staying):
        raise UnknownHousehold(number=number)


def _target(
    movers: Sequence[Record],
    to: AddressValue | None,
    household: str | None,
    *,
    given: Mapping[int, str],
    consent: str,
    day: date,
) -> _Target:
    if not household:
        return _new_household(movers, to, given, day)
    members = members_of(household)
    moving = {mover.id for mover in movers}
    if {member.id for member in members} == moving:
        return _whole_household(movers, to, household)
    return _joined(movers, to, household, given, consent)


def _new_household(
    movers: Sequence[Record], to: AddressValue | None, given: Mapping[int, str], day: date
) -> _Target:
    address = _required(to)
    require_unit(address, field="to", is_home=True)
    if _live_there_alone(movers, address):
        raise NothingToCorrect
    heads = [mover for mover in movers if given.get(mover.id) == HEAD]
    if len(movers) == 1:
        heads = list(movers)
    if len(heads) != 1:
        raise HouseholdNeedsHead(count=len(heads))
    require_may_lead(heads[0], movers, day)
    relationships = relations_to(heads[0], movers, given=given)
    return _Target(open_household(unit_code=address.unit_code, day=day), address, relationships)


def _live_there_alone(movers: Sequence[Record], address: AddressValue) -> bool:
    """Say whether the movers already are a whole household, with its head, at the address."""
    number = movers[0].text("household_number")
    if not number or any(not _lives_at(mover, address) for mover in movers):
        return False
    members = members_of(number)
    has_head = any(member.text("household_relationship") == HEAD for member in members)
    return has_head and {member.id for member in members} == {mover.id for mover in movers}


def _lives_at(mover: Record, address: AddressValue) -> bool:
    home = address_of(mover, "permanent_residence")
    if home is None:
        return False
    same_words = fold(home.text) == fold(address.text)
    return _place(home) == _place(address) or (
        same_words and commune_now(home) == commune_now(address)
    )


def _changes(mover: Record, target: _Target) -> bool:
    relationship = target.relationships.get(mover.id, "")
    return (
        not _lives_at(mover, target.address)
        or mover.text("household_number") != target.household
        or bool(relationship and mover.text("household_relationship") != relationship)
    )


def _whole_household(movers: Sequence[Record], to: AddressValue | None, number: str) -> _Target:
    relationships = {mover.id: mover.text("household_relationship") for mover in movers}
    return _Target(number, _required(to), relationships)


def _joined(
    movers: Sequence[Record],
    to: AddressValue | None,
    number: str,
    given: Mapping[int, str],
    consent: str,
) -> _Target:
    if not consent.strip():
        raise ConsentMissing
    moving = {mover.id for mover in movers}
    staying = [member for member in members_of(number) if member.id not in moving]
    head = next((m for m in staying if m.text("household_relationship") == HEAD), None)
    newly_head = [person_id for person_id, code in given.items() if code == HEAD]
    if head is None or newly_head:
        raise HouseholdNeedsHead(count=len(newly_head) + (head is not None))
    home = address_of(head, "permanent_residence")
    if home and to and _place(home) != _place(to) and commune_now(home) != commune_now(to):
        raise HouseholdElsewhere
    relationships = relations_to(head, [head, *movers], given=given)
    return _Target(number, home or _required(to), relationships)


def _required(to: AddressValue | None) -> AddressValue:
    if to is None:
        raise wrong("to", "EMPTY", _("The new address is missing."), _("Enter the address."))
    return to


def _place(address: AddressValue) -> int:
    return address_id(address.text, address.unit_code, address.code_date)


def _claims(mover: Record, target: _Target) -> dict[str, object]:
    """Return what becomes true of a mover; stays at the new address end, or come along."""
    claims: dict[str, object] = {"permanent_residence": target.address}
    if mover.text("household_number") != target.household:
        claims["household_number"] = target.household
    relationship = target.relationships.get(mover.id, "")
    if relationship and mover.text("household_relationship") != relationship:
        claims["household_relationship"] = relationship
    if mover.get("temporary_residence") == _place(target.address):
        claims["temporary_residence"] = None
    before = mover.get("permanent_residence")
    if before is not None and mover.get("current_residence") == before:
        claims["current_residence"] = target.address
    return claims


def _left(movers: Sequence[Record], household: str, day: date) -> tuple[LeftHousehold, ...]:
    """Look at the households that were left; close those without anybody."""
    left = []
    numbers = sorted({number for m in movers if (number := m.text("household_number"))})
    for number in numbers:
        if number == household:
            continue
        members = members_of(number)
        former = next((m for m in movers if m.text("household_number") == number), None)
        if not members:
            close_household(number, day)
        has_head = any(m.text("household_relationship") == HEAD for m in members)
        needs_head = bool(members) and not has_head
        candidates = head_candidates(members, day=day, after=former) if needs_head else ()
        left.append(LeftHousehold(number, not members, needs_head, candidates))
    return tuple(left)
