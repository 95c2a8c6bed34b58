"""A delivery that looked a number up just before a merge, or its undo, says it of who has it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from django.db import connection, transaction

from dancu.population import batches, dictionary
from dancu.population.checks import impossible_rows
from dancu.population.models import Person, Pid, Statement
from dancu.population.services import decide_undo, propose_undo
from dancu.population.types import IncomingRow
from tests.population.conftest import actor
from tests.population.merging_cast import SECOND, decide, propose, sound, yen, yen_again
from tests.population.services_cast import AT, MORE_SOURCES, PROVINCE, pid_of

pytestmark = pytest.mark.django_db(transaction=True)
_WAITING = """
SELECT count(*) FROM pg_locks
 WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""


def deliver(pids: list[str], key: str) -> tuple[int, int]:
    """Load rows about numbers on a connection of its own."""
    rows = [
        IncomingRow(pid, False, date(2026, 10, 1), "file", key, {"religion": "02"}) for pid in pids
    ]
    try:
        report = batches.load(
            source="BHXH", key=key, rows=rows, actor=actor("BHXH"), at=AT, workers=1
        )
    finally:
        connection.close()
    return report.accepted, report.rejected


def until_it_waits() -> None:
    """Return when another connection waits for this one: it has looked its numbers up by then."""
    for _attempt in range(3_000):
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def said_of(person: int, key: str) -> int:
    return Statement.objects.filter(person_id=person, evidence=key).count()


def test_a_delivery_beside_a_merge_or_its_undo_goes_to_who_has_the_number(sources: object) -> None:
    dictionary.sync_sources(MORE_SOURCES)
    one, other = yen(), yen_again()
    numbers = [pid_of(other), pid_of(one)]
    merge = propose(one, other)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            decide(merge)
            loaded = pool.submit(partial(deliver, numbers, "merge"))
            until_it_waits()
        assert loaded.result(60) == (2, 0)
        assert (said_of(one, "merge"), said_of(other, "merge")) == (2, 0)
        assert sound()

        told = {"merge_id": merge, "reason": "Hai người", "at": AT}
        propose_undo(**told, actor=SECOND)
        with transaction.atomic():
            decide_undo(**told, decision="confirm", actor=PROVINCE)
            loaded = pool.submit(partial(deliver, numbers, "undo"))
            until_it_waits()
        assert loaded.result(60) == (2, 0)
        assert (said_of(one, "undo"), said_of(other, "undo")) == (1, 1)
    assert Pid.objects.get(pid=numbers[0]).person_id == other
    assert Person.objects.get(pk=other).status == Person.Status.ALIVE
    assert impossible_rows() == {}
    assert sound()
