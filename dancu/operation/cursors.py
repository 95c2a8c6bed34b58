"""A cursor of psycopg itself, for statements that are sent thousands of times a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import Cursor


@contextmanager
def server_cursor() -> Iterator[Cursor[Any]]:
    """Yield a cursor that binds on the server, inside Django's present transaction.

    Statements can be kept prepared, and read in binary. Errors are raised as those of
    ``django.db``, so that whoever treats a lost database treats it here too.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        yield cursor
