"""A contract of a ministry, whoever asks under it, and people to ask about."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from dancu.catalogue.contracts import Contract, contract
from dancu.exchange.pace import pace
from dancu.exchange.types import Caller
from dancu.kernel.clock import today
from tests.disclosure.conftest import AT, map_loaded, new_person, register

__all__ = ["map_loaded", "register"]


@pytest.fixture(autouse=True)
def _full_buckets() -> None:
    pace.forget()


@pytest.fixture
def school_contract() -> Contract:
    found = contract("student-check", today(AT))
    assert found is not None
    return found


@pytest.fixture
def caller(school_contract: Contract) -> Caller:
    return caller_under(school_contract)


def caller_under(found: Contract, **more: object) -> Caller:
    contract_now = replace(found, **more) if more else found
    return Caller(7, "sgddt", contract_now, user="gv.lan", request_id="r-1")


@pytest.fixture
def pupil(register: object) -> SimpleNamespace:
    return new_person(birth_date="2012-09-02", full_name="Lê Văn Nam", sex="M")


def claims_of(person: SimpleNamespace, **more: object) -> dict[str, object]:
    return {"pid": person.pid, "full_name": person.name, "birth_date": "2012-09-02", **more}
