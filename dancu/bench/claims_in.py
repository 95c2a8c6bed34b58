"""claims-in: enrichment records through the door, against a plain COPY of the same rows.

A record is a statement of three attributes about one person, as an agency's file brings them. One
in ten is wrong or conflicting: a PID nobody has, a value out of form, or a date of birth that the
civil registry or the police contradict. Every accepted record is arbitrated, with history and
provenance, and durable. The peer is a plain COPY of the very statements that came of it into a
table with the same columns and index.

Three agencies deliver, each about as many people, so that the same is done at every size of the
register; the median of the three counts. Then the first one delivers again, as agencies do every
month: the same facts, said later, which is a figure of its own.

The copies go the way of the deliveries: one behind the other into one table, in which everything
else that the register was told stands already. Both begin behind a checkpoint, as what comes hours
after the last writing does; otherwise the copies, whose table was written a moment ago, would find
every page in the log, and the deliveries none.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dancu.bench import ground
from dancu.bench.types import Benchmark, Line, Options

if TYPE_CHECKING:
    from psycopg import Cursor

    from dancu.population.types import IncomingRow

SIZES = (100_000, 1_000_000)
RECORDS = 100_000
AT = datetime(2026, 11, 2, tzinfo=UTC)
DELIVERIES = ("BHXH", "BGDDT", "CSGT")


def measure(options: Options) -> Iterator[Line]:
    """Measure at each size; the last line compares the largest with the smallest."""
    sizes = (options.people,) if options.people else SIZES
    records = options.records or RECORDS
    rates: list[float] = []
    for people in sizes:
        with ground.empty_register(options.say):
            ground.build_city(people, options.seed, options.say)
            ground.settle_down()
            first, again = _measured(records, options)
        rate = statistics.median(delivery.rate for delivery in first)
        rates.append(rate)
        line = Line(
            name="claims-in",
            value=rate,
            unit="records/s",
            reference="plain COPY of the same rows into a table with the same index, rows/s",
            reference_value=statistics.median(delivery.copy_rate for delivery in first),
            run=(
                f"{people:,} people, {records:,} records of 3 attributes, "
                "a tenth wrong or conflicting"
            ),
            limit=20_000,
            detail={delivery.source: delivery.told for delivery in first},
        )
        yield line
        yield replace(line, name="claims-in-ratio", limit=0.2, limits_ratio=True, detail={})
        yield replace(
            line,
            name="claims-in-again",
            value=again.rate,
            reference_value=again.copy_rate,
            run=f"{people:,} people, {records:,} records of one agency, said again later",
            limit=None,
            detail={},
        )
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


@dataclass(slots=True)
class _Delivery:
    """One delivery: its records a second, and rows a second of a plain copy of them."""

    source: str
    batch_id: int
    rate: float
    told: str
    copy_rate: float = 0.0


def _measured(records: int, options: Options) -> tuple[list[_Delivery], _Delivery]:
    """Measure each agency's delivery and one that comes again, then their plain copies."""
    ground.checkpoint()
    first = [_delivered(source, 0, records, options) for source in DELIVERIES]
    again = _delivered(DELIVERIES[0], 1, records, options)
    _copy([*first, again], options)
    return first, again


def _delivered(source: str, month: int, records: int, options: Options) -> _Delivery:
    from dancu.access.types import system_actor
    from dancu.population import batches

    rows = list(_rows(source, _pids(options.seed), records, month, options.seed))
    started = time.monotonic()
    report = batches.load(
        source=source,
        key=f"bench-{month}",
        rows=rows,
        actor=system_actor(name="bench", source=source),
        at=AT + timedelta(days=30 * month),
        total=records,
    )
    rate = records / (time.monotonic() - started)
    told = (
        f"{rate:,.0f}/s, {report.accepted:,} taken, {report.rejected:,} refused, "
        f"{report.conflicts:,} conflicts"
    )
    options.say(f"  {source} {told}")
    return _Delivery(source, report.batch_id, rate, told)


def _pids(seed: int) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM population_pid WHERE cancelled_on IS NULL ORDER BY pid")
        pids = [row[0] for row in cursor.fetchall()]
    random.Random(seed).shuffle(pids)  # noqa: S311 - no secret
    return pids


def _rows(
    source: str, pids: list[str], records: int, month: int, seed: int
) -> Iterator[IncomingRow]:
    from dancu.population.types import IncomingRow

    rnd = random.Random(f"{seed}{source}")  # noqa: S311 - no secret
    facts = _FACTS[source]
    for number in range(records):
        pid = pids[number % len(pids)]
        dice = rnd.random()
        day = date(2026, rnd.randrange(1, 11), rnd.randrange(1, 28)) + timedelta(days=30 * month)
        claims = facts(pid)
        if dice < 0.03:
            pid = f"99{number:010d}"
        elif dice < 0.05:
            claims[next(iter(claims))] = "không rõ"
        elif dice < 0.10:
            claims.popitem()
            claims["birth_date"] = f"{1930 + number % 60}-01-0{1 + number % 9}"
        yield IncomingRow(pid, False, day, "file", f"{source}-{number}", claims)


def _health_insurance(pid: str) -> dict[str, object]:
    return {
        "health_insurance_number": f"{int(pid[3:]) % 10**10:010d}",
        "health_insurance_object": ("DN", "HC", "HT", "TE", "GD", "HS")[int(pid[-1]) % 6],
        "health_insurance_facility": "Bệnh viện Nhân dân Gia Định",
    }


def _education(pid: str) -> dict[str, object]:
    return {
        "student_code": f"{int(pid[3:]) % 10**10:010d}",
        "school": "Trường THPT Lê Quý Đôn",
        "school_grade": f"Lớp {1 + int(pid[-1])}",
    }


def _driving(pid: str) -> dict[str, object]:
    return {
        "driving_licence_number": pid,
        "driving_licence_classes": ["A1"] if int(pid[-1]) % 2 else ["A1", "B2"],
        "driving_licence_points": 12,
    }


_FACTS: dict[str, Callable[[str], dict[str, object]]] = {
    "BHXH": _health_insurance,
    "BGDDT": _education,
    "CSGT": _driving,
}


def _copy(deliveries: list[_Delivery], options: Options) -> None:
    """Copy the statements of the deliveries into a table that holds all others, and time it."""
    from dancu.operation.cursors import server_cursor

    with server_cursor() as cursor:
        cursor.execute("CREATE TABLE bench_copy (LIKE population_statement INCLUDING ALL)")
        cursor.execute(
            "INSERT INTO bench_copy SELECT * FROM population_statement"
            " WHERE batch_id IS NULL OR batch_id <> ALL (%s)",
            [[delivery.batch_id for delivery in deliveries]],
        )
        cursor.execute("VACUUM (ANALYZE) bench_copy")
        ground.checkpoint()
        for delivery in deliveries:
            delivery.copy_rate = _copy_rate(cursor, delivery.batch_id)
            options.say(f"  {delivery.source} plain COPY {delivery.copy_rate:,.0f} rows/s")
        cursor.execute("DROP TABLE bench_copy")


def _copy_rate(cursor: Cursor[Any], batch_id: int) -> float:
    """Return rows a second of a COPY of the batch's statements."""
    columns = (
        "id, person_id, recorded_at, entered_by, event_id, batch_id, valid_from, source_id, "
        "evidence_kind_id, evidence, claims"
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
    return rows / (time.monotonic() - started)


BENCHMARK = Benchmark(
    "claims-in", "records a second through the door in, arbitrated, against a plain COPY", measure
)
