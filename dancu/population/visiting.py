"""Where people live of whom something is to be mended: by street and home, keys and numbers only.

Whoever calls says whom, and how much there is to do; what is shown of anybody comes through
``dancu.disclosure``. A home is a household; those without one are together by their address.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from dancu.operation.postgres.arrays import array_of
from dancu.population.internal.door import sql
from dancu.population.models import Person

#: So many people of one home are shown: a home of many more is no household.
MOST_OF_A_HOME = 60


@dataclass(frozen=True, slots=True)
class Burden:
    """What is to be mended: people, with how many issues, and how many that block a service.

    ``awaited`` are those among them for whom somebody waits at this moment.
    """

    people: Sequence[int] = ()
    issues: Sequence[int] = ()
    blocking: Sequence[int] = ()
    awaited: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Street:
    """A street of a commune, or a neighbourhood without streets; '' where neither is known."""

    name: str
    homes: int
    people: int
    issues: int
    blocking: int
    awaited: int


@dataclass(frozen=True, slots=True)
class Home:
    """A home with those of whom something is to be mended, and the number of the house."""

    people: tuple[int, ...]
    issues: int
    blocking: int
    awaited: int
    house: str


def streets(burden: Burden, *, limit: int, offset: int = 0) -> list[Street]:
    """Return the streets: first where somebody waits, then what blocks a service, then by size."""
    rows = _run("visiting_streets", burden, limit=limit, offset=offset)
    return [Street(*row) for row in rows]


def homes(burden: Burden, street: str, *, limit: int, offset: int = 0) -> list[Home]:
    """Return the homes of a street, in the same order."""
    rows = _run("visiting_homes", burden, street=street, limit=limit, offset=offset)
    return [Home(tuple(people), *rest) for people, *rest in rows]


def home_of(person_id: int) -> tuple[int, ...]:
    """Return everybody who is of the home of a person, the eldest first; nobody when unknown."""
    values = {"person": person_id, "most": MOST_OF_A_HOME}
    with connection.cursor() as cursor:
        cursor.execute(sql("visiting_home"), values)
        return tuple(row[0] for row in cursor.fetchall())


def street_of(person_id: int) -> str:
    """Return the street of a person's home, as ``streets`` names it."""
    found = streets(Burden([person_id], [0], [0]), limit=1)
    return found[0].name if found else ""


def commune_of(person_id: int) -> str:
    """Return the commune where a person lives; '' when none is known."""
    rows = Person.objects.filter(pk=person_id).values_list("commune", flat=True)
    return rows.first() or ""


def _run(name: str, burden: Burden, **values: Any) -> list[tuple[Any, ...]]:
    given = {
        "people": array_of(burden.people),
        "issues": array_of(burden.issues),
        "blocking": array_of(burden.blocking),
        "awaited": array_of(burden.awaited),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql(name).replace("{placed}", sql("visiting_placed")), given | values)
        return list(cursor.fetchall())
