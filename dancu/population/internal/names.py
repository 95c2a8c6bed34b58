"""Names with their search keys, stored ahead of the statements that use them.

A name means nothing alone, so it does no harm when the statements never come. Stored in a
transaction of its own, it keeps two writers who meet the same new name from waiting for each other
until one of them has entered a whole chunk.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import psycopg

from dancu.kernel.text import match_key, phonetic_key, sort_key
from dancu.population.internal.door import sql

#: Names that one loader remembers as stored; then it forgets all and asks again.
REMEMBERED = 400_000


class Names:
    """The names that the writers of one delivery know to be stored."""

    def __init__(self) -> None:
        self._stored: set[str] = set()

    def store(self, conn: psycopg.Connection[Any], names: Iterable[str]) -> None:
        """Store the names that are new, in a transaction of their own where there is none yet."""
        new = set(names) - self._stored
        if not new:
            return
        with conn.transaction(), psycopg.Cursor(conn) as cursor:
            store_names(cursor, new)
        if len(self._stored) > REMEMBERED:
            self._stored.clear()
        self._stored |= new


def store_names(cursor: psycopg.Cursor[Any], names: Iterable[str]) -> None:
    """Store names with their keys; those that are there stay as they are."""
    wanted = sorted(set(names))
    if wanted:
        rows = [
            (name, match_key(name), phonetic_key(name), sort_key(name).hex()) for name in wanted
        ]
        cursor.execute(sql("names"), {"names": orjson.dumps(rows).decode()})
