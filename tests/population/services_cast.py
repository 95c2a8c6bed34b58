"""The cast of the services' tests: officers, a family in one household, and a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from dancu.access.types import Actor
from dancu.kernel.dates import parse_iso
from dancu.places.addresses import address_id
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.internal import golden
from dancu.population.models import (
    Annulment,
    CivilEvent,
    Conflict,
    CorrectionRequest,
    Golden,
    Household,
    Person,
    Pid,
    Statement,
)
from dancu.population.services import Correction, correct_facts
from dancu.population.types import AddressValue, Evidence, NewStatement
from tests.population.conftest import actor as system
from tests.population.conftest import pid_for

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)  # A Monday, 10:00 in Vietnam.
TODAY = date(2026, 11, 2)
#: When what is corrected began to hold.
DAY = date(2026, 10, 15)
SINCE = date(2018, 5, 1)
MAP = date(2025, 7, 1)
HOME = AddressValue("12/3A Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh", "26740", MAP)
ELSEWHERE = AddressValue("5 Nguyễn Trãi, Phường Bến Thành, TP. Hồ Chí Minh", "26743", MAP)
HANOI = AddressValue("1 Phan Đình Phùng, Phường Ba Đình, Hà Nội", "00004", MAP)
PAPER = Evidence("form_ct01", "CT01-1")
#: Whoever it is has presented themselves in the case.
EVERYBODY = range(10**9)

MORE_SOURCES = {
    "CA-26740": "police",
    "CA-26743": "police",
    "HT-26740": "civil_registry",
    "CONGDAN": "citizen",
}


def officer(
    *roles: str, source: str = "CA-26740", areas: tuple[str, ...] = ("26740",), number: int = 7
) -> Actor:
    return Actor(
        kind="officer",
        name="Cán bộ thử",
        account_id=number,
        officer_id=number,
        office_code=source,
        source=source,
        roles=frozenset(roles),
        jurisdictions=frozenset(areas),
    )


WARD = officer("ward_officer")
WARD_BEN_THANH = officer("ward_officer", source="CA-26743", areas=("26743",), number=8)
REGISTRAR = officer("civil_registrar", source="HT-26740", number=9)
PROVINCE = officer("province_officer", source="C06", areas=("79",), number=10)
DESK = officer("enquiry_officer", source="UB-26740", number=11)


def citizen(person_id: int) -> Actor:
    return Actor(
        kind="citizen",
        name="Công dân thử",
        account_id=20,
        source="CONGDAN",
        roles=frozenset({"citizen"}),
        person_id=person_id,
    )


@dataclass(frozen=True, slots=True)
class Family:
    """Three generations in one household: its head, his wife, their son, the son's wife."""

    head: int
    wife: int
    son: int
    daughter_in_law: int
    stranger: int
    number: str = "HO-1"


def a_person(
    name: str, sex: str, born: str, *, source: str = "C06", day: date = SINCE, **more: object
) -> int:
    pid = more.pop("pid", None) or pid_for(sex, int(born[:4]))
    day = max(day, parse_iso(born).latest) if int(born[:4]) > SINCE.year else day
    claims: dict[str, object] = {
        "full_name": name,
        "pid": pid,
        "sex": sex,
        "birth_date": born,
        "nationality": "VN",
        "ethnicity": "01",
        "birth_registration_place": HANOI,
        "hometown": HANOI,
        "permanent_residence": HOME,
        "life_status": "SONG",
        "marital_status": "CHUA_KET_HON",
        **more,
    }
    (entered,) = enter(
        statements=[NewStatement(None, day, Evidence("form_dc01", "DC01"), claims)],
        actor=system(source),
        at=AT,
    )
    return entered.person_id


def a_family() -> Family:
    head_pid, wife_pid, son_pid = pid_for("M", 1960), pid_for("F", 1963), pid_for("M", 1990)
    daughter_pid = pid_for("F", 1992)
    married = {"marital_status": "DANG_CO_VO_CHONG"}
    home = {"household_number": "HO-1"}
    return Family(
        head=a_person(
            "Nguyễn Văn An",
            "M",
            "1960-02-03",
            pid=head_pid,
            household_relationship="CHU_HO",
            spouse_pid=wife_pid,
            spouse_name="Trần Thị Bình",
            **home,
            **married,
        ),
        wife=a_person(
            "Trần Thị Bình",
            "F",
            "1963",
            pid=wife_pid,
            household_relationship="VO",
            spouse_pid=head_pid,
            spouse_name="Nguyễn Văn An",
            **home,
            **married,
        ),
        son=a_person(
            "Nguyễn Minh Cường",
            "M",
            "1990-04-05",
            pid=son_pid,
            household_relationship="CON_DE",
            father_pid=head_pid,
            father_name="Nguyễn Văn An",
            mother_pid=wife_pid,
            mother_name="Trần Thị Bình",
            spouse_pid=daughter_pid,
            spouse_name="Lê Thu Dung",
            **home,
            **married,
        ),
        daughter_in_law=a_person(
            "Lê Thu Dung",
            "F",
            "1992-06-07",
            pid=daughter_pid,
            household_relationship="CON_DAU",
            spouse_pid=son_pid,
            spouse_name="Nguyễn Minh Cường",
            **home,
            **married,
        ),
        stranger=a_person(
            "Phạm Quốc Em",
            "M",
            "1995-08-09",
            household_number="HO-2",
            household_relationship="CHU_HO",
        ),
    )


def place(address: AddressValue) -> int:
    """Return the number under which the register keeps an address."""
    return address_id(address.text, address.unit_code, address.code_date)


def fact(person: int, name: str) -> object:
    held = golden.held([person])[person].get(dictionary.number(name))
    return held.value if held else None


def pid_of(person: int) -> str:
    return Person.objects.get(pk=person).pid or ""


def correct(
    person: int,
    *,
    actor: Actor = WARD,
    day: date = DAY,
    expected: int | None = None,
    **claims: object,
) -> Correction:
    return correct_facts(
        person_id=person,
        claims=claims,
        evidence=PAPER,
        day=day,
        actor=actor,
        at=AT,
        expected_statement_id=expected,
    )


def footprint() -> dict[str, object]:
    """Everything that a refusal must leave as it was."""
    tables = (Person, Pid, Statement, CivilEvent, Annulment, CorrectionRequest, Household)
    counts: dict[str, object] = {model.__name__: model.objects.count() for model in tables}
    counts["golden"] = sorted(
        map(str, Golden.objects.values_list("person_id", "facet", "statement_id", "overrides"))
    )
    counts["conflicts"] = sorted(
        map(str, Conflict.objects.values_list("statement_id", "attribute", "outcome"))
    )
    return counts
