"""What the services read of a person before they write: golden facts with their origins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from dancu.catalogue.queries import attribute
from dancu.kernel.dates import PartialDate, parse_iso
from dancu.kernel.errors import Conflict, FieldError, Invalid, NotFoundOrNotYours
from dancu.places.queries import addresses
from dancu.population import dictionary
from dancu.population.errors import PersonNotAlive, RecordMerged
from dancu.population.internal import golden
from dancu.population.internal.golden import Held
from dancu.population.models import Person, Pid, Statement
from dancu.population.types import AddressValue

HEAD = "CHU_HO"


@dataclass(frozen=True, slots=True)
class Record:
    """One person as the register holds them today; facts by attribute name."""

    id: int
    status: int
    commune: str | None
    stay_commune: str | None
    held: Mapping[str, Held]

    def get(self, name: str) -> object:
        """Return the stored value of an attribute; ``None`` when unknown or ended."""
        held = self.held.get(name)
        return held.value if held else None

    def text(self, name: str) -> str:
        """Return a text, code or number; empty when unknown."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> PartialDate | None:
        """Return a date, as exact as it is known."""
        value = self.get(name)
        return parse_iso(value) if isinstance(value, str) else None

    @property
    def is_alive(self) -> bool:
        """Whether the person counts as living: neither dead, nor merged, nor cancelled."""
        return self.status in (Person.Status.ALIVE, Person.Status.MISSING)

    def age_on(self, day: date) -> int | None:
        """Return the age in completed years; a vague date of birth counts from its first day."""
        born = self.day("birth_date")
        return born.age_on(day)[1] if born else None


def lock(person_ids: Iterable[int], *, merged_too: bool = False) -> dict[int, Record]:
    """Lock the people until the transaction ends and return what is held about them.

    Everybody who writes locks in the order of the keys, as the door does. Raises
    ``NotFoundOrNotYours`` when one of them is unknown, ``RecordMerged`` when one gave way to
    another record, of which nothing more is entered.
    """
    wanted = sorted(set(person_ids))
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    locked = list(rows)
    if len(locked) < len(wanted):
        raise NotFoundOrNotYours
    if not merged_too and any(one.status == Person.Status.MERGED for one in locked):
        raise RecordMerged
    return read(wanted)


def lock_one(person_id: int) -> Record:
    """Lock one person; see ``lock``."""
    return lock([person_id])[person_id]


def read(person_ids: Iterable[int]) -> dict[int, Record]:
    """Return what is held about the people; unknown ones are left out."""
    wanted = list(set(person_ids))
    held = {
        person: {attribute(number).name: fact for number, fact in facts.items()}
        for person, facts in golden.held(wanted).items()
    }
    cards = Person.objects.filter(pk__in=wanted)
    return {
        card.pk: Record(card.pk, card.status, card.commune, card.stay_commune, held[card.pk])
        for card in cards
    }


def require_alive(*records: Record) -> None:
    """Raise ``PersonNotAlive`` unless all of them are living."""
    if not all(record.is_alive for record in records):
        raise PersonNotAlive


def people_of_pids(pids: Iterable[str]) -> dict[str, int]:
    """Return whom numbers lead to, cancelled ones included; unknown numbers are left out."""
    wanted = {pid for pid in pids if pid}
    if not wanted:
        return {}
    rows = Pid.objects.filter(pid__in=wanted).values_list(
        "pid", "person_id", "person__merged_into_id"
    )
    return {pid: merged_into or person_id for pid, person_id, merged_into in rows}


def who_stays(person_id: int) -> int:
    """Return the key of the record that stands for a person: their own unless it was merged."""
    row = Person.objects.filter(pk=person_id).values_list("merged_into_id", flat=True).first()
    return row or person_id


def pids_of(person_id: int) -> list[str]:
    """Return all numbers the person ever had."""
    return list(Pid.objects.filter(person_id=person_id).values_list("pid", flat=True))


def wrong(field: str, code: str, message: str, remedy: str = "", **params: object) -> Invalid:
    """Return an ``Invalid`` about one field."""
    return Invalid([FieldError(field, code, message, remedy, params)])


def address_of(record: Record, name: str) -> AddressValue | None:
    """Return an address fact as it was written, to be claimed for somebody else."""
    number = record.get(name)
    if not isinstance(number, int):
        return None
    stored = addresses([number]).get(number)
    return AddressValue(stored.text, stored.unit_code, stored.code_date) if stored else None


def members_of(household: str) -> list[Record]:
    """Return the living members of a household, the head first, then by birth."""
    ids = Person.objects.filter(household=household).values_list("pk", flat=True)
    living = [record for record in read(ids).values() if record.is_alive]
    return sorted(living, key=lambda r: (r.text("household_relationship") != HEAD, *_birth(r)))


def _birth(record: Record) -> tuple[str, int]:
    return record.text("birth_date") or "9999", record.id


def version_of(person_id: int) -> int:
    """Return the number of the newest statement about a person; 0 when there is none."""
    newest = Statement.objects.filter(person_id=person_id).aggregate(newest=Max("id"))["newest"]
    return newest or 0


def require_unchanged(person_id: int, names: Iterable[str], expected: int | None) -> None:
    """Raise ``Conflict`` when a statement newer than the expected one says something of these.

    A statement that there is not yet cannot have been seen, and raises it too. To be called with
    the person locked.
    """
    if expected is None:
        return
    if not 0 <= expected <= version_of(person_id):
        raise Conflict
    newer = Statement.objects.filter(
        person_id=person_id,
        id__gt=expected,
        claims__has_any_keys=[dictionary.key(name) for name in names],
    )
    if newer.exists():
        raise Conflict
