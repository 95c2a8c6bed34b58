"""Carrying out decisions on the map: entered, brought into force on their day, or undone before.

A decision that has been entered stands in the map with its day; what lies where *today* changes
when it comes into force. None of these functions looks at people: ``dancu.population`` calls them
with the register held still (``population.services.restructuring``).
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q

from dancu.places import queries
from dancu.places.decisions import flaws_of, read
from dancu.places.errors import (
    DecisionChanged,
    DecisionInForce,
    DecisionRefused,
    DecisionUnknown,
)
from dancu.places.internal import placing, splitting
from dancu.places.internal.rows import unit_row
from dancu.places.models import (
    MapDecision,
    MapVersion,
    Placing,
    Settling,
    Unit,
    UnitSuccession,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dancu.places.decisions import Decision, NewUnit
    from dancu.places.tree import UnitTree
    from dancu.places.types import UnitValue

_DAY = dt.timedelta(days=1)
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('places.map-decision'))"


@dataclass(frozen=True, slots=True)
class Entered:
    """A decision in the map. ``is_new``: it was not there before."""

    key: int
    decision: Decision
    is_new: bool
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """An applied decision in a list. ``state``: waiting, in force or undone."""

    number: str
    title: str
    legal_basis: str
    effective_on: dt.date
    applied_at: dt.datetime
    state: str


def decisions() -> tuple[DecisionLine, ...]:
    """Return all decisions ever applied, the latest day first."""
    rows = MapDecision.objects.order_by("-effective_on", "-pk").defer("text")
    return tuple(
        DecisionLine(
            row.number, row.title, row.legal_basis, row.effective_on, row.applied_at, _state(row)
        )
        for row in rows
    )


def _state(row: MapDecision) -> str:
    if row.undone_at is not None:
        return "undone"
    return "waiting" if row.in_force_at is None else "in force"


@transaction.atomic
def enter(*, decision: Decision, at: dt.datetime, by: int | None) -> Entered:
    """Enter the units and links of a decision; entered again, it changes nothing.

    Addresses stay where they are until ``enforce``. Raises ``DecisionRefused`` when the map does
    not allow it, and ``DecisionChanged`` when another content was applied under the number.
    """
    _wait_for_turn()
    known = MapDecision.objects.filter(number=decision.number, undone_at=None).first()
    if known is not None:
        if known.digest != decision.digest:
            raise DecisionChanged(number=decision.number)
        return Entered(known.pk, decision, is_new=False, is_in_force=known.in_force_at is not None)
    tree = queries.tree()
    if flaws := flaws_of(decision, tree):
        raise DecisionRefused(flaws)
    row = MapDecision.objects.create(
        number=decision.number,
        title=decision.title,
        legal_basis=decision.legal_basis,
        decided_on=decision.decided_on,
        effective_on=decision.effective_on,
        digest=decision.digest,
        text=decision.text,
        applied_at=at,
        applied_by=by,
    )
    _draw(row, decision, tree)
    _tell()
    return Entered(row.pk, decision, is_new=True, is_in_force=False)


@transaction.atomic
def enforce(*, key: int, at: dt.datetime, decision: Decision | None = None) -> int:
    """Bring an entered decision into force: addresses go to their new units; return how many.

    Done again, it only places what the first time could not see, and changes nothing else.
    """
    _wait_for_turn()
    row = MapDecision.objects.get(pk=key)
    decision = decision or read(row.text)
    splitting.place_by_rules(row.pk, decision, tree=queries.tree(), at=at)
    if row.in_force_at is None:
        row.in_force_at = at
        row.save(update_fields=["in_force_at"])
        _tell()
    return placing.place_addresses(queries.tree(), units=_concerned(decision))


@transaction.atomic
def place_anew() -> int:
    """Place all addresses on the newest map again; return how many moved."""
    return placing.place_addresses(queries.tree())


@transaction.atomic
def place_ahead(*, entered: Entered, at: dt.datetime) -> int:
    """Decide by the rules where addresses of split units will go; return how many were decided."""
    return splitting.place_by_rules(entered.key, entered.decision, tree=queries.tree(), at=at)


def stage_decided(cursor: Any, decision: Decision) -> None:
    """Fill the temporary table ``incoming_decided``: what the rules say of each address.

    Its columns are address_id, level, from_code, to_code (empty when unclear) and line.
    """
    splitting.stage_decided(cursor, decision, queries.tree())


def settled_ahead(number: str) -> int:
    """Return how many addresses wards have settled ahead of a decision; they fall with it."""
    rows = _settled_ahead(MapDecision.objects.filter(number=number, undone_at=None).first())
    return sum(rows.values_list("addresses", flat=True))


def touched_since(moment: dt.datetime) -> frozenset[str]:
    """Return the units between which addresses went since a moment, by decisions or by wards."""
    links = UnitSuccession.objects.filter(decision__in_force_at__gte=moment)
    found = {c for pair in links.values_list("predecessor__code", "successor__code") for c in pair}
    acts = Settling.objects.filter(Q(settled_at__gte=moment) | Q(undone_at__gte=moment))
    for unit, communes in acts.values_list("unit_code", "communes"):
        found |= {unit, *communes}
    return frozenset(found)


def due(today: dt.date) -> list[int]:
    """Return the keys of the decisions that are not in force though their day has come."""
    waiting = MapDecision.objects.filter(in_force_at=None, undone_at=None, effective_on__lte=today)
    return list(waiting.order_by("effective_on", "pk").values_list("pk", flat=True))


def entered(key: int) -> Entered | None:
    """Return an applied decision; ``None`` when it was undone."""
    row = MapDecision.objects.filter(pk=key, undone_at=None).first()
    if row is None:
        return None
    in_force = row.in_force_at is not None
    return Entered(row.pk, read(row.text), is_new=False, is_in_force=in_force)


def decision_of(number: str) -> Decision:
    """Return the applied decision of a number; raises ``DecisionUnknown``."""
    row = MapDecision.objects.filter(number=number, undone_at=None).first()
    if row is None:
        raise DecisionUnknown(number=number)
    return read(row.text)


@transaction.atomic
def undo(*, number: str, today: dt.date, at: dt.datetime, by: int | None) -> MapDecision:
    """Take a decision out of the map again, which leaves it as it was before.

    Raises ``DecisionUnknown``, and ``DecisionInForce`` from its day on.
    """
    _wait_for_turn()
    row = MapDecision.objects.filter(number=number, undone_at=None).first()
    if row is None:
        raise DecisionUnknown(number=number)
    if row.in_force_at is not None or row.effective_on <= today:
        raise DecisionInForce(number=number, day=row.effective_on.isoformat())
    _take_settlings_along(row, at=at, by=by)
    _erase(row, read(row.text))
    row.undone_at, row.undone_by = at, by
    row.save(update_fields=["undone_at", "undone_by"])
    _tell()
    return row


def _wait_for_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
    queries.forget()


def _tell() -> None:
    """Tell every process that the map has changed."""
    MapVersion.objects.update_or_create(id=1, defaults={"version": uuid.uuid4()})
    queries.forget()
    transaction.on_commit(queries.forget)


def _concerned(decision: Decision) -> set[str]:
    """Return the units in which addresses lay that the decision moves: before it, or after."""
    found = {change.from_code for change in decision.changes}
    return found | {code for change in decision.changes for code in change.to}


_UNITS = (
    "code, level, name, kind, parent_code, valid_from, sort_key, folded, latitude, longitude, "
    "area_km2"
)
_END = """
UPDATE places_unit SET valid_to = %(on)s
 WHERE code = ANY (%(codes)s) AND valid_from < %(on)s AND valid_to IS NULL
"""
_LINK = """
INSERT INTO places_unitsuccession (predecessor_id, successor_id, "on", is_default, cross_check,
                                   decision_id)
SELECT before.id, after.id, %(on)s, i.is_default, '', %(decision)s
  FROM incoming_link i
  JOIN places_unit before ON before.code = i.from_code AND before.valid_to = %(on)s
  JOIN places_unit after ON after.code = i.to_code AND after.valid_from = %(on)s
"""


def _draw(row: MapDecision, decision: Decision, tree: UnitTree) -> None:
    """End the old units, begin the new ones, and link them."""
    on = decision.effective_on
    described = {unit.code: unit for unit in decision.units}
    codes = dict.fromkeys(code for change in decision.changes for code in change.to)
    with connection.cursor() as cursor:
        cursor.execute(_END, {"on": on, "codes": _ended(decision)})
        with cursor.copy(f"COPY places_unit ({_UNITS}) FROM STDIN") as copy:
            for code in codes:
                unit = _begun(described.get(code), tree.unit(code, on - _DAY), on)
                copy.write_row([getattr(unit, name) for name in _UNITS.split(", ")])
        cursor.execute(
            "CREATE TEMP TABLE incoming_link (from_code text, to_code text, is_default boolean) "
            "ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming_link FROM STDIN") as copy:
            for change in decision.changes:
                for code in change.to:
                    copy.write_row((change.from_code, code, code == change.custodian))
        cursor.execute("ANALYZE places_unit")
        cursor.execute(_LINK, {"on": on, "decision": row.pk})
        cursor.execute("DROP TABLE incoming_link")


def _ended(decision: Decision) -> list[str]:
    """Return the codes of the units that end: to make way for others, or without a follower."""
    return [change.from_code for change in decision.changes] + [one.code for one in decision.ends]


def _begun(new: NewUnit | None, kept: UnitValue | None, on: dt.date) -> Unit:
    known = new or kept
    if known is None:  # The checks have seen to it.
        raise DecisionUnknown(number="")
    return unit_row(
        known.code,
        known.level,
        known.name,
        known.kind,
        parent_code=known.parent_code,
        valid_from=on,
    )


def _take_settlings_along(row: MapDecision, *, at: dt.datetime, by: int | None) -> None:
    """What wards settled ahead of the day falls with the decision."""
    _settled_ahead(row).update(undone_at=at, undone_by=by)


def _settled_ahead(row: MapDecision | None) -> QuerySet[Settling]:
    settled = Settling.objects.filter(placings__decision=row, undone_at=None).values("pk")
    return Settling.objects.filter(pk__in=settled) if row else Settling.objects.none()


def _erase(row: MapDecision, decision: Decision) -> None:
    on = decision.effective_on
    Placing.objects.filter(decision=row).delete()
    begun = list(row.successions.values_list("successor_id", flat=True))
    row.successions.all().delete()
    Unit.objects.filter(pk__in=begun).delete()
    Unit.objects.filter(code__in=_ended(decision), valid_to=on).update(valid_to=None)
