"""Rows that are proved equal are answered and recorded as those that are compared with care."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace

import pytest

from dancu.catalogue.contracts import Contract
from dancu.disclosure.inquiries import Inquiry, Verdict
from dancu.disclosure.internal.address_reading import _whole, read_address
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.verifying_rows import Plain, Proved, compare_rows, outcome_of
from dancu.exchange.batches.hints import Hints
from dancu.exchange.batches.plain import PlainReader
from dancu.kernel.clock import today
from dancu.kernel.compare import MATCH, Compared
from dancu.population.models import Person, Pid
from dancu.population.types import AddressValue
from tests.disclosure.conftest import AT, HERE, HOME, THERE, new_person, say

pytestmark = pytest.mark.django_db(transaction=True)
OLD_MAP = date(2025, 6, 30)
COLUMNS = ("pid", "full_name", "birth_date", "sex", "permanent_residence")
Told = tuple[str, dict[str, Compared]]


def asked_under(contract: Contract, scope: frozenset[str] | None = None) -> Inquiry:
    return Inquiry(
        claims={},
        questions=(),
        purpose="school_enrolment",
        office=contract.agency,
        source=contract.source,
        contract=contract.name,
        client_id=7,
        user="gv.lan",
        request_id="r-1",
        case="TS-2026/01",
        scope=scope,
    )


def told(
    rows: list[Plain], asked: Inquiry, *, is_proved: bool
) -> tuple[dict[int, Told], set[int], list[AccessRecord]]:
    """Return what is told of each row, which rows were proved, and the records left."""
    before = AccessRecord.objects.count()

    def claims(proved: object) -> dict[int, dict[str, object]]:
        return {
            row.place: {n: v for n, v in zip(COLUMNS, row[1:], strict=True) if v}
            for row in rows
            if row.place not in proved  # type: ignore[operator]
        }

    found: dict[int, Told] = {}
    places: set[int] = set()

    def within(proved: Mapping[int, Proved], verdicts: Mapping[int, Verdict]) -> None:
        for place, one in proved.items():
            results = dict.fromkeys(one.names, MATCH) | (
                {"permanent_residence": one.residence} if "permanent_residence" in one.names else {}
            )
            found[place] = (str(outcome_of(one.residence)), results)
        for place, verdict in verdicts.items():
            found[place] = (str(verdict.outcome), dict(verdict.attributes))
        places.update(proved)

    compared = compare_rows(rows if is_proved else [], claims, asked=asked, at=AT)
    compared.record(at=AT, within=within)
    left = list(AccessRecord.objects.order_by("id")[before:])
    return found, places, left


@pytest.fixture
def people(register: object) -> dict[str, SimpleNamespace]:
    old = AddressValue("8 Lê Lợi, Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh", "26740", OLD_MAP)
    found = {
        "home": new_person(),
        "old": new_person(full_name="Lê Văn Nam", sex="M", permanent_residence=old),
        "year": new_person(full_name="Phạm Gia Bảo", sex="M", birth_date="1960"),
        "nowhere": new_person(full_name="Võ Thị Sáu", permanent_residence=None),
        "dead": new_person(full_name="Trần Văn Hai", sex="M"),
        "cancelled": new_person(full_name="Đỗ Thị Ba"),
    }
    say(found["dead"], {"life_status": "CHET", "death_date": "2026-01-05"}, day=date(2026, 1, 6))
    one = found["cancelled"]
    Pid.objects.filter(pid=one.pid).update(cancelled_on=date(2026, 1, 1), cancel_reason="sex")
    Pid.objects.create(pid="079188777777", person_id=one.id, valid_from=date(2026, 1, 1))
    Person.objects.filter(id=one.id).update(pid="079188777777")
    return found


def rows_of(people: dict[str, SimpleNamespace]) -> list[Plain]:
    home, old = people["home"], people["old"]
    here = HOME.text
    cells = [
        (home.pid, home.name, "1988-09-02", "F", here),
        (home.pid, home.name, "1988-09-02", "", ""),
        (home.pid, home.name, "1988-09-02", "F", "12/3A Lê Lợi, P. Sài Gòn, TP.HCM"),
        (home.pid, home.name, "1988-09-02", "F", "99 Lê Lợi, Phường Sài Gòn, TP.HCM"),
        (home.pid, home.name, "1988-09-02", "F", "Không rõ ở đâu cả"),
        (home.pid, home.name, "1988-09-02", "M", here),
        (home.pid, home.name, "1988-09-03", "F", here),
        (home.pid, "Trần Thị Hương", "1988-09-02", "F", here),
        (home.pid, "Hòa\x1eBình", "1988-09-02", "F", here),
        (old.pid, old.name, "1988-09-02", "M", "8 Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh"),
        (people["year"].pid, "Phạm Gia Bảo", "1960", "M", here),
        (people["nowhere"].pid, "Võ Thị Sáu", "1988-09-02", "F", here),
        (people["dead"].pid, "Trần Văn Hai", "1988-09-02", "M", here),
        (people["cancelled"].pid, "Đỗ Thị Ba", "1988-09-02", "F", here),
        ("079188777777", "Đỗ Thị Ba", "1988-09-02", "F", here),
        ("079188999999", "Lê Không Có", "1988-09-02", "F", here),
    ]
    return [Plain(place, *row) for place, row in enumerate(cells)]


def test_proved_rows_are_told_what_a_careful_comparison_tells(
    people: dict[str, SimpleNamespace], school_contract: Contract
) -> None:
    rows, asked = rows_of(people), asked_under(school_contract)
    quickly, proved, left = told(rows, asked, is_proved=True)
    carefully, none, left_carefully = told(rows, asked, is_proved=False)
    assert quickly == carefully
    assert proved == {0, 1, 2, 3, 4, 9, 10, 14}
    assert not none

    def seen(records: list[AccessRecord]) -> list[tuple[object, ...]]:
        apart = {"id", "disclosure"}
        names = [f.attname for f in AccessRecord._meta.fields if f.attname not in apart]
        values = [tuple(str(getattr(one, name)) for name in names) for one in records]
        return sorted(values)

    assert seen(left) == seen(left_carefully)


def test_people_out_of_scope_are_not_proved(
    people: dict[str, SimpleNamespace], school_contract: Contract
) -> None:
    row = rows_of(people)[0]
    for scope, proved in (({"01"}, set()), ({"79"}, {0}), ({THERE}, set()), ({HERE}, {0})):
        asked = asked_under(school_contract, frozenset(scope))
        found, places, _left = told([row], asked, is_proved=True)
        assert places == proved
        assert found == told([row], asked, is_proved=False)[0]


def test_only_rows_that_need_no_cleaning_are_plain() -> None:
    reader = PlainReader(["", *COLUMNS, "phone"], Hints())
    right = ["1", "079188000001", " Lê Văn Nam ", "02/09/1988", "Nam", "7 Lê Lợi", "", ""]

    def but(**changed: str) -> list[str]:
        return [changed.get(name, cell) for name, cell in zip(
            ("row", *COLUMNS, "phone", "fault"), right, strict=True
        )]  # fmt: skip

    rows = [
        right,
        but(full_name="LÊ VĂN NAM"),
        but(sex=""),
        but(pid="79188000001"),
        but(pid="０７９１８８０００００１"),
        but(birth_date="9/25/1988"),
        but(birth_date="02/09/88"),
        but(birth_date=""),
        but(sex="khác"),
        but(full_name=""),
        but(phone="0900000001"),
        but(fault="CUT"),
    ]
    plain = reader.read_all(rows)
    assert [row.place for row in plain] == [0, 1, 2]
    assert {row[1:4] for row in plain} == {("079188000001", "Lê Văn Nam", "1988-09-02")}
    assert not PlainReader(["full_name", "birth_date"], Hints()).read_all([["a", "b", ""]])


@pytest.mark.parametrize(
    "text",
    [
        "12/3A Lê Lợi, Phường Sài Gòn, Thành phố Hồ Chí Minh",
        "12/3A Lê Lợi, KP5, P. Bến Nghé, Q1, TP.HCM",
        "Tổ 13, Ấp 5, Xã Thạnh An, Thành phố Hồ Chí Minh",
        "Tổ 13, Ấp 5, Xã Bắc Hải, Huyện Tiền Hải, Tỉnh Thái Bình",
        "221 T. lộ 10, KP8, P. Xóm Chiếu, TP.HCM",
        "371/41 Xã Đàn, Phường Đống Đa, Thành phố Hà Nội",
        "5 Lê Lợi, Hẻm 12, Phường 15, Quận 4, Thành phố Hồ Chí Minh",
        "7 Hai Bà Trưng",
        "7 Hai Bà Trưng, Khu phố 3",
        "7 Hai Bà Trưng, Hòa Phú, Củ Chi, TP HCM",
        "7 Nguyễn Huệ Phường Bến Thành, Thành phố Hồ Chí Minh",
        "Khu phố 3, 7 Hai Bà Trưng, Phường Bến Thành, Thành phố Hồ Chí Minh",
        "7 Hai Bà Trưng; Phường Bến Thành, Thành phố Hồ Chí Minh",
        "720A Điện Biên Phủ, P22, Bình Thạnh",
        "Thành phố Hồ Chí Minh",
        ", ,",
        "",
    ],
)
def test_an_address_that_is_read_in_two_parts_says_the_same(register: object, text: str) -> None:
    day = today(AT)
    apart, whole = read_address(text, day), _whole(text, day)
    assert apart[:3] == whole[:3]
    assert apart.detail.replace(",", "").split() == whole.detail.replace(",", "").split()
