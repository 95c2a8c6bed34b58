"""footprint: bytes on disk for one person, with every index."""

from __future__ import annotations

from collections.abc import Iterator

from dancu.bench import ground
from dancu.bench.types import Benchmark, Line, Options

PEOPLE = 1_000_000
LIMIT = 2_500


def measure(options: Options) -> Iterator[Line]:
    """Build a city, let the tables settle, and weigh every table that holds people."""
    people = options.people or PEOPLE
    with ground.settled_city(people, options.seed, options.say):
        sizes, counted, statements, claims, first = _weigh()
    total = sum(sizes.values())
    yield Line(
        name="footprint",
        value=total / counted,
        unit="bytes/person",
        reference="the text of the claims themselves, bytes/person",
        reference_value=claims / counted,
        run=(
            f"{counted:,} people, {first:.1f} attributes in a first record, "
            f"{statements / counted:.2f} statements each, all indexes, after VACUUM"
        ),
        limit=LIMIT,
        at_most=True,
        detail={"tables": {name: round(size / counted) for name, size in sizes.items()}},
    )


def _weigh() -> tuple[dict[str, int], int, int, int, float]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname, pg_total_relation_size(oid)
            FROM pg_class
            WHERE relkind = 'r' AND (relname LIKE 'population\\_%' OR relname = 'places_address')
              AND pg_total_relation_size(oid) > 1000000
            ORDER BY 2 DESC
            """
        )
        sizes = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM population_person")
        (people,) = cursor.fetchone()
        cursor.execute("SELECT count(*), sum(length(claims::text)) FROM population_statement")
        statements, claims = cursor.fetchone()
        cursor.execute(
            """
            SELECT avg((SELECT count(*) FROM jsonb_object_keys(claims)))
            FROM (SELECT DISTINCT ON (person_id) claims FROM population_statement
                  ORDER BY person_id, id LIMIT 100000) first
            """
        )
        (first,) = cursor.fetchone()
    return sizes, people, statements, claims, float(first)


BENCHMARK = Benchmark("footprint", "bytes on disk per person, with history and indexes", measure)
