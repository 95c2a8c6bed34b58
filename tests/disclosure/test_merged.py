"""What agencies and citizens are told of a record that was merged into another."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from dancu.disclosure import services as door
from dancu.disclosure.changes import Change, Nature, Noticed, Reach
from dancu.disclosure.errors import NoOwnRecord
from dancu.disclosure.inquiries import Outcome
from dancu.disclosure.services import changing
from dancu.disclosure.services.telling import whom_to_follow
from dancu.kernel.errors import NotFoundOrNotYours
from dancu.population.services import decide_merge, decide_undo, propose_merge, propose_undo
from tests.disclosure.conftest import AT, citizen, new_person, officer, say
from tests.disclosure.test_verifying import ask, inquiry

pytestmark = pytest.mark.django_db
FIRST, SECOND = (officer("province_officer", unit="79", account=number) for number in (1, 2))


@pytest.fixture
def woman(register: object) -> SimpleNamespace:
    return new_person()


@pytest.fixture
def again(register: object) -> SimpleNamespace:
    return new_person()


def merge(survivor: SimpleNamespace, merged: SimpleNamespace) -> int:
    number = propose_merge(
        survivor_id=survivor.id, merged_id=merged.id, reason="Một người", actor=FIRST, at=AT
    )
    decide_merge(merge_id=number, decision="confirm", reason="Đúng", actor=SECOND, at=AT)
    return number


def part(number: int) -> None:
    propose_undo(merge_id=number, reason="Hai người", actor=SECOND, at=AT)
    decide_undo(merge_id=number, decision="confirm", reason="Đúng", actor=FIRST, at=AT)


def reach() -> Reach:
    return changing.mark().reach


def test_the_old_number_is_cancelled_and_has_a_successor(woman, again):
    facts = {"full_name": woman.name, "birth_date": "02/09/1988"}
    number = merge(woman, again)
    found = ask({**facts, "pid": again.pid})
    assert (found.outcome, found.successor) == (Outcome.PID_CANCELLED, True)
    assert ask({**facts, "pid": woman.pid}).outcome == Outcome.FULL_MATCH
    assert whom_to_follow([inquiry({**facts, "pid": again.pid})], at=AT) == [None]
    part(number)
    assert ask({**facts, "pid": again.pid}).outcome == Outcome.FULL_MATCH


def test_followers_are_told_that_the_number_is_cancelled_and_when_it_is_back(woman, again):
    begun = reach()
    number = merge(woman, again)
    merged = reach()
    told = changing.noticed(begun, merged)
    assert [(one.person_id, one.change, one.nature) for one in told] == [
        (again.id, Change.PID_CANCELLED, Nature.HAPPENED)
    ]
    assert isinstance(told[0], Noticed)
    part(number)
    back = changing.noticed(merged, reach())
    assert [(one.person_id, one.change, one.nature) for one in back] == [
        (again.id, Change.PID_CANCELLED, Nature.WITHDRAWN)
    ]


def test_a_death_that_the_other_record_knew_is_told_of_the_one_that_stays(woman, register):
    dead = new_person()
    died = {"life_status": "CHET", "death_date": "2026-10-01"}
    say(dead, died, source="HT-26740", day=date(2026, 10, 1))
    begun = reach()
    merge(woman, dead)
    told = {(one.person_id, one.change) for one in changing.noticed(begun, reach())}
    assert (woman.id, Change.DEATH) in told


def test_an_account_of_the_merged_record_reads_the_one_that_stays(woman, again):
    look = {"purpose": "data_correction", "case": "HS-1", "at": AT}
    door.disclose_page(actor=FIRST, subject=woman.id, **look)
    door.disclose_page(actor=FIRST, subject=again.id, **look)
    merge(woman, again)
    for person in (woman, again):
        own = citizen(person.id, account=60)
        assert door.own_record(actor=own, at=AT).header.person_id == woman.id
        rows = door.accesses_of(person_id=person.id, actor=own, at=AT).rows
        assert sorted(row.person_id for row in rows) == sorted([woman.id, again.id])
        other = again if person is woman else woman
        with pytest.raises(NotFoundOrNotYours):
            door.accesses_of(person_id=other.id, actor=own, at=AT)
    with pytest.raises(NoOwnRecord):
        door.own_record(actor=citizen(None), at=AT + timedelta(minutes=1))
