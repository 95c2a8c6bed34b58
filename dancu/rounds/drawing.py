"""Making the lists of a commune, and keeping them: set by set, one transaction for each commune.

Whom a round visits, the register says (``dancu.population.drawing``, the temporary tables
``drawn`` and ``leaving``). Their doors are worked out once for each different writing. Renewing
lists takes in who is new and lets go who is not concerned any more, with the cause; who was settled
stays, so that no work done vanishes from the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from dancu.catalogue.campaigns import campaign_kinds
from dancu.kernel.clock import today
from dancu.places import queries as places
from dancu.places import under_map
from dancu.places.types import AddressValue
from dancu.population import drawing as register
from dancu.rounds.doors import Door, Written, door_of
from dancu.rounds.models import Area
from dancu.rounds.models import Subject as Row
from dancu.rounds.types import Drawn

_DOORS = """
CREATE TEMP TABLE IF NOT EXISTS drawn_door (
    code text COLLATE "C", written text, ward text COLLATE "C", street_as text, house_as text,
    neighbourhood text, street text, house text,
    neighbourhood_key text COLLATE "C", street_key text COLLATE "C", house_key text COLLATE "C"
) ON COMMIT DELETE ROWS
"""
_WRITTEN = """
SELECT DISTINCT neighbourhood_code, neighbourhood, ward_before, ward_day, street, house FROM drawn
"""
_COPY = """
COPY drawn_door (code, written, ward, street_as, house_as, neighbourhood, street, house,
                 neighbourhood_key, street_key, house_key) FROM STDIN
"""
#: Each person with the door; where no number is written, the household tells doors apart. The key
#: keeps what is compared with it quick, whatever is known of lists that have just been made.
_PLACED = """
CREATE TEMP TABLE IF NOT EXISTS placed (
    person_id bigint PRIMARY KEY, basis smallint, neighbourhood text, street text, house text,
    neighbourhood_key text COLLATE "C", street_key text COLLATE "C", house_key text COLLATE "C",
    household text COLLATE "C", stop_id bigint
) ON COMMIT DELETE ROWS
"""
_PLACE = """
INSERT INTO placed
SELECT d.person_id, d.basis, w.neighbourhood, w.street, w.house,
       w.neighbourhood_key, w.street_key, w.house_key,
       CASE WHEN d.household <> '' THEN left(d.household, 60)
            WHEN w.house = '' THEN '@' || coalesce(d.address_id, -d.person_id)
            ELSE '' END
FROM drawn d
JOIN drawn_door w ON (w.code, w.written, w.ward, w.street_as, w.house_as)
    = (d.neighbourhood_code, d.neighbourhood, d.ward_before, d.street, d.house)
"""
# The writing that comes first stands for the door.
_STOPS = """
INSERT INTO rounds_stop (area_id, neighbourhood_key, street_key, house_key, household,
                         neighbourhood, street, house, people, settled, version, attempts, others,
                         state, is_listed, team)
SELECT %(area)s, neighbourhood_key, street_key, house_key, household,
       min(neighbourhood COLLATE "C"), min(street COLLATE "C"), min(house COLLATE "C"),
       0, 0, 0, 0, 0, 0, true, ''
FROM placed
GROUP BY neighbourhood_key, street_key, house_key, household
ORDER BY neighbourhood_key, street_key, house_key, household
ON CONFLICT DO NOTHING
"""
_STOP_OF = """
UPDATE placed p SET stop_id = s.id
FROM rounds_stop s
WHERE s.area_id = %(area)s AND (s.neighbourhood_key, s.street_key, s.house_key, s.household)
    = (p.neighbourhood_key, p.street_key, p.house_key, p.household)
"""
_JOIN = """
INSERT INTO rounds_subject (area_id, person_id, stop_id, basis, state, joined_on, joined)
SELECT %(area)s, person_id, stop_id, basis, 0, %(day)s, %(joined)s FROM placed
ON CONFLICT (area_id, person_id) DO UPDATE
    SET stop_id = excluded.stop_id, basis = excluded.basis, left_on = NULL, "left" = NULL,
        joined_on = excluded.joined_on, joined = excluded.joined
    WHERE rounds_subject.left_on IS NOT NULL
"""
# Who was settled stays at the door where that was.
_CHANGE_DOOR = """
UPDATE rounds_subject s SET stop_id = p.stop_id, basis = p.basis
FROM placed p
WHERE s.area_id = %(area)s AND s.person_id = p.person_id AND s.state = 0
  AND (s.stop_id, s.basis) <> (p.stop_id, p.basis)
"""
_LEAVING = """
INSERT INTO leaving (person_id)
SELECT person_id FROM rounds_subject s
WHERE s.area_id = %(area)s AND s.state = 0 AND s.left_on IS NULL
  AND NOT EXISTS (SELECT FROM placed p WHERE p.person_id = s.person_id)
"""
_LEAVE = """
UPDATE rounds_subject s SET left_on = %(day)s, "left" = coalesce(l.cause, 3)
FROM leaving l WHERE s.area_id = %(area)s AND s.person_id = l.person_id
"""
# Where somebody new came to a house that was done, somebody has to come again.
_COUNT = """
UPDATE rounds_stop s
SET people = c.people, settled = c.settled, is_listed = c.people > 0 OR s.version > 0,
    state = CASE WHEN c.settled < c.people AND s.state NOT IN (0, 1) THEN 0 ELSE s.state END
FROM (
    SELECT o.id, count(p.person_id) AS people, count(p.person_id) FILTER (WHERE p.state <> 0)
           AS settled
    FROM rounds_stop o
    LEFT JOIN rounds_subject p ON p.stop_id = o.id AND p.left_on IS NULL
    WHERE o.area_id = %(area)s
    GROUP BY o.id
) c
WHERE s.id = c.id AND ((s.people, s.settled) <> (c.people, c.settled)
    OR s.is_listed <> (c.people > 0 OR s.version > 0))
"""


#: What happens to the lists, in this order.
_STEPS = {"stops": _STOPS, "placed": _STOP_OF, "changed": _CHANGE_DOOR, "joined": _JOIN}


@transaction.atomic
def draw(area_id: int, *, at: datetime) -> Drawn:
    """Make the lists of a commune, or bring them up to date; return what changed.

    Visits that are being noted wait for it, and it for them. Lists of a check that was closed in
    the meantime stay as they are.
    """
    area = Area.objects.select_for_update(of=("self",)).get(pk=area_id)
    if not area.is_open:
        return Drawn()
    kind = campaign_kinds()[area.kind]
    day = today(at)
    people = register.draw(
        subjects=kind.subjects, condition=kind.condition, commune=area.commune, day=day
    )
    first = area.drawn_at is None
    joined = Row.Joined.OPENING if first else Row.Joined.SINCE
    values: dict[str, Any] = {"area": area.pk, "day": day, "joined": joined}
    with connection.cursor() as cursor:
        _place(cursor, area.commune, day)
        found = {name: _run(cursor, text, values) for name, text in _STEPS.items()}
        left = 0 if first else _run(cursor, _LEAVING, values)
        if left:
            register.find_causes(area.commune)
            _run(cursor, _LEAVE, values)
        cursor.execute(_COUNT, values)
    area.drawn_at, area.renewed_at = area.drawn_at or at, at
    area.save(update_fields=["drawn_at", "renewed_at"])
    return Drawn(people, found["stops"], found["joined"], left, found["changed"])


def _run(cursor: Any, text: str, values: dict[str, Any]) -> int:
    cursor.execute(text, values)
    return int(cursor.rowcount)


def _place(cursor: Any, commune: str, day: date) -> None:
    """Fill ``placed``: everybody drawn, with their door."""
    cursor.execute(_DOORS)
    cursor.execute(_PLACED)
    cursor.execute("TRUNCATE drawn_door, placed")
    cursor.execute(_WRITTEN)
    # Worked out before the copying begins: it may read the map over the same connection.
    doors = list(_doors(cursor.fetchall(), commune, day))
    with cursor.copy(_COPY) as copy:
        for row in doors:
            copy.write_row(row)
    cursor.execute("ANALYZE drawn_door")
    cursor.execute(_PLACE)
    cursor.execute("ANALYZE placed")


def _doors(
    written: Iterable[tuple[str, str, str, date | None, str, str]], commune: str, day: date
) -> Iterable[tuple[str, ...]]:
    names: dict[tuple[str, str, str], tuple[str, str]] = {}
    done: set[tuple[str, ...]] = set()
    for code, neighbourhood, ward, ward_day, street, house in written:
        # The same ward under two days of the map is the same ward.
        if (code, neighbourhood, ward, street, house) in done:
            continue
        done.add((code, neighbourhood, ward, street, house))
        key = code, neighbourhood, ward
        if key not in names:
            names[key] = _named(key, ward_day, commune, day)
        name, before = names[key]
        door = door_of(Written(name, street, house), ward_before=before)
        yield (code, neighbourhood, ward, street, house, *_columns(door))


def _columns(door: Door) -> tuple[str, ...]:
    return (
        door.neighbourhood[:300],
        door.street[:300],
        door.house[:120],
        door.neighbourhood_key,
        door.street_key,
        door.house_key,
    )


def _named(
    key: tuple[str, str, str], ward_day: date | None, commune: str, day: date
) -> tuple[str, str]:
    """Return the neighbourhood's name today, and the former ward that its number is of.

    By the placing of a decision, by the register of neighbourhoods, else as it is written.
    """
    code, written, ward = key
    if code:
        unit = places.unit(code, day)
        return (unit.full_name if unit else written), ""
    if not written:
        return "", ""
    if not ward:
        asked = AddressValue(0, "", commune, day, commune, True, {"neighbourhood": written})
        units = under_map.under_map(asked, day, {}, places.tree()).units
        if units and units[-1].level == "neighbourhood":
            return units[-1].full_name, ""
        return written, ""
    former = places.unit(ward, ward_day) if ward_day else None
    return written, former.full_name if former else ""
