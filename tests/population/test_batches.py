"""Deliveries of many statements: identity, rejections, interruption."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection

from dancu.kernel.clock import today
from dancu.kernel.errors import Unavailable
from dancu.population import batches
from dancu.population.errors import BatchChanged, BatchTruncated, UnknownSource
from dancu.population.internal.ledger import Ledger
from dancu.population.internal.row_errors import MAX_EVIDENCE
from dancu.population.models import Batch, Golden, NameForm, Person, Pid, Rejection, Statement
from dancu.population.types import BatchReport, IncomingRow
from tests.population.conftest import AT, DAY, actor, first_record, new_person, pid_for

pytestmark = pytest.mark.usefixtures("sources")
TODAY = today(AT)


def people_rows(count: int, start: int = 0) -> list[IncomingRow]:
    return [
        IncomingRow(
            None,
            True,
            date(2018, 5, 1),
            "form_dc01",
            f"DC01-{n}",
            first_record(
                pid=f"0791900{start + n:05d}"[:12], full_name=f"Trần Thị {chr(65 + n % 26)}a"
            ),
        )
        for n in range(count)
    ]


def insurance(pid: str, number: str = "1234567890") -> IncomingRow:
    return IncomingRow(pid, False, DAY, "file", "BHXH", {"health_insurance_number": number})


def load(rows: list[IncomingRow], key: str = "k", **more: object) -> BatchReport:
    arguments = {"source": "BHXH", "workers": 0, "chunk_rows": 4} | more
    return batches.load(key=key, rows=rows, actor=actor("BHXH"), at=AT, **arguments)


def test_rows_that_cannot_be_accepted_are_refused_alone_with_their_reasons():
    pid = pid_for()
    new_person(pid=pid)
    report = load(
        [
            insurance(pid),
            insurance("999999999999"),
            insurance(pid, "không rõ"),
            insurance(""),
            insurance(pid)._replace(claims={}),
            insurance(pid),
        ]
    )
    assert (report.accepted, report.rejected) == (2, 4)
    assert [(r.row_number, r.field, r.code) for r in report.rejections] == [
        (2, "pid", "person-unknown"),
        (3, "health_insurance_number", "form"),
        (4, "pid", "EMPTY"),
        (5, "claims", "EMPTY"),
    ]


def test_nothing_holds_from_a_day_that_has_not_come():
    pid = pid_for()
    person = new_person(pid=pid)
    rows = [insurance(pid), insurance(pid, "0987654321")._replace(day=TODAY + timedelta(days=1))]
    report = load(rows)
    assert (report.accepted, report.rejected) == (1, 1)
    assert [(r.row_number, r.field, r.code) for r in report.rejections] == [(2, "day", "FUTURE")]
    held = Statement.objects.filter(person_id=person).latest("id")
    assert held.valid_from == DAY
    later = batches.load(
        source="BHXH", key="k", rows=rows, actor=actor("BHXH"), at=AT + timedelta(days=2), workers=0
    )
    assert later.was_loaded_before
    assert (later.accepted, later.rejected) == (1, 1)


def test_a_batch_sent_again_changes_nothing():
    pid = pid_for()
    new_person(pid=pid)
    rows = [insurance(pid), insurance("999999999999")] * 5
    first = load(rows)
    statements = Statement.objects.count()
    again = load(rows)
    assert again.was_loaded_before
    assert (again.accepted, again.rejected) == (first.accepted, first.rejected)
    assert Statement.objects.count() == statements
    assert Rejection.objects.filter(batch_id=first.batch_id).count() == 5


def test_the_same_name_with_other_rows_is_refused():
    pid = pid_for()
    new_person(pid=pid)
    load([insurance(pid)] * 6)
    with pytest.raises(BatchChanged):
        load([insurance(pid)] * 5 + [insurance(pid, "0987654321")])


@pytest.mark.parametrize("rows", [6, 8])
def test_a_finished_batch_with_rows_added_is_refused(rows: int):
    pid = pid_for()
    new_person(pid=pid)
    first = load([insurance(pid)] * rows)
    statements = Statement.objects.count()
    with pytest.raises(BatchChanged):
        load([insurance(pid)] * rows + [insurance(pid, "0987654321")])
    assert Statement.objects.count() == statements
    assert load([insurance(pid)] * rows).accepted == first.accepted == rows


def test_a_file_cut_in_the_middle_is_noticed_when_it_was_longer_before():
    pid = pid_for()
    new_person(pid=pid)
    load([insurance(pid)] * 8)
    with pytest.raises(BatchTruncated):
        load([insurance(pid)] * 4)


def test_an_unknown_source_is_refused():
    with pytest.raises(UnknownSource):
        load([], source="NOBODY")


def test_a_source_that_gives_no_numbers_may_not_give_one():
    pid = pid_for()
    new_person(pid=pid)
    report = load([insurance(pid)._replace(claims={"pid": pid_for()})])
    assert report.rejections[0].code == "not-the-authority"


def test_two_first_records_of_one_pid_in_one_file():
    rows = people_rows(2)
    report = load([rows[0], rows[0], rows[1]], source="C06")
    assert (report.accepted, report.rejected) == (2, 1)
    assert report.rejections[0].code == "pid-already-given"


class Killed(Exception):
    pass


def broken_after(rows: list[IncomingRow], count: int) -> Iterator[IncomingRow]:
    yield from rows[:count]
    raise Killed


def everything() -> tuple[object, ...]:
    return (
        Person.objects.count(),
        Pid.objects.count(),
        Statement.objects.count(),
        sorted(Statement.objects.values_list("evidence", flat=True)),
        Golden.objects.count(),
        NameForm.objects.count(),
    )


@pytest.mark.django_db(transaction=True)
def test_a_load_that_dies_goes_on_and_ends_as_if_it_had_not():
    rows = people_rows(41)
    with pytest.raises(Killed):
        load(broken_after(rows, 23), source="C06", workers=2)
    assert Person.objects.count() in range(21)
    report = load(rows, source="C06", workers=2)
    assert (report.accepted, report.rejected) == (41, 0)
    assert Statement.objects.count() == 41
    assert len(set(Statement.objects.values_list("evidence", flat=True))) == 41


@pytest.mark.django_db(transaction=True)
def test_connections_killed_under_load_lose_nothing_and_double_nothing():
    rows = people_rows(60, start=500)

    def kill_others() -> None:
        parts = connection.get_connection_params()
        with psycopg.connect(
            host=parts["host"],
            port=parts["port"],
            user=parts["user"],
            password=parts["password"],
            dbname=parts["dbname"],
            autocommit=True,
        ) as killer:
            killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND query LIKE '%%incoming%%'"
            )

    def rows_with_a_murder() -> Iterator[IncomingRow]:
        for n, row in enumerate(rows):
            if n in (20, 21, 22, 40):
                kill_others()
            yield row

    for _ in range(8):
        try:
            load(rows_with_a_murder(), source="C06", workers=2)
        except Unavailable:
            connection.close()
            continue
        break
    report = load(rows, source="C06", workers=2)
    assert report.accepted == 60
    assert Statement.objects.count() == 60
    assert Person.objects.count() == 60
    assert Batch.objects.get().state == Batch.State.DONE


@pytest.mark.django_db(transaction=True)
def test_two_loaders_about_the_same_people_do_not_wait_in_a_circle():
    people = people_rows(40, start=900)
    load(people, source="C06", workers=2)
    pids = list(Pid.objects.values_list("pid", flat=True))
    failures: list[BaseException] = []

    def enrich(source: str, order: int) -> None:
        try:
            batches.load(
                source=source, key="both", actor=actor(source), at=AT, workers=2, chunk_rows=10,
                rows=3 * [insurance(p)._replace(claims={"religion": "01"}) for p in pids[::order]],
            )  # fmt: skip
        except BaseException as error:  # noqa: BLE001 - reported by the test
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=enrich, args=("BHXH", 1)),
        threading.Thread(target=enrich, args=("BYT", -1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert Statement.objects.count() == 40 + 2 * 120


def test_halves_of_characters_are_refused_with_their_row():
    pid = pid_for()
    new_person(pid=pid)
    broken = "Trạm \ud800"
    rows = [
        IncomingRow(pid, False, DAY, "file", "1", {"health_insurance_facility": broken}),
        IncomingRow(pid, False, DAY, "file", broken, {"health_insurance_object": "DN"}),
        IncomingRow(pid, False, DAY, "file", "3", {"full_name": broken}),
        IncomingRow(pid, False, DAY, "file", "4", {"health_insurance_object": "DN"}),
    ]
    report = load(rows)
    assert (report.accepted, report.rejected) == (1, 3)
    assert {r.code for r in report.rejections} == {"control-character"}


@pytest.mark.parametrize(
    ("held", "cuts"),
    [
        pytest.param({}, [2_500, 2_500, 5_000, 10_000, 10_000], id="the first ones are small"),
        pytest.param({0: 10_000}, [10_000, 10_000, 10_000], id="as it was cut before"),
        pytest.param({10_000: 10_000}, [2_500, 2_500, 5_000, 10_000], id="up to what is held"),
        pytest.param({4_000: 10_000}, [2_500, 1_500, 10_000, 10_000], id="never into it"),
    ],
)
def test_a_batch_is_cut_into_chunks_that_fit_what_is_held(held: dict[int, int], cuts: list[int]):
    ledger = Ledger({start: (rows, b"") for start, rows in held.items()}, (0, 0, 0, 0))
    found, row = [], 0
    for _ in cuts:
        found.append(ledger.cut(row, 10_000))
        row += found[-1]
    assert found == cuts


def test_small_chunks_stay_small():
    ledger = Ledger({}, (0, 0, 0, 0))
    assert [ledger.cut(row, 4) for row in (0, 4, 8)] == [4, 4, 4]


def test_the_longest_evidence_is_taken_and_the_refusal_names_the_limit():
    pid = pid_for()
    new_person(pid=pid)
    row = insurance(pid)
    rows = [row._replace(evidence_reference="x" * (MAX_EVIDENCE + more)) for more in (0, 1)]
    report = load(rows)
    assert report.accepted == 1
    (refused,) = report.rejections
    assert (refused.row_number, refused.field, refused.code) == (2, "evidence", "too-long")
    assert str(MAX_EVIDENCE) in refused.message
