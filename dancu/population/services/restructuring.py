"""When the map changes: decisions previewed, applied to everybody, and undone.

What sources said of people is not touched, and no statement is added for anybody: nobody moved, and
no source said so. What changes is where stored addresses lie, with the decision as the cause; the
communes on index cards, which the door computes from the addresses, follow in the same transaction
(docs/decisions/0024).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from dancu.access.types import Actor
from dancu.audit.services import record
from dancu.kernel.clock import today
from dancu.places import queries, restructuring
from dancu.places.decisions import Decision, flaws_of
from dancu.places.errors import DecisionRefused
from dancu.places.types import UnitValue
from dancu.population.internal import door
from dancu.population.internal.stillness import hold_still
from dancu.population.services import gate

ACTION = "places.manage"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Way:
    """Homes and people that go from one unit to another; nowhere (``None``) when it is unclear."""

    before: UnitValue
    to_code: str
    to_name: str
    homes: int
    people: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision would do to those who live in the register today; nobody is named."""

    decision: Decision
    ways: tuple[Way, ...]

    @property
    def people(self) -> int:
        """Return how many people live in units that change."""
        return sum(way.people for way in self.ways if way.before.level != "neighbourhood")

    @property
    def unclear(self) -> tuple[Way, ...]:
        """Return what a person has to decide, by unit."""
        return tuple(way for way in self.ways if not way.to_code)


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a decision did. ``addresses`` and ``people`` that went to another unit."""

    number: str
    effective_on: date
    is_new: bool
    is_in_force: bool
    addresses: int = 0
    people: int = 0


@transaction.atomic
def preview_map_change(*, decision: Decision, actor: Actor, at: datetime) -> Preview:
    """Count who would go where; nothing is changed.

    Raises ``DecisionRefused`` when the map does not allow the decision, and
    ``OutsideJurisdiction`` when it changes units outside the actor's area.
    """
    _require(actor, decision, at)
    tree = queries.tree()
    if flaws := flaws_of(decision, tree):
        raise DecisionRefused(flaws)
    counted = _counted(decision)
    names = {unit.code: unit.name for unit in decision.units}
    ways = []
    for (code, to), (homes, people) in counted.items():
        before = tree.unit(code, decision.effective_on - _DAY)
        if before is not None:
            kept = tree.unit(to, decision.effective_on - _DAY)
            name = names.get(to, kept.name if kept else to)
            ways.append(Way(before, to, name if to else "", homes, people))
    ways.sort(key=lambda way: (way.before.code, not way.to_code, way.to_code))
    return Preview(decision, tuple(ways))


@transaction.atomic
def apply_map_change(*, decision: Decision, actor: Actor, at: datetime) -> Applied:
    """Enter a decision in the map and, from its day on, take everybody to the new units.

    One transaction: a run that was cut short left nothing, and the same call does it all. Applied
    again, a decision only takes along what came in since. Before its day, addresses are decided on
    ahead by the rules, and ``enforce_due`` does the rest on the day.
    """
    _require(actor, decision, at)
    is_due = decision.effective_on <= today(at)
    if is_due:
        hold_still()
    by = actor.account_id
    entered = restructuring.enter(decision=decision, at=at, by=by)
    moved = people = 0
    if is_due:
        moved, people = _enforce(entered.key, decision, at)
    else:
        restructuring.place_ahead(entered=entered, at=at)
    applied = Applied(decision.number, decision.effective_on, entered.is_new, is_due, moved, people)
    _note("map.applied" if entered.is_new else "map.applied-again", applied, actor, at)
    return applied


@transaction.atomic
def undo_map_change(*, number: str, actor: Actor, at: datetime) -> None:
    """Take a decision back before its day; the map is as if it had never been applied.

    Raises ``DecisionUnknown``, and ``DecisionInForce`` from its day on.
    """
    known = restructuring.decision_of(number)
    _require(actor, known, at)
    restructuring.undo(number=number, today=today(at), at=at, by=actor.account_id)
    record(event="map.undone", actor=actor, at=at, detail={"number": number})


def enforce_due(*, actor: Actor, at: datetime) -> tuple[Applied, ...]:
    """Bring into force the decisions whose day has come, each in one transaction."""
    done = []
    for key in restructuring.due(today(at)):
        with transaction.atomic():
            hold_still()
            entered = restructuring.entered(key)
            if entered is None or entered.is_in_force:
                continue
            decision = entered.decision
            moved, people = _enforce(key, decision, at)
            applied = Applied(decision.number, decision.effective_on, False, True, moved, people)
            _note("map.in-force", applied, actor, at)
        done.append(applied)
    return tuple(done)


def _enforce(key: int, decision: Decision, at: datetime) -> tuple[int, int]:
    moved = restructuring.enforce(key=key, at=at, decision=decision)
    return moved, align_cards(concerned(decision)) if moved else 0


def concerned(decision: Decision) -> set[str]:
    """Return the codes of all units that a decision ends or begins."""
    return {code for change in decision.changes for code in (change.from_code, *change.to)}


def align_cards(units: Collection[str]) -> int:
    """Bring the communes on index cards into line with the addresses; return how many changed."""
    changed = 0
    with connection.cursor() as cursor:
        for name in ("restructure_cards", "restructure_cards_of_stays"):
            cursor.execute(door.sql(name), {"units": sorted(units)})
            changed += cursor.rowcount
    return changed


def _require(actor: Actor, decision: Decision, at: datetime) -> None:
    """Let the house itself, and officers of the whole area that changes."""
    if actor.kind == "system":
        return
    gate.require(actor, ACTION)
    for change in decision.changes:
        gate.require_place(actor, change.from_code, min(decision.effective_on - _DAY, today(at)))


def _counted(decision: Decision) -> dict[tuple[str, str], tuple[int, int]]:
    """Return homes and people by old and new unit; the new one is empty when it is unclear."""
    found: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))

    def add(code: str, to: str, homes: int, people: int) -> None:
        before = found[code, to]
        found[code, to] = before[0] + homes, before[1] + people

    changes = {change.from_code: change for change in decision.changes}
    for code, is_sure, homes, people in _whole(changes):
        change = changes[code]
        if not is_sure:
            add(code, "", homes, people)
        elif change.is_whole:
            add(code, change.to[0], homes, people)
    with connection.cursor() as cursor:
        restructuring.stage_decided(cursor, decision)
        cursor.execute("ANALYZE incoming_decided")
        cursor.execute(door.sql("restructure_split"))
        for __, code, to, homes, people in cursor.fetchall():
            add(code, to, homes, people)
        cursor.execute("DROP TABLE incoming_decided")
    return found


def _whole(units: Collection[str]) -> Sequence[tuple[str, bool, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(door.sql("restructure_whole"), {"units": sorted(units)})
        rows: list[tuple[str, bool, int, int]] = cursor.fetchall()
    return [row for row in rows if row[0] in units]


def _note(event: str, applied: Applied, actor: Actor, at: datetime) -> None:
    detail = {
        "number": applied.number,
        "effective_on": applied.effective_on.isoformat(),
        "addresses": applied.addresses,
        "people": applied.people,
    }
    record(event=event, actor=actor, at=at, detail=detail)
