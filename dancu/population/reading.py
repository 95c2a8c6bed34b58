"""Everything the register holds about a person, for the door out only.

Reading leaves no trace here; ``dancu.disclosure`` writes the access record before it answers. An
import contract keeps every other room away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from django.db import connection

from dancu.catalogue.queries import attribute
from dancu.population import arbitration, dictionary
from dancu.population.internal import golden
from dancu.population.search import CARD_COLUMNS, IndexCard
from dancu.population.types import Claim

_SQL = Path(__file__).with_name("internal") / "sql"
_CARD_WIDTH = CARD_COLUMNS.count(",") + 1

#: What holds today for one attribute, and the statement that it rests on.
Held = golden.Held
#: A person, by the register's key or by any PID they ever had.
Subject = int | str


@dataclass(frozen=True, slots=True)
class StatementInfo:
    """Where the claims of one statement come from."""

    id: int
    source: str
    source_id: int
    evidence_kind: str
    evidence: str
    day: date
    recorded_at: datetime
    entered_by: int | None
    event_id: int | None


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A claim that lost, open or settled. ``against_id`` is the statement that it lost to."""

    attribute: int
    statement_id: int
    against_id: int | None
    opened_at: datetime
    settled_at: datetime | None
    settled_by: int | None
    outcome: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """A civil event that statements name as their cause."""

    id: int
    kind: str
    number: str
    office: str
    happened_on: date
    registered_at: datetime
    registered_by: int


@dataclass(frozen=True, slots=True)
class PidRow:
    """One number of a person, valid or cancelled."""

    pid: str
    valid_from: date
    cancelled_on: date | None
    cancel_reason: str | None


@dataclass(frozen=True, slots=True)
class Kin:
    """A relative in the register. ``role``: the attribute that names the PID, child or sibling."""

    role: str
    card: IndexCard


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a household with the code of the relationship to its head."""

    relationship: str
    card: IndexCard


@dataclass(frozen=True, slots=True)
class Record:
    """All that is held about a person. ``claims`` go by attribute number, in order of recording."""

    card: IndexCard
    held: Mapping[int, Held]
    pids: tuple[PidRow, ...]
    statements: Mapping[int, StatementInfo]
    claims: Mapping[int, tuple[Claim, ...]]
    conflicts: tuple[ConflictRow, ...]
    events: Mapping[int, EventRow]

    def at(self, *, as_of: date | None, known_at: datetime | None) -> Mapping[int, Held]:
        """Return what held on a day as far as was known at a moment; ``held`` when both are now."""
        if as_of is None and known_at is None:
            return self.held
        found: dict[int, Held] = {}
        for number, claims in self.claims.items():
            best = arbitration.winner(
                claims, attribute(number).rule, as_of=as_of, known_at=known_at
            )
            if best is not None:
                found[number] = Held(best.value, best.statement_id, best.source_id, best.day)
        return found

    def history(self, number: int, *, known_at: datetime | None = None) -> list[arbitration.Span]:
        """Return the spans of time in which each value of an attribute held, oldest first."""
        return arbitration.history(
            self.claims.get(number, ()), attribute(number).rule, known_at=known_at
        )

    def confirmed_on(self, number: int, value: object) -> date | None:
        """Return the last day on which a source said that the attribute has this value."""
        days = [
            c.day
            for c in self.claims.get(number, ())
            if c.annulled_at is None and c.rank > 0 and c.value == value
        ]
        return max(days, default=None)


def cards(subjects: Iterable[Subject]) -> dict[Subject, IndexCard]:
    """Return the index cards of those subjects that exist, in one query.

    A person who was merged into another is answered by the card of the other.
    """
    asked = list(subjects)
    ids = [s for s in asked if isinstance(s, int)]
    pids = [s for s in asked if isinstance(s, str)]
    found: dict[Subject, IndexCard] = {}
    for row in _run("cards", {"ids": ids, "pids": pids}):
        key = row[_CARD_WIDTH]
        found[row[_CARD_WIDTH + 1] if key is None else key] = card_of(row)
    return found


def one_with(person_id: int) -> frozenset[int]:
    """Return the keys of all records that are of one person now, that of ``person_id`` included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH stays AS (SELECT coalesce(merged_into_id, id) AS id FROM population_person "
            "WHERE id = %s) SELECT id FROM stays UNION "
            "SELECT p.id FROM stays JOIN population_person p ON p.merged_into_id = stays.id",
            [person_id],
        )
        return frozenset({person_id, *(row[0] for row in cursor.fetchall())})


def held(person_ids: Sequence[int], facets: Iterable[str]) -> dict[int, dict[int, Held]]:
    """Return what holds today for people, by person and attribute number, in one query."""
    return golden.held(person_ids, [dictionary.facet_numbers()[facet] for facet in facets])


def record(card: IndexCard) -> Record:
    """Return all that is held about a person, in five queries."""
    statements, claims = _statements(card.person_id)
    facets = dictionary.facet_numbers()
    return Record(
        card=card,
        held=held([card.person_id], facets)[card.person_id],
        pids=_pids(card.person_id),
        statements=statements,
        claims=claims,
        conflicts=_conflicts(card.person_id),
        events=_events({s.event_id for s in statements.values() if s.event_id}),
    )


def kin(person_id: int, named: Mapping[str, str]) -> list[Kin]:
    """Return the relatives in the register, in one query.

    ``named`` are the PIDs that the person's own facts name, by attribute (``father_pid``, …).
    Children are those who name any PID of the person as father's or mother's; siblings those who
    share a parent.
    """
    parents = [named[name] for name in ("father_pid", "mother_pid") if name in named]
    values = {
        "person": person_id,
        "roles": list(named),
        "pids": list(named.values()),
        "parents": parents,
    }
    rows = _run("kin", values)
    return [Kin(str(row[_CARD_WIDTH]), card_of(row)) for row in rows]


def members(household: str) -> list[Member]:
    """Return the members of a household, the head first, then by age."""
    key = dictionary.key("household_relationship")
    rows = _run("members", {"household": household, "relationship": key})
    return [Member(str(row[_CARD_WIDTH] or ""), card_of(row)) for row in rows]


def card_of(row: Sequence[Any]) -> IndexCard:
    """Build an index card from the columns of ``CARD_COLUMNS``."""
    return IndexCard(*row[:_CARD_WIDTH])


def _json(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(value) if isinstance(value, str) else value
    return found


def _statements(
    person_id: int,
) -> tuple[dict[int, StatementInfo], dict[int, tuple[Claim, ...]]]:
    statements: dict[int, StatementInfo] = {}
    claims: dict[int, list[Claim]] = defaultdict(list)
    known = dictionary.sources_by_id()
    for row in _run("statements", {"person": person_id}):
        info = StatementInfo(
            id=row[0],
            source=known[row[1]].code if row[1] in known else "",
            source_id=row[1],
            evidence_kind=dictionary.evidence_kind(row[2]),
            evidence=row[3],
            day=row[4],
            recorded_at=row[5],
            entered_by=row[6],
            event_id=row[7],
        )
        statements[info.id] = info
        withdrawn = dict(zip(row[9] or (), row[10] or (), strict=True))
        for claim in _claims(info, _json(row[8]), withdrawn):
            claims[claim.attribute].append(claim)
    return statements, {number: tuple(said) for number, said in claims.items()}


def _claims(
    info: StatementInfo, said: Mapping[str, object], withdrawn: Mapping[int | None, datetime]
) -> Iterable[Claim]:
    for key, value in said.items():
        number = int(key)
        moments = [at for at in (withdrawn.get(number), withdrawn.get(None)) if at is not None]
        yield Claim(
            attribute=number,
            value=value,
            day=info.day,
            recorded_at=info.recorded_at,
            statement_id=info.id,
            source_id=info.source_id,
            rank=dictionary.rank(attribute(number), info.source_id),
            annulled_at=min(moments, default=None),
        )


def _pids(person_id: int) -> tuple[PidRow, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, valid_from, cancelled_on, cancel_reason FROM population_pid "
            "WHERE person_id = %s ORDER BY cancelled_on DESC NULLS FIRST, valid_from DESC",
            [person_id],
        )
        return tuple(PidRow(*row) for row in cursor.fetchall())


def _conflicts(person_id: int) -> tuple[ConflictRow, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attribute, statement_id, against_id, opened_at, settled_at, settled_by, "
            "outcome, reason FROM population_conflict WHERE person_id = %s "
            "ORDER BY settled_at DESC NULLS FIRST, opened_at DESC",
            [person_id],
        )
        return tuple(ConflictRow(*row) for row in cursor.fetchall())


def _events(ids: Iterable[int]) -> dict[int, EventRow]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, number, office, happened_on, registered_at, registered_by "
            "FROM population_civilevent WHERE id = ANY (%s)",
            [wanted],
        )
        return {row[0]: EventRow(*row) for row in cursor.fetchall()}


@lru_cache(maxsize=8)
def _sql(name: str) -> str:
    text = (_SQL / f"read_{name}.sql").read_text(encoding="utf-8")
    return text.replace("{card}", CARD_COLUMNS)


def _run(name: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(name), dict(values))
        return list(cursor.fetchall())
