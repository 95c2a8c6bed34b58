"""The cast: an officer of the ward, a colleague, one of another ward, a citizen, a stranger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from types import SimpleNamespace

import pytest

from dancu.access.types import Actor, system_actor
from dancu.disclosure.models import AccessRecord
from dancu.places.models import Unit
from dancu.places.services import load_units
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.types import AddressValue, Evidence, NewStatement

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MAP = date(2025, 7, 1)
HERE, THERE, ELSEWHERE = "26740", "26743", "00070"
HOME = AddressValue("12/3A Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh", HERE, MAP)
NEXT_WARD = AddressValue("7 Nguyễn Huệ, Phường Bến Thành, Thành phố Hồ Chí Minh", THERE, MAP)
SOURCES = {
    "C06": "police",
    "CA-26740": "police",
    "HT-26740": "civil_registry",
    "BHXH": "social_insurance",
    "CONGDAN": "citizen",
}
_numbers = count(1)


@pytest.fixture(scope="session")
def map_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():
        load_units()


@pytest.fixture
def register(map_loaded: None, db: object) -> object:
    """An empty register with its map and sources."""
    if not Unit.objects.exists():
        load_units()
    dictionary.forget()
    dictionary.sync_sources(SOURCES)
    yield
    dictionary.forget()


def officer(
    role: str = "ward_officer", unit: str = HERE, account: int = 1, office: str = "CA-26740"
) -> Actor:
    return Actor(
        kind="officer",
        name="Lê Hoàng Nam",
        account_id=account,
        officer_id=account,
        office_code=office,
        office_name=office,
        source="CA-26740",
        roles=frozenset({role}),
        jurisdictions=frozenset({unit}) if unit else frozenset(),
    )


def citizen(person_id: int | None, account: int = 50) -> Actor:
    return Actor(
        kind="citizen",
        name="Hương",
        account_id=account,
        source="CONGDAN",
        roles=frozenset({"citizen"}),
        person_id=person_id,
    )


STRANGER = Actor(kind="citizen", name="stranger", account_id=99, roles=frozenset({"citizen"}))


def pid_for(sex: str = "F", year: int = 1988) -> str:
    digit = (year // 100 - 19) * 2 + (sex == "F")
    return f"079{digit}{year % 100:02d}{next(_numbers):06d}"


def new_person(
    source: str = "C06", day: date = date(2018, 5, 1), **more: object
) -> SimpleNamespace:
    year = int(str(more.get("birth_date") or "1988-09-02")[:4])
    pid = str(more.pop("pid", "") or pid_for(str(more.get("sex", "F")), year))
    claims = {
        "full_name": "Trần Thị Thu Hương",
        "pid": pid,
        "birth_date": "1988-09-02",
        "sex": "F",
        "ethnicity": "01",
        "permanent_residence": HOME,
        "life_status": "SONG",
        **more,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    (entered,) = enter(
        statements=[NewStatement(None, day, Evidence("form_dc01", "DC01-1"), claims)],
        actor=system_actor(name="test", source=source),
        at=AT,
    )
    return SimpleNamespace(id=entered.person_id, pid=pid, name=claims["full_name"])


def say(
    person: SimpleNamespace,
    claims: dict[str, object],
    *,
    source: str = "C06",
    day: date = date(2020, 1, 1),
    at: datetime = AT,
) -> int:
    (entered,) = enter(
        statements=[NewStatement(person.id, day, Evidence("file", "F-1"), claims)],
        actor=system_actor(name="test", source=source),
        at=at,
    )
    return entered.statement_id


def records(**filters: object) -> list[AccessRecord]:
    return list(AccessRecord.objects.filter(**filters).order_by("id"))


@pytest.fixture
def mother(register: object) -> SimpleNamespace:
    """A woman of Phường Sài Gòn with a phone, a household and a son in another ward."""
    return new_person(
        phone="0900000014", household_number="79000000001", household_relationship="CHU_HO"
    )
