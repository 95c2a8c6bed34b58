"""Reading all that is held about a person."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dancu.population import reading
from dancu.population.claims import enter
from dancu.population.dictionary import number
from dancu.population.models import Annulment
from dancu.population.types import Evidence, NewStatement
from tests.population.conftest import AT, actor, new_person, pid_for

NAME = number("full_name")
PHONE = number("phone")


def say(person_id, claims, *, source="C06", day=date(2020, 1, 1), at=AT):
    statement = NewStatement(person_id, day, Evidence("file", "F-1"), claims)
    (entered,) = enter(statements=[statement], actor=actor(source), at=at)
    return entered.statement_id


def record_of(person_id):
    return reading.record(reading.cards([person_id])[person_id])


def test_cards_are_found_by_key_and_by_any_number_in_one_query(sources, django_assert_num_queries):
    pid = pid_for()
    person = new_person(pid=pid)
    say(person, {"pid": "079188777777"})
    with django_assert_num_queries(1):
        found = reading.cards([person, pid, "079188777777", 999_999_999, "079188999999"])
    assert {key: card.person_id for key, card in found.items()} == {
        person: person,
        pid: person,
        "079188777777": person,
    }
    assert found[person].name == "Nguyễn Thị Minh Anh"


def test_held_facts_name_their_statement_source_and_day(sources):
    person = new_person(day=date(2018, 5, 1))
    statement = say(person, {"full_name": "Nguyễn Minh Anh"}, day=date(2024, 3, 1))
    record = record_of(person)
    assert record.held[NAME].statement_id == statement
    assert record.held[NAME].day == date(2024, 3, 1)
    assert record.held[number("sex")].day == date(2018, 5, 1)
    assert record.statements[statement].evidence_kind == "file"


def test_a_record_turned_back_agrees_with_today_when_it_is_not(sources):
    person = new_person()
    say(person, {"full_name": "Nguyễn Minh Anh"}, day=date(2024, 3, 1))
    say(person, {"phone": "0900000099"}, source="BHXH")
    record = record_of(person)
    folded = record.at(as_of=date(2026, 11, 2), known_at=None)
    assert {n: h.value for n, h in folded.items()} == {n: h.value for n, h in record.held.items()}


def test_what_was_withdrawn_is_known_until_then(sources):
    person = new_person()
    statement = say(person, {"phone": "0900000099"})
    later = datetime(2026, 11, 3, tzinfo=UTC)
    Annulment.objects.create(
        person_id=person,
        statement_id=statement,
        attribute=None,
        annulled_at=later,
        annulled_by=1,
        reason="wrong person",
    )
    record = record_of(person)
    assert PHONE in record.at(as_of=None, known_at=AT)
    assert PHONE not in record.at(as_of=None, known_at=later)
    assert record.confirmed_on(PHONE, "0900000099") is None
    assert record.history(PHONE) == []


def test_one_claim_of_a_statement_can_be_withdrawn_alone(sources):
    person = new_person()
    statement = say(person, {"phone": "0900000099", "email": "a@b.vn"})
    Annulment.objects.create(
        person_id=person,
        statement_id=statement,
        attribute=PHONE,
        annulled_at=AT,
        annulled_by=1,
        reason="wrong",
    )
    at = record_of(person).at(as_of=date(2026, 11, 2), known_at=None)
    assert PHONE not in at
    assert at[number("email")].value == "a@b.vn"


def test_kin_are_found_by_any_number_of_the_parent(sources):
    mother_pid, father_pid = pid_for(), pid_for("M")
    mother, father = new_person(pid=mother_pid), new_person(pid=father_pid)
    son = new_person(pid=pid_for("M", 2012), mother_pid=mother_pid, father_pid=father_pid)
    say(mother, {"pid": "079190777777"}, day=date(2022, 1, 1))
    half = new_person(day=date(2024, 1, 1), pid=pid_for("F", 2023), mother_pid="079190777777")
    children = reading.kin(mother, {})
    assert {(k.role, k.card.person_id) for k in children} == {("child", son), ("child", half)}
    family = reading.kin(son, {"mother_pid": mother_pid, "father_pid": father_pid})
    assert {(k.role, k.card.person_id) for k in family} == {
        ("mother_pid", mother),
        ("father_pid", father),
        ("sibling", half),
    }


def test_members_come_head_first_and_the_dead_have_left(sources):
    house = {"household_number": "79000000001"}
    child = new_person(pid=pid_for("F", 2012), household_relationship="CON_DE", **house)
    head = new_person(household_relationship="CHU_HO", **house)
    new_person(pid=pid_for("M", 1940), household_relationship="CHA_DE", life_status="CHET", **house)
    found = reading.members("79000000001")
    assert [(m.card.person_id, m.relationship) for m in found] == [
        (head, "CHU_HO"),
        (child, "CON_DE"),
    ]


def test_a_whole_record_takes_few_queries(sources, django_assert_max_num_queries):
    person = new_person()
    card = reading.cards([person])[person]
    with django_assert_max_num_queries(5):
        reading.record(card)
