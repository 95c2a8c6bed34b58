"""Whom rows of an agency's table are equal to, letter by letter: one query, little read out.

Most rows of a table are right. That they are is proved where the register lies, and only the key
of the person comes back; with the address, where that alone is written otherwise. What is not
proved here is compared with care elsewhere. Equal here means that every comparison of
``dancu.kernel.compare`` would say *match*.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from dancu.operation.cursors import server_cursor
from dancu.places import queries as places
from dancu.places.types import AddressValue
from dancu.population import dictionary

#: Parts the values of a column on their way; rows that hold it are left to the other comparison.
_SEPARATOR = "\x1e"
_NOT_SENT = frozenset({_SEPARATOR, "\x00"})
_SQL = """
SELECT a.place, p.id, x.id, x.text, x.unit_code, x.code_date, x.unit_now, x.house, x.street,
       x.neighbourhood
FROM unnest(%s::int[], string_to_array(%s, E'\\x1e'), string_to_array(%s, E'\\x1e'),
            string_to_array(%s, E'\\x1e'), string_to_array(%s, E'\\x1e'),
            string_to_array(%s, E'\\x1e')) AS a (place, pid, name, birth, sex, address)
CROSS JOIN LATERAL (
    SELECT person_id FROM population_pid k WHERE k.pid = a.pid AND k.cancelled_on IS NULL OFFSET 0
) k
CROSS JOIN LATERAL (
    SELECT id, name_id, sex, address_id FROM population_person p
    WHERE p.id = k.person_id AND p.pid = a.pid AND p.status = 1 AND p.merged_into_id IS NULL
      AND (%s::text[] IS NULL OR p.commune = ANY (%s::text[]) OR p.stay_commune = ANY (%s::text[]))
    OFFSET 0
) p
CROSS JOIN LATERAL (
    SELECT FROM population_nameform n WHERE n.id = p.name_id AND n.full_name = a.name OFFSET 0
) n
CROSS JOIN LATERAL (
    SELECT FROM population_golden g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = g.person_id AND s.id = g.statement_id OFFSET 0
    ) s ON true
    WHERE g.person_id = p.id AND g.facet = 0
      AND CASE WHEN g.overrides ? '{key}' THEN g.overrides -> '{key}' ->> 0
               ELSE s.claims ->> '{key}' END = a.birth
    OFFSET 0
) b
LEFT JOIN LATERAL (
    SELECT id, text, unit_code, code_date, unit_now, parts ->> 'house' AS house,
           parts ->> 'street' AS street, parts ->> 'neighbourhood' AS neighbourhood
    FROM places_address x WHERE x.id = p.address_id AND (x.text <> a.address OR x.unit_now = '')
    OFFSET 0
) x ON a.address <> ''
WHERE (a.sex = '' OR a.sex = p.sex) AND (a.address = '' OR p.address_id IS NOT NULL)
"""


class Plain(NamedTuple):
    """A row in the form in which the register would hold it; empty: not said.

    ``place`` counts the rows. PID, name and birth date are always there.
    """

    place: int
    pid: str
    full_name: str
    birth_date: str
    sex: str
    permanent_residence: str


class Equal(NamedTuple):
    """The living person to whom a row is equal; ``address``: but for this one of theirs."""

    person_id: int
    address: AddressValue | None


def equals(rows: Sequence[Plain], scope: frozenset[str] | None, day: date) -> dict[int, Equal]:
    """Return by place to whom everything in a row is equal, or everything but the address.

    People outside ``scope`` (units; ``None``: everybody) and rows that differ are left out.
    """
    sent, columns = _columns(rows)
    if not sent:
        return {}
    units = list(_under(scope, day)) if scope is not None else None
    places_sent = "{" + ",".join([str(row.place) for row in sent]) + "}"
    values = [places_sent, *columns, units, units, units]
    with server_cursor() as cursor:
        found = cursor.execute(_sql(), values, prepare=True, binary=True).fetchall()
    return {
        place: Equal(person, _address(key, *rest) if key is not None else None)
        for place, person, key, *rest in found
    }


def _address(
    key: int, text: str, code: str, day: date, now: str, *parts: str | None
) -> AddressValue:
    named = zip(("house", "street", "neighbourhood"), parts, strict=True)
    return AddressValue(key, text, code, day, now, True, {n: part for n, part in named if part})


def _columns(rows: Sequence[Plain]) -> tuple[Sequence[Plain], list[str]]:
    """Return the rows that can be sent, and their columns, each as one text."""
    if not rows:
        return rows, []
    # A last value that is never empty: an array of one empty text would be no array.
    _places, *texts = zip(*rows, strict=True)
    columns = [_SEPARATOR.join((*column, "-")) for column in texts]
    if all(text.count(_SEPARATOR) == len(rows) and "\x00" not in text for text in columns):
        return rows, columns
    return _columns([row for row in rows if _NOT_SENT.isdisjoint("".join(row[1:]))])


@lru_cache(maxsize=1)
def _sql() -> str:
    return _SQL.replace("{key}", dictionary.key("birth_date"))


@lru_cache(maxsize=64)
def _under(scope: frozenset[str], day: date) -> frozenset[str]:
    return places.units_under(scope, day)
