"""A family in the register, and browsers in which the cast is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from dancu.agencies.services import appoint_officer
from dancu.identity.models import Account
from dancu.places.models import Unit
from dancu.population import dictionary
from tests.portal import cast
from tests.portal.cast import Cast

NOW = cast.AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the pages stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture(scope="session")
def map_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    """The map, the agencies and the sources, once for the session."""
    with django_db_blocker.unblock():
        cast.prepare()


@pytest.fixture
def register(map_loaded: None, db: None) -> Iterator[None]:
    """A register without people; a test with real transactions empties it for those after."""
    dictionary.forget()
    if not Unit.objects.exists() or not dictionary.sources():
        cast.prepare()
    yield
    dictionary.forget()


@pytest.fixture
def family(register: None) -> Cast:
    return cast.family()


def signed_in(username: str, name: str, **whose: int) -> Client:
    kind = Account.Kind.CITIZEN if "person_id" in whose else Account.Kind.OFFICER
    account = Account.objects.create(
        username=username, kind=kind, name=name, created_at=cast.AT, **whose
    )
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def mother(family: Cast) -> Client:
    return signed_in("mother", "Nguyễn Thị Minh Anh", person_id=family.mother)


@pytest.fixture
def stranger(family: Cast) -> Client:
    return signed_in("stranger", "Lý Thị Xa", person_id=family.stranger)


@pytest.fixture
def officer(family: Cast) -> Client:
    appointed = appoint_officer(
        name="Lê Văn Cán",
        office_code="CA-26740",
        roles=["ward_officer"],
        active_from=date(2020, 1, 1),
    )
    return signed_in("officer", "Lê Văn Cán", officer_id=appointed.id)
