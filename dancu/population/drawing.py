"""Whom a round visits in a commune, and at which house: as keys, in one reading of the register.

``draw`` fills the temporary table ``drawn`` of the current transaction, ``find_causes`` says in
``leaving`` why others are not visited any more; whoever called reads them from there. Nothing of
people but keys and the words of their addresses leaves this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from dancu.catalogue.campaigns import Subjects
from dancu.catalogue.conditions import Node, View
from dancu.population import lodging, measuring
from dancu.population.internal.door import sql
from dancu.population.measuring import Some

#: People of whom a condition is asked at once.
PART = 5_000
_RULE = 1


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The condition of a round, as what is measured."""

    broken: Node
    number: int = _RULE
    name: str = "round"
    view: View = "person"


def draw(*, subjects: Subjects, condition: Node | None, commune: str, day: date) -> int:
    """Put into ``drawn`` everybody of a kind in a commune, each once; return how many.

    Within a transaction. Those who have both a home and a stay there are found where they stay.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql("drawing"))
        cursor.execute("TRUNCATE drawn, leaving")
        cursor.execute("SET LOCAL jit = off")
        text = sql("drawing_everybody").replace("{found}", _found(subjects))
        cursor.execute(text, {"commune": commune, **lodging.notices_of(day)})
        found = int(cursor.rowcount)
        if condition is not None and found:
            cursor.execute("SELECT person_id FROM drawn ORDER BY 1")
            keys = [row[0] for row in cursor.fetchall()]
            _measure(condition, keys, day)
            cursor.execute(
                "DELETE FROM drawn d WHERE NOT EXISTS"
                " (SELECT FROM measured m WHERE m.person_id = d.person_id)"
            )
            found -= cursor.rowcount
        cursor.execute("ANALYZE drawn")
    return found


def find_causes(commune: str) -> None:
    """Say in ``leaving`` why each of its people is not visited there any more."""
    with connection.cursor() as cursor:
        cursor.execute(sql("drawing_causes"), {"commune": commune})


def _found(subjects: Subjects) -> str:
    home, stay = sql("drawing_home"), sql("drawing_stay")
    residents = f"{home}\nUNION ALL\n{stay}"
    match subjects:
        case "residents":
            return residents
        case "stayers":
            return stay
        case "lodgers":
            return sql("drawing_lodgers")
        case "cancelled_numbers":
            return sql("drawing_cancelled_numbers").replace("{residents}", residents)


def _measure(condition: Node, keys: Sequence[int], day: date) -> None:
    (step,) = measuring.plan([_Wanted(condition)], day)
    measuring.open_table()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE measured, closing")
    for at in range(0, len(keys), PART):
        measuring.run(step, Some(keys=tuple(keys[at : at + PART])))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE measured")
