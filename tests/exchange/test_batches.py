"""A batch from file to answers: in order, explained, stopped, resumed, killed, forgotten."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from python_calamine import CalamineWorkbook

from dancu.disclosure.models import AccessRecord
from dancu.exchange import quotas
from dancu.exchange.batches import output, queries, running, services, slices, spool
from dancu.exchange.batches.errors import (
    BatchEnded,
    BatchGone,
    FileForgotten,
    MeaningTwice,
    MeaningUnknown,
    NoRows,
    NotConfirmed,
    NothingToAsk,
    ProcessDied,
    TooLarge,
)
from dancu.exchange.batches.models import Batch, BatchSlice
from dancu.exchange.errors import ClauseRefused
from dancu.exchange.models import ApprovedException, Usage
from dancu.exchange.types import Caller, Question
from dancu.kernel.clock import FixedClock, today
from tests.disclosure.conftest import AT, new_person

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "STT;Mã định danh;Họ và tên;Ngày sinh;Giới tính"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(spool, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def pupils(register: object) -> list[SimpleNamespace]:
    return [
        new_person(birth_date=f"2012-09-{day:02d}", full_name=name, sex="M")
        for day, name in enumerate(("Lê Văn Nam", "Trần Quốc Toản", "Phạm Gia Bảo"), start=2)
    ]


def line(number: int, pid: str, name: str, born: str, sex: str = "Nam") -> str:
    return f"{number};{pid};{name};{born};{sex}"


def a_list(pupils: list[SimpleNamespace]) -> list[str]:
    one, two, three = pupils
    return [
        line(1, one.pid, "Lê Văn Nam", "02/09/2012"),
        line(2, two.pid.lstrip("0"), "Trần Quốc Toản", "03/09/2012"),
        line(3, three.pid, "Pham Gia Bao", "04/09/2012"),
        line(4, "", "Lê Văn Nam", "02/09/2012"),
        line(5, "012345678901", "Nguyễn Không Có", "01/02/2010"),
        line(6, "", "Tổng cộng: 3 em", "", ""),
        line(7, one.pid, "Lê Văn Nam", "02/09/2012"),
        line(8, three.pid, "Phạm Gia Bảo", "05/10/2011"),
        line(9, two.pid, "Nguyễn Văn Khác", "01/01/2001"),
    ]


def send(lines: list[str], caller: Caller, name: str = "hoc-sinh.csv") -> Batch:
    content = "\n".join([HEAD, *lines, ""]).encode()
    return services.receive(file=io.BytesIO(content), name=name, caller=caller, at=AT)


def submit(lines: list[str], caller: Caller, **more: object) -> Batch:
    batch = send(lines, caller)
    return services.confirm(
        reference=batch.reference, caller=caller, purpose="school_enrolment", at=AT, **more
    )


def work(at: datetime = AT, **more: object) -> bool:
    return running.work(clock=FixedClock(at), **more)


def groups(batch: Batch) -> list[str]:
    return [answer.group for _, _, answer in queries.answered(batch)]


@pytest.mark.parametrize("how", [{}, {"may_fork": True, "slice_rows": 2}])
def test_every_row_comes_back_in_order_and_explained(
    pupils: list[SimpleNamespace], caller: Caller, how: dict[str, object]
) -> None:
    batch = submit(a_list(pupils), caller)
    assert work(**how)
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("done", 9)
    found = list(queries.answered(batch))
    assert [number for number, _, _ in found] == list(range(1, 10))
    assert [cells[0] for _, cells, _ in found] == [str(n) for n in range(1, 10)]
    assert groups(batch) == [
        "match",
        "number_damaged",
        "nearly",
        "number_missing",
        "not_found",
        "unreadable",
        "twice",
        "birth_differs",
        "other_person",
    ]
    assert sum(batch.counts.values()) == 9
    lost = found[1][2]
    assert lost.proposed["pid"] == (pupils[1].pid, "LEADING_ZERO_LOST")
    assert lost.code == "LEADING_ZERO_LOST"
    assert lost.results["pid"][0] == "close"
    assert found[2][2].results["full_name"] == ("close", "accents")


def test_an_answer_holds_no_value_of_the_register(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    batch = submit([line(1, "", "Lê Văn Nam", "02/09/2012")], caller)
    work()
    batch.refresh_from_db()
    said = b"".join(output.content(batch, format_="json")).decode()
    assert pupils[0].pid not in said


def test_usage_and_access_records_are_as_many_as_rows_asked(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    before = AccessRecord.objects.count()
    submit(a_list(pupils), caller)
    work(slice_rows=2)
    assert Usage.objects.get(day=today(AT), contract="student-check").records == 8
    assert Usage.objects.get(day=today(AT), contract="").records == 8
    assert AccessRecord.objects.count() - before == 8
    assert list(BatchSlice.objects.values_list("first", "rows")) == [
        (0, 2), (2, 2), (4, 2), (6, 2), (8, 1),
    ]  # fmt: skip


def test_a_slice_that_dies_at_its_end_leaves_nothing_and_is_done_again(
    pupils: list[SimpleNamespace], caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submit(a_list(pupils), caller)
    before = AccessRecord.objects.count()
    work(slice_rows=4, seconds=0.0)
    assert AccessRecord.objects.count() - before == 4

    def die(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(slices, "advance", die)
        with pytest.raises(SystemExit):
            work(slice_rows=4)
    assert AccessRecord.objects.count() - before == 4
    assert Usage.objects.get(contract="student-check").records == 4
    batch.refresh_from_db()
    assert batch.done == 4
    assert work(slice_rows=4)
    batch.refresh_from_db()
    assert batch.state == "done"
    assert AccessRecord.objects.count() - before == 8
    assert Usage.objects.get(contract="student-check").records == 8


def test_a_process_that_is_killed_loses_and_doubles_nothing(
    pupils: list[SimpleNamespace], caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submit(a_list(pupils), caller)
    before = AccessRecord.objects.count()
    advance = slices.advance

    def die(batch: Batch, *more: object) -> None:
        if batch.done == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        advance(batch, *more)

    with monkeypatch.context() as patch:
        patch.setattr(slices, "advance", die)
        with pytest.raises(ProcessDied):
            work(may_fork=True, slice_rows=2)
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("waiting", 4)
    assert work(may_fork=True, slice_rows=2)
    assert AccessRecord.objects.count() - before == 8
    assert Usage.objects.get(contract="student-check").records == 8
    assert len(list(queries.answered(batch))) == 9


def test_answers_can_be_written_while_they_are_found(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    batch = submit(a_list(pupils), caller)
    steps = running.working(clock=FixedClock(AT), may_fork=True, slice_rows=2)
    pieces = output.content(batch, format_="csv", more=lambda: next(steps, None) is not None)
    written = b"".join(pieces)
    batch.refresh_from_db()
    assert batch.state == "done"
    assert written == b"".join(output.content(batch, format_="csv"))


def test_two_workers_do_not_answer_a_row_twice(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    batch = submit(a_list(pupils), caller)
    stale = Batch.objects.get(pk=batch.pk)
    work()
    with pytest.raises(running.AnotherWorker):
        list(running.answer(stale, 5, running.Worker(FixedClock(AT), 100, lambda: True)))
    assert Usage.objects.get(contract="student-check").records == 8


def test_it_stops_and_goes_on(pupils: list[SimpleNamespace], caller: Caller) -> None:
    batch = submit(a_list(pupils), caller)
    work(slice_rows=2, seconds=0.0)
    services.stop(reference=batch.reference, at=AT, by="gv.lan", caller=caller)
    assert work()
    shown = queries.standing(reference=batch.reference, at=AT, caller=caller)
    assert (shown.state, shown.done, shown.stopped_by) == ("stopped", 2, "gv.lan")
    assert len(list(queries.answered(batch))) == 2
    services.resume(reference=batch.reference, at=AT, caller=caller)
    work()
    assert queries.standing(reference=batch.reference, at=AT).state == "done"
    with pytest.raises(BatchEnded):
        services.stop(reference=batch.reference, at=AT, by="gv.lan")
    with pytest.raises(BatchEnded):
        services.resume(reference=batch.reference, at=AT)


@pytest.mark.parametrize("how", [{}, {"may_fork": True, "slice_rows": 2}])
def test_the_day_ends_and_midnight_in_vietnam_begins_another(
    pupils: list[SimpleNamespace], caller: Caller, how: dict[str, object]
) -> None:
    day = today(AT)
    Usage.objects.create(day=day, contract="", records=199_997)
    batch = submit(a_list(pupils)[:5], caller)
    assert work(**how)
    shown = queries.standing(reference=batch.reference, at=AT)
    assert (shown.state, shown.done) == ("waiting", 3)
    assert (shown.place, shown.finishes_on) == (1, day + timedelta(days=1))
    assert shown.seconds_left is None
    midnight = quotas.reset_after(AT)
    assert work(midnight - timedelta(seconds=1))
    batch.refresh_from_db()
    assert batch.done == 3
    assert work(midnight)
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("done", 5)


def test_an_approved_exception_lets_more_through(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    day = today(AT)
    Usage.objects.create(day=day, contract="student-check", records=60_000)
    batch = submit(a_list(pupils)[:5], caller)
    work()
    batch.refresh_from_db()
    assert batch.done == 0
    ApprovedException.objects.create(
        contract="student-check",
        day=day,
        records=5,
        approved_by="Nguyễn Văn Duyệt",
        reason="khai giảng",
        approved_at=AT,
    )
    work()
    batch.refresh_from_db()
    assert batch.state == "done"


@pytest.mark.parametrize("how", [{}, {"may_fork": True, "slice_rows": 2}])
def test_a_contract_that_ended_stops_the_batch_with_its_clause(
    pupils: list[SimpleNamespace], caller: Caller, how: dict[str, object]
) -> None:
    batch = submit(a_list(pupils), caller)
    Batch.objects.filter(pk=batch.pk).update(purpose="curiosity")
    work(**how)
    shown = queries.standing(reference=batch.reference, at=AT)
    assert shown.state == "failed"
    assert shown.problem is not None
    assert shown.problem["params"]["clause"] == "purposes"


def test_what_the_contract_does_not_allow_is_refused_at_once(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    batch = send(a_list(pupils), caller)
    with pytest.raises(ClauseRefused):
        services.confirm(reference=batch.reference, caller=caller, purpose="curiosity", at=AT)
    with pytest.raises(MeaningUnknown):
        services.confirm(
            reference=batch.reference,
            caller=caller,
            purpose="school_enrolment",
            meanings=["", "pid", "full_name", "tax_code", ""],
            at=AT,
        )
    for wrong, error in (
        (["", "pid", "", "", ""], NothingToAsk),
        (["pid", "pid", "full_name", "", ""], MeaningTwice),
        (["pid", "full_name"], MeaningUnknown),
    ):
        with pytest.raises(error):
            services.confirm(
                reference=batch.reference,
                caller=caller,
                purpose="school_enrolment",
                meanings=wrong,
                at=AT,
            )
    with pytest.raises(NotConfirmed):
        services.resume(reference=batch.reference, at=AT)


def test_a_stranger_sees_nothing(pupils: list[SimpleNamespace], caller: Caller) -> None:
    batch = submit(a_list(pupils), caller)
    stranger = replace(caller, client="somebody-else")
    with pytest.raises(BatchGone):
        queries.standing(reference=batch.reference, at=AT, caller=stranger)
    with pytest.raises(BatchGone):
        services.stop(reference=batch.reference, at=AT, by="x", caller=stranger)


def test_sent_again_with_the_same_number_it_is_one_batch(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    first = send(a_list(pupils), caller)
    assert send(a_list(pupils), caller).pk == first.pk
    assert send(a_list(pupils), replace(caller, request_id="r-2")).pk != first.pk


def test_questions_are_answered_beside_each_row(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    batch = submit(
        a_list(pupils)[:1], caller, questions=[Question("is_alive"), Question("is_at_least", 6)]
    )
    work()
    batch.refresh_from_db()
    ((_, _, answer),) = queries.answered(batch)
    assert answer.answers == {"is_alive": "yes", "is_at_least:6": "yes"}


def test_files_can_be_fetched_while_it_runs_and_hold_text_only(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    batch = submit([*a_list(pupils), line(10, "=1+1", "@x", "01/01/2010")], caller)
    work(slice_rows=4, seconds=0.0)
    partly = list(_csv(batch))
    assert len(partly) == 5
    work()
    batch.refresh_from_db()
    rows = list(_csv(batch))
    assert len(rows) == 11
    assert rows[0][:5] == ["Row", "Result", "What it means", "What to do", "Error code"]
    assert rows[2][-4] == pupils[1].pid.lstrip("0")
    assert rows[10][-4] == "'=1+1"
    book = b"".join(output.content(batch, format_="xlsx", language="en"))
    cells = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert cells[0][0] == "Row"
    assert cells[10][-4] == "=1+1"
    assert all(isinstance(cell, str) for row in cells for cell in row)
    proposed = rows[0].index("Proposed: Personal identification number")
    assert cells[2][proposed] == pupils[1].pid
    data = json.loads(b"".join(output.content(batch, format_="json")))
    assert [one["row"] for one in data["answers"]] == list(range(1, 11))
    assert data["answers"][1]["proposed"]["pid"]["code"] == "LEADING_ZERO_LOST"


def _csv(batch: Batch) -> Iterator[list[str]]:
    content = b"".join(output.content(batch, format_="csv", language="en"))
    return csv.reader(io.StringIO(content.decode("utf-8-sig")))


def test_questions_are_forgotten_some_days_after_the_answers_were_fetched(
    pupils: list[SimpleNamespace], caller: Caller, folder: Path
) -> None:
    batch = submit(a_list(pupils), caller)
    work()
    later = AT + timedelta(days=8)
    assert services.forget(at=later) == 0
    services.fetched(reference=batch.reference, at=AT)
    assert services.forget(at=AT + timedelta(days=6)) == 0
    assert services.forget(at=later) == 1
    batch.refresh_from_db()
    assert not list(folder.iterdir())
    assert not BatchSlice.objects.exists()
    assert sum(batch.counts.values()) == 9
    with pytest.raises(FileForgotten):
        queries.answered(batch)


def test_what_nobody_confirms_or_fetches_goes_too(
    pupils: list[SimpleNamespace], caller: Caller, folder: Path
) -> None:
    send(a_list(pupils), replace(caller, request_id=""))
    submit(a_list(pupils), caller)
    work()
    services.forget(at=AT + timedelta(days=2))
    assert len(list(folder.iterdir())) == 1
    assert services.forget(at=AT + timedelta(days=29)) == 1
    assert not list(folder.iterdir())


def test_files_lie_closed_to_others_and_a_refused_one_leaves_nothing(
    pupils: list[SimpleNamespace], caller: Caller, folder: Path
) -> None:
    send(a_list(pupils), caller)
    (kept,) = folder.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    with pytest.raises(NoRows):
        send([], replace(caller, request_id="r-9"))
    with pytest.raises(TooLarge):
        services.receive(
            file=io.BytesIO(b"x" * 20),
            name="a.csv",
            caller=replace(caller, request_id=""),
            at=AT,
            largest=10,
        )
    assert list(folder.iterdir()) == [kept]


def test_a_lost_file_stops_the_batch_and_says_so(
    pupils: list[SimpleNamespace], caller: Caller
) -> None:
    batch = submit(a_list(pupils), caller)
    spool.forget(batch.reference)
    work()
    assert queries.standing(reference=batch.reference, at=AT).state == "failed"


def test_files_of_which_no_batch_came_are_swept_away(
    pupils: list[SimpleNamespace], caller: Caller, folder: Path
) -> None:
    batch = submit(a_list(pupils), caller)
    for name in ("a" * 32 + ".sent", "b" * 32 + ".rows"):
        (folder / name).write_bytes(b"x")
    long_ago = (AT - timedelta(days=3)).timestamp()
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    services.forget(at=AT)
    assert [path.stem for path in folder.iterdir()] == [batch.reference]
