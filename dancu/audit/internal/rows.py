"""Fetching many records quickly: in PostgreSQL's binary form, past the adapters of the ORM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

from dancu.audit.sources import Row


def fetch(query: str, values: Sequence[Any]) -> list[Row]:
    """Return all rows of a query; moments in the time zone of the connection, which is UTC."""
    with connection.cursor() as cursor:
        wrapped: Any = cursor
        with psycopg.Cursor(wrapped.connection) as raw:
            raw.execute(query.encode(), values, binary=True)
            return raw.fetchall()
