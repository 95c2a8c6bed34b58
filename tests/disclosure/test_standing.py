"""One particular at the desk, and whether facts that were given out still hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dancu.disclosure import services as door
from dancu.disclosure.errors import PresentationRequired
from dancu.disclosure.models import AccessRecord
from dancu.kernel.dates import parse
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population.models import Person
from tests.disclosure.conftest import AT, HOME, NEXT_WARD, new_person, officer, records, say

Kind = AccessRecord.Kind
DESK = {"purpose": "one_stop_verification", "case": "HS-1", "at": AT}
INCOMING = {"purpose": "residence_registration_incoming", "case": "HS-1", "at": AT}
BORN = parse("02/09/1988")


def digest(name, value):
    return f"{name}={value}".encode()


def holds(person, at=AT, **values):
    return door.still_holds(
        person_id=person.id,
        given={name: digest(name, value) for name, value in values.items()},
        digest=digest,
        purpose="one_stop_verification",
        case="HS-1",
        at=at,
    )


@pytest.mark.parametrize(
    ("name", "born"), [("tran thi thu huong", None), (None, BORN), ("TRAN THI THU HUONG", BORN)]
)
def test_one_particular_is_enough_where_the_purpose_says_so(mother, name, born):
    desk = officer("enquiry_officer")
    assert door.present(actor=desk, pid=mother.pid, name=name, birth_date=born, **DESK).person_id


@pytest.mark.parametrize(
    ("name", "born"),
    [("Lê Thị Sáu", None), ("Lê Thị Sáu", BORN), ("", None), (None, parse("1988"))],
)
def test_each_particular_that_is_given_must_be_right(mother, name, born):
    desk = officer("enquiry_officer")
    with pytest.raises(NotFoundOrNotYours):
        door.present(actor=desk, pid=mother.pid, name=name, birth_date=born, **DESK)


@pytest.mark.parametrize("said", ["1988", "07/1988", "17/07/1988"])
@pytest.mark.parametrize("held", ["1988", "1988-07"])
def test_a_date_that_the_number_gives_away_is_no_particular(register, held, said):
    desk, old = officer("enquiry_officer"), new_person(birth_date=held)
    with pytest.raises(NotFoundOrNotYours):
        door.present(actor=desk, pid=old.pid, name=None, birth_date=parse(said), **DESK)
    named = {"name": old.name, "birth_date": parse("17/07/1988")}
    assert door.present(actor=desk, pid=old.pid, **named, **DESK).person_id == old.id


@pytest.mark.parametrize(
    ("name", "born"), [("Trần Thị Thu Hương", None), (None, BORN), (None, None)]
)
def test_other_purposes_ask_for_both(mother, name, born):
    with pytest.raises(PresentationRequired):
        door.present(actor=officer(), pid=mother.pid, name=name, birth_date=born, **INCOMING)
    (row,) = records()
    assert (row.kind, row.refusal) == (Kind.PRESENTED, "presentation-required")


def test_a_number_alone_is_never_enough(mother):
    desk = officer("enquiry_officer")
    with pytest.raises(PresentationRequired):
        door.present(actor=desk, pid=mother.pid, name=None, birth_date=None, **DESK)


def test_facts_hold_until_one_of_them_changes(mother):
    then = {"full_name": mother.name, "permanent_residence": HOME.text, "temporary_residence": None}
    assert holds(mother, **then)
    say(mother, {"permanent_residence": NEXT_WARD}, source="CA-26740", day=date(2026, 3, 2))
    assert not holds(mother, **then)
    assert holds(mother, full_name=mother.name)


def test_nothing_holds_of_the_dead_and_of_nobody(mother):
    assert holds(mother, full_name=mother.name)
    say(mother, {"life_status": "CHET"}, source="HT-26740", day=date(2026, 3, 2))
    assert not holds(mother, full_name=mother.name)
    mother.id = 10**12
    assert not holds(mother, full_name=mother.name)


def test_nothing_holds_of_a_record_that_is_anothers_now(mother):
    other = new_person(full_name="Lê Thị Sáu", birth_date="1970-01-01")
    Person.objects.filter(pk=mother.id).update(status=4, merged_into=other.id)
    assert not holds(mother, full_name=mother.name)
    (row,) = records()
    assert row.person_id == other.id


def test_the_person_reads_that_somebody_asked_and_that_nothing_was_shown(mother):
    holds(mother, full_name=mother.name)
    (row,) = records()
    assert (row.kind, row.person_id, row.attributes) == (Kind.EXTRACT_CHECKED, mother.id, None)
    assert (row.account_id, row.role, row.case_number) == (None, "extract_holder", "HS-1")


def test_checks_within_ten_minutes_are_one_access(mother):
    for minutes in (0, 1, 9, 11):
        assert holds(mother, at=AT + timedelta(minutes=minutes), full_name=mother.name)
    assert [row.at - AT for row in records()] == [timedelta(), timedelta(minutes=11)]
