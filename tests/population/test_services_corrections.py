"""Corrections, requests of citizens, conflicts and withdrawals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Event

import pytest
from django.db import connection, transaction

from dancu.access.errors import ActionNotAllowed
from dancu.kernel.clock import VIETNAM
from dancu.kernel.errors import Conflict as ChangedMeanwhile
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population import dictionary
from dancu.population.checks import disagreements
from dancu.population.errors import (
    ConflictSettled,
    NothingToCorrect,
    NotTheAuthority,
    RequestDecided,
)
from dancu.population.internal import golden
from dancu.population.models import (
    Annulment,
    Conflict,
    CorrectionRequest,
    Golden,
    Person,
    Statement,
)
from dancu.population.services import (
    annul_claim,
    confirm_facts,
    correct_facts,
    decide_correction,
    request_correction,
    settle_conflict,
    version_of,
)
from dancu.population.services.errors import HasItsOwnWay, OwnRecordOnly, RequestWaiting
from dancu.population.services.records import lock_one
from dancu.population.services.rules import correction_due, is_working_day
from tests.population.conftest import state
from tests.population.services_cast import (
    AT,
    DESK,
    ELSEWHERE,
    MORE_SOURCES,
    PAPER,
    PROVINCE,
    TODAY,
    WARD,
    WARD_BEN_THANH,
    Family,
    a_family,
    a_person,
    citizen,
    fact,
    footprint,
    officer,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("sources")
DAY = date(2026, 10, 15)


@pytest.fixture
def family(sources: object) -> Family:
    dictionary.sync_sources(MORE_SOURCES)
    return a_family()


def correct(person: int, *, actor=WARD, day=DAY, expected=None, **claims: object):
    return correct_facts(
        person_id=person,
        claims=claims,
        evidence=PAPER,
        day=day,
        actor=actor,
        at=AT,
        expected_statement_id=expected,
    )


def test_an_officer_corrects_what_their_source_decides(family: Family):
    done = correct(family.stranger, religion="01", ethnicity="01")
    assert done.changed == ("religion",)
    assert fact(family.stranger, "religion") == "01"
    statement = Statement.objects.get(id=done.statement_id)
    assert statement.claims == {dictionary.key("religion"): "01"}
    assert (statement.entered_by, statement.evidence) == (WARD.account_id, "CT01-1")


def test_what_the_registry_said_names_the_registry(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    before = footprint()
    with pytest.raises(NotTheAuthority) as caught:
        correct(person, full_name="Vũ Thị Hồng")
    assert caught.value.params == {
        "attribute": "Họ, chữ đệm và tên khai sinh",
        "authority": "Cơ quan đăng ký hộ tịch",
    }
    assert footprint() == before


def test_saying_the_same_again_corrects_nothing(family: Family):
    before = footprint()
    with pytest.raises(NothingToCorrect):
        correct(family.stranger, ethnicity="01")
    assert footprint() == before


@pytest.mark.parametrize("name", ["pid", "household_number", "life_status"])
def test_facts_that_hang_together_have_their_own_way(family: Family, name: str):
    before = footprint()
    with pytest.raises(HasItsOwnWay):
        correct(family.stranger, **{name: "X"})
    assert footprint() == before


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ({"father_pid": "001060999999"}, "father_pid"),
        ({"birth_date": "2027"}, "birth_date"),
        ({"email": "nowhere"}, "email"),
        ({"ethnicity": "<script>"}, "ethnicity"),
    ],
)
def test_a_wrong_value_is_named(family: Family, claims: dict[str, object], field: str):
    before = footprint()
    with pytest.raises(Invalid) as caught:
        correct(family.stranger, **claims)
    assert caught.value.field_errors[0].field == field
    assert footprint() == before


def test_a_corrected_sex_calls_for_another_number(family: Family):
    assert correct(family.stranger, sex="F").pid_needs_reissue
    assert not correct(family.stranger, religion="01").pid_needs_reissue


def test_an_officer_elsewhere_gets_nothing_and_a_desk_may_not(family: Family):
    before = footprint()
    with pytest.raises(NotFoundOrNotYours):
        correct(family.stranger, actor=WARD_BEN_THANH, religion="01")
    with pytest.raises(NotFoundOrNotYours):
        correct(10**12, religion="01")
    with pytest.raises(ActionNotAllowed):
        correct(family.stranger, actor=DESK, religion="01")
    assert footprint() == before


def test_the_second_officer_is_told_what_changed_under_them(family: Family):
    seen = version_of(family.stranger)
    correct(family.stranger, religion="01", expected=seen)
    before = footprint()
    with pytest.raises(ChangedMeanwhile):
        correct(family.stranger, religion="02", expected=seen)
    assert footprint() == before
    correct(family.stranger, email="em@example.vn", expected=seen)


def test_confirming_makes_facts_fresh(family: Family):
    confirm_facts(
        person_id=family.stranger,
        attributes=["permanent_residence", "religion"],
        evidence=PAPER,
        day=TODAY,
        actor=WARD,
        at=AT,
    )
    held = golden.held([family.stranger])[family.stranger]
    assert held[dictionary.number("permanent_residence")].day == TODAY
    assert held[dictionary.number("birth_date")].day < TODAY
    assert dictionary.number("religion") not in held
    assert not Conflict.objects.filter(person_id=family.stranger).exists()


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


def disputed(person: int) -> list[int]:
    return Golden.objects.get(person_id=person, facet=0).disputed or []


def test_a_dismissed_conflict_is_closed_with_its_reason(family: Family):
    statement = state(family.stranger, DAY, "BHXH", birth_date="1995-09-08")
    assert disputed(family.stranger) == [dictionary.number("birth_date")]
    decision = {
        "person_id": family.stranger,
        "attribute_name": "birth_date",
        "statement_id": statement,
        "decision": "dismiss",
        "reason": "Ngày tháng bị đảo",
        "actor": WARD,
        "at": AT,
    }
    settle_conflict(**decision)
    conflict = Conflict.objects.get(statement_id=statement)
    assert (conflict.outcome, conflict.reason) == ("dismissed", "Ngày tháng bị đảo")
    assert disputed(family.stranger) == []
    with pytest.raises(ConflictSettled):
        settle_conflict(**decision)


def test_an_accepted_conflict_becomes_the_officers_own_claim(family: Family):
    statement = state(family.stranger, DAY, "BHXH", birth_date="1995-09-08")
    settle_conflict(
        person_id=family.stranger,
        attribute_name="birth_date",
        statement_id=statement,
        decision="accept",
        reason="Đúng theo giấy khai sinh",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "birth_date") == "1995-09-08"
    assert Conflict.objects.get(statement_id=statement).outcome == "accepted"
    assert disputed(family.stranger) == []
    assert disagreements()[1] == []


def test_accepting_an_older_word_withdraws_the_later_one_of_equal_rank(family: Family):
    """Citizens' claims stay open whatever comes later, so theirs can be older than what holds."""
    made = request_correction(
        attribute_name="ethnicity",
        value="02",
        reason="Theo cha",
        actor=citizen(family.stranger),
        at=AT - timedelta(days=20),
    )
    Conflict.objects.filter(statement_id=made.statement_id).update(settled_at=None, outcome=None)
    later = state(family.stranger, TODAY, "C06", ethnicity="03")
    Conflict.objects.filter(statement_id=made.statement_id).update(settled_at=None, outcome=None)
    settle_conflict(
        person_id=family.stranger,
        attribute_name="ethnicity",
        statement_id=made.statement_id,
        decision="accept",
        reason="Theo giấy khai sinh",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "ethnicity") == "02"
    assert Annulment.objects.get().statement_id == later
    assert disagreements()[1] == []


def test_a_conflict_with_the_registry_is_not_for_the_ward_to_accept(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    statement = state(person, DAY, "BHXH", birth_date="1981-01-01")
    before = footprint()
    with pytest.raises(NotTheAuthority):
        settle_conflict(
            person_id=person,
            attribute_name="birth_date",
            statement_id=statement,
            decision="accept",
            reason="Đúng",
            actor=WARD,
            at=AT,
        )
    assert footprint() == before


def test_a_withdrawn_claim_lets_the_former_one_come_back(family: Family):
    wrong = correct(family.stranger, full_name="Phạm Quốc Ém", hometown=ELSEWHERE).statement_id
    annul_claim(
        person_id=family.stranger,
        statement_id=wrong,
        attribute_name="full_name",
        reason="Gõ nhầm",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "full_name") == "Phạm Quốc Em"
    assert Person.objects.get(pk=family.stranger).name.full_name == "Phạm Quốc Em"
    assert fact(family.stranger, "hometown") != fact(family.son, "hometown")
    annul_claim(
        person_id=family.stranger,
        statement_id=wrong,
        attribute_name=None,
        reason="Gõ nhầm",
        actor=WARD,
        at=AT,
    )
    assert fact(family.stranger, "hometown") == fact(family.son, "hometown")
    assert disagreements()[1] == []


def test_a_stronger_source_is_not_withdrawn_by_a_weaker(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    before = footprint()
    first = Statement.objects.get(person_id=person).id
    for name in ("birth_date", None):
        with pytest.raises((NotTheAuthority, HasItsOwnWay)):
            annul_claim(
                person_id=person,
                statement_id=first,
                attribute_name=name,
                reason="x",
                actor=WARD,
                at=AT,
            )
    with pytest.raises(HasItsOwnWay):
        annul_claim(
            person_id=person,
            statement_id=first,
            attribute_name="pid",
            reason="x",
            actor=PROVINCE,
            at=AT,
        )
    assert footprint() == before


@pytest.mark.django_db(transaction=True)
def test_the_second_writer_waits_for_the_first_and_then_learns_of_it(sources: object):
    dictionary.sync_sources(MORE_SOURCES)
    person = a_person("Phạm Quốc Em", "M", "1995-08-09")
    seen = version_of(person)
    locked, started = Event(), Event()

    def second() -> str:
        try:
            locked.wait(30)
            started.set()
            correct(person, religion="02", expected=seen)
        except ChangedMeanwhile:
            return "told"
        finally:
            connection.close()
        return "not told"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with transaction.atomic():
            lock_one(person)
            locked.set()
            started.wait(30)
            correct(person, religion="01", expected=seen)
        assert waiting.result(60) == "told"
    assert fact(person, "religion") == "01"


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


@pytest.mark.parametrize("name", ["father_pid", "mother_pid", "spouse_pid", "guardian_pid"])
def test_a_relative_from_elsewhere_reads_like_a_number_that_nobody_has(family: Family, name: str):
    theirs = a_person("Đỗ Thanh Bình", "M", "1950-03-04", permanent_residence=ELSEWHERE)
    before, said = footprint(), []
    for pid in (pid_of(theirs), "079099999999"):
        with pytest.raises(Invalid) as caught:
            correct(family.stranger, **{name: pid})
        said.append([(e.field, e.code, e.text()) for e in caught.value.field_errors])
    assert said[0] == said[1]
    assert footprint() == before


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
