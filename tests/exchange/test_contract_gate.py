"""Nothing works without a contract; a refusal names the clause and is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dancu.disclosure.internal.trying import forget_before
from dancu.disclosure.models import AccessRecord
from dancu.exchange.contracts import contract_at
from dancu.exchange.errors import ClauseRefused, TooManyRequests, TooManyValues, Unanswerable
from dancu.exchange.quotas import standing
from dancu.exchange.services import check, look_up, verify, verify_many
from dancu.exchange.types import Answer, Caller, Outcome, Question, Verification
from dancu.kernel.clock import today
from dancu.kernel.errors import DancuError, NotFoundOrNotYours
from tests.disclosure.conftest import AT, HERE, records
from tests.exchange.conftest import caller_under, claims_of

pytestmark = pytest.mark.django_db

SCHOOL = "school_enrolment"


def refusal(caller: Caller, claims: dict[str, object], *questions: Question, **more) -> DancuError:
    with pytest.raises(DancuError) as caught:
        verify(Verification(caller, more.pop("purpose", SCHOOL), claims, questions), at=AT)
    return caught.value


def test_a_verification_names_its_contract(pupil, caller):
    answer = verify(Verification(caller, SCHOOL, claims_of(pupil), reference="row 4"), at=AT)
    assert (answer.contract, answer.outcome, answer.reference) == (
        "student-check",
        Outcome.FULL_MATCH,
        "row 4",
    )
    (left,) = records(disclosure=int(answer.id))
    assert (left.contract, left.agent, left.office) == ("student-check", "gv.lan", "G03")


@pytest.mark.parametrize(
    ("clause", "more"),
    [
        ("purposes", {"purpose": "curiosity"}),
        ("attributes", {"claims": {"religion": "00"}}),
        ("questions", {"questions": (Question("is_rich"),)}),
    ],
)
def test_a_refusal_names_the_clause_and_is_recorded(pupil, caller, clause, more):
    claims = claims_of(pupil) | more.get("claims", {})
    found = refusal(caller, claims, *more.get("questions", ()), **_purpose(more))
    assert isinstance(found, ClauseRefused)
    assert (found.clause, found.contract) == (clause, "student-check")
    (left,) = records(kind=AccessRecord.Kind.VERIFY)
    assert (left.refusal, left.person_id) == ("clause-refused", None)


def _purpose(more: dict[str, object]) -> dict[str, object]:
    return {"purpose": more["purpose"]} if "purpose" in more else {}


def test_a_contract_that_ended_refuses_from_its_last_midnight(pupil, school_contract):
    ended = caller_under(school_contract, valid_to=date(2026, 11, 2))
    found = refusal(ended, claims_of(pupil))
    assert isinstance(found, ClauseRefused)
    assert found.clause == "dates"


def test_a_mode_that_is_not_agreed_is_refused(pupil, school_contract):
    without = caller_under(school_contract, modes=frozenset({"batch"}))
    found = refusal(without, claims_of(pupil))
    assert isinstance(found, ClauseRefused)
    assert found.clause == "modes"
    (answer,) = verify_many([Verification(without, SCHOOL, claims_of(pupil))], at=AT, mode="batch")
    assert isinstance(answer, Answer)


def lives_in(*units: str) -> tuple[Question, ...]:
    return tuple(Question("lives_in", unit) for unit in units)


def test_communes_are_not_tried_on_one_person_until_one_fits(pupil, caller):
    claims = claims_of(pupil)
    verify(Verification(caller, SCHOOL, claims, lives_in("26876", "26878", "26740")), at=AT)
    verify(Verification(caller, SCHOOL, claims, lives_in("26882", "26878", "79")), at=AT)
    found = refusal(caller, claims, *lives_in("26884"))
    assert isinstance(found, TooManyValues)
    assert (found.clause, found.params["asked"]) == ("values_per_person", "lives_in")
    *_, left = records(kind=AccessRecord.Kind.VERIFY)
    assert (left.refusal, left.person_id) == ("too-many-values", pupil.id)
    again = verify(Verification(caller, SCHOOL, claims, lives_in("26740")), at=AT)
    assert again.answers == {"lives_in:26740": "yes"}
    tomorrow = AT + timedelta(days=1)
    assert verify(Verification(caller, SCHOOL, claims, lives_in("26884")), at=tomorrow).answers


def test_more_communes_at_once_than_may_be_tried_are_refused(pupil, caller):
    two = caller_under(caller.contract, values_per_person=2)
    units = lives_in("26876", "26878", "26740")
    assert isinstance(refusal(two, claims_of(pupil), *units), TooManyValues)
    asked = [Verification(two, SCHOOL, claims_of(pupil), (unit,)) for unit in units]
    found = verify_many(asked, at=AT)
    assert [isinstance(one, Answer) for one in found] == [True, True, False]


def test_wrong_birth_dates_are_not_tried_until_one_fits(pupil, caller):
    for day in ("2012-01-01", "2012-01-02", "2012-01-03", "2012-01-04", "2012-01-05"):
        verify(Verification(caller, SCHOOL, claims_of(pupil, birth_date=day)), at=AT)
    found = refusal(caller, claims_of(pupil, birth_date="2012-01-06"))
    assert isinstance(found, TooManyValues)
    verify(Verification(caller, SCHOOL, claims_of(pupil)), at=AT)


def test_what_was_tried_is_forgotten_when_the_day_is_over(pupil, caller):
    verify(Verification(caller, SCHOOL, claims_of(pupil), lives_in("26740")), at=AT)
    assert forget_before(today(AT)) == 0
    assert forget_before(today(AT) + timedelta(days=1)) == 1


def test_contracts_are_found_by_name_and_day():
    assert contract_at("tax", AT).agency == "G12.THUE"
    with pytest.raises(ClauseRefused) as never:
        contract_at("no-such", AT)
    assert never.value.clause == "contract"
    with pytest.raises(ClauseRefused) as past:
        contract_at("tax", AT - timedelta(days=900))
    assert past.value.clause == "dates"


@pytest.mark.parametrize(
    "claims",
    [
        {"pid": "079188000001"},
        {"full_name": "Lê Văn Nam"},
        {"full_name": "Lê Văn Nam", "birth_date": ""},
        {},
    ],
)
def test_too_little_to_name_somebody_is_said_so(register, caller, claims):
    found = refusal(caller, claims)
    assert isinstance(found, Unanswerable)
    assert found.field_errors[0].code == "too-little"


@pytest.mark.parametrize(
    "question",
    [Question("is_at_least", "x"), Question("is_at_least", 0), Question("lives_in", "9")],
)
def test_a_question_without_sense_is_not_answered(pupil, caller, question):
    assert isinstance(refusal(caller, claims_of(pupil), question), Unanswerable)


def test_one_refused_question_does_not_stop_the_others(pupil, caller):
    good = Verification(caller, SCHOOL, claims_of(pupil))
    bad = Verification(caller, "curiosity", claims_of(pupil))
    first, second, third = verify_many([good, bad, good], at=AT)
    assert isinstance(first, Answer)
    assert isinstance(second, ClauseRefused)
    assert isinstance(third, Answer)
    assert len(records(kind=AccessRecord.Kind.VERIFY)) == 3


def test_requests_a_second_are_counted_where_they_come_in(school_contract):
    slow = caller_under(school_contract, requests_per_second=2)

    def once(at) -> None:
        check(slow, mode="verify", purpose=SCHOOL, attributes=(), questions=(), at=at)

    once(AT)
    once(AT)
    with pytest.raises(TooManyRequests) as caught:
        once(AT)
    assert caught.value.clause == "requests_per_second"
    once(AT + timedelta(seconds=0.6))


def look(caller: Caller, pupil, **more):
    asked = {
        "purpose": SCHOOL,
        "subject": {"pid": pupil.pid, "full_name": pupil.name},
        "attributes": ["permanent_residence"],
        "case": "TS-2026-001",
        **more,
    }
    return look_up(caller, at=AT, **asked)


def test_a_look_up_gives_contracted_values_with_source_and_day(pupil, caller):
    answer = look(caller, pupil)
    fact = answer.attributes["permanent_residence"]
    assert fact.value["unit"] == HERE
    assert fact.value["text"].startswith("12/3A Lê Lợi")
    assert (fact.source, fact.since) == ("C06", date(2018, 5, 1))
    (left,) = records(disclosure=int(answer.id))
    assert (left.kind, left.person_id, left.case_number) == (
        AccessRecord.Kind.LOOKUP,
        pupil.id,
        "TS-2026-001",
    )


@pytest.mark.parametrize(
    "more",
    [
        {"subject": {"pid": "079099999999", "full_name": "Lê Văn Nam"}},
        {"subject": {"full_name": "Lê Thị Hoa"}},
        {"case": "YC-999"},
        {"case": "yc-999"},
        {"case": "Yc – 999"},
    ],
)
def test_whoever_does_not_fit_is_not_found_and_that_is_recorded(pupil, caller, more):
    if "subject" in more:
        more = {"subject": {"pid": pupil.pid} | more["subject"]}
    with pytest.raises(NotFoundOrNotYours):
        look(caller, pupil, **more)
    (left,) = records(kind=AccessRecord.Kind.LOOKUP)
    assert left.refusal == "not-found"


def test_a_look_up_whose_answer_could_not_be_kept_leaves_no_record_and_costs_nothing(pupil, caller):
    def die(answer) -> None:
        assert answer.attributes
        raise InterruptedError

    with pytest.raises(InterruptedError):
        look(caller, pupil, within=die)
    assert records(kind=AccessRecord.Kind.LOOKUP) == []
    assert standing(today(AT))[caller.contract.name].records == 0


def test_a_look_up_needs_its_case_and_only_contracted_attributes(pupil, caller):
    with pytest.raises(ClauseRefused) as no_case:
        look(caller, pupil, case="")
    assert no_case.value.clause == "case"
    with pytest.raises(ClauseRefused) as too_much:
        look(caller, pupil, attributes=["phone"])
    assert too_much.value.clause == "attributes"
    assert len(records(kind=AccessRecord.Kind.LOOKUP, refusal="clause-refused")) == 2


def test_the_case_may_come_from_the_x_road_header(pupil, caller):
    answer = look(replace(caller, issue="XR-77"), pupil, case="")
    (left,) = records(disclosure=int(answer.id))
    assert left.case_number == "XR-77"


def test_a_pid_alone_is_not_looked_up(pupil, caller):
    with pytest.raises(Unanswerable):
        look(caller, pupil, subject={"pid": pupil.pid})
