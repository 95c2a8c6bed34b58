"""Accounts of a small house: an officer of the ward and a citizen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dancu.agencies.models import Office
from dancu.agencies.services import appoint_officer, load_agencies
from dancu.identity.models import Account
from dancu.identity.services import create_account
from dancu.places.models import Unit
from dancu.places.services import load_units

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PASSWORD = "sen-lua-tre-48"


@pytest.fixture
def house(house_loaded: None, db: object) -> None:
    """The same; a test with real transactions empties them for those after it."""
    if not Unit.objects.exists():
        load_units()
    if not Office.objects.exists():
        load_agencies()


@pytest.fixture
def officer_account(house: None) -> Account:
    appointed = appoint_officer(
        name="Lê Hoàng Nam",
        office_code="CA-26740",
        roles=["ward_officer"],
        active_from=date(2025, 7, 1),
    )
    return create_account(
        username="Ward", password=PASSWORD, at=AT, name="Lê Hoàng Nam", officer_id=appointed.id
    )


@pytest.fixture
def citizen_account(house: None) -> Account:
    return create_account(
        username="citizen", password=PASSWORD, at=AT, name="Trần Thị Thu Hương", person_id=4711
    )
