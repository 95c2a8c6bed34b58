"""What must be settled before two records are one: facts that cannot both be true."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Max
from django.utils.translation import get_language

from dancu.catalogue.queries import attribute
from dancu.kernel.dates import format_vietnamese
from dancu.kernel.pid import Pid
from dancu.population.models import Annulment, Household, Person, Statement
from dancu.population.services.merge_errors import (
    HouseholdWouldLackHead,
    LifeAfterDeath,
    MergeOfOne,
    NumberMustStay,
    NumberWouldContradict,
    RecordsDisagree,
    RecordsOfRelatives,
)
from dancu.population.services.records import (
    HEAD,
    Record,
    lock,
    members_of,
    people_of_pids,
    read,
)

_KIN = ("father_pid", "mother_pid", "spouse_pid", "guardian_pid")


def versions_of(person_ids: tuple[int, ...]) -> dict[int, str]:
    """Return, by person, the newest statement and withdrawal: another text, another record."""
    statements = dict(
        Statement.objects.filter(person_id__in=person_ids)
        .values_list("person_id")
        .annotate(newest=Max("id"))
    )
    withdrawals = dict(
        Annulment.objects.filter(person_id__in=person_ids)
        .values_list("person_id")
        .annotate(newest=Max("id"))
    )
    return {key: f"{statements.get(key, 0)}.{withdrawals.get(key, 0)}" for key in person_ids}


def lock_both(survivor_id: int, merged_id: int) -> tuple[Record, Record, dict[str, int]]:
    """Lock two people and their households; return them, and the heads of each household.

    Households come first, as everywhere. Raises ``MergeOfOne``, ``NotFoundOrNotYours`` and
    ``RecordMerged``.
    """
    if survivor_id == merged_id:
        raise MergeOfOne
    numbers = households_of(survivor_id, merged_id)
    list(Household.objects.select_for_update().filter(number__in=numbers).order_by("number"))
    found = lock([survivor_id, merged_id])
    return found[survivor_id], found[merged_id], heads_of(numbers)


def households_of(*person_ids: int) -> list[str]:
    """Return the households on the cards of people."""
    cards = Person.objects.filter(pk__in=person_ids, household__isnull=False)
    return sorted({number for (number,) in cards.values_list("household") if number})


def heads_of(numbers: list[str]) -> dict[str, int]:
    """Return how many heads each household has; those without living members are left out."""
    found = {}
    for number in numbers:
        if members := members_of(number):
            found[number] = sum(m.text("household_relationship") == HEAD for m in members)
    return found


def require_settled(survivor: Record, merged: Record) -> None:
    """Raise unless nothing that an officer has to settle first stands between two records."""
    if merged.text("pid") and not survivor.text("pid"):
        raise NumberMustStay
    for name in ("sex", "death_date"):
        if survivor.get(name) and merged.get(name) and survivor.get(name) != merged.get(name):
            raise _disagree(name)
    if survivor.is_alive != merged.is_alive:
        _require_nothing_after_death(*sorted((survivor, merged), key=lambda one: one.is_alive))
    _require_no_kin(survivor, merged)


def _require_nothing_after_death(dead: Record, living: Record) -> None:
    died = dead.day("death_date")
    if died is None:
        raise _disagree("life_status")
    later = Statement.objects.filter(person_id=living.id, valid_from__gt=died.latest)
    if later.exists():
        raise LifeAfterDeath(day=format_vietnamese(died))


def _require_no_kin(survivor: Record, merged: Record) -> None:
    both = (survivor, merged)
    people = people_of_pids(one.text(name) for one in both for name in _KIN)
    for one, other in (both, both[::-1]):
        if any(people.get(one.text(name)) == other.id for name in _KIN):
            raise RecordsOfRelatives
    spouses = {people.get(one.text("spouse_pid")) for one in both} - {None}
    if len(spouses) > 1:
        raise _disagree("spouse_pid")


def require_sound(before: Mapping[int, Record], survivor_id: int) -> None:
    """Raise when the two records, weighed together, come to something that cannot be.

    To be called after the survivor was recomputed; what is raised takes all of it back.
    """
    now = read([survivor_id])[survivor_id]
    if not now.is_alive == all(one.is_alive for one in before.values()):
        raise _disagree("life_status")
    if _is_against_number(now) and not _is_against_number(before[survivor_id]):
        raise NumberWouldContradict


def _is_against_number(record: Record) -> bool:
    if not record.text("pid"):
        return False
    pid = Pid(record.text("pid"))
    sex, born = record.text("sex"), record.text("birth_date")
    return bool((sex and sex != pid.sex) or (born and born[:4] != str(pid.birth_year)))


def require_heads(before: Mapping[str, int], numbers: list[str]) -> None:
    """Raise when a household that had its one head would have none or two."""
    for number, count in heads_of(numbers).items():
        if count != 1 and before.get(number, 1) == 1:
            raise HouseholdWouldLackHead(number=number, count=count)


def _disagree(name: str) -> RecordsDisagree:
    return RecordsDisagree(attribute=attribute(name).label(get_language() or "vi"))
