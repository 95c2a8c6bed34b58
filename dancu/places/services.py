"""Writes of the administrative map."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import connection, transaction

from dancu.kernel.text import fold
from dancu.places import queries
from dancu.places.errors import UnitExists, UnknownUnit
from dancu.places.internal import placing
from dancu.places.internal.declared import declared_successions, declared_units
from dancu.places.internal.rows import sort_key, unit_row
from dancu.places.models import MapVersion, Unit, UnitSuccession

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from dancu.places.types import Level

_MERGE_UNITS = """
INSERT INTO places_unit (code, level, name, kind, parent_code, valid_from, valid_to, sort_key,
                         folded, latitude, longitude, area_km2)
SELECT code, level, name, kind, parent_code, valid_from, valid_to, sort_key,
       folded, latitude, longitude, area_km2
  FROM incoming_unit
 ORDER BY valid_from, code
ON CONFLICT (code, valid_from) DO UPDATE
   SET name = excluded.name, kind = excluded.kind, parent_code = excluded.parent_code,
       sort_key = excluded.sort_key, folded = excluded.folded,
       latitude = excluded.latitude, longitude = excluded.longitude, area_km2 = excluded.area_km2
 WHERE (places_unit.name, places_unit.kind, places_unit.parent_code, places_unit.sort_key,
        places_unit.folded, places_unit.latitude, places_unit.longitude, places_unit.area_km2)
       IS DISTINCT FROM
       (excluded.name, excluded.kind, excluded.parent_code, excluded.sort_key,
        excluded.folded, excluded.latitude, excluded.longitude, excluded.area_km2)
"""

# A unit that ends under a newer edition of the files, renamed meanwhile or not, must end before its
# follower is inserted, or the two would overlap for a moment. Ends are never moved later: a rename
# that officers entered stands.
_END_UNITS = """
UPDATE places_unit u SET valid_to = i.valid_to
  FROM incoming_unit i
 WHERE u.code = i.code AND u.valid_from >= i.valid_from AND u.valid_from < i.valid_to
   AND (u.valid_to IS NULL OR u.valid_to > i.valid_to)
"""

_MERGE_SUCCESSIONS = """
INSERT INTO places_unitsuccession (predecessor_id, successor_id, "on", is_default, share,
                                   cross_check)
SELECT before.id, after.id, i."on", i.is_default, i.share, i.cross_check
  FROM incoming_succession i
  JOIN places_unit before ON before.code = i.from_code AND before.valid_to = i."on"
  JOIN places_unit after ON after.code = i.to_code AND after.valid_from = i."on"
ON CONFLICT (predecessor_id, successor_id, "on") DO UPDATE
   SET share = excluded.share, cross_check = excluded.cross_check
 WHERE (places_unitsuccession.share, places_unitsuccession.cross_check)
       IS DISTINCT FROM (excluded.share, excluded.cross_check)
"""


@transaction.atomic
def load_units() -> int:
    """Bring the declared maps into the register; return the number of rows that changed.

    Idempotent: a second run changes nothing. Units that officers opened stay as they are.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE incoming_unit (LIKE places_unit INCLUDING DEFAULTS) ON COMMIT DROP"
        )
        cursor.execute("ALTER TABLE incoming_unit DROP COLUMN id")
        cursor.execute(
            "CREATE TEMP TABLE incoming_succession (from_code text, to_code text, "
            '"on" date, is_default boolean, share double precision, cross_check text) '
            "ON COMMIT DROP"
        )
        _copy_units(cursor)
        _copy_successions(cursor)
        cursor.execute(_END_UNITS)
        changed = cursor.rowcount
        cursor.execute(_MERGE_UNITS)
        changed += cursor.rowcount
        cursor.execute(_MERGE_SUCCESSIONS)
        changed += cursor.rowcount
        cursor.execute("DROP TABLE incoming_unit, incoming_succession")
    if changed:
        _publish()
    return int(changed)


@transaction.atomic
def open_unit(
    *, code: str, level: Level, name: str, kind: str, parent_code: str, on: dt.date
) -> None:
    """Open a unit, such as a neighbourhood, from a day on.

    Raises ``UnitExists``, and ``UnknownUnit`` when the parent does not stand on that day.
    """
    open_units(rows=[(code, level, name, kind, parent_code)], on=on)


@transaction.atomic
def open_units(*, rows: Iterable[tuple[str, Level, str, str, str]], on: dt.date) -> None:
    """Open units given as ``(code, level, name, kind, parent_code)``; all of them or none."""
    tree = queries.tree()
    known: set[str] = set()
    units = []
    for code, level, name, kind, parent_code in rows:
        if code in known or tree.unit(code, on) is not None:
            raise UnitExists(unit=code, day=on.isoformat())
        if parent_code not in known and tree.unit(parent_code, on) is None:
            raise UnknownUnit(unit=parent_code, day=on.isoformat())
        known.add(code)
        units.append(unit_row(code, level, name, kind, parent_code=parent_code, valid_from=on))
    Unit.objects.bulk_create(units, batch_size=2000)
    _publish()


@transaction.atomic
def rename_unit(*, code: str, name: str, kind: str, on: dt.date) -> None:
    """Give a unit another name or kind from a day on; its code and everything below it stay.

    Raises ``UnknownUnit``, and ``UnitExists`` when the unit itself begins on that day.
    """
    before = (
        Unit.objects.select_for_update()
        .filter(code=code, valid_from__lte=on)
        .exclude(valid_to__lte=on)
        .first()
    )
    if before is None:
        raise UnknownUnit(unit=code, day=on.isoformat())
    if before.valid_from == on:
        raise UnitExists(unit=code, day=on.isoformat())
    end, before.valid_to = before.valid_to, on
    before.save(update_fields=["valid_to"])
    after = unit_row(code, before.level, name, kind, parent_code=before.parent_code, valid_from=on)
    after.valid_to = end
    after.save()
    if end is not None:
        UnitSuccession.objects.filter(predecessor=before, on=end).update(predecessor=after)
    UnitSuccession.objects.create(predecessor=before, successor=after, on=on, is_default=True)
    _publish()


def _publish() -> None:
    """Tell every process that the map has changed, and place the addresses on the new one."""
    MapVersion.objects.update_or_create(id=1, defaults={"version": uuid.uuid4()})
    queries.forget()
    placing.place_addresses(queries.tree())
    transaction.on_commit(queries.forget)


def _copy_units(cursor: object) -> None:
    columns = (
        "code, level, name, kind, parent_code, valid_from, valid_to, sort_key, folded, "
        "latitude, longitude, area_km2"
    )
    with cursor.copy(f"COPY incoming_unit ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for u in declared_units():
            copy.write_row(
                (
                    u.code,
                    u.level,
                    u.name,
                    u.kind,
                    u.parent_code,
                    u.valid_from,
                    u.valid_to,
                    sort_key(u.name),
                    fold(u.name),
                    u.latitude,
                    u.longitude,
                    u.area_km2,
                )
            )


def _copy_successions(cursor: object) -> None:
    with cursor.copy("COPY incoming_succession FROM STDIN") as copy:  # type: ignore[attr-defined]
        for s in declared_successions():
            copy.write_row((s.from_code, s.to_code, s.on, s.is_default, s.share, s.cross_check))
