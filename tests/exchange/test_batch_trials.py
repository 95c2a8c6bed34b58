"""Batches of the sandbox: anybody may send them, and nobody real waits for them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dancu.catalogue.contracts import Contract, contract
from dancu.exchange.batches import queries, running, services, spool
from dancu.exchange.batches.errors import TooManyWaiting
from dancu.exchange.batches.models import Batch
from dancu.exchange.batches.queue import Share, Waiting, forecast
from dancu.exchange.batches.standing import queue_at
from dancu.exchange.errors import QuotaUsedUp, TooManyRequests
from dancu.exchange.models import Usage
from dancu.exchange.types import Caller
from dancu.kernel.clock import FixedClock, today
from tests.disclosure.conftest import AT

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "Mã định danh;Họ và tên;Ngày sinh"
HUONG = "999188000015;Trần Thị Thu Hương;02/09/1988"
NOBODY = "079012000001;Không Có Ai;01/01/2012"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(spool, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def developer(register: object) -> Caller:
    found = contract("sandbox", today(AT))
    assert found is not None
    return Caller(3, "trial-1", found)


def send(caller: Caller, row: str, rows: int = 1) -> Batch:
    content = "\n".join([HEAD, *[row] * rows, ""]).encode()
    bare = replace(caller, request_id="")
    return services.receive(file=io.BytesIO(content), name="a.csv", caller=bare, at=AT)


def submit(caller: Caller, row: str, rows: int = 1) -> Batch:
    purpose = "trial" if caller.contract.is_sandbox else "school_enrolment"
    reference = send(caller, row, rows).reference
    return services.confirm(reference=reference, caller=caller, purpose=purpose, at=AT)


def done(batch: Batch) -> int:
    batch.refresh_from_db()
    return batch.done


def test_a_real_batch_goes_before_all_of_the_sandbox(developer: Caller, caller: Caller) -> None:
    # The contract has had something already, so by its share alone the sandbox would come first.
    Usage.objects.create(day=today(AT), contract=caller.contract.name, records=100)
    Usage.objects.create(day=today(AT), contract="", records=100)
    trial, real = submit(developer, HUONG, 3), submit(caller, NOBODY, 3)
    view = queue_at(AT)
    assert [one.batch for one in view.waiting] == [real.pk]
    assert [one.contract for one in view.shares] == [caller.contract.name]
    running.work(clock=FixedClock(AT), seconds=0.0)
    assert (done(real), done(trial)) == (3, 0)
    running.work(clock=FixedClock(AT))
    assert done(trial) == 3
    assert Usage.objects.get(contract="").records == 103


def test_the_sandbox_takes_nothing_of_what_the_nation_has_left(
    developer: Caller, caller: Caller
) -> None:
    Usage.objects.create(day=today(AT), contract="", records=199_998)
    trial, real = submit(developer, HUONG, 500), submit(caller, NOBODY, 2)
    (foreseen,) = queue_at(AT).forecast()
    assert (foreseen.batch, foreseen.today, foreseen.day) == (real.pk, 2, today(AT))
    running.work(clock=FixedClock(AT))
    assert (done(real), done(trial)) == (2, 500)


def test_the_sandbox_goes_on_when_the_day_has_nothing_left(
    developer: Caller, caller: Caller
) -> None:
    Usage.objects.create(day=today(AT), contract="", records=200_000)
    trial, real = submit(developer, HUONG), submit(caller, NOBODY)
    running.work(clock=FixedClock(AT))
    assert (done(real), done(trial)) == (0, 1)


def test_a_batch_of_the_sandbox_is_told_its_place_without_a_forecast(developer: Caller) -> None:
    submit(developer, HUONG)
    second = submit(developer, HUONG)
    Batch.objects.filter(pk=second.pk).update(confirmed_at=AT.replace(year=AT.year + 1))
    told = queries.standing(reference=second.reference, at=AT, caller=developer)
    assert (told.place, told.finishes_on) == (2, None)
    assert len(queries.listed(at=AT, caller=developer)[0]) == 2


def test_few_files_of_a_client_wait_at_a_time(developer: Caller) -> None:
    waiting = [submit(developer, HUONG) for _ in range(services.SANDBOX_WAITING)]
    with pytest.raises(TooManyWaiting):
        submit(developer, HUONG)
    submit(replace(developer, client="trial-2"), HUONG)
    services.stop(reference=waiting[0].reference, at=AT, by="x", caller=developer)
    submit(developer, HUONG)
    with pytest.raises(TooManyWaiting):
        services.resume(reference=waiting[0].reference, at=AT, caller=developer)


def test_few_files_of_a_client_wait_to_be_confirmed(
    developer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "SANDBOX_SHOWN", 2)
    send(developer, HUONG)
    send(developer, HUONG)
    with pytest.raises(TooManyWaiting):
        send(developer, HUONG)


def test_rows_of_the_sandbox_count_as_what_its_client_may_ask_in_a_day(developer: Caller) -> None:
    small = replace(developer, contract=replace(developer.contract, records_per_day=50))
    submit(small, HUONG, 40)
    with pytest.raises(QuotaUsedUp):
        submit(small, HUONG, 20)
    submit(replace(small, client="trial-2"), HUONG, 20)


def test_files_are_sent_no_faster_than_the_contract_says(
    register: object, school_contract: Contract
) -> None:
    slow = Caller(7, "sgddt", replace(school_contract, requests_per_second=1))
    send(slow, NOBODY)
    with pytest.raises(TooManyRequests):
        send(slow, NOBODY)


def test_a_forecast_of_many_batches_ends_early_and_those_without_a_share_cost_nothing() -> None:
    day, asked = date(2026, 11, 22), list[date]()

    def capacity(on: date) -> int:
        asked.append(on)
        return 1

    waiting = [Waiting(number, "a", 1_000) for number in range(2_000)]
    found = forecast(waiting, [Share("a", 1, 10)], day=day, left_today=1, capacity=capacity)
    assert len(asked) < 30
    assert sorted(one.place for one in found) == list(range(1, 2_001))
    asked.clear()
    forecast(waiting, [Share("a", 1, 0)], day=day, left_today=1, capacity=capacity)
    assert not asked
