"""disclose: disclosures a second through the service function, and what the access record costs.

One officer asks for nine facts of one person at a time; every answer waits for its access record.
The reference is the least that any such door could do: one look-up by key and one durable insert of
such a record, into a table with the same columns and indexes, from the same process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dancu.bench import ground
from dancu.bench.people import AT, CASE, PURPOSE, officer, sample
from dancu.bench.types import Benchmark, Line, Options

PEOPLE = 1_000_000
ASKED = 2_000
ATTRIBUTES = (
    "full_name",
    "pid",
    "birth_date",
    "sex",
    "permanent_residence",
    "current_residence",
    "marital_status",
    "household_number",
    "household_relationship",
)


def measure(options: Options) -> Iterator[Line]:
    """Disclose one person after another from one thread."""
    people = options.people or PEOPLE
    asked = options.records or ASKED
    with ground.settled_city(people, options.seed, options.say):
        subjects = [
            int(str(row[0]))
            for row in sample(
                f"SELECT id FROM population_person WHERE commune IN ({_communes()}) LIMIT 50000",
                asked,
                options.seed,
            )
        ]
        _rate(_disclose, subjects[:100])
        durable = sorted(_rate(_disclose, subjects) for _ in range(3))[1]
        with _least() as (look_up_and_record, record):
            least = sorted(_rate(look_up_and_record, subjects) for _ in range(3))[1]
            records = sorted(_rate(record, subjects) for _ in range(3))[1]
    yield Line(
        name="disclose",
        value=durable,
        unit="disclosures/s",
        reference="one look-up by key and one durable insert in plain SQL, a second",
        reference_value=least,
        run=f"{people:,} people, {asked:,} disclosures of {len(ATTRIBUTES)} facts, one thread",
        detail={
            "record_us": round(1e6 / records),
            "record_share": round(durable / records, 3),
        },
    )


def _communes() -> str:
    """Return the communes in which the officer may see people; some of the city live elsewhere."""
    from dancu.places.queries import units_under

    return ",".join(f"'{code}'" for code in sorted(units_under(officer().jurisdictions, AT.date())))


def _disclose(subject: int) -> object:
    from dancu.disclosure import services

    return services.disclose(
        actor=officer(),
        purpose=PURPOSE,
        case=CASE,
        subjects=[subject],
        attributes=ATTRIBUTES,
        at=AT,
    )


@contextmanager
def _least() -> Iterator[tuple[Callable[[int], object], Callable[[int], object]]]:
    """Give the two plain steps: look up and record, and record alone."""
    from django.db import connection

    insert = (
        "INSERT INTO bench_record SELECT * FROM disclosure_accessrecord"
        " WHERE id = (SELECT max(id) FROM disclosure_accessrecord)"
    )

    def look_up_and_record(subject: int) -> object:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT g.overrides, s.claims FROM population_golden g"
                " JOIN population_statement s"
                " ON s.person_id = g.person_id AND s.id = g.statement_id"
                " WHERE g.person_id = %s AND facet = 0",
                [subject],
            )
            cursor.execute(insert)
        return None

    def record(_subject: int) -> object:
        with connection.cursor() as cursor:
            cursor.execute(insert)
        return None

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_record"
            " (LIKE disclosure_accessrecord INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        )
        cursor.execute("CREATE INDEX ON bench_record (person_id, at DESC)")
        cursor.execute("CREATE INDEX ON bench_record (account_id, at DESC)")
        cursor.execute("CREATE INDEX ON bench_record (id)")
    yield look_up_and_record, record


def _rate(ask: Callable[[int], object], subjects: list[int]) -> float:
    started = time.perf_counter()
    for subject in subjects:
        ask(subject)
    return len(subjects) / (time.perf_counter() - started)


BENCHMARK = Benchmark(
    "disclose", "disclosures a second, and the cost of the access record", measure
)
