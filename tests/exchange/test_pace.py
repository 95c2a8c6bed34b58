"""Requests a second: one bucket for all processes of a node."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dancu.catalogue.contracts import Contract, contracts
from dancu.exchange.errors import QuotaUsedUp, TooManyRequests
from dancu.exchange.pace import Pace
from dancu.exchange.types import Caller

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _slow() -> Contract:
    return replace(contracts(date(2026, 11, 21))[0], requests_per_second=10)


contract = pytest.fixture(_slow, name="contract")


def _granted(
    pace: Pace, contract: Contract, *, at: datetime, asked: int, client: str = "one"
) -> int:
    granted = 0
    for _ in range(asked):
        try:
            pace.require(Caller(None, client, contract), at=at)
        except TooManyRequests:
            continue
        granted += 1
    return granted


def test_a_second_holds_what_the_contract_says_and_fills_again(contract: Contract) -> None:
    pace = Pace()
    assert _granted(pace, contract, at=NOON, asked=30) == 10
    assert _granted(pace, contract, at=NOON + timedelta(seconds=0.5), asked=30) == 5
    assert _granted(pace, contract, at=NOON + timedelta(seconds=9), asked=30) == 10


def test_contracts_do_not_take_from_each_other(contract: Contract) -> None:
    pace = Pace()
    other = replace(contract, name="other")
    assert _granted(pace, contract, at=NOON, asked=30) == 10
    assert _granted(pace, other, at=NOON, asked=30) == 10


def test_clients_of_a_contract_share_its_pace(contract: Contract) -> None:
    pace = Pace()
    assert _granted(pace, contract, at=NOON, asked=8, client="one") == 8
    assert _granted(pace, contract, at=NOON, asked=8, client="two") == 2


def test_in_the_sandbox_nobody_takes_from_another_and_a_day_has_its_bound(
    contract: Contract,
) -> None:
    pace = Pace()
    sandbox = replace(contract, is_sandbox=True, records_per_day=25)
    assert _granted(pace, sandbox, at=NOON, asked=30, client="one") == 10
    assert _granted(pace, sandbox, at=NOON, asked=30, client="two") == 10
    assert _granted(pace, sandbox, at=NOON + timedelta(seconds=1), asked=10, client="one") == 10
    with pytest.raises(QuotaUsedUp) as refused:
        _granted(pace, sandbox, at=NOON + timedelta(seconds=2), asked=8, client="one")
    assert refused.value.clause == "records_per_day"


def test_processes_of_one_run_share_a_bucket(tmp_path: Path) -> None:
    file = tmp_path / "pace"
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        granted = pool.map(_in_a_process, [file] * 6)
    assert sum(granted) == 10


def test_a_clock_set_back_gives_nothing_away(contract: Contract) -> None:
    pace = Pace()
    assert _granted(pace, contract, at=NOON, asked=30) == 10
    assert _granted(pace, contract, at=NOON - timedelta(hours=1), asked=30) == 0


def _in_a_process(file: Path) -> int:
    return _granted(Pace(file), _slow(), at=NOON, asked=8)
