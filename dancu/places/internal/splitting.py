"""Sending the addresses of split units their ways, by the rules of the decision."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import connection

from dancu.places.internal import placing
from dancu.places.internal.deciding import Splitter, neighbourhood_keys, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dancu.places.decision_types import Change, Decision
    from dancu.places.tree import UnitTree

_DAY = dt.timedelta(days=1)
_STAGE = """
CREATE TEMP TABLE incoming_decided (address_id bigint, level text, from_code text, to_code text,
                                    line integer) ON COMMIT DROP
"""
# The addresses of a unit that have not been placed yet at this split.
_CONCERNED = """
SELECT s.unit_code, a.id, a.parts ->> 'house', a.parts ->> 'street', a.parts ->> 'neighbourhood'
  FROM incoming_split s
  JOIN incoming_group g USING (n)
  JOIN places_address a ON a.unit_code = g.unit_code AND a.code_date = g.code_date
 WHERE coalesce((SELECT w.ways FROM incoming_way w WHERE w.address_id = a.id), '') = g.ways
   AND NOT EXISTS (SELECT 1 FROM places_placing p
                    WHERE p.address_id = a.id AND p."on" = %s AND p.replaced_at IS NULL)
"""
# A commune that stays open needs no row: the address is not sure of its unit. The neighbourhood of
# most addresses is only written in their text, so that here a row without a unit says it.
_KEEP = """
INSERT INTO places_placing (address_id, "on", level, unit_code, decision_id, line, reason,
                            placed_at)
SELECT address_id, %(on)s, level, to_code, %(decision)s, line, '', %(at)s
  FROM incoming_decided
 WHERE to_code <> '' OR level = 'neighbourhood'
ON CONFLICT (address_id, "on", level) WHERE replaced_at IS NULL DO NOTHING
"""


def place_by_rules(key: int, decision: Decision, *, tree: UnitTree, at: dt.datetime) -> int:
    """Keep where the rules send addresses that are not placed yet; return how many."""
    with connection.cursor() as cursor:
        stage_decided(cursor, decision, tree)
        cursor.execute(_KEEP, {"on": decision.effective_on, "decision": key, "at": at})
        placed: int = cursor.rowcount
        cursor.execute("DROP TABLE incoming_decided")
    return placed


def stage_decided(cursor: Any, decision: Decision, tree: UnitTree) -> None:
    """Fill the temporary table ``incoming_decided`` for all addresses of split units.

    ``to_code`` is empty where the rules decide nothing. Neighbourhoods that change whole are here
    too, since their addresses are known by their text alone.
    """
    cursor.execute(_STAGE)
    work = _Work(decision, tree)
    if not work.units:
        return
    placing.gather(cursor, work.concerned)
    cursor.execute("SELECT n, unit_code, code_date, ways FROM incoming_group")
    groups = list(work.groups(cursor.fetchall()))
    cursor.execute("CREATE TEMP TABLE incoming_split (n bigint, unit_code text) ON COMMIT DROP")
    with cursor.copy("COPY incoming_split FROM STDIN") as copy:
        for row in groups:
            copy.write_row(row)
    cursor.execute("ANALYZE incoming_split; ANALYZE incoming_group")
    cursor.execute(_CONCERNED, [decision.effective_on])
    decided = [line for row in cursor.fetchall() for line in work.decide(*row)]
    with cursor.copy("COPY incoming_decided FROM STDIN") as copy:
        for line in decided:
            copy.write_row(line)
    cursor.execute("DROP TABLE incoming_split")
    placing.forget_groups(cursor)


class _Work:
    """What one decision asks of addresses."""

    def __init__(self, decision: Decision, tree: UnitTree) -> None:
        self._tree = tree
        self._before = decision.effective_on - _DAY
        self._splits: dict[str, Splitter] = {}
        self._levels: dict[str, str] = {}
        #: Changed neighbourhoods by the commune in which they lay, and by the key of their name.
        self._neighbourhoods: dict[str, dict[str, Change]] = defaultdict(dict)
        self._after: set[str] = set()
        for change in decision.changes:
            self._take(change)
        #: The units whose addresses have to be looked at.
        self.units = self._neighbourhoods.keys() | {
            code for code in self._splits if self._levels[code] != "neighbourhood"
        }
        self.concerned = self.units | self._after

    def _take(self, change: Change) -> None:
        unit = self._tree.unit(change.from_code, self._before)
        if unit is None:
            return
        self._levels[unit.code] = unit.level
        if not change.is_whole:
            self._splits[unit.code] = Splitter(change)
        if unit.level == "neighbourhood":
            self._after.update(change.to)
            self._neighbourhoods[unit.parent_code] |= dict.fromkeys(
                neighbourhood_keys(unit.full_name), change
            )
        elif not change.is_whole:
            self._after.update(change.to)

    def groups(self, found: list[tuple[int, str, dt.date, str]]) -> Iterator[tuple[int, str]]:
        """Yield the groups that lay, surely, in a unit of interest, with that unit."""
        for number, code, code_date, ways in found:
            placed = self._tree.placed(code, code_date, self._before, placing.ways_of(ways))
            if placed.is_sure and placed.code in self.units:
                yield number, placed.code

    def decide(
        self, unit: str, address: int, house: str, street: str, neighbourhood: str
    ) -> Iterator[tuple[int, str, str, str, int | None]]:
        """Yield level, unit and new unit of an address, once for each level that changes."""
        place = whereabouts(
            house=house or "", street=street or "", neighbourhood=neighbourhood or ""
        )
        if unit in self._splits:
            to, line = self._splits[unit].unit_of(place)
            yield address, self._levels[unit], unit, to, line
        inside = self._neighbourhoods.get(unit, {})
        named = {inside[key].from_code: inside[key] for key in place.neighbourhoods & inside.keys()}
        if len(named) == 1:
            [change] = named.values()
            splitter = self._splits.get(change.from_code)
            to, line = splitter.unit_of(place) if splitter else (change.to[0], change.line)
            yield address, "neighbourhood", change.from_code, to, line
