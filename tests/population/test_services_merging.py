"""Two records of one human being: one record, both histories, and two again if that was wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dancu.population import dictionary, reading
from dancu.population.checks import impossible_rows
from dancu.population.errors import RecordMerged
from dancu.population.internal import golden
from dancu.population.internal.recompute import recompute
from dancu.population.models import Conflict, CorrectionRequest, Household, Person, Pid
from dancu.population.services import (
    correct_facts,
    decide_correction,
    decide_merge,
    merge_of,
    merges_of,
    register_birth,
    request_correction,
    settle_conflict,
)
from dancu.population.services.birth_checks import BirthDeclaration
from dancu.population.services.merge_errors import (
    HouseholdWouldLackHead,
    MergedFurther,
    StatementNotSince,
)
from dancu.population.services.records import people_of_pids
from dancu.population.verification_reading import by_numbers
from dancu.population.work import count_conflicts, open_conflicts
from tests.population.conftest import state
from tests.population.merging_cast import (
    BORN,
    NAME,
    decide,
    merged_of,
    propose,
    sound,
    stands,
    undo,
    yen,
    yen_again,
)
from tests.population.services_cast import (
    AT,
    ELSEWHERE,
    HOME,
    PAPER,
    PROVINCE,
    REGISTRAR,
    TODAY,
    WARD,
    Family,
    a_person,
    citizen,
    fact,
    footprint,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("family")
LATER = date(2026, 10, 15)


def test_two_records_become_one_by_two_officers():
    one, other = yen(), yen_again()
    number = pid_of(other)
    merge = propose(one, other)
    assert sound()
    assert merge_of(merge_id=merge).state == "proposed"
    decide(merge)
    card = Person.objects.get(pk=other)
    assert (card.status, card.merged_into_id, card.pid) == (Person.Status.MERGED, one, None)
    assert fact(one, "religion") == "01"
    view = merge_of(merge_id=merge)
    assert (view.state, view.proposed_by, view.decided_by) == ("done", 7, 10)
    assert [found.id for found in merges_of(person_id=other)] == [merge]
    assert Pid.objects.get(pid=number).cancel_reason == "duplicate"
    assert sound()


def test_the_cancelled_number_leads_to_the_record_that_stays():
    one, other = yen(), yen_again()
    number = pid_of(other)
    merged_of(one, other)
    (hit,) = by_numbers([number], [])[number]
    assert (hit.known.person_id, hit.is_cancelled, hit.known.pid) == (one, True, pid_of(one))
    assert people_of_pids([number]) == {number: one}
    assert {card.person_id for card in reading.cards([other, number]).values()} == {one}


def test_whoever_stays_keeps_both_histories():
    one, other = yen(), yen_again()
    state(other, LATER, "BHXH", phone="0903123456")
    merged_of(one, other)
    record = reading.record(reading.cards([one])[one])
    said = [(c.value, record.statements[c.statement_id].source)
            for c in record.claims[dictionary.number("full_name")]]  # fmt: skip
    assert said == [(NAME, "C06"), ("Đỗ Hoàng Yến", "C06")]
    (phone,) = record.claims[dictionary.number("phone")]
    origin = record.statements[phone.statement_id]
    assert (origin.source, origin.evidence, origin.day) == ("BHXH", "F-1", LATER)
    assert fact(one, "phone") == phone.value
    assert [row.pid for row in record.pids] == sorted(
        (row.pid for row in record.pids), key=lambda pid: pid != pid_of(one)
    )


def test_equals_are_weighed_in_the_order_in_which_they_were_learnt():
    """What cannot change is what the equal source said last, of whichever record."""
    first, second = yen_again(), yen()
    merged_of(second, first)
    assert fact(second, "birth_date") == BORN
    third = yen_again()
    merged_of(second, third)
    assert fact(second, "birth_date") == "1988-04-03"
    assert sound()


def test_what_two_sources_say_otherwise_becomes_a_conflict():
    one = yen()
    other = a_person("Đỗ Thị Yến", "F", BORN, source="HT-26740", hometown=ELSEWHERE)
    merged_of(one, other)
    open_now = Conflict.objects.filter(person_id=one, settled_at=None)
    names = {dictionary.number("full_name"), dictionary.number("hometown")}
    assert set(open_now.values_list("attribute", flat=True)) == names
    assert sound()


def test_what_was_known_before_the_merge_is_what_was_known():
    one, other = yen(), yen_again()
    merge = propose(one, other)
    decide_merge(
        merge_id=merge,
        decision="confirm",
        reason="Đúng",
        actor=PROVINCE,
        at=AT + timedelta(hours=2),
    )
    record = reading.record(reading.cards([one])[one])
    religion = dictionary.number("religion")
    assert religion not in record.at(as_of=None, known_at=AT + timedelta(hours=1))
    assert record.at(as_of=None, known_at=AT + timedelta(hours=3))[religion].value == "01"


def test_children_and_spouses_find_their_relative_under_the_old_number(family: Family):
    one = yen()
    other = yen_again()
    child = a_person("Lý Gia Bảo", "M", "2012-01-01", mother_pid=pid_of(other), mother_name=NAME)
    merged_of(one, other)
    (mother,) = reading.kin(child, {"mother_pid": str(fact(child, "mother_pid"))})
    assert mother.card.person_id == one
    assert [k.card.person_id for k in reading.kin(one, {}) if k.role == "child"] == [child]


def test_an_undo_brings_both_back_exactly():
    one, other = yen(), yen_again(old_id_number="024567891", household_number="HO-Y2",
                                  household_relationship="CHU_HO")  # fmt: skip
    state(one, LATER, "BHXH", birth_date="1988-04-03")
    state(other, LATER, "UB-26740", ethnicity="02")
    recompute([one, other], at=AT)
    before = stands(one, other)
    merge = merged_of(one, other)
    assert stands(one, other) != before
    undo(merge)
    assert stands(one, other) == before
    assert merge_of(merge_id=merge).state == "undone"
    assert sound()


def test_merged_undone_and_merged_again_says_the_same():
    one, other = yen(), yen_again()
    before = stands(one, other)
    first = merged_of(one, other)
    held = {number: fact.value for number, fact in golden.held([one])[one].items()}
    undo(first)
    again = merged_of(one, other)
    assert {n: f.value for n, f in golden.held([one])[one].items()} == held
    undo(again)
    assert stands(one, other) == before
    assert sound()


def test_what_was_said_since_stays_with_the_record_that_stayed():
    one, other = yen(), yen_again()
    merge = merged_of(one, other)
    said = state(one, LATER, "C06", occupation="Giáo viên")
    assert merge_of(merge_id=merge).since == (said,)
    undo(merge)
    assert (fact(one, "occupation"), fact(other, "occupation")) == ("Giáo viên", None)
    assert fact(one, "religion") is None
    assert fact(other, "religion") == "01"
    assert sound()


def test_or_goes_where_the_officer_says():
    one, other = yen(), yen_again()
    merge = merged_of(one, other)
    hers, sisters = (state(one, LATER, "C06", occupation=work) for work in ("Giáo viên", "Bác sĩ"))
    undo(merge, to_merged=(sisters,))
    assert (fact(one, "occupation"), fact(other, "occupation")) == ("Giáo viên", "Bác sĩ")
    assert hers < sisters
    assert sound()


def test_only_what_came_since_can_go_to_the_other():
    one, other = yen(), yen_again()
    early = state(one, LATER, "C06", occupation="Giáo viên")
    merge = merged_of(one, other)
    before = footprint()
    with pytest.raises(StatementNotSince):
        undo(merge, to_merged=(early,))
    assert footprint() == before


def test_a_number_is_in_force_again_only_by_an_undone_merge():
    one, other = yen(), yen_again()
    number = pid_of(other)
    merge = merged_of(one, other)
    revive = "UPDATE population_pid SET cancelled_on = NULL WHERE pid = %s"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(revive, [number])
    undo(merge)
    held = Pid.objects.get(pid=number)
    assert (held.person_id, held.cancelled_on, held.cancel_reason) == (other, None, None)


def test_a_request_that_waits_goes_along_and_comes_back():
    one, other = yen(), yen_again()
    made = request_correction(
        attribute_name="ethnicity", value="02", reason="Theo mẹ", actor=citizen(other), at=AT
    )
    before = stands(one, other)
    merge = merged_of(one, other)
    request = CorrectionRequest.objects.get(pk=made.request_id)
    assert request.person_id == one
    undo(merge)
    assert stands(one, other) == before
    again = merged_of(one, other)
    decide_correction(
        request_id=made.request_id, decision="accept", reason="Đúng", actor=WARD, at=AT
    )
    assert fact(one, "ethnicity") == "02"
    undo(again)
    assert CorrectionRequest.objects.get(pk=made.request_id).person_id == one
    assert sound()


def test_what_an_officer_settled_stays_settled():
    one, other = yen(), yen_again()
    said = state(other, LATER, "BHXH", full_name="Đỗ Hoàng Yên")
    settle_conflict(
        person_id=other,
        attribute_name="full_name",
        statement_id=said,
        decision="dismiss",
        reason="Gõ thiếu dấu",
        actor=WARD,
        at=AT,
    )
    merged_of(one, other)
    carried = Conflict.objects.get(person_id=one, source_id=dictionary.source("BHXH").id)
    assert (carried.outcome, carried.reason) == ("dismissed", "Gõ thiếu dấu")


def test_conflicts_of_a_merged_record_are_nobodys_work():
    one, other = yen(), yen_again()
    state(other, LATER, "BHXH", birth_date="1987-01-01")
    born, area = [dictionary.number("birth_date")], ["26740"]
    assert [row.person_id for row in open_conflicts(area, born)[0]] == [other]
    merged_of(one, other)
    assert [row.person_id for row in open_conflicts(area, born)[0]] == [one]
    assert [row.person_id for row in open_conflicts([*area, *"abcd"], born)[0]] == [one]
    assert count_conflicts(area, born).number == 1


def test_nothing_more_is_entered_about_a_merged_record():
    one, other = yen(), yen_again()
    merged_of(one, other)
    before = footprint()
    with pytest.raises(RecordMerged):
        correct_facts(
            person_id=other, claims={"religion": "02"}, evidence=PAPER, day=LATER, actor=WARD, at=AT
        )
    assert footprint() == before
    # Whoever names the old number speaks of the record that stays.
    assert people_of_pids(Pid.objects.filter(person_id=one).values_list("pid", flat=True)).keys()


def test_a_mother_named_by_her_old_number_is_the_one_that_stays():
    one, other = yen(), yen_again()
    number = pid_of(other)
    merged_of(one, other)
    made = register_birth(
        declaration=BirthDeclaration(
            full_name="Lý Gia Hân",
            sex="F",
            birth_date=date(2026, 10, 1),
            ethnicity="01",
            birth_place=HOME,
            mother_pid=number,
        ),
        actor=REGISTRAR,
        at=AT,
    )
    assert made.household == "HO-Y1"
    assert [k.card.person_id for k in reading.kin(one, {}) if k.role == "child"] == [made.person_id]


def test_a_household_that_nobody_lives_in_any_more_is_closed_and_opened_again():
    one = yen(permanent_residence=HOME)
    other = a_person(NAME, "F", BORN, source="HT-26740", household_number="HO-Y9",
                     household_relationship="CHU_HO")  # fmt: skip
    merge = merged_of(one, other)
    assert Household.objects.get(number="HO-Y9").closed_on == TODAY
    undo(merge)
    assert Household.objects.get(number="HO-Y9").closed_on is None
    assert sound()


def test_a_household_must_not_lose_its_head():
    one = yen()
    other = a_person(NAME, "F", BORN, source="HT-26740", household_number="HO-Y9",
                     household_relationship="CHU_HO")  # fmt: skip
    a_person("Lý Gia Bảo", "M", "2012-01-01", household_number="HO-Y9",
             household_relationship="CON_DE")  # fmt: skip
    merge = propose(one, other)
    before = footprint()
    with pytest.raises(HouseholdWouldLackHead):
        decide(merge)
    assert footprint() == before
    assert merge_of(merge_id=merge).state == "proposed"


def test_a_merge_of_a_merge_leads_to_the_last_one():
    one, two, three = yen(), yen_again(), yen_again()
    number = pid_of(three)
    first = merged_of(two, three)
    before = stands(one, two, three)
    second = merged_of(one, two)
    assert {card.person_id for card in reading.cards([two, three, number]).values()} == {one}
    assert sound()
    with pytest.raises(MergedFurther):
        undo(first)
    undo(second)
    assert stands(one, two, three) == before
    undo(first)
    assert {card.person_id for card in reading.cards([three, number]).values()} == {three}
    assert sound()


# --- What the doctor sees -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        (
            "UPDATE population_pid SET person_id = %(merged)s WHERE cancelled_on IS NOT NULL",
            "merged records that still hold numbers",
        ),
        (
            "UPDATE population_merge SET state = 'declined', decided_by = proposed_by",
            "merged records of which no merge tells",
        ),
        (
            """INSERT INTO population_statement (person_id, recorded_at, valid_from, source_id,
                   evidence_kind_id, evidence, claims)
               SELECT person_id, recorded_at, valid_from, source_id, evidence_kind_id, '', '{}'
               FROM population_statement WHERE person_id = %(merged)s LIMIT 1""",
            "merged records of which something was said since",
        ),
        (
            """UPDATE population_person SET status = 4, merged_into_id = %(third)s
               WHERE id = %(one)s""",
            "merged records that lead to another merged one",
        ),
    ],
)
def test_the_doctor_sees_what_is_wrong_with_merged_records(sql: str, what: str):
    one, other, third = yen(), yen_again(), yen_again()
    merged_of(one, other)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"merged": other, "one": one, "third": third})
    assert what in impossible_rows()
