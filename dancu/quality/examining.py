"""Examining the register by its rules: everybody, or those about whom something was said since.

A run of everybody goes through ranges of people, and in each reads facet by facet, two connections
side by side. A run of
changes reads the statements and withdrawals between the reach of the last run and a new one, behind
the horizon of ``dancu.disclosure`` (nothing below a mark can still commit), and examines the people
they speak of, the children who name them, and the households they belong or belonged to. What
people share with others, and what only the calendar changes, is examined with everybody, at night.

Each range is a transaction of its own: a run that is killed leaves whole ranges, and the next one
goes over everything again without opening anything twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connection

from dancu.catalogue import attribute
from dancu.catalogue.quality import QualityRule, rules_in_force
from dancu.disclosure.changes import Reach
from dancu.disclosure.services import changing
from dancu.kernel.clock import Clock, today
from dancu.population import measuring
from dancu.population.measuring import Some, Step
from dancu.quality.errors import ExaminationRuns
from dancu.quality.internal.bookkeeping import Book, Tally, end_others, settle
from dancu.quality.models import RuleState, Run

#: People read at once by one connection.
RANGE = 25_000
#: Changed people whom one connection looks at in one transaction.
PART = 5_000
#: So long a run waits for writers that were at work when it began.
PATIENCE = 10.0
#: From so many changed people on, everybody is examined instead.
MANY = 200_000
_LOCK = 0x64616E6375_7155
_STEP_SECONDS = 0.05
#: What rules about households and about the register rest on.
_HOUSEHOLD = ("household_relationship", "household_number", "birth_date", "life_status")
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Task:
    """Steps of one scope over some people."""

    steps: Sequence[Step]
    some: Some


def examine_all(*, clock: Clock, lanes: int = 2, told: Told | None = None) -> Run:
    """Examine everybody by every rule in force. Raises ``ExaminationRuns``.

    ``lanes`` connections work side by side; 0 works in the caller's own.
    """
    with _alone():
        return _everybody(clock, lanes, told)


def examine_changes(*, clock: Clock, lanes: int = 2) -> Run | None:
    """Examine those about whom something was said since the last run; everybody at first.

    ``None`` when nothing was said, or when what was said may not be read yet.
    Raises ``ExaminationRuns``.
    """
    with _alone():
        last, day, reach = last_run(), today(clock.now()), _reach()
        before = Reach(last.statement, last.annulment) if last else None
        if last is not None and reach in (None, before):
            return None
        if before is None or reach is None or reach.statement - before.statement > MANY:
            return _everybody(clock, lanes)
        people = measuring.spoken_of(_pair(before), _pair(reach))
        run = _begin(Run.Kind.CHANGES, day, reach, clock)
        rules = rules_in_force(day)
        book = Book(run.pk, day, resting_on(rules))
        tally = _of_people(book, measuring.plan(rules, day), people, lanes)
        run.examined = len(people)
        return _finish(run, tally, clock)


def _everybody(clock: Clock, lanes: int, told: Told | None = None) -> Run:
    day, reach = today(clock.now()), _reach()
    rules = rules_in_force(day)
    run = _begin(Run.Kind.ALL, day, reach, clock)
    book = Book(run.pk, day, resting_on(rules), _changed(rules))
    ended = end_others(book, [rule.number for rule in rules])
    steps, ranges = measuring.plan(rules, day), measuring.ranges(RANGE)
    of_people = [step for step in steps if step.scope == "people"]
    tasks = [Task([step], Some()) for step in steps if step.scope != "people"]
    tasks += [Task(of_people, some) for some in ranges]
    tally = _work(book, tasks, lanes, told) + Tally(0, ended)
    _remember(rules, day)
    run.examined = sum(measuring.people_by_commune().values())
    return _finish(run, tally, clock)


def last_run() -> Run | None:
    """Return the last run that was finished, those of single people aside."""
    rows = Run.objects.filter(finished_at__isnull=False).exclude(kind=Run.Kind.SPOT)
    return rows.order_by("-pk").first()


def _of_people(book: Book, steps: Sequence[Step], people: Sequence[int], lanes: int) -> Tally:
    kin, homes = _concerned(people, lanes)
    of_people = [step for step in steps if step.scope == "people"]
    parts = (kin[at : at + PART] for at in range(0, len(kin), PART))
    tasks = [Task(of_people, Some(keys=tuple(part))) for part in parts]
    tasks += [Task([s], Some(keys=tuple(homes))) for s in steps if s.scope == "households"]
    return _work(book, tasks, lanes)


def _concerned(people: Sequence[int], lanes: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return those whom a change of the people may concern: their kin, and their households."""
    if lanes < 2:  # noqa: PLR2004 - side by side
        return measuring.kin_of(people), measuring.household_of(people)
    with ThreadPoolExecutor(1) as pool:
        homes = pool.submit(measuring.household_of, people)
        pool.submit(connection.close)
        return measuring.kin_of(people), homes.result()


def _work(book: Book, tasks: Sequence[Task], lanes: int, told: Told | None = None) -> Tally:
    tally, done = Tally(), 0
    for one in _tallies(book, tasks, lanes):
        tally, done = tally + one, done + 1
        if told is not None:
            told(done, len(tasks))
    return tally


def _tallies(book: Book, tasks: Sequence[Task], lanes: int) -> Iterator[Tally]:
    if lanes == 0:
        for task in tasks:
            yield settle(book, task.steps, task.some)
        return
    with ThreadPoolExecutor(lanes, thread_name_prefix="quality") as pool:
        try:
            yield from pool.map(lambda task: settle(book, task.steps, task.some), tasks)
        finally:
            # Each thread has a connection of its own, which would outlive it.
            _close_connections(pool, lanes)


def _close_connections(pool: ThreadPoolExecutor, lanes: int) -> None:
    from threading import Barrier

    together = Barrier(lanes)

    def close() -> None:
        together.wait()
        connection.close()

    for one in [pool.submit(close) for _ in range(lanes)]:
        one.result()


@contextmanager
def _alone() -> Iterator[None]:
    """Let one run work at a time; the lock goes with the connection when the process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            raise ExaminationRuns
    try:
        yield
    finally:
        if connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _reach() -> Reach | None:
    """Return a reach below which nothing can still commit; ``None`` while a writer is at work."""
    marked = changing.mark()
    deadline = time.monotonic() + PATIENCE
    while not (settled := changing.is_settled(marked)):
        if settled is None or time.monotonic() > deadline:
            return None
        time.sleep(_STEP_SECONDS)
    return marked.reach


def _begin(kind: str, day: date, reach: Reach | None, clock: Clock) -> Run:
    """Begin a run. Without a reach the next run reads from where the last one stood."""
    if reach is None:
        last = last_run()
        reach = Reach(last.statement, last.annulment) if last else Reach(0, 0)
    return Run.objects.create(
        kind=kind,
        day=day,
        begun_at=clock.now(),
        statement=reach.statement,
        annulment=reach.annulment,
    )


def _finish(run: Run, tally: Tally, clock: Clock) -> Run:
    run.opened, run.closed = tally.opened, tally.closed
    run.finished_at = clock.now()
    run.save(update_fields=["examined", "opened", "closed", "finished_at"])
    return run


def resting_on(rules: Sequence[QualityRule]) -> dict[int, list[str]]:
    """Return the storage keys of what each rule rests on: what may have mended its issues."""
    found = {}
    for rule in rules:
        names = list(rule.broken.attributes)
        if rule.view != "person":
            names = [*_HOUSEHOLD, rule.attribute]
        elif any(node.value in ("alive", "dead", "gone_missing") for node in rule.broken.walk()):
            names.append("life_status")
        found[rule.number] = sorted({attribute(name).key for name in names})
    return found


def _changed(rules: Sequence[QualityRule]) -> tuple[int, ...]:
    known = dict(RuleState.objects.values_list("number", "fingerprint"))
    return tuple(r.number for r in rules if known.get(r.number, r.fingerprint) != r.fingerprint)


def _remember(rules: Sequence[QualityRule], day: date) -> None:
    known = dict(RuleState.objects.values_list("number", "fingerprint"))
    RuleState.objects.bulk_create(
        [
            RuleState(number=r.number, name=r.name, fingerprint=r.fingerprint, since=day)
            for r in rules
            if known.get(r.number) != r.fingerprint
        ],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name", "fingerprint", "since"],
    )


def _pair(reach: Reach) -> tuple[int, int]:
    return reach.statement, reach.annulment
