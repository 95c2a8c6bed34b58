"""The cast: a family of Phường Sài Gòn, a neighbour, and those who do or do not serve them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from django.test import Client

from dancu.access.types import system_actor
from dancu.agencies.models import Office
from dancu.agencies.services import appoint_officer, load_agencies
from dancu.identity.models import Account
from dancu.places import queries as places
from dancu.places.models import Unit
from dancu.places.services import load_units
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.models import CivilEvent, Conflict, Golden, Household, Person, Pid, Statement
from dancu.population.setup import number_sources
from dancu.population.types import AddressValue, Evidence, NewStatement

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SINCE = date(2018, 5, 1)
MAP = date(2025, 7, 1)
HERE, THERE = "26740", "26743"
HOME = AddressValue("12/3A Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh", HERE, MAP)
NEXT_WARD = AddressValue("7 Nguyễn Trãi, Phường Bến Thành, Thành phố Hồ Chí Minh", THERE, MAP)
HOUSEHOLD = "HO-26740-000001"
LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Nguyễn Phương Quỳnh Khánh Huyền Trang"
_pids = count(1)

#: Username → roles, office, areas (None: all that the office serves).
OFFICERS: dict[str, tuple[tuple[str, ...], str]] = {
    "ward": (("ward_officer",), "CA-26740"),
    "colleague": (("ward_officer",), "CA-26740"),
    "other_ward": (("ward_officer",), "CA-26743"),
    "registrar": (("civil_registrar",), "HT-26740"),
    "province": (("province_officer",), "PC06-79"),
    "desk": (("enquiry_officer",), "MC-26740"),
    "steward": (("data_steward",), "CDS-79"),
    "auditor": (("auditor",), "TTRA-79"),
    "admin": (("administrator",), "CDS-79"),
}
#: What each of them opens a case for.
PURPOSES = {
    "ward": "residence_registration",
    "colleague": "residence_registration",
    "other_ward": "residence_registration",
    "registrar": "civil_status_registration",
    "province": "residence_registration",
    "steward": "data_cleaning",
    "auditor": "audit",
}


@dataclass(frozen=True, slots=True)
class Family:
    """Keys of the people: a household of three generations, and a neighbour elsewhere."""

    father: int
    mother: int
    son: int
    grandmother: int
    neighbour: int
    father_pid: str
    mother_pid: str


def prepare() -> None:
    """Fill the map, the agencies and the sources, where a test has emptied them."""
    if not Unit.objects.exists():
        load_units()
    places.forget()
    dictionary.forget()
    if not Office.objects.exists():
        load_agencies()
    number_sources(lambda *_args, **_more: None)


def make_accounts(family: Family | None = None) -> None:
    """Open an account for everybody of the cast; nobody signs in by password here."""
    for username, (roles, office) in OFFICERS.items():
        officer = appoint_officer(
            name=f"Cán bộ {username}", office_code=office, roles=roles, active_from=MAP
        )
        _account(username, officer_id=officer.id)
    if family:
        _account("citizen", person_id=family.mother)


def _account(username: str, **owner: int) -> None:
    kind = Account.Kind.OFFICER if "officer_id" in owner else Account.Kind.CITIZEN
    account = Account(username=username, name=username, kind=kind, created_at=AT, **owner)
    account.set_unusable_password()
    account.save()


def client_of(
    username: str, *, purpose: str = "", case: str = "HS-1", language: str = ""
) -> Client:
    """Return a signed-in client, at work on a case when a purpose is named."""
    client = Client()
    if language:
        client.cookies["dancu_language"] = language
    if username:
        client.force_login(Account.objects.get(username=username))
    if purpose:
        answer = client.post("/console/case/", {"purpose": purpose, "case": case})
        assert answer.status_code == 302, answer.content.decode()
    return client


def at_work(username: str, **more: str) -> Client:
    """Return a client with the case that this officer usually has."""
    return client_of(username, purpose=PURPOSES.get(username, ""), **more)


def pid_for(sex: str, year: int) -> str:
    digit = (year // 100 - 19) * 2 + (sex == "F")
    return f"079{digit}{year % 100:02d}{next(_pids):06d}"


def a_person(name: str, sex: str, born: str, **more: object) -> int:
    """Enter somebody's first record, by the national police."""
    claims: dict[str, object] = {
        "full_name": name,
        "pid": pid_for(sex, int(born[:4])),
        "sex": sex,
        "birth_date": born,
        "nationality": "VN",
        "ethnicity": "01",
        "hometown": HOME,
        "birth_registration_place": HOME,
        "permanent_residence": HOME,
        "life_status": "SONG",
        "marital_status": "CHUA_KET_HON",
        **more,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    (entered,) = enter(
        statements=[NewStatement(None, SINCE, Evidence("form_dc01", "DC01-7"), claims)],
        actor=system_actor(name="test", source="C06"),
        at=AT,
    )
    return entered.person_id


def say(person: int, source: str, day: date = date(2020, 1, 1), **claims: object) -> int:
    """Let a source say something about somebody."""
    (entered,) = enter(
        statements=[NewStatement(person, day, Evidence("file", "F-1"), claims)],
        actor=system_actor(name="test", source=source),
        at=AT,
    )
    return entered.statement_id


def a_family() -> Family:
    """Enter the household."""
    father_pid, mother_pid = pid_for("M", 1984), pid_for("F", 1988)
    married = {"marital_status": "DANG_CO_VO_CHONG", "household_number": HOUSEHOLD}
    Household.objects.create(number=HOUSEHOLD, opened_on=SINCE)
    return Family(
        father_pid=father_pid,
        mother_pid=mother_pid,
        father=a_person(
            "Nguyễn Văn Hòa",
            "M",
            "1984-03-02",
            pid=father_pid,
            household_relationship="CHU_HO",
            spouse_pid=mother_pid,
            spouse_name="Trần Thị Thu Hương",
            phone="0900000014",
            **married,
        ),
        mother=a_person(
            "Trần Thị Thu Hương",
            "F",
            "1988-09-02",
            pid=mother_pid,
            household_relationship="VO",
            spouse_pid=father_pid,
            spouse_name="Nguyễn Văn Hòa",
            **married,
        ),
        son=a_person(
            "Nguyễn Gia Bảo",
            "M",
            "2014-05-06",
            household_relationship="CON_DE",
            household_number=HOUSEHOLD,
            father_pid=father_pid,
            father_name="Nguyễn Văn Hòa",
            mother_pid=mother_pid,
            mother_name="Trần Thị Thu Hương",
        ),
        grandmother=a_person(
            "Lê Thị Sáu",
            "F",
            "1944",
            household_relationship="ME_DE",
            household_number=HOUSEHOLD,
        ),
        neighbour=a_person("Phạm Quốc Em", "M", "1995-08-09", permanent_residence=NEXT_WARD),
    )


def footprint() -> dict[str, object]:
    """Everything that a refusal must leave as it was."""
    tables = (Person, Pid, Statement, CivilEvent, Household)
    found: dict[str, object] = {model.__name__: model.objects.count() for model in tables}
    found["golden"] = sorted(
        map(str, Golden.objects.values_list("person_id", "facet", "statement_id", "overrides"))
    )
    found["conflicts"] = sorted(
        map(str, Conflict.objects.values_list("statement_id", "attribute", "outcome"))
    )
    return found
