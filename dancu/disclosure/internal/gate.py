"""Who may see whom: action, purpose, case number, jurisdiction. Every refusal is recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from dancu.access import policy
from dancu.access.errors import CaseNumberMissing
from dancu.access.policy import Permitted
from dancu.access.types import Actor
from dancu.catalogue import attribute, purposes, roles
from dancu.catalogue.types import Purpose
from dancu.disclosure.errors import CaseNumberTooLong, CaseNumberTooShort, NoOwnRecord
from dancu.disclosure.internal import ledger
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.kernel.clock import today
from dancu.kernel.errors import DancuError, NotFoundOrNotYours
from dancu.operation import metrics
from dancu.places import queries as places
from dancu.population import reading
from dancu.population.lodging import lodging_communes
from dancu.population.search import IndexCard

LONGEST_CASE = 60
SHORTEST_CASE = 3


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody wants to see somebody. ``asked`` is hashed when nobody may be shown."""

    actor: Actor
    purpose: str
    case: str
    at: datetime
    kind: Kind
    asked: str = ""

    @property
    def day(self) -> date:
        return today(self.at)

    def refuse(self, error: DancuError, persons: Iterable[int | None] = ()) -> NoReturn:
        """Record the refusal and raise it. Without persons it is recorded about nobody."""
        about = list(persons) or [None]
        ledger.write(
            actor=self.actor,
            at=self.at,
            purpose=self.purpose,
            case=self.case,
            role=role_for(self.actor, self.purpose),
            entries=[Entry(person, self.kind, refusal=error.code[:40]) for person in about],
            asked=self.asked,
        )
        metrics.disclosures_total.labels("refused", _known(self.purpose)).inc()
        mark_recorded(error)
        raise error


@dataclass(frozen=True, slots=True)
class Grant:
    """A request that passed the gate: the purpose, and what it shows to this actor."""

    request: Request
    purpose: Purpose
    role: str

    def permitted(self, names: Iterable[str]) -> Permitted:
        """Sort asked attributes into full and masked; what may not be seen is dropped."""
        found = policy.permitted(
            self.request.actor, self.purpose, map(attribute, names), roles=roles()
        )
        unmaskable = frozenset(n for n in found.masked if attribute(n).mask == "none")
        return Permitted(full=found.full | unmaskable, masked=found.masked - unmaskable)

    def everything(self) -> Permitted:
        """Return all that the purpose shows."""
        return self.permitted(self.purpose.attributes)

    def area(self) -> frozenset[str] | None:
        """Return the units whose people may be searched, ``None`` for the whole country."""
        if self.purpose.scope == "country":
            return None
        return places.units_under(self.request.actor.jurisdictions, self.request.day)

    def reach(self, cards: Iterable[IndexCard]) -> frozenset[int]:
        """Return the keys of those who may be seen.

        As many queries whoever is asked for: the time must not tell the absent from others.
        """
        request, asked = self.request, list(cards)
        actor = request.actor
        match self.purpose.scope:
            case "jurisdiction":
                return frozenset(c.person_id for c in asked if is_within(actor, c, request.day))
            case "guests":
                return _with_guests(actor, asked, request.day)
            case "presented":
                return ledger.presented(
                    [c.person_id for c in asked],
                    actor=actor,
                    purpose=request.purpose,
                    case=request.case,
                    at=request.at,
                )
            case "country":
                return frozenset(c.person_id for c in asked)
            case _:
                keys = frozenset(c.person_id for c in asked)
                return keys if keys <= {actor.person_id} else keys & own_keys(actor)

    def record(self, entries: Iterable[Entry], *, asked: str = "") -> int:
        """Commit the records of an answer and return their number."""
        request = self.request
        number = ledger.write(
            actor=request.actor,
            at=request.at,
            purpose=request.purpose,
            case=request.case,
            role=self.role,
            entries=entries,
            asked=asked,
        )
        metrics.disclosures_total.labels("disclosed", request.purpose).inc()
        return number


def enter(request: Request, *, action: str) -> Grant:
    """Check action, purpose and case number; what fails is recorded and raised."""
    try:
        policy.require_action(request.actor, action, roles=roles())
        purpose = require_purpose(request.actor, request.purpose, request.case, request.day)
        if purpose.scope in ("own", "own_household") and request.actor.person_id is None:
            raise NoOwnRecord
    except DancuError as error:
        request.refuse(error)
    return Grant(request, purpose, role_for(request.actor, request.purpose))


def require_purpose(actor: Actor, name: str, case: str, day: date) -> Purpose:
    """Return the purpose, checked for the actor, the day and the form of the case number."""
    found = policy.require_purpose(
        actor, name, case_number=case, purposes=purposes(), roles=roles(), day=day
    )
    if len(case) > LONGEST_CASE:
        raise CaseNumberTooLong
    if found.case_number == "required" and not case.strip():
        raise CaseNumberMissing
    return found


def require_case_number(number: str) -> None:
    """Raise ``CaseNumberTooShort`` for a number that names nothing, such as a full stop."""
    if number and sum(map(str.isalnum, number)) < SHORTEST_CASE:
        raise CaseNumberTooShort


def own_keys(actor: Actor) -> frozenset[int]:
    """Return the keys of the citizen's own record and of those merged with it."""
    return reading.one_with(actor.person_id) if actor.person_id is not None else frozenset()


def is_within(actor: Actor, card: IndexCard, day: date) -> bool:
    """Say whether the person lives or stays in the actor's area on the day."""
    return _has_area(actor, [code for code in (card.commune, card.stay_commune) if code], day)


def _with_guests(actor: Actor, cards: Collection[IndexCard], day: date) -> frozenset[int]:
    """Return those who live, stay or lodge in the actor's area on the day."""
    lodging = lodging_communes([card.person_id for card in cards], day)
    return frozenset(
        card.person_id
        for card in cards
        if is_within(actor, card, day)
        or (card.person_id in lodging and _has_area(actor, [lodging[card.person_id]], day))
    )


def _has_area(actor: Actor, units: Collection[str], day: date) -> bool:
    def inside(code: str, jurisdictions: frozenset[str]) -> bool:
        return places.is_within(code, jurisdictions, day)

    return policy.has_jurisdiction(actor, units, is_within=inside)


def mark_recorded(error: DancuError) -> None:
    """Note on an error that its refusal is on record."""
    vars(error)["is_recorded"] = True


def is_recorded(error: DancuError) -> bool:
    """Say whether the refusal that an error stands for is on record."""
    return bool(vars(error).get("is_recorded"))


def role_for(actor: Actor, purpose: str) -> str:
    """Return the role by which the actor may use the purpose, else the first of the actor's."""
    found = purposes().get(purpose)
    if found is not None:
        for name in sorted(actor.roles & found.roles):
            return name
    return min(actor.roles, default="")


def numbers(permitted: Permitted, shown: Mapping[str, object] | Iterable[str]) -> tuple[int, ...]:
    """Return the attribute numbers of what is shown, the masked ones negative."""
    return tuple(
        sorted(
            -attribute(name).number if name in permitted.masked else attribute(name).number
            for name in shown
        )
    )


def absent() -> NotFoundOrNotYours:
    """Return the one answer for “there is none” and “not yours”."""
    return NotFoundOrNotYours()


def _known(purpose: str) -> str:
    return purpose if purpose in purposes() else "unknown"
