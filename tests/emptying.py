"""Emptying the database behind a test with real transactions, but for the map.

Django truncates every table there is. The map of the country takes longer to bring in than most of
these tests take, and they only read it: unless one has entered a decision that changes it, it
stays, and so do the content types that the migrations made.
"""

from __future__ import annotations

from typing import Any

from django.core.management.color import no_style
from django.db import connections

MAP = frozenset({"places_unit", "places_unitsuccession", "places_mapversion"})
MADE_BY_MIGRATIONS = frozenset({"django_content_type", "auth_permission"})
#: The map of the country has more units; one that a test drew itself has a few.
LEAST_UNITS = 10_000
_IS_WHOLE = (
    "SELECT (SELECT count(*) FROM places_unit) > %s AND NOT EXISTS (SELECT FROM places_mapdecision)"
)


def empty(test: Any) -> None:
    """Empty the test's databases; stands in for ``TransactionTestCase._fixture_teardown``."""
    for name in test._databases_names(include_mirrors=False):
        connection = connections[name]
        tables = set(connection.introspection.django_table_names(only_existing=True))
        tables -= MADE_BY_MIGRATIONS
        with connection.cursor() as cursor:
            cursor.execute(_IS_WHOLE, [LEAST_UNITS])
            if cursor.fetchone()[0]:
                tables -= MAP | {"places_mapdecision"}
        statements = connection.ops.sql_flush(no_style(), sorted(tables))
        connection.ops.execute_sql_flush(statements)
