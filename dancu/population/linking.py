"""People as record linkage compares them: for machines, no eyes.

The one reader of people beside the door out. What it gives goes into a comparison of the whole
register with itself and comes back as keys and weights; an import contract keeps every room but
``duplicates`` away, and nobody is shown anything but through ``dancu.disclosure``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from dancu.population import dictionary
from dancu.population.models import Person as Card

AT_ONCE = 20_000
_SQL = Path(__file__).with_name("internal") / "sql" / "linking_people.sql"
_FACTS = ("birth_date", "father_name", "mother_name", "birth_place", "phone")
_HELD = (
    "CASE WHEN g.overrides ? '{key}' THEN g.overrides -> '{key}' ->> 0"
    " ELSE b.claims ->> '{key}' END"
)


class Person(NamedTuple):
    """One record in the columns of ``dancu.kernel.linkage.types.Record``; empty: not known."""

    key: str
    full_name: str
    birth_date: str
    sex: str
    pid: str
    old_id_number: str
    father_name: str
    mother_name: str
    birth_place: str
    commune: str
    address: str
    phone: str


def people(*, at_once: int = AT_ONCE) -> Iterator[list[Person]]:
    """Yield all living and dead people in portions, by key; memory is bounded by the portion."""
    after = 0
    while rows := _portion(after, at_once):
        yield rows
        after = int(rows[-1].key)


def communes_of(person_ids: Collection[int]) -> dict[int, str]:
    """Return the communes of people by key; those merged or cancelled are left out."""
    open_ones = Card.objects.filter(pk__in=list(person_ids)).exclude(
        status__in=[Card.Status.MERGED, Card.Status.CANCELLED]
    )
    return {key: commune or "" for key, commune in open_ones.values_list("pk", "commune")}


def _portion(after: int, limit: int) -> list[Person]:
    facets = dictionary.facet_numbers()
    values = {
        "after": after,
        "limit": limit,
        **{name: facets[name] for name in ("core", "contact")},
    }
    with connection.cursor() as cursor:
        cursor.execute(_text(), values)
        return [Person._make(row) for row in cursor.fetchall()]


@lru_cache(maxsize=1)
def _text() -> str:
    facts = {name: _HELD.format(key=dictionary.key(name)) for name in _FACTS}
    return _SQL.read_text(encoding="utf-8").format(**facts)
