"""Auditors see who reads unusually, and open the looks behind each number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from dancu.access.errors import ActionNotAllowed, CaseNumberMissing
from dancu.agencies.services import load_agencies
from dancu.disclosure import services as door
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.readers import Reader, Sign
from dancu.kernel.errors import NotFoundOrNotYours
from tests.disclosure.conftest import AT, HERE, NEXT_WARD, new_person, officer, records

Kind = AccessRecord.Kind
AUDITOR = officer("auditor", unit="", account=70, office="TT-C06")
CASE = {"actor": AUDITOR, "case": "TT-1", "at": AT}
#: Monday, 10:00 in Vietnam.
MORNING = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _offices(register):
    load_agencies()


def looked(
    account: int | None,
    count: int = 1,
    *,
    at: datetime = MORNING,
    person: int | None = None,
    refusal: str = "",
    kind: Kind = Kind.LOOK,
    contract: str = "",
    agent: str = "",
    role: str = "ward_officer",
    purpose: str = "residence_check",
    apart: timedelta = timedelta(),
) -> None:
    """Write looks: at the person, or at so many different ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosure_accessrecord (disclosure, person_id, account_id, at, kind,"
            " office, source, role, purpose, case_number, refusal, contract, agent)"
            " SELECT nextval('disclosure_number_seq'), coalesce(%s, 900000 + n), %s,"
            " %s + (n - 1) * %s::interval, %s,"
            " 'CA-26740', 'CA-26740', %s, %s, 'HS-1', %s, %s, %s"
            " FROM generate_series(1, %s) n",
            [
                *(person, account, at, apart, int(kind), role, purpose),
                *(refusal, contract, agent, count),
            ],
        )


def unusual(**more: object) -> dict[int | None, frozenset[Sign]]:
    rows = door.unusual_readers(**CASE, **{"days": 7, **more})
    return {row.reader.account_id: row.unusual for row in rows}


def test_ordinary_readers_are_not_shown_unless_asked_for():
    looked(1, 20)
    assert unusual(everybody=True) == {1: frozenset()}
    assert unusual() == {}


def test_whoever_sees_many_more_people_than_peers_is_unusual():
    for account in range(1, 6):
        looked(account, 20)
    looked(9, 70)
    (row,) = door.unusual_readers(**CASE, days=7)
    assert (row.reader, row.people, row.peers) == (Reader(9), 70, 20.0)
    assert row.unusual == {Sign.VOLUME}
    for account in range(1, 6):
        looked(account, 40)
    assert unusual() == {}


def test_of_two_readers_of_a_role_the_one_who_sees_many_more_is_unusual():
    looked(1, 20)
    looked(9, 70)
    (row,) = door.unusual_readers(**CASE, days=7)
    assert (row.reader, row.peers, row.unusual) == (Reader(9), 20.0, {Sign.VOLUME})


def test_whoever_has_no_peers_in_a_role_is_held_against_all_other_readers():
    looked(9, 70)
    looked(None, 40, kind=Kind.LOOKUP, contract="tax", agent="nva", role="agency")
    assert unusual() == {}


def test_the_only_reader_of_all_is_unusual_by_numbers_alone():
    looked(9, 70)
    assert unusual() == {9: {Sign.VOLUME}}


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 1, 16, 30, tzinfo=UTC),  # 23:30 on a Sunday
        datetime(2026, 10, 31, 5, 0, tzinfo=UTC),  # noon on a Saturday
        datetime(2026, 10, 29, 23, 0, tzinfo=UTC),  # 06:00 on a Friday
    ],
)
def test_reading_at_night_and_on_closed_days_is_unusual(moment):
    looked(3, 12, at=moment)
    looked(4, 12)
    assert unusual() == {3: {Sign.HOURS}}


def test_people_outside_of_the_offices_area_are_counted():
    here = new_person()
    there = [new_person(permanent_residence=NEXT_WARD) for _ in range(10)]
    for person in there:
        looked(3, person=person.id)
    looked(4, 12, person=here.id, kind=Kind.SEARCH)
    looked(5, 30)  # Nobody in the register lives nowhere.
    assert unusual() == {3: {Sign.OUTSIDE}}
    page = door.looks_behind(**CASE, reader=Reader(3), sign=Sign.OUTSIDE, days=7)
    assert {row.person_id for row in page.rows} == {person.id for person in there}


def test_a_guest_of_the_area_is_not_outside():
    for _ in range(10):
        stay = {**new_person_staying()}
        looked(3, person=new_person(permanent_residence=NEXT_WARD, **stay).id)
    assert unusual() == {}


def new_person_staying() -> dict[str, object]:
    from tests.disclosure.conftest import HOME

    return {"temporary_residence": HOME}


def test_opening_the_same_person_again_and_again_is_unusual():
    her = new_person()
    looked(3, 8, person=her.id, apart=timedelta(minutes=20))
    looked(3, 5)
    looked(5, 20, person=her.id)
    looked(4, 30, person=her.id, kind=Kind.SEARCH)
    (row,) = door.unusual_readers(**CASE, days=7)
    assert (row.reader.account_id, row.unusual) == (3, {Sign.AGAIN})
    assert (row.again, row.most_looks) == (1, 8)
    page = door.looks_behind(**CASE, reader=Reader(3), sign=Sign.AGAIN, days=7)
    assert [row.person_id for row in page.rows] == [her.id] * 8


def test_many_refusals_are_unusual():
    looked(3, 10, refusal="not-found")
    assert unusual() == {3: {Sign.REFUSED}}
    page = door.looks_behind(**CASE, reader=Reader(3), sign=Sign.REFUSED, days=7)
    assert all(row.is_refused for row in page.rows)
    assert len(page.rows) == 10


def test_an_officer_of_an_agency_is_a_reader_of_their_own():
    looked(None, 60, kind=Kind.LOOKUP, contract="tax", agent="nva")
    for agent in ("lhn", "ttm", "pvd"):
        looked(None, 5, kind=Kind.LOOKUP, contract="tax", agent=agent)
    looked(None, 500, kind=Kind.VERIFY, contract="tax", agent="lhn")
    (row,) = door.unusual_readers(**CASE, days=7)
    assert (row.reader, row.unusual) == (Reader(None, "tax", "nva"), {Sign.VOLUME})
    page = door.looks_behind(**CASE, reader=row.reader, sign=Sign.VOLUME, days=7)
    assert len(page.rows) == 50
    assert page.has_next


def test_an_agency_that_asks_about_the_same_person_all_day_is_unusual():
    her = new_person()
    asked = {"kind": Kind.VERIFY, "contract": "tax", "person": her.id}
    looked(None, 10, agent="nva", **asked)
    looked(None, 9, agent="lhn", **asked)
    looked(None, 9, agent="lhn", at=MORNING - timedelta(days=1), **asked)
    looked(None, 1, agent="ttm", refusal="too-many-values", **asked)
    found = {row.reader.agent: row for row in door.unusual_readers(**CASE, days=7)}
    assert {agent: row.unusual for agent, row in found.items()} == {
        "nva": {Sign.ASKED},
        "ttm": {Sign.ASKED},
    }
    assert (found["nva"].asked, found["nva"].most_asked) == (1, 10)
    page = door.looks_behind(**CASE, reader=found["nva"].reader, sign=Sign.ASKED, days=7)
    assert [row.person_id for row in page.rows] == [her.id] * 10


@pytest.mark.parametrize("sign", list(Sign))
def test_each_number_opens_as_many_looks(sign):
    people = [new_person(permanent_residence=NEXT_WARD) for _ in range(2)]
    night = datetime(2026, 11, 1, 16, 30, tzinfo=UTC)
    looked(3, 9, person=people[0].id, apart=timedelta(minutes=20))
    looked(3, 1, person=people[1].id, at=night)
    looked(3, 2, refusal="not-found")
    looked(4, 7)
    (row,) = [
        row
        for row in door.unusual_readers(**CASE, days=7, everybody=True)
        if row.reader.account_id == 3
    ]
    page = door.looks_behind(**CASE, reader=Reader(3), sign=sign, days=7)
    people_behind = {r.person_id for r in page.rows}
    behind = {Sign.VOLUME: len(people_behind), Sign.OUTSIDE: len(people_behind)}
    behind[Sign.AGAIN] = len(people_behind)
    assert behind.get(sign, len(page.rows)) == row.number(sign)


def test_what_is_older_than_the_period_is_left_out():
    looked(3, 10, refusal="not-found", at=MORNING - timedelta(days=20))
    assert unusual(days=7) == {}
    assert unusual(days=30) == {3: {Sign.REFUSED}}


def test_own_looks_of_citizens_are_nobodys_business():
    looked(50, 100, kind=Kind.OWN)
    night = datetime(2026, 11, 1, 16, 30, tzinfo=UTC)
    for purpose in ("own_data", "own_household"):
        looked(50, 100, kind=Kind.RELATIVE, role="citizen", purpose=purpose, at=night)
    assert unusual(everybody=True) == {}


def test_reading_about_readers_is_recorded_and_masks_people():
    her = new_person()
    looked(3, 10, person=her.id)
    door.unusual_readers(**CASE, days=7)
    page = door.looks_behind(**CASE, reader=Reader(3), sign=Sign.ALL, days=7)
    assert "*" in page.rows[0].pid
    overview, detail = records(kind=Kind.AUDIT)
    assert (overview.person_id, overview.case_number) == (None, "TT-1")
    assert (detail.person_id, detail.account_id) == (her.id, 70)


def test_only_auditors_with_a_case_read_about_readers():
    with pytest.raises(ActionNotAllowed):
        door.unusual_readers(actor=officer(unit=HERE), case="X-1", days=7, at=AT)
    with pytest.raises(CaseNumberMissing):
        door.unusual_readers(actor=AUDITOR, case="", days=7, at=AT)
    with pytest.raises(NotFoundOrNotYours):
        door.looks_behind(**CASE, reader=Reader(), sign=Sign.ALL, days=7)
