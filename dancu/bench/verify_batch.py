"""verify-batch: a file of 200,000 rows verified against a million people, and how right it is.

Measured is the command of the school, ``dancu verify FILE``, from its start to the file of answers
on disk: reading, asking about every row, an access record for each, explaining. One row in ten is
dirty. ``verify-batch-memory`` is the most that the command and the database server held together.
``accuracy`` and ``wrong-full-matches`` are counted on specialised files with the faults of real
ones, against the truth that is kept beside them; a full match is wrong when it is somebody else's
or when a fact in the row is not the register's.
"""

from __future__ import annotations

import compileall
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil

import dancu
from dancu.bench import ground
from dancu.bench.exchange import NAME, lent_catalogue
from dancu.bench.right_outcomes import Held, World, is_right, is_wrong_match
from dancu.bench.tables import SPEED, Table, Tables, TrueRow, make
from dancu.bench.types import Benchmark, Line, Options, against_promise

PEOPLE = 1_000_000
ROWS = 200_000
LIMIT_SECONDS = 20.0
LIMIT_MIB = 1_536.0
LIMIT_ACCURACY = 99.5
LIMIT_WRONG = 1.0
PER = 100_000
PURPOSE = "school_enrolment"
#: Files whose outcomes are held against their truth, and rows of each.
_JUDGED, _JUDGED_ROWS = ("students", "health_insurance", "vaccination", "telecom"), 150_000
_EVERY = 0.5
_EXAMPLES = 5
_PERSONS = """
SELECT r.disclosure, min(p.pid)
FROM disclosure_accessrecord r JOIN population_person p ON p.id = r.person_id
WHERE r.contract = %s GROUP BY r.disclosure HAVING count(*) = 1
"""
_HELD = """
SELECT p.pid, n.full_name,
       CASE WHEN g.overrides ? %s THEN g.overrides -> %s ->> 0 ELSE s.claims ->> %s END,
       x.unit_code, x.code_date
FROM population_person p
JOIN population_nameform n ON n.id = p.name_id
JOIN population_golden g ON g.person_id = p.id AND g.facet = 0
LEFT JOIN population_statement s ON s.person_id = g.person_id AND s.id = g.statement_id
LEFT JOIN places_address x ON x.id = p.address_id
WHERE p.pid = ANY (%s)
"""
_PROGRAM = "import sys; from dancu.cli.main import main; sys.exit(main())"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command: seconds, seconds of CPU of both sides, and memory at its highest."""

    seconds: float
    own_cpu: float
    server_cpu: float
    memory_mib: float


def measure(options: Options) -> Iterator[Line]:
    """Build the city, write the tables, verify them, and judge the answers by the truth."""
    people = options.people or PEOPLE
    rows = options.records or ROWS
    with tempfile.TemporaryDirectory(prefix="dancu-bench-") as name, lent_catalogue():
        folder = Path(name)
        with ground.settled_city(people, options.seed, options.say):
            tables = make(
                people=people, seed=options.seed, folder=folder, speed_rows=rows,
                rows=min(_JUDGED_ROWS, rows), names=_JUDGED,
            )  # fmt: skip
            speed = tables.by_name[SPEED]
            # As an installation that has run before.
            compileall.compile_dir(Path(dancu.__file__).parent, quiet=1)
            run = verify(speed, folder, "csv")
            options.say(f"  {len(speed.truth):,} rows in {run.seconds:.1f} s")
            yield from _speed_lines(run, len(speed.truth), people)
            yield from _judged(tables, folder, options)


def _speed_lines(run: Run, rows: int, people: int) -> Iterator[Line]:
    what = f"{people:,} people, a CSV file of {rows:,} rows, one in ten dirty, to CSV"
    micro = 1e6 / rows
    limit = ROWS / LIMIT_SECONDS
    yield against_promise(
        name="verify-batch",
        value=rows / run.seconds,
        unit="rows/s",
        reference=f"the promise: {ROWS:,} rows in {LIMIT_SECONDS:.0f} s, rows/s",
        run=what,
        limit=limit,
        detail={
            "seconds": round(run.seconds, 1),
            "own_cpu_microseconds_a_row": round(run.own_cpu * micro),
            "server_cpu_microseconds_a_row": round(run.server_cpu * micro),
        },
    )
    yield against_promise(
        name="verify-batch-memory",
        value=run.memory_mib,
        unit="MiB",
        run=what,
        limit=LIMIT_MIB,
        at_most=True,
    )


# -- The command -----------------------------------------------------------------------------------


def verify(table: Table, folder: Path, form: str) -> Run:
    """Verify a table with the command, as an agency does. Raises ``RuntimeError``."""
    servers = _servers()
    own, served = _own_cpu(), _server_cpu(servers)
    begin = time.monotonic()
    with (folder / "said.txt").open("wb") as said:
        child = subprocess.Popen(  # noqa: S603 - our own program
            [
                sys.executable, "-c", _PROGRAM, "verify", str(table.path), "--yes",
                "--contract", NAME, "--purpose", PURPOSE, "--format", form,
                "--output", str(answers_of(table, form)),
            ],
            stdout=said, stderr=said, env=os.environ | {"DANCU_VAR": str(folder / "var")},
        )  # fmt: skip
        with _memory_watched(child.pid, servers) as peak:
            code = child.wait()
    seconds = time.monotonic() - begin
    if code:
        raise RuntimeError((folder / "said.txt").read_text(encoding="utf-8", errors="replace"))
    return Run(seconds, _own_cpu() - own, _server_cpu(servers) - served, max(peak))


def answers_of(table: Table, form: str) -> Path:
    """Return where the answers to a table lie."""
    return table.path.with_suffix(f".answers.{form}")


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _servers() -> list[psutil.Process]:
    """Return the database servers that this process started."""
    return [one for one in psutil.Process().children() if "postgres" in one.name()]


def _server_cpu(servers: Iterable[psutil.Process]) -> float:
    """Return the seconds that servers and their backends used, those that ended too."""
    total = 0.0
    for server in servers:
        for process in (server, *server.children(recursive=True)):
            try:
                times = process.cpu_times()
            except psutil.Error:
                continue
            total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def _memory_watched(pid: int, servers: Sequence[psutil.Process]) -> Iterator[list[float]]:
    """Give a list that grows by what the command and the servers hold, in MiB."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(_EVERY):
            peak.append(_held_mib([pid, *(server.pid for server in servers)]))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _held_mib(pids: Iterable[int]) -> float:
    total = 0
    for pid in pids:
        try:
            root = psutil.Process(pid)
            for process in (root, *root.children(recursive=True)):
                total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 2**20


# -- The truth -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """Rows counted by kind of fault: all, right ones, and full matches that are wrong."""

    rows: Counter[str]
    right: Counter[str]
    wrong_matches: list[str]

    @classmethod
    def empty(cls) -> Tally:
        return cls(Counter(), Counter(), [])


def _judged(tables: Tables, folder: Path, options: Options) -> Iterator[Line]:
    judged = [tables.by_name[name] for name in _JUDGED]
    world = world_of(tables, judged)
    tally = Tally.empty()
    for table in judged:
        run = verify(table, folder, "json")
        before = tally.rows.total()
        judge(table, world, tally)
        options.say(f"  {table.name}: {tally.rows.total() - before:,} rows, {run.seconds:.0f} s")
    rows, right = tally.rows.total(), tally.right.total()
    what = f"{rows:,} rows of {len(judged)} files with the faults of real ones"
    yield against_promise(
        name="accuracy",
        value=100.0 * right / max(rows, 1),
        unit="% of rows with the right outcome",
        run=what,
        limit=LIMIT_ACCURACY,
        detail={"by_kind": _by_kind(tally)},
    )
    yield against_promise(
        name="wrong-full-matches",
        value=PER * len(tally.wrong_matches) / max(rows, 1),
        unit=f"in {PER:,} rows",
        reference=f"the promise, in {PER:,} rows",
        run=what,
        limit=LIMIT_WRONG,
        at_most=True,
        detail={"kinds": tally.wrong_matches[:_EXAMPLES]} if tally.wrong_matches else {},
    )


def _by_kind(tally: Tally) -> dict[str, str]:
    """Return for each kind of fault the share of rows with the right outcome, and the rows."""
    return {
        kind: f"{100.0 * tally.right[kind] / count:.2f} % of {count}"
        for kind, count in sorted(tally.rows.items())
    }


def judge(table: Table, world: World, tally: Tally) -> list[tuple[TrueRow, dict[str, object]]]:
    """Count the answers to a table; return the rows whose outcome is not right."""
    answers = orjson.loads(answers_of(table, "json").read_bytes())["answers"]
    persons = _persons()
    wrong = []
    for row, answer in zip(table.truth, answers, strict=True):
        outcome = str(answer["outcome"] or "")
        person = persons.get(int(answer["id"] or 0), "")
        kind = "+".join(sorted(row.faults)) if len(row.faults) < _PAIR else "two faults"
        kind = kind or "clean"
        tally.rows[kind] += 1
        if is_right(row, outcome, person, world):
            tally.right[kind] += 1
        else:
            wrong.append((row, answer))
        if is_wrong_match(row, outcome, person, world):
            tally.wrong_matches.append("+".join(row.faults) or "clean")
    return wrong


_PAIR = 2


def world_of(tables: Tables, judged: Sequence[Table]) -> World:
    """Return what is known of the people in the tables."""
    return World(tables.namesakes, _numbers(judged), _held(judged))


def _numbers(tables: Iterable[Table]) -> frozenset[str]:
    """Return which of the written numbers somebody in the register bears, cancelled ones too."""
    from django.db import connection

    written = {
        row.written_pid for table in tables for row in table.truth if row.written_pid != row.pid
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM population_pid WHERE pid = ANY(%s)", [list(written)])
        return frozenset(str(row[0]) for row in cursor.fetchall())


def _held(tables: Iterable[Table]) -> dict[str, Held]:
    from django.db import connection

    from dancu.catalogue.queries import attribute
    from dancu.places.queries import successors
    from dancu.synthesis.knowledge import REFERENCE_DAY

    pids = list({row.pid for table in tables for row in table.truth})
    birth = str(attribute("birth_date").number)
    found: dict[str, Held] = {}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [birth, birth, birth, pids])
        for pid, name, born, unit, day in cursor.fetchall():
            after = successors(unit, day, REFERENCE_DAY) if unit else ()
            communes = frozenset(one.code for one in after)
            found[str(pid)] = Held(str(name), str(born or ""), communes)
    return found


def _persons() -> dict[int, str]:
    """Return the number of each answer that led to one person, with the person's PID."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, [NAME])
        return {int(number): str(pid or "") for number, pid in cursor.fetchall()}


BENCHMARK = Benchmark(
    "verify-batch", "a file of 200,000 rows verified, and its outcomes against the truth", measure
)
