"""claims-in: enrichment records through the door, against a plain COPY of the same rows.

A record is a statement of three attributes about one person, as an agency's file brings them. One
in ten is wrong or conflicting: a PID nobody has, a value out of form, or a date of birth that the
civil registry or the police contradict. Every accepted record is arbitrated, with history and
provenance, and durable. The peer is a plain COPY of the very statements that came of it into a
table with the same columns and index.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from dancu.bench import ground
from dancu.bench.types import Benchmark, Line, Options

if TYPE_CHECKING:
    from dancu.population.types import IncomingRow

SIZES = (100_000, 1_000_000)
RECORDS = 400_000
AT = datetime(2026, 11, 2, tzinfo=UTC)
REPEATS = 3


def measure(options: Options) -> Iterator[Line]:
    """Measure at each size; the last line compares the largest with the smallest."""
    sizes = (options.people,) if options.people else SIZES
    records = options.records or RECORDS
    rates: list[float] = []
    for people in sizes:
        with ground.empty_register(options.say):
            ground.build_city(people, options.seed, options.say)
            ground.settle_down()
            rate, copy_rate, detail = _measure_one(records, options)
        rates.append(rate)
        line = Line(
            name="claims-in",
            value=rate,
            unit="records/s",
            reference="plain COPY of the same rows into a table with the same index, rows/s",
            reference_value=copy_rate,
            run=(
                f"{people:,} people, {records:,} records of 3 attributes, "
                "a tenth wrong or conflicting"
            ),
            limit=20_000,
            detail={"people": people, "records": records, **detail},
        )
        yield line
        yield replace(line, name="claims-in-ratio", limit=0.2, limits_ratio=True, detail={})
    if len(rates) > 1:
        yield Line(
            name="claims-in-flat",
            value=rates[-1],
            unit="records/s",
            reference=f"the same at {sizes[0]:,} people",
            reference_value=rates[0],
            run=f"{sizes[-1]:,} people against {sizes[0]:,}",
            limit=0.8,
            limits_ratio=True,
        )


def _measure_one(records: int, options: Options) -> tuple[float, float, dict[str, object]]:
    from dancu.access.types import system_actor
    from dancu.population import batches

    pids = _pids(options.seed)
    rates, copies = [], []
    for repeat in range(REPEATS):
        rows = list(_rows(pids, records, options.seed + repeat))
        started = time.monotonic()
        report = batches.load(
            source="BHXH",
            key=f"bench-{repeat}",
            rows=rows,
            actor=system_actor(name="bench", source="BHXH"),
            at=AT,
            total=records,
        )
        rates.append(records / (time.monotonic() - started))
        copies.append(_copy_rate(report.batch_id))
        options.say(f"  {rates[-1]:,.0f} records/s, plain COPY {copies[-1]:,.0f} rows/s")
    rate, copy_rate = sorted(rates)[REPEATS // 2], sorted(copies)[REPEATS // 2]
    return (
        rate,
        copy_rate,
        {
            "accepted": report.accepted,
            "rejected": report.rejected,
            "conflicts": report.conflicts,
            "runs": [round(r) for r in rates],
        },
    )


def _pids(seed: int) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM population_pid WHERE cancelled_on IS NULL ORDER BY pid")
        pids = [row[0] for row in cursor.fetchall()]
    random.Random(seed).shuffle(pids)  # noqa: S311 - no secret
    return pids


def _rows(pids: list[str], records: int, seed: int) -> Iterator[IncomingRow]:
    from dancu.population.types import IncomingRow

    rnd = random.Random(seed)  # noqa: S311 - no secret
    objects = ("DN", "HC", "HT", "TE", "GD", "HS")
    for number in range(records):
        pid = pids[number % len(pids)]
        dice = rnd.random()
        day = date(2026, rnd.randrange(1, 11), rnd.randrange(1, 28))
        claims: dict[str, object] = {
            "health_insurance_number": f"{int(pid[3:]) % 10**10:010d}",
            "health_insurance_object": objects[int(pid[-1]) % len(objects)],
            "health_insurance_facility": "Bệnh viện Nhân dân Gia Định",
        }
        if dice < 0.03:
            pid = f"99{number:010d}"
        elif dice < 0.05:
            claims["health_insurance_number"] = "không rõ"
        elif dice < 0.10:
            del claims["health_insurance_facility"]
            claims["birth_date"] = f"{1930 + number % 60}-01-0{1 + number % 9}"
        yield IncomingRow(pid, False, day, "file", f"BHXH-{number}", claims)


def _copy_rate(batch_id: int) -> float:
    """Return rows a second of a COPY of the batch's statements beside all others."""
    from dancu.population.claims import own_cursor

    cursor = own_cursor()
    columns = (
        "id, person_id, recorded_at, entered_by, event_id, batch_id, valid_from, source_id, "
        "evidence_kind_id, evidence, claims"
    )
    cursor.execute("DROP TABLE IF EXISTS bench_copy")
    cursor.execute("CREATE TABLE bench_copy (LIKE population_statement INCLUDING ALL)")
    cursor.execute(
        "INSERT INTO bench_copy SELECT * FROM population_statement"
        " WHERE batch_id IS DISTINCT FROM %s",
        [batch_id],
    )
    with cursor.copy(
        f"COPY (SELECT {columns} FROM population_statement WHERE batch_id = {batch_id:d}"
        " ORDER BY id) TO STDOUT"
    ) as out:
        blocks = b"".join(bytes(block) for block in out)
    rows = blocks.count(b"\n")
    started = time.monotonic()
    with cursor.copy(f"COPY bench_copy ({columns}) FROM STDIN") as copy:
        view = memoryview(blocks)
        for start in range(0, len(view), 1 << 20):
            copy.write(view[start : start + (1 << 20)])
    seconds = time.monotonic() - started
    cursor.execute("DROP TABLE bench_copy")
    return rows / seconds


BENCHMARK = Benchmark(
    "claims-in", "records a second through the door in, arbitrated, against a plain COPY", measure
)
