"""Indexes that a first fill does without.

Rows that come by the million into an empty table are entered several times faster when the indexes
that only searches need are made at the end, each from sorted rows at once. Which ones are missing
is read from the database itself, so a fill that was cut short leaves nothing else to remember.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from django.db import connection, models, transaction

Model: TypeAlias = type[models.Model]

LANES = 2

_THERE = "SELECT indexname FROM pg_indexes WHERE schemaname = ANY (current_schemas(false))"
#: For the time of one index only; sorting in memory is what makes it quick.
_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"


def missing(tables: Iterable[Model]) -> list[tuple[Model, models.Index]]:
    """Return the declared indexes (``Meta.indexes``) that the database lacks."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE)
        there = {name for (name,) in cursor.fetchall()}
    return [
        (table, index)
        for table in tables
        for index in table._meta.indexes  # noqa: SLF001 - Django's documented access
        if index.name not in there
    ]


def set_aside(tables: Iterable[Model]) -> None:
    """Drop the declared indexes of tables, all or none."""
    wanted = list(tables)
    lacking = {index.name for _table, index in missing(wanted)}
    with transaction.atomic(), connection.schema_editor() as editor:
        for table in wanted:
            for index in table._meta.indexes:  # noqa: SLF001
                if index.name not in lacking:
                    editor.remove_index(table, index)


def make_missing(tables: Iterable[Model]) -> int:
    """Make the declared indexes that are missing, two at a time; returns how many.

    In a transaction that is open already they are made in it, one after the other.
    """
    # The dearest ones stand last in their tables; begun first, none is left alone at the end.
    lacking = missing(tables)[::-1]
    if connection.in_atomic_block:
        # A table with checks that wait for the commit takes no index.
        connection.check_constraints()
        for table, index in lacking:
            _make(table, index)
    else:
        with ThreadPoolExecutor(LANES, thread_name_prefix="indexes") as lanes:
            for _made in lanes.map(_make_apart, lacking):
                pass
    for table in {table for table, _index in lacking}:
        with connection.cursor() as cursor:
            cursor.execute(f'ANALYZE "{table._meta.db_table}"')  # noqa: SLF001
    return len(lacking)


def _make(table: Model, index: models.Index) -> None:
    with transaction.atomic(), connection.schema_editor() as editor:
        with connection.cursor() as cursor:
            cursor.execute(_MEMORY)
        editor.add_index(table, index)


def _make_apart(wanted: tuple[Model, models.Index]) -> None:
    """Make an index on the connection of this thread, and close that."""
    try:
        _make(*wanted)
    finally:
        connection.close()
