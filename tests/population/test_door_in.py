"""Claims that come in: what holds, what is kept, what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from dancu.kernel.errors import Invalid
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.errors import PidAlreadyGiven
from dancu.population.internal import golden
from dancu.population.models import Conflict, Golden, NameForm, Person, Pid, Statement
from dancu.population.types import Evidence, NewStatement
from tests.population.conftest import AT, DAY, actor, first_record, new_person, pid_for, state

pytestmark = pytest.mark.usefixtures("sources")


def fact(person: int, name: str) -> object:
    return golden.held([person])[person][dictionary.number(name)].value


def open_conflicts(person: int) -> list[tuple[int, int]]:
    found = Conflict.objects.filter(person_id=person, settled_at=None)
    return sorted(found.values_list("attribute", "source_id"))


def test_a_first_record_is_one_statement_and_a_card_that_finds_the_person():
    pid = pid_for("F", 1990)
    person = new_person(pid=pid, mother_pid=pid_for("F", 1960), household_number="H-1")
    assert Statement.objects.filter(person_id=person).count() == 1
    card = Person.objects.get(pk=person)
    assert (card.pid, card.birth_year, card.sex, card.household) == (pid, 1990, "F", "H-1")
    assert card.status == Person.Status.ALIVE
    assert NameForm.objects.get(pk=card.name_id).match_key == "nguyen thi minh anh"
    assert Pid.objects.get(pid=pid).person_id == person


def test_a_weaker_source_does_not_change_what_the_authority_said():
    person = new_person(source="HT-26740", birth_date="1990-01-02", pid=pid_for("F", 1990))
    statement = state(person, DAY, "BHXH", birth_date="1990-02-01")
    assert fact(person, "birth_date") == "1990-01-02"
    assert Conflict.objects.get(person_id=person).statement_id == statement
    row = Golden.objects.get(person_id=person, facet=0)
    assert row.disputed == [dictionary.number("birth_date")]


def test_the_same_source_saying_the_right_thing_later_withdraws_its_conflict():
    person = new_person(source="HT-26740")
    state(person, DAY, "BHXH", birth_date="1990-02-01")
    state(person, DAY, "BHXH", birth_date=fact(person, "birth_date"))
    assert open_conflicts(person) == []
    assert Conflict.objects.get(person_id=person).outcome == "withdrawn"
    assert Golden.objects.get(person_id=person, facet=0).disputed is None


def test_the_authority_coming_round_settles_the_conflict_as_accepted():
    person = new_person(source="HT-26740")
    state(person, DAY, "BHXH", birth_date="1990-02-01")
    state(person, DAY, "HT-26740", birth_date="1990-02-01")
    assert fact(person, "birth_date") == "1990-02-01"
    assert (
        Conflict.objects.get(person_id=person, source_id=dictionary.source("BHXH").id).outcome
        == "accepted"
    )


def test_a_conflict_that_had_answered_itself_opens_again_when_the_value_changes():
    person = new_person(source="HT-26740")
    state(person, DAY, "BHXH", birth_date="1990-02-01")
    state(person, DAY, "HT-26740", birth_date="1990-02-01")
    assert open_conflicts(person) == []
    state(person, DAY, "HT-26740", birth_date="1990-01-02")
    assert (dictionary.number("birth_date"), dictionary.source("BHXH").id) in open_conflicts(person)


def test_a_stronger_source_that_displaces_another_keeps_what_was_said_as_a_conflict():
    person = new_person(source="C06")
    state(person, DAY, "HT-26740", birth_date="1991")
    assert fact(person, "birth_date") == "1991"
    assert open_conflicts(person) == [
        (dictionary.number("birth_date"), dictionary.source("C06").id)
    ]


def test_an_older_day_arriving_late_does_not_displace_the_present():
    person = new_person(day=date(2020, 1, 1), ethnicity="01")
    state(person, date(2015, 1, 1), "C06", ethnicity="02")
    assert fact(person, "ethnicity") == "01"
    assert open_conflicts(person) == []


def test_a_citizens_claim_waits_and_never_wins():
    person = new_person()
    state(person, DAY, "CD", email="minhanh@example.vn", religion="01")
    contact = Golden.objects.get(person_id=person, facet=dictionary.facet_numbers()["contact"])
    assert (contact.held, contact.disputed) == (0, [dictionary.number("email")])
    assert len(open_conflicts(person)) == 2


def test_none_means_known_to_be_none():
    person = new_person(temporary_residence=first_record()["permanent_residence"])
    state(person, DAY, "C06", temporary_residence=None)
    assert fact(person, "temporary_residence") is None
    assert Person.objects.get(pk=person).stay_commune is None


def test_a_new_pid_cancels_the_old_one_and_both_lead_to_the_person():
    old = pid_for("F", 1990)
    person = new_person(pid=old)
    new = pid_for("F", 1991)
    state(person, DAY, "C06", pid=new)
    assert Pid.objects.get(pid=old).cancelled_on == DAY
    assert Pid.objects.get(pid=new).cancelled_on is None
    assert Person.objects.get(pk=person).pid == new


def test_a_pid_that_somebody_has_is_refused_and_nothing_is_written():
    pid = pid_for()
    new_person(pid=pid)
    people = Person.objects.count()
    with pytest.raises(PidAlreadyGiven):
        new_person(pid=pid)
    assert Person.objects.count() == people


@pytest.mark.parametrize(
    ("claims", "field", "code"),
    [
        ({"pid": "12345"}, "pid", "form"),
        ({"sex": "X"}, "sex", "unknown-code"),
        ({"birth_date": "1990-02-30"}, "birth_date", "INVALID"),
        ({"birth_date": "2090-01-01"}, "birth_date", "FUTURE"),
        ({"full_name": ""}, "full_name", "EMPTY"),
        ({"full_name": "x" * 40_000_000}, "full_name", "too-long"),
        ({"full_name": "<script>alert(1)</script>"}, "full_name", "DIGIT"),
        ({"phone": "abc"}, "phone", "form"),
        ({"permanent_residence": "12 Lê Lợi"}, "permanent_residence", "not-an-address"),
        ({"occupation": "a\x00b"}, "occupation", "control-character"),
        ({"vaccination_count": -1}, "vaccination_count", "not-a-number"),
        ({"vehicle_plates": "59A12345"}, "vehicle_plates", "not-a-list"),
    ],
)
def test_a_value_out_of_form_is_refused_with_field_and_reason(claims, field, code):
    person = new_person()
    before = Statement.objects.count()
    with pytest.raises(Invalid) as refused:
        state(person, DAY, "C06", **claims)
    assert [(e.field, e.code) for e in refused.value.errors] == [(field, code)]
    assert refused.value.errors[0].remedy
    assert Statement.objects.count() == before


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE population_person; --", "<b>x</b>", "a\tb\nc\\d", "{} %s %(x)s", '"],"1":["'],
)
def test_text_that_looks_like_code_is_kept_as_text(text):
    person = new_person()
    state(person, DAY, "BGDDT", school=text)
    assert fact(person, "school") == text
    assert Person.objects.filter(pk=person).exists()


def test_a_day_that_has_not_come_is_refused():
    person = new_person()
    with pytest.raises(Invalid):
        state(person, DAY + timedelta(days=3), "C06", ethnicity="01")


def test_a_pid_that_belongs_to_the_other_sex_is_refused():
    with pytest.raises(Invalid) as refused:
        new_person(pid=pid_for("F", 1990), sex="M")
    assert refused.value.errors[0].code == "SEX_MISMATCH"


def test_statements_and_numbers_cannot_be_taken_back():
    person = new_person()
    for sql in (
        "UPDATE population_statement SET evidence = 'x' WHERE person_id = %s",
        "DELETE FROM population_statement WHERE person_id = %s",
        "DELETE FROM population_pid WHERE person_id = %s",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [person])


def test_several_statements_go_in_together_or_not_at_all():
    person = new_person()
    before = Statement.objects.count()
    good = NewStatement(person, DAY, Evidence("file", "1"), {"religion": "01"})
    bad = NewStatement(person, DAY, Evidence("file", "2"), {"religion": "??"})
    with pytest.raises(Invalid):
        enter(statements=[good, bad], actor=actor("C06"), at=AT)
    assert Statement.objects.count() == before
