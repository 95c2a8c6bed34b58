"""disclose: disclosures a second through the service function, and what the access record costs.

One officer asks for nine facts of one person at a time; every answer waits for its access record.
The reference is the same question without writing the record: what remains is reading, checking
and masking. Only the benchmark can leave the record out, by putting another writer in its place.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dancu.bench import ground
from dancu.bench.people import AT, CASE, PURPOSE, officer, sample
from dancu.bench.types import Benchmark, Line, Options

PEOPLE = 100_000
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
    with ground.empty_register(options.say):
        ground.build_city(people, options.seed, options.say)
        ground.settle_down()
        subjects = [
            int(str(row[0]))
            for row in sample(
                "SELECT id FROM population_person WHERE commune IS NOT NULL LIMIT 50000",
                asked,
                options.seed,
            )
        ]
        _rate(_disclose, subjects[:100])
        durable = sorted(_rate(_disclose, subjects) for _ in range(3))[1]
        with _records_left_out():
            bare = sorted(_rate(_disclose, subjects) for _ in range(3))[1]
    yield Line(
        name="disclose",
        value=durable,
        unit="disclosures/s",
        reference="the same without the access record, disclosures/s",
        reference_value=bare,
        run=f"{people:,} people, {asked:,} disclosures of {len(ATTRIBUTES)} facts, one thread",
        detail={"record_cost_us": round((1 / durable - 1 / bare) * 1e6)},
    )


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
def _records_left_out() -> Iterator[None]:
    from dancu.disclosure.internal import ledger

    write = ledger.write
    ledger.write = lambda **_: 0
    try:
        yield
    finally:
        ledger.write = write


def _rate(ask: Callable[[int], object], subjects: list[int]) -> float:
    started = time.perf_counter()
    for subject in subjects:
        ask(subject)
    return len(subjects) / (time.perf_counter() - started)


BENCHMARK = Benchmark(
    "disclose", "disclosures a second, and the cost of the access record", measure
)
