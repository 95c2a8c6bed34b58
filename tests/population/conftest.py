"""A small register: sources, a clock and a way to enter people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest

from dancu.access.types import Actor, system_actor
from dancu.places import queries
from dancu.places.models import Unit
from dancu.places.services import load_units
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.types import AddressValue, Evidence, NewStatement

if TYPE_CHECKING:
    from tests.population.services_cast import Family

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 2)
HOME = AddressValue("12/3A Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh", "26740", date(2025, 7, 1))
SOURCES = {
    "C06": "police",
    "HT-26740": "civil_registry",
    "UB-26740": "ward",
    "BHXH": "social_insurance",
    "BYT": "health",
    "BGDDT": "education",
    "CD": "citizen",
}
_numbers = count(1)


@pytest.fixture(scope="session")
def map_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    """The administrative map, once for the session."""
    with django_db_blocker.unblock():
        load_units()


@pytest.fixture
def sources(map_loaded: None, db: object) -> dict[str, str]:
    """The sources of claims; a test with real transactions empties the map for those after it."""
    if not Unit.objects.exists():
        load_units()
    dictionary.forget()
    dictionary.sync_sources(SOURCES)
    yield SOURCES
    dictionary.forget()


def actor(source: str = "C06") -> Actor:
    return system_actor(name="test", source=source)


def pid_for(sex: str = "F", year: int = 1990, serial: int | None = None) -> str:
    digit = (year // 100 - 19) * 2 + (sex == "F")
    return f"079{digit}{year % 100:02d}{serial if serial is not None else next(_numbers):06d}"


def first_record(pid: str | None = None, **more: object) -> dict[str, object]:
    pid = pid or pid_for()
    year = {"0": 1900, "1": 1900, "2": 2000, "3": 2000}[pid[3]] + int(pid[4:6])
    return {
        "full_name": "Nguyễn Thị Minh Anh",
        "pid": pid,
        "birth_date": f"{year}-01-02",
        "sex": "MF"[int(pid[3]) % 2],
        "permanent_residence": HOME,
        "life_status": "SONG",
        **more,
    }


def new_person(source: str = "C06", day: date = date(2018, 5, 1), **more: object) -> int:
    (entered,) = enter(
        statements=[NewStatement(None, day, Evidence("form_dc01", "DC01-1"), first_record(**more))],
        actor=actor(source),
        at=AT,
    )
    return entered.person_id


def state(person: int, day: date, source: str, at: datetime = AT, **claims: object) -> int:
    (entered,) = enter(
        statements=[NewStatement(person, day, Evidence("file", "F-1"), claims)],
        actor=actor(source),
        at=at,
    )
    return entered.statement_id


@pytest.fixture
def family(sources: dict[str, str]) -> Family:
    """A family, in a register that knows all its sources."""
    from tests.population.services_cast import MORE_SOURCES, a_family

    dictionary.sync_sources(MORE_SOURCES)
    return a_family()


@pytest.fixture
def people(sources: dict[str, str]) -> Iterator[dict[str, int]]:
    """Six people on a map that the test changes."""
    from tests.population.map_cast import six_people

    yield six_people()
    queries.forget()
