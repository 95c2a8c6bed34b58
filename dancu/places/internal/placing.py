"""Keeping the newest unit of stored addresses right when the map changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from dancu.places.models import Address

if TYPE_CHECKING:
    from dancu.places.tree import UnitTree

_UPDATE = """
UPDATE places_address a
   SET unit_now = p.unit_now, unit_now_is_sure = p.is_sure
  FROM incoming_placing p
 WHERE a.unit_code = p.unit_code AND a.code_date = p.code_date
   AND (a.unit_now, a.unit_now_is_sure) IS DISTINCT FROM (p.unit_now, p.is_sure)
"""


def place_addresses(tree: UnitTree) -> int:
    """Place all stored addresses on the newest map; return how many moved."""
    known = Address.objects.exclude(unit_code="").values_list("unit_code", "code_date")
    pairs = list(known.distinct())
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE incoming_placing (unit_code text, code_date date, unit_now text, "
            "is_sure boolean) ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming_placing FROM STDIN") as copy:
            for code, day in pairs:
                placed = tree.newest(code, day)
                copy.write_row((code, day, placed.code, placed.is_sure))
        cursor.execute(_UPDATE)
        moved: int = cursor.rowcount
        cursor.execute("DROP TABLE incoming_placing")
    return moved
