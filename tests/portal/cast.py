"""The cast: a mother, her household, a stranger, officers, and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dancu.access.types import Actor
from dancu.agencies.models import Office
from dancu.agencies.services import load_agencies
from dancu.disclosure.internal import ledger
from dancu.disclosure.internal.ledger import Entry, Kind
from dancu.places.models import Unit
from dancu.places.services import load_units
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.setup import number_sources
from dancu.population.types import AddressValue, Evidence, NewStatement

AT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)  # A Monday, 10:00 in Vietnam.
SINCE = date(2018, 5, 1)
MAP = date(2025, 7, 1)
HOME = AddressValue("12/3A Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh", "26740", MAP)
BEFORE = AddressValue("5 Nguyễn Trãi, Phường Bến Thành, TP. Hồ Chí Minh", "26743", MAP)
HANOI = AddressValue("1 Phan Đình Phùng, Phường Ba Đình, Hà Nội", "00004", MAP)
LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Nguyễn Phương Quỳnh Khánh Huyền Trang"
MANY = tuple(range(1, 20))
HOUSEHOLD = "HO-26740-000123"
MOTHER_PID, CHILD_PID = "079190000123", "079318000321"
HUSBAND_PID, STRANGER_PID = "079088000222", "079185000999"


@dataclass(frozen=True, slots=True)
class Cast:
    """Keys of the people."""

    mother: int
    husband: int
    child: int
    grandmother: int
    stranger: int


def prepare() -> None:
    """Fill the map, the agencies and the sources, where a test has emptied them."""
    if not Unit.objects.exists():
        load_units()
    dictionary.forget()
    if not Office.objects.exists():
        load_agencies()
    number_sources(lambda *_args, **_more: None)


def system(source: str) -> Actor:
    return Actor(kind="system", name="test", source=source, roles=frozenset({"system"}))


def citizen(person_id: int, account_id: int = 20) -> Actor:
    return Actor(
        kind="citizen",
        name="Nguyễn Thị Minh Anh",
        account_id=account_id,
        source="CONGDAN",
        roles=frozenset({"citizen"}),
        person_id=person_id,
    )


def ward_officer(ward: str = "26740") -> Actor:
    return Actor(
        kind="officer",
        name="Lê Văn Cán",
        account_id=7,
        officer_id=7,
        office_code=f"CA-{ward}",
        source=f"CA-{ward}",
        roles=frozenset({"ward_officer"}),
        jurisdictions=frozenset({ward}),
    )


def state(
    person: int | None,
    source: str,
    claims: dict[str, object],
    *,
    day: date = SINCE,
    paper: tuple[str, str] = ("form_dc01", "DC01-17"),
    at: datetime = AT - timedelta(days=900),
) -> int:
    """Enter one statement; the person's key."""
    statement = NewStatement(person, day, Evidence(*paper), claims)
    (entered,) = enter(statements=[statement], actor=system(source), at=at)
    return entered.person_id


def person(name: str, pid: str, sex: str, born: str, **more: object) -> int:
    claims: dict[str, object] = {
        "full_name": name,
        "pid": pid,
        "sex": sex,
        "birth_date": born,
        "nationality": "VN",
        "ethnicity": "01",
        "hometown": HANOI,
        "permanent_residence": HOME,
        "life_status": "SONG",
        **more,
    }
    return state(None, "C06", claims)


def family(name: str = "Nguyễn Thị Minh Anh") -> Cast:
    """A mother with husband, child and grandmother at one address, and a stranger."""
    home = {"household_number": HOUSEHOLD}
    mother = person(
        name,
        MOTHER_PID,
        "F",
        "1990-01-02",
        **home,
        household_relationship="CHU_HO",
        permanent_residence=BEFORE,
        marital_status="DANG_CO_VO_CHONG",
        spouse_name="Trần Văn Đức",
        spouse_pid=HUSBAND_PID,
        father_name="Nguyễn Văn Thọ",
        mother_name="Phạm Thị Lụa",
        birth_place=HANOI,
        phone="0901234567",
        old_id_number="023456789",
    )
    moved = ("residence_registration", "CT01-2210/2021")
    state(mother, "CA-26740", {"permanent_residence": HOME}, day=date(2021, 6, 15), paper=moved)
    insured = {"health_insurance_number": "7901234567", "birth_date": "1991-01-02"}
    state(mother, "BHXH", insured, day=date(2024, 1, 1), paper=("file", "BHYT-2024-01"))
    return Cast(
        mother=mother,
        husband=person(
            "Trần Văn Đức",
            HUSBAND_PID,
            "M",
            "1988-07-09",
            **home,
            household_relationship="CHONG",
            spouse_pid=MOTHER_PID,
        ),
        child=person(
            "Trần Nguyễn Bảo Ngọc",
            CHILD_PID,
            "F",
            "2018-03-04",
            **home,
            household_relationship="CON_DE",
            mother_pid=MOTHER_PID,
            mother_name=name,
            father_pid=HUSBAND_PID,
            father_name="Trần Văn Đức",
        ),
        grandmother=person(
            LONG_NAME, "079152000444", "F", "1952", **home, household_relationship="ME_DE"
        ),
        stranger=person("Lý Thị Xa", STRANGER_PID, "F", "1985-05-05", permanent_residence=BEFORE),
    )


def looked(
    cast: Cast,
    *,
    at: datetime = AT - timedelta(days=1),
    ward: str = "26740",
    kind: Kind = Kind.LOOK,
    attributes: tuple[int, ...] = (1, 26),
    refusal: str = "",
    purpose: str = "residence_registration",
    case: str = "HS-2026-000417",
) -> None:
    """An officer looked at the mother, or tried to."""
    ledger.write(
        actor=ward_officer(ward),
        at=at,
        purpose=purpose,
        case=case,
        role="ward_officer",
        entries=[Entry(cast.mother, kind, () if refusal else attributes, refusal)],
    )


def some_looks(cast: Cast) -> None:
    """Looks of several kinds over some days."""
    looked(cast)
    looked(cast, at=AT - timedelta(days=1, hours=2), ward="26743", refusal="not-found")
    looked(
        cast, at=AT - timedelta(days=3), attributes=tuple(range(1, 20)), purpose="data_correction"
    )
    looked(cast, at=AT - timedelta(days=3, hours=1), kind=Kind.SEARCH, attributes=(1, -3))
    looked(cast, at=AT - timedelta(days=40), kind=Kind.REVEAL, attributes=(37,))
