"""Contracts of the exchange: who may ask what, for which purposes, how much and until when.

One file each in ``catalogue/contracts``; a later file of the same contract continues it, so their
days must not overlap. ``catalogue/exchange.yaml`` says how much the whole country may ask in a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from dancu.catalogue.errors import CatalogueEntryInvalid
from dancu.catalogue.files import day_or_none, folder, yaml_of
from dancu.catalogue.types import Label, in_force

Mode = Literal["verify", "lookup", "batch", "feed"]
MODES: tuple[Mode, ...] = ("verify", "lookup", "batch", "feed")
#: What a contract may let its agency ask with yes or no for an answer.
QUESTIONS = ("is_alive", "is_at_least", "lives_in")
#: What finds a person; every contract that verifies may send these.
IDENTIFIERS = frozenset({"pid", "old_id_number", "full_name", "birth_date"})
#: How long after its end an agency may still fetch what was answered under a contract.
FETCHED_AFTER = dt.timedelta(days=30)
#: Where a contract does not say how many values may be tried on one person.
DEFAULT_VALUES_PER_PERSON = 5
FEED_EVENTS = ("death", "name_change", "move", "pid_cancelled", "card_issued")
#: Whose changes a contract tells: those whom the agency asked to follow, or everybody in its scope.
FeedPeople = Literal["subscribed", "everyone"]


@dataclass(frozen=True, slots=True)
class ContractPurpose(Label):
    """Why the agency asks, and the law that lets it."""

    legal_basis: str


@dataclass(frozen=True, slots=True)
class QuotaException:
    """More records on one day, with who allowed it and why."""

    day: dt.date
    records: int
    approved_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contract(Label):
    """What one agency may ask of the register; ``name`` is the name of the contract.

    ``verify_attributes`` hold the identifiers too when the contract verifies. ``scope``: codes of
    the units whose people may be asked about, ``None`` for the whole country. ``feed_purpose``: for
    which purpose changes of everybody are told; a subscription names its own. Days are half-open.
    ``values_per_person``: how many different values of one attribute or question may be tried on
    one person in a day.
    """

    agency: str
    source: str
    purposes: Mapping[str, ContractPurpose] = field(hash=False)
    modes: frozenset[str]
    verify_attributes: frozenset[str]
    questions: frozenset[str]
    lookup_attributes: frozenset[str]
    lookup_case: Literal["required", "optional"]
    feed_events: frozenset[str]
    feed_attributes: frozenset[str]
    scope: frozenset[str] | None
    records_per_day: int
    requests_per_second: int
    priority: int
    exceptions: tuple[QuotaException, ...]
    valid_from: dt.date
    valid_to: dt.date | None
    is_sandbox: bool = False
    feed_people: FeedPeople = "subscribed"
    feed_purpose: str = ""
    values_per_person: int = DEFAULT_VALUES_PER_PERSON

    def is_in_force(self, day: dt.date) -> bool:
        """Say whether the contract stands on the day."""
        return in_force(self.valid_from, self.valid_to, day)

    def records_on(self, day: dt.date) -> int:
        """Return the share of the day, declared exceptions included."""
        return sum((e.records for e in self.exceptions if e.day == day), self.records_per_day)


@dataclass(frozen=True, slots=True)
class Priority(Label):
    """A class of contracts: the smaller number goes first, the weight is its share of turns."""

    number: int
    weight: int


@dataclass(frozen=True, slots=True)
class FeedEvent(Label):
    """A kind of change, and the attributes that may go with it."""

    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class ExchangeRules:
    """What holds for all contracts together. ``feed_kept_days``: how long an event waits."""

    caps: tuple[tuple[dt.date, int], ...]
    exceptions: tuple[QuotaException, ...]
    priorities: tuple[Priority, ...]
    feed_events: Mapping[str, FeedEvent] = field(hash=False)
    feed_kept_days: int

    def records_on(self, day: dt.date) -> int:
        """Return how many records all contracts together may ask about on a day."""
        cap = 0
        for since, records in self.caps:
            if since <= day:
                cap = records
        return sum((e.records for e in self.exceptions if e.day == day), cap)

    def priority(self, number: int) -> Priority:
        """Return a class by its number; the last one for an unknown number."""
        return next((p for p in self.priorities if p.number == number), self.priorities[-1])


def contracts(day: dt.date) -> tuple[Contract, ...]:
    """Return the contracts in force on a day, by name."""
    return tuple(c for c in all_contracts() if c.is_in_force(day))


def contract(name: str, day: dt.date) -> Contract | None:
    """Return the contract of a name in force on a day, or ``None``."""
    return next((c for c in _by_name().get(name, ()) if c.is_in_force(day)), None)


def contracts_to_fetch(day: dt.date) -> tuple[Contract, ...]:
    """Return the contracts under which answers may be fetched: in force, or lately ended."""
    names = sorted(_by_name())
    return tuple(found for name in names if (found := contract_to_fetch(name, day)) is not None)


def contract_to_fetch(name: str, day: dt.date) -> Contract | None:
    """Return the contract of a name in force, else one that ended lately, or ``None``."""
    ended = [
        one
        for one in _by_name().get(name, ())
        if one.valid_to is not None and one.valid_to <= day < one.valid_to + FETCHED_AFTER
    ]
    return contract(name, day) or (ended[-1] if ended else None)


def last_contract(name: str) -> Contract | None:
    """Return the latest contract of a name, in force or not, or ``None``: for its labels."""
    found = _by_name().get(name)
    return found[-1] if found else None


def all_contracts() -> tuple[Contract, ...]:
    """Return all contracts, past and future ones too, by name and day."""
    return _read_contracts(str(folder()))


def exchange_rules() -> ExchangeRules:
    """Return the national cap and the priority classes."""
    return _read_rules(str(folder()))


def forget() -> None:
    """Read the files anew at the next use."""
    _read_contracts.cache_clear()
    _read_rules.cache_clear()
    _index.cache_clear()


def _by_name() -> Mapping[str, tuple[Contract, ...]]:
    return _index(str(folder()))


@lru_cache(maxsize=4)
def _index(path: str) -> Mapping[str, tuple[Contract, ...]]:
    found: dict[str, tuple[Contract, ...]] = {}
    for entry in _read_contracts(path):
        found[entry.name] = (*found.get(entry.name, ()), entry)
    return MappingProxyType(found)


@lru_cache(maxsize=4)
def _read_contracts(path: str) -> tuple[Contract, ...]:
    files = sorted((Path(path) / "contracts").glob("*.yaml"))
    return tuple(sorted(map(_contract_of, files), key=lambda c: (c.name, c.valid_from)))


def _contract_of(file: Path) -> Contract:
    entry = yaml_of(file)
    try:
        return _contract(entry, file.name)
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=file.name, what=repr(error)) from error


def _contract(entry: Mapping[str, Any], file: str) -> Contract:
    verify, lookup = entry.get("verify") or {}, entry.get("lookup") or {}
    feed = entry.get("feed") or {}
    valid_from = day_or_none(entry["valid_from"], file=file)
    if valid_from is None:
        raise ValueError("valid_from is empty")
    verified = frozenset(verify.get("attributes", ()))
    return Contract(
        name=entry["contract"],
        label_vi=entry["label_vi"],
        label_en=entry["label_en"],
        agency=entry["agency"],
        source=entry["source"],
        purposes=MappingProxyType({p["name"]: ContractPurpose(**p) for p in entry["purposes"]}),
        modes=frozenset(entry["modes"]),
        verify_attributes=verified | IDENTIFIERS if verify else verified,
        questions=frozenset(verify.get("questions", ())),
        lookup_attributes=frozenset(lookup.get("attributes", ())),
        lookup_case=lookup.get("case", "required"),
        feed_events=frozenset(feed.get("events", ())),
        feed_attributes=frozenset(feed.get("attributes", ())),
        scope=None if entry["scope"] == "country" else frozenset(map(str, entry["scope"])),
        records_per_day=int(entry["records_per_day"]),
        requests_per_second=int(entry["requests_per_second"]),
        priority=int(entry["priority"]),
        exceptions=_exceptions(entry.get("exceptions") or (), file),
        valid_from=valid_from,
        valid_to=day_or_none(entry.get("valid_to"), file=file),
        is_sandbox=bool(entry.get("sandbox", False)),
        feed_people=feed.get("people", "subscribed"),
        feed_purpose=feed.get("purpose") or entry["purposes"][0]["name"],
        values_per_person=int(verify.get("values_per_person", DEFAULT_VALUES_PER_PERSON)),
    )


def _exceptions(entries: Any, file: str) -> tuple[QuotaException, ...]:
    found = []
    for entry in entries:
        day = day_or_none(entry["day"], file=file)
        if day is None:
            raise CatalogueEntryInvalid(file=file, what="an exception has no day")
        found.append(
            QuotaException(day, int(entry["records"]), entry["approved_by"], entry["reason"])
        )
    return tuple(found)


@lru_cache(maxsize=4)
def _read_rules(path: str) -> ExchangeRules:
    file = "exchange.yaml"
    entry = yaml_of(Path(path) / file)
    try:
        caps = sorted(
            (day_or_none(cap["valid_from"], file=file) or dt.date.min, int(cap["records"]))
            for cap in entry["records_per_day"]
        )
        priorities = sorted((Priority(**p) for p in entry["priorities"]), key=lambda p: p.number)
        return ExchangeRules(
            caps=tuple(caps),
            exceptions=_exceptions(entry.get("exceptions") or (), file),
            priorities=tuple(priorities),
            feed_events=MappingProxyType({e["name"]: _event(e) for e in entry["feed"]["events"]}),
            feed_kept_days=int(entry["feed"]["kept_days"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueEntryInvalid(file=file, what=repr(error)) from error


def _event(entry: Mapping[str, Any]) -> FeedEvent:
    return FeedEvent(**{**entry, "attributes": frozenset(entry["attributes"])})
