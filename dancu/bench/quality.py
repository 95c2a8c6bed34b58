"""quality: every rule of quality over everybody, and again over those who changed.

All rules in force are examined over a synthetic city on two connections, issues are opened with
their commune, as the platform does at night; the limit is 60 seconds for a million people. The peer
is one plain reading of the same facts in the same run: every row of what holds, with the statement
it rests on. Then an agency corrects 10,000 people, and only they are examined, with their children
and households; the limit is five seconds.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date

from dancu.bench import ground
from dancu.bench.people import AT
from dancu.bench.types import Benchmark, Line, Options

PEOPLE = 1_000_000
CHANGED = 10_000
SECONDS_FOR_A_MILLION = 60.0
SECONDS_FOR_CHANGES = 5.0
_LANES = 2
_READ = """
SELECT count(*), sum(pg_column_size(s.claims))
FROM population_golden g
JOIN population_statement s ON s.person_id = g.person_id AND s.id = g.statement_id
"""


def measure(options: Options) -> Iterator[Line]:
    """Examine everybody, then those who changed."""
    people, changed = options.people or PEOPLE, options.records or CHANGED
    with ground.settled_city(people, options.seed, options.say):
        from dancu.kernel.clock import FixedClock
        from dancu.quality import examining

        clock = FixedClock(AT)
        reading = _seconds(_read)
        started = time.monotonic()
        run = examining.examine_all(clock=clock, lanes=_LANES)
        seconds = time.monotonic() - started
        options.say(f"  {run.opened:,} issues opened in {seconds:.1f} s")
        _settle()
        change(changed, options.seed)
        started = time.monotonic()
        again = examining.examine_changes(clock=clock, lanes=_LANES)
        later = time.monotonic() - started
        told = f"{again.opened:,} opened, {again.closed:,} closed" if again else "nothing read"
        options.say(f"  {told} in {later:.1f} s")
        size = _bytes_per_issue()
        ground.spend()
    limit = max(SECONDS_FOR_A_MILLION * people / PEOPLE, 1.0)
    rules = _count_rules()
    yield Line(
        name="quality",
        value=seconds,
        unit="s",
        reference="one plain reading of the same facts, s",
        reference_value=reading,
        run=f"{people:,} people, {rules} rules, {_LANES} connections, {run.opened:,} issues opened",
        limit=limit,
        at_most=True,
        detail={"bytes per issue": round(size)},
    )
    yield Line(
        name="quality-again",
        value=later,
        unit="s",
        reference="all of them, s",
        reference_value=seconds,
        run=f"{people:,} people, {changed:,} of them changed, {told}",
        limit=SECONDS_FOR_CHANGES,
        at_most=True,
    )


def _seconds(act: Callable[[], None]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def _read() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_READ)
        cursor.fetchall()


def _settle() -> None:
    """Let the server learn how many issues there are, as its own collector does by day."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) quality_issue")


def change(changed: int, seed: int) -> None:
    """Let the police state something of so many people anew: a fact, a birth date, a residence."""
    from dancu.access.types import system_actor
    from dancu.population import batches
    from dancu.population.types import IncomingRow

    rows, day = [], date(2026, 11, 1)
    for number, pid in enumerate(_pids(changed, seed)):
        claims: dict[str, object] = {"household_relationship": "KHAC"}
        if number % 2:
            claims = {"birth_date": "1990-01-01"} if number % 4 == 1 else {"blood_group": "O"}
        rows.append(IncomingRow(pid, False, day, "inspection", f"B-{number}", claims))
    batches.load(
        source="C06",
        key="bench-quality",
        rows=rows,
        actor=system_actor(name="bench", source="C06"),
        at=AT,
        total=len(rows),
    )


def _pids(count: int, seed: int) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM population_person WHERE pid IS NOT NULL AND status = 1 ORDER BY id"
        )
        pids = [row[0] for row in cursor.fetchall()]
    random.Random(seed).shuffle(pids)  # noqa: S311 - no secret
    return pids[:count]


def _bytes_per_issue() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('quality_issue')::float8"
            " / greatest((SELECT count(*) FROM quality_issue), 1)"
        )
        return float(cursor.fetchone()[0])


def _count_rules() -> int:
    from dancu.catalogue.quality import rules_in_force
    from dancu.kernel.clock import today

    return len(rules_in_force(today(AT)))


BENCHMARK = Benchmark(
    "quality", "every rule of quality over a million people, and over 10,000 changed ones", measure
)
