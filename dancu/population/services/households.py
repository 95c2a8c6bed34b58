"""Households: who is their head, and what the others are to the head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import SystemRandom

from django.db import transaction
from django.utils.translation import gettext_noop as _

from dancu.access.types import Actor
from dancu.catalogue.queries import code_list
from dancu.kernel.clock import today
from dancu.population.models import Household, Person
from dancu.population.services import gate, rules
from dancu.population.services.errors import (
    HouseholdNeedsHead,
    NotInHousehold,
    UnknownHousehold,
)
from dancu.population.services.kinship import OTHER, family_of
from dancu.population.services.records import (
    HEAD,
    Record,
    lock,
    members_of,
    people_of_pids,
    read,
    require_unchanged,
    wrong,
)
from dancu.population.services.weighing import Change, changed_only, enter_changes
from dancu.population.types import Evidence

_SPOUSES = ("VO", "CHONG")
_MEMBERSHIP = ("household_number", "household_relationship")
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class HeadChange:
    """A household under its new head: what each member is to the head now."""

    number: str
    head_id: int
    relationships: Mapping[int, str]


@transaction.atomic
def change_household_head(
    *,
    number: str,
    head_id: int,
    relationships: Mapping[int, str] | None = None,
    day: date,
    evidence: Evidence,
    actor: Actor,
    at: datetime,
    expected: Mapping[int, int] | None = None,
) -> HeadChange:
    """Make a member the head; the others' relationships follow from kinship unless given.

    A head who has died leaves the household in the same step. Raises ``UnknownHousehold``,
    ``NotInHousehold``, ``NotFoundOrNotYours``, and ``Invalid`` naming ``head_id`` (not of age while
    others are) or ``relationships`` (one that does not fit the sex), and
    ``kernel.errors.Conflict`` when a member's household changed after the ``expected`` version.
    """
    gate.require(actor, "household.manage")
    lock_households([number])
    cards = Person.objects.filter(household=number).exclude(status=Person.Status.MERGED)
    ids = list(cards.values_list("pk", flat=True))
    everybody = lock(ids)
    members = {m.id: m for m in everybody.values() if m.is_alive}
    if head_id not in members:
        raise NotInHousehold
    gate.require_people(actor, members.values(), today(at))
    for member in members:
        require_unchanged(member, _MEMBERSHIP, (expected or {}).get(member))
    require_may_lead(members[head_id], members.values(), day)
    new = relations_to(members[head_id], list(members.values()), given=relationships or {})
    changes = [
        Change(member, claims, day, evidence)
        for member in members.values()
        if (claims := changed_only(member, {"household_relationship": new[member.id]}, day))
    ]
    changes += [
        Change(gone, {"household_number": None, "household_relationship": None}, day, evidence)
        for gone in everybody.values()
        if not gone.is_alive and gone.text("household_relationship") == HEAD
    ]
    enter_changes(changes, actor=actor, at=at)
    return HeadChange(number, head_id, new)


def require_may_lead(head: Record, members: Iterable[Record], day: date) -> None:
    """Raise ``Invalid`` naming ``head_id`` when a minor would lead adults (Law on Residence)."""
    adult = rules.value("adult_age", day)
    if is_adult(head, adult, day) or not any(is_adult(m, adult, day) for m in members):
        return
    raise wrong(
        "head_id",
        "too-young",
        _("The head of a household is an adult where there is one."),
        _("Choose an adult member."),
    )


def is_adult(record: Record, adult: int, day: date) -> bool:
    """Say whether the person is of age on a day; an unknown age counts as adult."""
    age = record.age_on(day)
    return age is None or age >= adult


def relations_to(
    head: Record, members: Sequence[Record], *, given: Mapping[int, str]
) -> dict[int, str]:
    """Return what each member is to the head: as given, else by kinship. Checks the sex."""
    family = family_of(members)
    chosen = {
        member.id: HEAD
        if member.id == head.id
        else given.get(member.id)
        or family.relationship(family.known[member.id], family.known[head.id])
        for member in members
    }
    for member in members:
        require_fits(chosen[member.id], member)
        if chosen[member.id] == HEAD and member.id != head.id:
            raise HouseholdNeedsHead(count=2)
    return chosen


def require_fits(code: str, record: Record) -> None:
    """Raise ``Invalid`` when a relationship is unknown or belongs to the other sex."""
    found = code_list("relationships").get(code)
    if found is None:
        raise wrong(
            "relationships",
            "unknown-code",
            _("This value is not in the code list."),
            _("Choose one of the list."),
        )
    sex = found.extra.get("sex", "")
    if sex and record.text("sex") not in ("", sex):
        raise wrong(
            "relationships",
            "SEX_MISMATCH",
            _("This relationship belongs to the other sex."),
            _("Choose the relationship that fits."),
        )


def suggest_relationship(*, person_id: int, head_id: int) -> str:
    """Return what a person is to a head by kinship; ``KHAC`` when the register knows of none."""
    records = read([person_id, head_id])
    if len(records) < len({person_id, head_id}):
        return OTHER
    family = family_of(records.values())
    return family.relationship(family.known[person_id], family.known[head_id])


def suggest_heads(*, number: str, day: date) -> tuple[int, ...]:
    """Return the living members who may lead a household, the likeliest first."""
    members = members_of(number)
    head = next((m for m in members if m.text("household_relationship") == HEAD), None)
    return head_candidates([m for m in members if m is not head], day=day, after=head)


def head_candidates(
    members: Sequence[Record], *, day: date, after: Record | None
) -> tuple[int, ...]:
    """Return who may follow a head: the spouse first, then adults from the eldest on.

    Without any adult, everybody, from the eldest on.
    """
    adult = rules.value("adult_age", day)
    adults = [m for m in members if is_adult(m, adult, day)] or list(members)
    spouse = _spouse_id(after) if after else None

    def order(member: Record) -> tuple[bool, str, int]:
        is_spouse = member.id == spouse or member.text("household_relationship") in _SPOUSES
        return not is_spouse, member.text("birth_date") or "9999", member.id

    return tuple(member.id for member in sorted(adults, key=order))


def _spouse_id(record: Record) -> int | None:
    pid = record.text("spouse_pid")
    return people_of_pids([pid]).get(pid)


def lock_households(numbers: Sequence[str]) -> None:
    """Lock open households in the order of their numbers. Raises ``UnknownHousehold``."""
    wanted = sorted({number for number in numbers if number})
    rows = Household.objects.select_for_update().filter(number__in=wanted).order_by("number")
    open_now = {row.number for row in rows if row.closed_on is None}
    for number in wanted:
        if number not in open_now:
            raise UnknownHousehold(number=number)


def open_household(*, unit_code: str, day: date) -> str:
    """Open a household and return its number: the commune's code and eight random digits.

    The register's own numbers; the form of the official ones is not published.
    """
    while True:
        number = f"{unit_code}-{_random.randrange(10**8):08d}"
        _row, is_new = Household.objects.get_or_create(number=number, defaults={"opened_on": day})
        if is_new:
            return number


def close_household(number: str, day: date) -> None:
    """Close a household that nobody lives in any more."""
    Household.objects.filter(number=number, closed_on__isnull=True).update(closed_on=day)
