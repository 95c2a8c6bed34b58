"""What a comparison with an agency's facts needs of people, many at once; for the door out only.

One prepared statement for all numbers of a batch, one for all names without a number. Nothing here
is disclosed: ``dancu.disclosure`` compares, leaves the access records and answers with results.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from dancu.operation.cursors import server_cursor
from dancu.population import dictionary
from dancu.population.internal import golden
from dancu.population.models import Person

_SQL = Path(__file__).with_name("internal") / "sql"
_COLUMNS = """p.id, n.full_name, p.status, p.pid, p.old_id_number, p.sex, p.commune, p.stay_commune,
       p.address_id, p.stay_address_id, b.birth"""
_BIRTH = """LEFT JOIN LATERAL (
    SELECT CASE WHEN g.overrides ? '{key}' THEN g.overrides -> '{key}' ->> 0
                ELSE s.claims ->> '{key}' END AS birth
    FROM population_golden g
    LEFT JOIN LATERAL (
        SELECT claims FROM population_statement s
        WHERE s.person_id = g.person_id AND s.id = g.statement_id OFFSET 0
    ) s ON true
    WHERE g.person_id = p.id AND g.facet = 0
    OFFSET 0
) b ON true"""
#: People of one name and year that are looked through for one inquiry.
MOST_OF_A_NAME = 3_000

Status = Person.Status


class Known(NamedTuple):
    """One person as far as every comparison needs them.

    ``commune`` is of permanent residence, ``stay_commune`` of a stay, under the newest map.
    """

    person_id: int
    name: str | None
    status: int
    pid: str | None
    old_id_number: str | None
    sex: str | None
    commune: str | None
    stay_commune: str | None
    address_id: int | None
    stay_address_id: int | None
    birth: str | None


class Hit(NamedTuple):
    """Whom a number leads to, and whether the number still counts."""

    known: Known
    is_cancelled: bool
    is_merged: bool


@dataclass(frozen=True, slots=True)
class NameWanted:
    """A name (match key) and birth date: stored dates that fit, and a pattern of ones that may.

    ``begins`` is a pattern for LIKE, empty for none.
    """

    place: int
    key: str
    year: int
    births: tuple[str, ...]
    begins: str = ""


def by_numbers(pids: Sequence[str], old_numbers: Sequence[str]) -> dict[str, list[Hit]]:
    """Return whom numbers lead to, in one query; numbers that lead to nobody are left out.

    A PID leads to one person; a number of a former card may lead to several.
    """
    found: dict[str, list[Hit]] = defaultdict(list)
    for row in _run("numbers", [list(pids), list(old_numbers)]):
        found[row[0]].append(Hit(Known._make(row[3:]), row[1], row[2]))
    return found


def by_names(wanted: Sequence[NameWanted]) -> dict[int, list[Known]]:
    """Return people of these names and birth dates, merged ones aside, by place, in one query."""
    found: dict[int, list[Known]] = defaultdict(list)
    values = [
        [one.place for one in wanted],
        [one.key for one in wanted],
        [one.year for one in wanted],
        [",".join(one.births) for one in wanted],
        [one.begins for one in wanted],
        MOST_OF_A_NAME,
    ]
    for row in _run("names", values):
        found[row[0]].append(Known._make(row[1:]))
    return found


def facts(person_ids: Sequence[int], attributes: Iterable[int]) -> dict[int, Mapping[int, object]]:
    """Return further stored values of people by attribute number, in one query."""
    facet_of = dictionary.facet_list()
    facets = {facet_of[number - 1] for number in attributes}
    held = golden.held(person_ids, sorted(facets))
    return {
        person: {number: fact.value for number, fact in known.items()}
        for person, known in held.items()
    }


@lru_cache(maxsize=4)
def _sql(name: str) -> str:
    text = (_SQL / f"verify_{name}.sql").read_text(encoding="utf-8")
    birth = _BIRTH.replace("{key}", dictionary.key("birth_date"))
    return text.replace("{columns}", _COLUMNS).replace("{birth}", birth)


def _run(name: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement as the server keeps it prepared: it is planned once for each connection."""
    with server_cursor() as cursor:
        return cursor.execute(_sql(name), values, prepare=True, binary=True).fetchall()
