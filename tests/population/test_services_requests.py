"""Requests of citizens, and what decides them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dancu.access.errors import ActionNotAllowed
from dancu.kernel.clock import VIETNAM
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population.errors import NotTheAuthority, RequestDecided
from dancu.population.models import Conflict, CorrectionRequest, Person
from dancu.population.services import decide_correction, request_correction, settle_conflict
from dancu.population.services.errors import OwnRecordOnly, RequestWaiting
from dancu.population.services.rules import correction_due, is_working_day
from tests.population.conftest import state
from tests.population.services_cast import (
    AT,
    ELSEWHERE,
    PROVINCE,
    WARD,
    WARD_BEN_THANH,
    Family,
    a_person,
    citizen,
    fact,
    footprint,
    officer,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("sources")
DAY = date(2026, 10, 15)


def test_a_request_waits_until_the_second_working_day(family: Family):
    made = request_correction(
        attribute_name="religion",
        value="02",
        reason="Ghi sai khi cấp thẻ",
        actor=citizen(family.stranger),
        at=AT,
    )
    assert made.due_at == datetime(2026, 11, 4, 17, tzinfo=VIETNAM)
    request = CorrectionRequest.objects.get(pk=made.request_id)
    assert (request.state, request.commune) == ("waiting", "26740")
    assert fact(family.stranger, "religion") is None
    assert Conflict.objects.get(statement_id=made.statement_id).settled_at is None


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ((2026, 11, 6, 9), (2026, 11, 10)),  # Friday
        ((2026, 11, 7, 9), (2026, 11, 10)),  # Saturday
        ((2026, 4, 24, 9), (2026, 4, 29)),  # before the Hùng Kings
        ((2026, 4, 29, 9), (2026, 5, 5)),  # before 30 April and 1 May
        ((2026, 2, 13, 9), (2026, 2, 24)),  # before Tết
    ],
)
def test_weekends_and_holidays_do_not_count(asked: tuple[int, ...], due: tuple[int, ...]):
    at = datetime(*asked, tzinfo=VIETNAM)
    assert correction_due(at) == datetime(*due, 17, tzinfo=VIETNAM)
    assert is_working_day(date(*due))


def test_the_ward_accepts_and_the_claim_becomes_its_own(family: Family):
    made = request_correction(
        attribute_name="current_residence",
        value=ELSEWHERE,
        reason="Đang ở đây",
        actor=citizen(family.stranger),
        at=AT,
    )
    decide_correction(
        request_id=made.request_id, decision="accept", reason="Đã kiểm tra", actor=WARD, at=AT
    )
    request = CorrectionRequest.objects.get(pk=made.request_id)
    assert (request.state, request.decided_by) == ("accepted", WARD.account_id)
    assert Person.objects.get(pk=family.stranger).stay_commune == "26743"
    conflict = Conflict.objects.get(statement_id=made.statement_id)
    assert (conflict.outcome, conflict.settled_by) == ("accepted", WARD.account_id)
    with pytest.raises(RequestDecided):
        decide_correction(
            request_id=made.request_id, decision="decline", reason="Nhầm", actor=WARD, at=AT
        )


def test_the_ward_declines_and_nothing_holds(family: Family):
    made = request_correction(
        attribute_name="religion",
        value="02",
        reason="Ghi sai",
        actor=citizen(family.stranger),
        at=AT,
    )
    with pytest.raises(RequestWaiting):
        request_correction(
            attribute_name="religion",
            value="03",
            reason="Ghi sai",
            actor=citizen(family.stranger),
            at=AT,
        )
    decide_correction(
        request_id=made.request_id, decision="decline", reason="Thiếu giấy tờ", actor=WARD, at=AT
    )
    assert fact(family.stranger, "religion") is None
    assert Conflict.objects.get(statement_id=made.statement_id).outcome == "dismissed"
    request_correction(
        attribute_name="religion",
        value="03",
        reason="Có giấy",
        actor=citizen(family.stranger),
        at=AT,
    )


def test_a_request_that_another_authority_decides_goes_on_waiting(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    made = request_correction(
        attribute_name="full_name",
        value="Vũ Thị Hồng",
        reason="Sai tên",
        actor=citizen(person),
        at=AT,
    )
    before = footprint()
    with pytest.raises(NotTheAuthority):
        decide_correction(
            request_id=made.request_id, decision="accept", reason="Đúng", actor=WARD, at=AT
        )
    assert footprint() == before
    assert CorrectionRequest.objects.get(pk=made.request_id).state == "waiting"


def test_requests_are_about_oneself_and_decided_at_home(family: Family):
    with pytest.raises(ActionNotAllowed):
        request_correction(attribute_name="religion", value="02", reason="x", actor=WARD, at=AT)
    nobody = citizen(family.stranger)
    with pytest.raises(OwnRecordOnly):
        request_correction(
            attribute_name="religion",
            value="02",
            reason="x",
            actor=type(nobody)(kind="citizen", name="Ai đó", roles=frozenset({"citizen"})),
            at=AT,
        )
    made = request_correction(
        attribute_name="religion", value="02", reason="x", actor=nobody, at=AT
    )
    before = footprint()
    with pytest.raises(NotFoundOrNotYours):
        decide_correction(
            request_id=made.request_id, decision="accept", reason="x", actor=WARD_BEN_THANH, at=AT
        )
    assert footprint() == before


@pytest.mark.parametrize("decision", ["accept", "dismiss"])
def test_settling_the_conflict_answers_the_citizen(family: Family, decision: str):
    asked = {"attribute_name": "religion", "reason": "Ghi sai", "actor": citizen(family.stranger)}
    state(family.stranger, DAY, "C06", religion="01")
    made = request_correction(value="02", at=AT, **asked)
    settle_conflict(
        person_id=family.stranger,
        attribute_name="religion",
        statement_id=made.statement_id,
        decision=decision,
        reason="Đã xem giấy tờ",
        actor=PROVINCE,
        at=AT,
    )
    request = CorrectionRequest.objects.get(pk=made.request_id)
    assert request.state == ("accepted" if decision == "accept" else "declined")
    assert (request.decided_by, request.decided_at) == (PROVINCE.account_id, AT)
    assert request.decision_reason == "Đã xem giấy tờ"
    with pytest.raises(RequestDecided):
        decide_correction(
            request_id=made.request_id, decision="decline", reason="Nhầm", actor=PROVINCE, at=AT
        )
    request_correction(value="03", at=AT, **asked)


def test_who_may_not_decide_requests_does_not_answer_one_by_a_conflict(family: Family):
    state(family.stranger, DAY, "C06", religion="01")
    made = request_correction(
        attribute_name="religion",
        value="02",
        reason="Ghi sai",
        actor=citizen(family.stranger),
        at=AT,
    )
    before = footprint()
    with pytest.raises(ActionNotAllowed):
        settle_conflict(
            person_id=family.stranger,
            attribute_name="religion",
            statement_id=made.statement_id,
            decision="dismiss",
            reason="Không rõ",
            actor=officer("data_steward", source="C06"),
            at=AT,
        )
    assert footprint() == before
    assert CorrectionRequest.objects.get(pk=made.request_id).state == "waiting"


def test_a_citizen_cannot_have_a_stranger_written_in_as_kin(family: Family):
    theirs = a_person("Đỗ Thanh Bình", "M", "1950-03-04", permanent_residence=ELSEWHERE)
    made = request_correction(
        attribute_name="guardian_pid",
        value=pid_of(theirs),
        reason="Người giám hộ",
        actor=citizen(family.stranger),
        at=AT,
    )
    with pytest.raises(Invalid):
        decide_correction(
            request_id=made.request_id, decision="accept", reason="Đúng", actor=WARD, at=AT
        )
