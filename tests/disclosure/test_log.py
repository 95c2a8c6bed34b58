"""Who looked at me; and the auditor's view."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dancu.access.errors import ActionNotAllowed, CaseNumberMissing
from dancu.agencies.services import load_agencies
from dancu.disclosure import services as door
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.types import Criteria, LogCriteria, LooksAsked
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from tests.disclosure.conftest import AT, STRANGER, THERE, citizen, new_person, officer, records

Kind = AccessRecord.Kind
CASE = {"purpose": "residence_registration", "case": "HS-1"}


def test_a_citizen_reads_who_looked_in_plain_words(mother):
    load_agencies()
    door.disclose_page(actor=officer(), subject=mother.id, at=AT, **CASE)
    with pytest.raises(NotFoundOrNotYours):
        door.disclose(
            actor=officer(unit=THERE, account=8),
            subjects=[mother.id],
            attributes=["full_name"],
            at=AT + timedelta(hours=1),
            **CASE,
        )
    page = door.accesses_of(person_id=mother.id, actor=citizen(mother.id), at=AT)
    refused, seen = page.rows
    assert refused.is_refused
    assert not refused.attributes
    assert seen.purpose_label("vi") == "Đăng ký cư trú"
    assert seen.office == "Công an phường Sài Gòn"
    assert seen.role_label("vi") == "Cán bộ công an cấp xã"
    assert seen.case == "HS-1"
    assert "Số thuê bao di động" in seen.attribute_labels("vi")
    assert seen.account_id is None
    assert "Lê Hoàng Nam" not in repr(page)


def test_a_citizens_own_looks_are_left_out_unless_asked_for(mother):
    me = citizen(mother.id)
    door.own_record(actor=me, at=AT)
    assert door.accesses_of(person_id=mother.id, actor=me, at=AT).rows == ()
    own = LooksAsked(include_own=True)
    page = door.accesses_of(person_id=mother.id, actor=me, at=AT, asked=own)
    assert [r.kind for r in page.rows] == ["own"]


def test_a_citizen_narrows_the_looks_by_day_office_and_what_was_seen(mother):
    load_agencies()
    me = {"person_id": mother.id, "actor": citizen(mother.id), "at": AT}
    door.disclose(actor=officer(), subjects=[mother.id], attributes=["full_name"], at=AT, **CASE)
    later = AT + timedelta(days=3)
    door.disclose(actor=officer(), subjects=[mother.id], attributes=["phone"], at=later, **CASE)
    every = door.accesses_of(**me).rows
    first, last = every[-1], every[0]
    day = date.fromordinal(AT.date().toordinal() + 1)

    def found(**asked):
        return door.accesses_of(**me, asked=LooksAsked(**asked)).rows

    assert found(until=day) == (first,)
    assert found(since=day) == (last,)
    assert found(attributes=("phone", "email")) == (last,)
    assert found(attributes=("religion",)) == ()
    ((code, name),) = door.offices_that_looked(**me)
    assert name == "Công an phường Sài Gòn"
    assert found(office=code) == every
    assert found(office="HT-26740") == ()
    with pytest.raises(NotFoundOrNotYours):
        door.offices_that_looked(person_id=mother.id, actor=citizen(424242), at=AT)


@pytest.mark.parametrize("actor", [STRANGER, citizen(424242), officer()])
def test_nobody_else_reads_who_looked(mother, actor):
    before = len(records())
    with pytest.raises(Exception) as refused:
        door.accesses_of(person_id=mother.id, actor=actor, at=AT)
    assert refused.value.http_status in (403, 404)
    assert records()[before].refusal


def test_the_list_comes_in_windows_the_newest_first(mother):
    for minute in range(52):
        door.disclose(
            actor=officer(),
            subjects=[mother.id],
            attributes=["full_name"],
            at=AT + timedelta(minutes=minute),
            **CASE,
        )
    me = citizen(mother.id)
    first = door.accesses_of(person_id=mother.id, actor=me, at=AT)
    last = door.accesses_of(person_id=mother.id, actor=me, at=AT, window=2)
    assert (len(first.rows), first.has_next) == (50, True)
    assert (len(last.rows), last.has_next) == (2, False)
    assert first.rows[0].at > first.rows[-1].at > last.rows[0].at


def test_an_auditor_reads_the_log_with_people_masked_and_leaves_a_record(mother):
    door.disclose_page(actor=officer(), subject=mother.id, at=AT, **CASE)
    auditor = officer("auditor", unit="79", account=7)
    page = door.access_log(actor=auditor, case="TT-1", criteria=LogCriteria(pid=mother.pid), at=AT)
    (row,) = page.rows
    assert (row.name, row.pid) == ("T. T. T. H.", f"{mother.pid[:3]}*******{mother.pid[-2:]}")
    assert row.account_id == 1
    (trace,) = records(account_id=7)
    assert (trace.kind, trace.person_id, trace.case_number) == (Kind.AUDIT, mother.id, "TT-1")


def test_an_auditors_own_reading_is_left_out_unless_asked_for_and_others_never(mother):
    door.disclose_page(actor=officer(), subject=mother.id, at=AT, **CASE)
    auditors = [officer("auditor", unit="79", account=number) for number in (7, 8)]
    for auditor in auditors:
        door.access_log(actor=auditor, case="TT-1", criteria=LogCriteria(), at=AT)
    asked = {"actor": auditors[0], "case": "TT-1", "at": AT}
    found = door.access_log(criteria=LogCriteria(), **asked)
    assert [r.account_id for r in found.rows] == [8, 1]
    found = door.access_log(criteria=LogCriteria(include_own_reading=True), **asked)
    assert sorted(r.account_id for r in found.rows) == [1, 7, 7, 8]


def test_an_auditor_finds_what_was_asked_in_vain_by_its_hash(register):
    with pytest.raises(NotFoundOrNotYours):
        door.disclose(
            actor=officer(), subjects=["079188999999"], attributes=["full_name"], at=AT, **CASE
        )
    auditor = officer("auditor", unit="79", account=7)
    asked = {"actor": auditor, "case": "TT-1", "at": AT}
    found = door.access_log(criteria=LogCriteria(pid="079188999999"), **asked)
    assert [r.refusal for r in found.rows] == ["not-found"]
    door.search(actor=officer(), criteria=Criteria(text="0791 8899 9999"), at=AT, **CASE)
    found = door.access_log(criteria=LogCriteria(pid="079188999999"), **asked)
    assert "search" in {r.kind for r in found.rows}
    none = door.access_log(criteria=LogCriteria(pid="079188999998"), **asked)
    assert none.rows == ()


def test_the_log_is_filtered_by_day_office_purpose_and_refusal(mother):
    door.disclose_page(actor=officer(), subject=mother.id, at=AT, **CASE)
    asked = {"actor": officer("auditor", account=7), "case": "TT-1", "at": AT}
    day = date(2026, 11, 2)
    for criteria, count in (
        (LogCriteria(since=day, until=date(2026, 11, 3), account_id=1), 1),
        (LogCriteria(since=date(2026, 11, 3)), 0),
        (LogCriteria(office="CA-26743"), 0),
        (LogCriteria(purpose="residence_registration"), 1),
        (LogCriteria(refused_only=True), 0),
    ):
        assert len(door.access_log(criteria=criteria, **asked).rows) == count


def test_only_an_auditor_with_a_case_reads_the_log(mother):
    with pytest.raises(ActionNotAllowed):
        door.access_log(actor=officer(), case="TT-1", criteria=LogCriteria(), at=AT)
    with pytest.raises(CaseNumberMissing):
        door.access_log(actor=officer("auditor"), case="", criteria=LogCriteria(), at=AT)
    assert [r.refusal for r in records()] == ["action-not-allowed", "case-number-missing"]


def test_everybody_on_a_page_of_results_has_a_record(register):
    people = [new_person() for _ in range(3)]
    door.search(actor=officer(), criteria=Criteria(text="tran thi thu huong"), at=AT, **CASE)
    assert {r.person_id for r in records(kind=Kind.SEARCH)} == {p.id for p in people}
    assert len({r.disclosure for r in records()}) == 1


@pytest.mark.parametrize(
    ("criteria", "field"),
    [
        (LogCriteria(pid="\x00"), "pid"),
        (LogCriteria(office="CA\x00"), "office"),
        (LogCriteria(purpose="x" * 201), "purpose"),
        (LogCriteria(person_id=2**63), "person"),
        (LogCriteria(since=date(2026, 1, 2), until=date(2026, 1, 2)), "since"),
    ],
)
def test_what_the_log_cannot_look_for_is_named_by_its_field(register, criteria, field):
    with pytest.raises(Invalid) as wrong:
        door.access_log(actor=officer("auditor", unit="79"), case="TT-1", criteria=criteria, at=AT)
    assert [error.field for error in wrong.value.field_errors] == [field]


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_log_is_read_up_to_any_day(register, day):
    for criteria in (LogCriteria(since=day), LogCriteria(until=day)):
        door.access_log(actor=officer("auditor", unit="79"), case="TT-1", criteria=criteria, at=AT)
