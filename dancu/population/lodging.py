"""Where people lodge, and which notices of it still concern anybody. For the door out and checks.

A lodging lasts less than 30 days (Law on Residence 68/2020, art. 2, 30). A check of lodging also
asks whether those whose days are over have left; some days later the notice concerns nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection

from dancu.population.services import rules

_COMMUNES = """
SELECT l.person_id, a.unit_now
FROM population_lodger l JOIN places_address a ON a.id = l.address_id
WHERE l.person_id = ANY (%(people)s) AND coalesce(l.until, l.day + %(most)s) >= %(since)s
  AND a.unit_now <> ''
"""


def notices_of(day: date) -> dict[str, int | date]:
    """Return what tells the notices that concern a day, for SQL: ``most`` days, ``since`` a day.

    One that names no last day lasts as long as a lodging may.
    """
    after = timedelta(days=rules.value("lodging_checked_after_days", day))
    return {"most": rules.value("lodging_most_days", day), "since": day - after}


def lodging_communes(person_ids: Collection[int], day: date) -> dict[int, str]:
    """Return the unit in which people lodge, of those whose notice concerns the day."""
    with connection.cursor() as cursor:
        cursor.execute(_COMMUNES, {"people": list(person_ids), **notices_of(day)})
        return dict(cursor.fetchall())
