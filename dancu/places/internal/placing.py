"""Keeping the newest unit of stored addresses right when the map changes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import connection

from dancu.places.internal.words import unit_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dancu.places.tree import Placings, UnitTree

# Addresses of one unit and edition go one way, unless a split sent them on ways of their own.
_GROUPS = """
CREATE TEMP TABLE incoming_group ON COMMIT DROP AS
SELECT row_number() OVER () AS n, unit_code, code_date, ways
  FROM (SELECT DISTINCT a.unit_code, a.code_date, coalesce(w.ways, '') AS ways
          FROM places_address a LEFT JOIN incoming_way w ON w.address_id = a.id
         WHERE a.unit_code <> '' AND (%(units)s::text[] IS NULL OR a.unit_now = ANY (%(units)s))
       ) found
"""
_WAYS = """
CREATE TEMP TABLE incoming_way ON COMMIT DROP AS
SELECT p.address_id, string_agg(p."on" || ' ' || p.level || ' ' || p.unit_code, ','
                                ORDER BY p."on", p.level) AS ways
  FROM places_placing p
 WHERE p.replaced_at IS NULL
 GROUP BY p.address_id
"""
# What was found by the names of the old units stays so; those of the new ones are added.
_UPDATE = """
UPDATE places_address a
   SET unit_now = p.unit_now, unit_now_is_sure = p.is_sure,
       folded = a.folded || coalesce((
           SELECT string_agg(' ' || w.full_name, '' ORDER BY w.place)
             FROM unnest(p.names, p.full_names) WITH ORDINALITY w (name, full_name, place)
            WHERE strpos(a.folded, w.name) = 0), '')
  FROM incoming_group g
  JOIN incoming_placing p USING (n)
 WHERE a.unit_code = g.unit_code AND a.code_date = g.code_date
   AND (a.unit_now, a.unit_now_is_sure) IS DISTINCT FROM (p.unit_now, p.is_sure)
   AND coalesce((SELECT w.ways FROM incoming_way w WHERE w.address_id = a.id), '') = g.ways
"""


def ways_of(text: str) -> Placings:
    """Return the placings of one address from the form in which they are grouped."""
    found = (way.split(" ") for way in text.split(",") if way)
    return {(dt.date.fromisoformat(day), level): code for day, level, code in found}


def place_addresses(tree: UnitTree, *, units: Iterable[str] | None = None) -> int:
    """Place stored addresses on the newest map; return how many moved.

    With ``units``, only those that lay there until now.
    """
    with connection.cursor() as cursor:
        gather(cursor, units)
        cursor.execute("SELECT n, unit_code, code_date, ways FROM incoming_group")
        groups = cursor.fetchall()
        cursor.execute(
            "CREATE TEMP TABLE incoming_placing (n bigint, unit_now text, is_sure boolean, "
            "names text[], full_names text[]) ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming_placing FROM STDIN") as copy:
            for row in _placed(tree, groups):
                copy.write_row(row)
        cursor.execute("ANALYZE incoming_group; ANALYZE incoming_placing; ANALYZE incoming_way")
        cursor.execute(_UPDATE)
        moved: int = cursor.rowcount
        cursor.execute("DROP TABLE incoming_placing")
        forget_groups(cursor)
    return moved


def gather(cursor: Any, units: Iterable[str] | None) -> None:
    """Group the addresses that lie in the units by what decides where they go."""
    cursor.execute(_WAYS)
    cursor.execute("CREATE INDEX ON incoming_way (address_id)")
    cursor.execute(_GROUPS, {"units": None if units is None else list(units)})


def forget_groups(cursor: Any) -> None:
    """Let the next grouping begin anew."""
    cursor.execute("DROP TABLE incoming_group, incoming_way")


def _placed(
    tree: UnitTree, groups: Iterable[tuple[int, str, dt.date, str]]
) -> Iterator[tuple[object, ...]]:
    for number, code, code_date, ways in groups:
        placed = (
            tree.placed(code, code_date, tree.newest_day, ways_of(ways))
            if ways
            else tree.newest(code, code_date)
        )
        words = unit_words(tree, placed.code)
        names, full_names = [name for name, _ in words], [full_name for _, full_name in words]
        yield number, placed.code, placed.is_sure, names, full_names
