"""Verification behind the door out: who is meant, what agrees, what is told and recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import translation

from dancu.agencies.services import load_agencies
from dancu.catalogue import attribute
from dancu.disclosure.inquiries import Inquiry, Outcome, Question, Verdict
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.awaiting import awaited
from dancu.disclosure.services.log import accesses_of
from dancu.disclosure.services.verifying import compared, verify_people
from dancu.kernel.compare import Compared, Result
from dancu.places import queries as places
from dancu.places.models import Address
from dancu.population.models import Person, Pid
from dancu.population.types import AddressValue
from dancu.portal.words import looked_words, reason_words
from tests.disclosure.conftest import AT, HERE, HOME, THERE, citizen, new_person, records, say

OLD_MAP = date(2025, 6, 30)

pytestmark = pytest.mark.django_db


def inquiry(claims: dict[str, object], *questions: Question, **more: object) -> Inquiry:
    return Inquiry(
        claims=claims,
        questions=questions,
        purpose="school_enrolment",
        office="G03",
        source="BGDDT",
        contract="student-check",
        **more,
    )


def ask(claims: dict[str, object], *questions: Question, **more: object) -> Verdict:
    (found,) = verify_people([inquiry(claims, *questions, **more)], at=AT)
    assert found is not None
    return found


@pytest.fixture
def woman(register: object) -> SimpleNamespace:
    return new_person(old_id_number="012345678")


def facts(woman: SimpleNamespace, **more: object) -> dict[str, object]:
    return {"pid": woman.pid, "full_name": woman.name, "birth_date": "02/09/1988", **more}


def test_the_same_facts_match_fully(woman):
    found = ask(facts(woman, sex="Nữ"))
    assert found.outcome == Outcome.FULL_MATCH
    assert {c.result for c in found.attributes.values()} == {Result.MATCH}
    assert found.successor is None


@pytest.mark.parametrize(
    ("name", "said", "compared", "outcome"),
    [
        ("full_name", "TRẦN THỊ THU HƯƠNG", "match", Outcome.FULL_MATCH),
        ("full_name", "Tran Thi Thu Huong", "close accents", Outcome.FACTS_DIFFER),
        ("full_name", "Trần Thị Hương", "close middle_name", Outcome.FACTS_DIFFER),
        ("full_name", "Lê Thị Thu Lan", "mismatch", Outcome.FACTS_DIFFER),
        ("birth_date", "1988-09-02", "match", Outcome.FULL_MATCH),
        ("birth_date", "09/02/1988", "close day_month_swapped", Outcome.FACTS_DIFFER),
        ("birth_date", "1988", "close year_only", Outcome.FACTS_DIFFER),
        ("birth_date", "30/02/1988", "unknown unreadable", Outcome.FACTS_DIFFER),
        ("sex", "Nam", "mismatch", Outcome.FACTS_DIFFER),
        ("sex", "nữ", "match", Outcome.FULL_MATCH),
        ("sex", "?", "unknown unreadable", Outcome.FULL_MATCH),
        ("ethnicity", "kinh", "match", Outcome.FULL_MATCH),
        ("ethnicity", "Tày", "mismatch", Outcome.FACTS_DIFFER),
        ("phone", "0900000014", "unknown", Outcome.FULL_MATCH),
        ("old_id_number", "012 345 678", "close number_form", Outcome.FULL_MATCH),
        ("old_id_number", "12345678", "close leading_zero_lost", Outcome.FACTS_DIFFER),
        ("permanent_residence", HOME.text, "match", Outcome.FULL_MATCH),
        ("permanent_residence", HERE, "match", Outcome.FULL_MATCH),
        ("permanent_residence", "79", "close unit_only", Outcome.FACTS_DIFFER),
        ("permanent_residence", "01", "mismatch", Outcome.FACTS_DIFFER),
        ("permanent_residence", "P. Sài Gòn, TP.HCM", "close unit_only", Outcome.FACTS_DIFFER),
        ("permanent_residence", "TP.HCM", "mismatch incomplete", Outcome.FACTS_DIFFER),
        ("full_name", "", "unknown", Outcome.FACTS_DIFFER),
        ("permanent_residence", THERE, "mismatch", Outcome.FACTS_DIFFER),
        (
            "permanent_residence",
            "12/3A Lê Lợi, Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh",
            "close old_place_name",
            Outcome.FULL_MATCH,
        ),
        (
            "permanent_residence",
            "14 Lê Lợi, P. Sài Gòn, TP.HCM",
            "mismatch same_unit",
            Outcome.FACTS_DIFFER,
        ),
    ],
)
def test_each_fact_is_compared_by_itself(woman, name, said, compared, outcome):
    found = ask(facts(woman, **{name: said}))
    result, _, reason = compared.partition(" ")
    assert found.attributes[name] == Compared(Result(result), reason)
    assert found.outcome == outcome


def test_a_spoiled_number_is_mended_only_when_the_rest_agrees(woman):
    lost = woman.pid.lstrip("0")
    found = ask(facts(woman, pid=lost))
    assert found.outcome == Outcome.FACTS_DIFFER
    assert found.attributes["pid"] == Compared(Result.CLOSE, "leading_zero_lost")
    stranger = ask(facts(woman, pid=lost, full_name="Lê Văn Nam"))
    assert stranger.outcome == Outcome.NOT_FOUND


def test_a_number_written_with_blanks_is_the_number(woman):
    spaced = f"{woman.pid[:3]} {woman.pid[3:]}"
    found = ask(facts(woman, pid=spaced))
    assert found.outcome == Outcome.FULL_MATCH
    assert found.attributes["pid"] == Compared(Result.CLOSE, "number_form")


def test_the_number_of_a_former_card_leads_to_its_holder(woman):
    claims = {"old_id_number": "012345678", "full_name": woman.name, "birth_date": "02/09/1988"}
    assert ask(claims).outcome == Outcome.FULL_MATCH
    in_the_wrong_column = ask(facts(woman, pid="012345678"))
    assert in_the_wrong_column.outcome == Outcome.FACTS_DIFFER
    assert in_the_wrong_column.attributes["pid"].reason == "old_number"


def test_without_a_number_name_and_birth_date_give_candidates(woman):
    claims = {"full_name": "Tran Thi Thu Huong", "birth_date": "02/09/1988"}
    assert ask(claims).outcome == Outcome.ONE_CANDIDATE
    twin = new_person()
    found = ask(claims)
    assert found.outcome == Outcome.SEVERAL_CANDIDATES
    assert {c.result for c in found.attributes.values()} == {Result.UNKNOWN}
    assert {r.person_id for r in records(disclosure=found.record)} == {woman.id, twin.id}
    assert ask({**claims, "birth_date": "03/09/1988"}).outcome == Outcome.NOT_FOUND


def test_the_commune_decides_between_candidates(woman):
    new_person(permanent_residence=None)
    claims = {"full_name": woman.name, "birth_date": "02/09/1988", "permanent_residence": HERE}
    found = ask(claims)
    assert found.outcome == Outcome.ONE_CANDIDATE


def test_a_wrong_number_still_gives_the_candidate_but_not_as_a_match(woman):
    found = ask(facts(woman, pid="079188999999"))
    assert found.outcome == Outcome.ONE_CANDIDATE
    assert found.attributes["pid"].result == Result.MISMATCH


def test_the_dead_are_told_as_dead_though_the_name_is_written_otherwise(woman):
    say(woman, {"life_status": "CHET", "death_date": "2026-01-05"}, day=date(2026, 1, 6))
    found = ask(facts(woman, full_name="Tran Thi Huong"), Question("is_alive"))
    assert found.outcome == Outcome.DEAD
    assert found.answers == {"is_alive": "no"}


def test_a_cancelled_number_tells_that_there_is_another_and_never_which(woman):
    Pid.objects.filter(pid=woman.pid).update(cancelled_on=date(2026, 1, 1), cancel_reason="sex")
    Pid.objects.create(pid="079188777777", person_id=woman.id, valid_from=date(2026, 1, 1))
    Person.objects.filter(id=woman.id).update(pid="079188777777")
    found = ask(facts(woman))
    assert found.outcome == Outcome.PID_CANCELLED
    assert found.successor is True
    assert found.attributes["pid"] == Compared(Result.CLOSE, "cancelled")
    assert "079188777777" not in repr(found)
    assert ask(facts(woman, pid="079188777777")).outcome == Outcome.FULL_MATCH


STRANGER = [
    {"full_name": "Lê Văn Nam"},
    {"birth_date": "01/01/1970"},
    {"full_name": "?", "birth_date": "??"},
    {"full_name": "", "birth_date": None},
]


@pytest.mark.parametrize("invented", STRANGER)
def test_a_number_and_invented_facts_do_not_tell_whether_somebody_lives(woman, invented):
    living = ask(facts(woman, **invented), Question("is_alive"))
    say(woman, {"life_status": "CHET", "death_date": "2026-01-05"}, day=date(2026, 1, 6))
    dead = ask(facts(woman, **invented), Question("is_alive"))
    assert told(dead) == told(living)
    assert dead.outcome == Outcome.FACTS_DIFFER


@pytest.mark.parametrize("invented", STRANGER)
def test_a_number_and_invented_facts_do_not_tell_that_it_was_cancelled(woman, invented):
    before = ask(facts(woman, **invented))
    Pid.objects.filter(pid=woman.pid).update(cancelled_on=date(2026, 1, 1), cancel_reason="sex")
    Pid.objects.create(pid="079188777777", person_id=woman.id, valid_from=date(2026, 1, 1))
    Person.objects.filter(id=woman.id).update(pid="079188777777")
    after = ask(facts(woman, **invented))
    assert told(after) == told(before)
    assert (after.outcome, after.successor) == (Outcome.FACTS_DIFFER, None)


def told(verdict: Verdict) -> tuple[object, ...]:
    return verdict.outcome, verdict.successor, verdict.attributes, verdict.answers


def test_questions_are_answered_for_whoever_is_meant_only(woman):
    questions = (
        Question("is_alive"),
        Question("is_at_least", 18),
        Question("is_at_least", 60),
        Question("lives_in", HERE),
        Question("lives_in", "79"),
        Question("lives_in", THERE),
    )
    found = ask(facts(woman), *questions)
    assert list(found.answers.values()) == ["yes", "yes", "no", "yes", "yes", "no"]
    other = ask(facts(woman, full_name="Lê Văn Nam"), *questions)
    assert set(other.answers.values()) == {"unknown"}


def test_age_is_unsure_where_only_the_year_is_known(register):
    person = new_person(birth_date="2008")
    claims = {"pid": person.pid, "full_name": person.name, "birth_date": "2008"}
    found = ask(claims, Question("is_at_least", 18))
    assert found.answers == {"is_at_least:18": "unknown"}


def test_somebody_out_of_scope_is_answered_like_nobody(woman):
    scope = frozenset({"01"})
    hidden = ask(facts(woman), scope=scope)
    absent = ask(facts(woman, pid="079188999999", full_name="Lê Văn Nam"), scope=scope)
    assert (hidden.outcome, hidden.attributes, hidden.answers, hidden.successor) == (
        absent.outcome,
        absent.attributes,
        absent.answers,
        absent.successor,
    )
    assert ask(facts(woman), scope=frozenset({"79"})).outcome == Outcome.FULL_MATCH
    (left,) = records(disclosure=hidden.record)
    assert (left.person_id, left.refusal) == (woman.id, "not-found")


def test_every_answer_leaves_a_record_of_who_asked_and_why(woman):
    asked = inquiry(
        facts(woman, sex="F"),
        Question("is_alive"),
        client_id=7,
        user="gv.lan",
        request_id="r-1",
        case="TS-2026/01\twith tab",
    )
    (found,) = verify_people([asked], at=AT)
    (left,) = records(disclosure=found.record)
    assert left.person_id == woman.id
    assert left.kind == AccessRecord.Kind.VERIFY
    assert (left.office, left.source, left.role) == ("G03", "BGDDT", "agency")
    assert (left.contract, left.client_id, left.agent, left.request_id) == (
        "student-check",
        7,
        "gv.lan",
        "r-1",
    )
    assert left.case_number == "TS-2026/01\twith tab"
    assert left.attributes == sorted(left.attributes)
    assert left.at == AT
    assert left.account_id is None


def test_what_differs_is_noted_for_the_ward_and_the_citizen_and_of_whoever_is_meant_only(woman):
    since = AT - timedelta(days=1)
    ask(facts(woman))
    ask({"pid": woman.pid, "full_name": "Lê Thị Không Ai", "birth_date": "01/01/1951"})
    assert awaited(people=[woman.id], since=since) == frozenset()
    ask(facts(woman, sex="Nam"))
    record = records()[-1]
    assert sum(number < 0 for number in record.attributes) == 1
    assert record.attributes[0] == -attribute("sex").number
    assert awaited(people=[woman.id], since=since) == {woman.id}
    row = accesses_of(person_id=woman.id, actor=citizen(woman.id), at=AT).rows[0]
    assert row.differing == ("sex",)
    assert set(row.attributes) == {"pid", "full_name", "birth_date", "sex"}
    assert row.masked == ()
    with translation.override("en"):
        assert looked_words(row).endswith("Not the same as in the register: sex.")


def test_whoever_was_asked_for_in_vain_leaves_only_a_hash(register):
    found = ask({"pid": "079188999999", "full_name": "Lê Văn Nam", "birth_date": "1988"})
    (left,) = records(disclosure=found.record)
    assert left.person_id is None
    assert left.refusal == "not-found"
    assert bytes(left.asked or b"")


def test_a_refused_inquiry_is_recorded_and_nobody_is_looked_for(woman):
    (found,) = verify_people([inquiry(facts(woman), refusal="clause-refused")], at=AT)
    assert found is None
    (left,) = records(kind=AccessRecord.Kind.VERIFY)
    assert (left.person_id, left.refusal) == (None, "clause-refused")


def test_many_are_answered_in_the_order_asked_with_few_queries(
    woman, django_assert_max_num_queries
):
    others = [new_person(full_name=f"Lê Văn {name}") for name in ("An", "Bình", "Cường")]
    asked = [inquiry(facts(one)) for one in (*others, woman)]
    verify_people(asked, at=AT)
    with django_assert_max_num_queries(12):
        found = verify_people(asked * 10, at=AT)
    assert [one.outcome for one in found] == [Outcome.FULL_MATCH] * 40
    assert len({one.record for one in found}) == 40


def test_two_people_with_one_former_number_are_told_apart(woman):
    other = new_person(full_name="Lê Văn Nam", sex="M", old_id_number="012345678")
    claims = {"old_id_number": "012345678", "full_name": other.name, "birth_date": "1988-09-02"}
    found = ask(claims)
    assert found.outcome == Outcome.FULL_MATCH
    assert {r.person_id for r in records(disclosure=found.record)} == {other.id}


@pytest.mark.parametrize("said", [5, 3.5, True, ["x"], {"text": "y"}, "x" * 5000, "\x00", "'; --"])
@pytest.mark.parametrize("name", ["pid", "full_name", "birth_date", "sex", "permanent_residence"])
def test_odd_values_are_compared_without_a_fault(woman, name, said):
    ask(facts(woman, **{name: said}))


def test_the_moment_may_be_in_any_zone(woman):
    verify_people([inquiry(facts(woman))], at=datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.mark.django_db(transaction=True)
def test_it_does_not_answer_inside_a_transaction(register):
    with transaction.atomic(), pytest.raises(RuntimeError):
        verify_people([inquiry({"pid": "079188999999", "full_name": "Lê Văn Nam"})], at=AT)


def test_a_number_that_was_left_empty_is_not_a_wrong_number(woman):
    found = ask(facts(woman, pid=""))
    assert found.outcome == Outcome.ONE_CANDIDATE
    assert found.attributes["pid"].result == Result.UNKNOWN


def test_a_citizen_reads_which_agency_checked_what_and_why(woman):
    load_agencies()
    ask(facts(woman), Question("is_alive"))
    ask(facts(woman, full_name="Lê Văn Nam"), scope=frozenset({"01"}))
    page = accesses_of(person_id=woman.id, actor=citizen(woman.id), at=AT)
    hidden, seen = sorted(page.rows, key=lambda row: not row.is_refused)
    assert hidden.is_refused
    assert seen.office == "Bộ Giáo dục và Đào tạo"
    assert seen.purpose_label("vi") == "xét nhập học"
    assert seen.role_label("vi") == "Cơ quan kết nối"
    assert seen.kind_label("en") == "An agency checked what it holds; it was shown nothing"
    assert "Họ, chữ đệm và tên khai sinh" in seen.attribute_labels("vi")
    assert seen.agent == ""
    with translation.override("en"):
        assert looked_words(seen).startswith("Checked your ")
        assert reason_words(seen) == "What for: enrolment at school"


def test_a_house_in_a_ward_that_was_split_is_the_same_house(register):
    old = AddressValue("5 Trần Phú, Xã Hòa Liên, Huyện Hòa Vang, Đà Nẵng", "20296", OLD_MAP)
    person = new_person(permanent_residence=old)
    (address,) = Address.objects.filter(text=old.text)
    assert not address.unit_now_is_sure
    units = places.successors("20296", OLD_MAP, date(2026, 11, 2))
    assert len(units) > 1
    for unit in units:
        name = places.unit_name(unit.code, date(2026, 11, 2))
        found = ask(facts(person, permanent_residence=f"5 Trần Phú, {name}"))
        assert found.attributes["permanent_residence"].reason == "old_place_name"
        assert found.outcome == Outcome.FULL_MATCH
        by_code = ask(facts(person, permanent_residence=unit.code))
        assert by_code.attributes["permanent_residence"].reason == "split_unit"


def test_a_list_tries_no_more_places_on_somebody_than_a_question(woman):
    places_asked = [Question("lives_in", HERE), Question("lives_in", "79")]
    asked = [
        inquiry(facts(woman, full_name="Trần Văn Sai"), most_values=1),
        *(inquiry(facts(woman), one, most_values=1) for one in places_asked),
    ]
    verdicts, _entries = compared(asked, at=AT)
    assert [one.answers for one in verdicts if one] == [
        {},
        {f"lives_in:{HERE}": "yes"},
        {"lives_in:79": "unknown"},
    ]
