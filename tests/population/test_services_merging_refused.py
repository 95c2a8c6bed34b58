"""Merges that need two officers, and merges that are refused until something is settled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction

from dancu.access.errors import ActionNotAllowed
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population import dictionary
from dancu.population.claims import enter
from dancu.population.errors import RecordMerged
from dancu.population.models import Merge, Person
from dancu.population.services import (
    correct_facts,
    decide_merge,
    decide_undo,
    merge_of,
    merge_versions,
    propose_undo,
)
from dancu.population.services.merge_errors import (
    LifeAfterDeath,
    MergeDecided,
    MergeOfOne,
    MergeWaiting,
    NumberMustStay,
    NumberWouldContradict,
    RecordChangedSince,
    RecordsDisagree,
    RecordsOfRelatives,
    SameOfficer,
    UndoNotProposed,
    UndoWaiting,
)
from dancu.population.services.records import lock_one
from dancu.population.types import Evidence, NewStatement
from tests.population.conftest import actor as system
from tests.population.conftest import pid_for, state
from tests.population.merging_cast import (
    BORN,
    NAME,
    SECOND,
    decide,
    merged_of,
    propose,
    sound,
    undo,
    yen,
    yen_again,
)
from tests.population.services_cast import (
    AT,
    HOME,
    MORE_SOURCES,
    PAPER,
    PROVINCE,
    REGISTRAR,
    WARD,
    WARD_BEN_THANH,
    Family,
    a_person,
    fact,
    footprint,
    officer,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("family")
LATER = date(2026, 10, 15)


# --- Two officers -------------------------------------------------------------------------------


def test_nobody_confirms_what_they_proposed():
    merge = propose(yen(), yen_again(), actor=PROVINCE)
    before = footprint()
    with pytest.raises(SameOfficer):
        decide(merge)
    assert footprint() == before
    decide(merge, actor=SECOND)
    assert merge_of(merge_id=merge).state == "done"


def test_the_database_holds_the_rule_of_two_officers_too():
    merge = propose(yen(), yen_again())
    with pytest.raises(DatabaseError, match="merge_by_two_officers"), transaction.atomic():
        Merge.objects.filter(pk=merge).update(state="done", decided_by=WARD.account_id)


def test_a_ward_officer_proposes_and_takes_back_and_no_more():
    merge = propose(yen(), yen_again())
    with pytest.raises(ActionNotAllowed):
        decide(merge, actor=officer("ward_officer", number=13))
    decide(merge, "decline", actor=WARD)
    assert merge_of(merge_id=merge).state == "declined"
    with pytest.raises(MergeDecided):
        decide(merge)
    with pytest.raises(MergeDecided):
        undo(merge)


def test_to_part_them_again_takes_two_officers_as_well():
    one, other = yen(), yen_again()
    merge = merged_of(one, other)
    told = {"merge_id": merge, "reason": "Hai người", "at": AT}
    for decision in ("confirm", "decline"):
        with pytest.raises(UndoNotProposed):
            decide_undo(**told, decision=decision, actor=PROVINCE)
    propose_undo(**told, actor=PROVINCE)
    before = footprint()
    for error, decision, who in (
        (SameOfficer, "confirm", PROVINCE),
        (ActionNotAllowed, "confirm", WARD),
        (NotFoundOrNotYours, "confirm", officer("province_officer", areas=("01",), number=14)),
        (NotFoundOrNotYours, "decline", officer("province_officer", areas=("01",), number=14)),
    ):
        with pytest.raises(error):
            decide_undo(**told, decision=decision, actor=who)
    with pytest.raises(UndoWaiting):
        propose_undo(**told, actor=SECOND)
    with pytest.raises(DatabaseError, match="undone_by_two_officers"), transaction.atomic():
        Merge.objects.filter(pk=merge).update(state="undone", undone_by=PROVINCE.account_id)
    state(one, LATER, "BHXH", phone="0903123456")
    assert merge_of(merge_id=merge).is_undo_stale
    with pytest.raises(RecordChangedSince):
        decide_undo(**told, decision="confirm", actor=SECOND)
    decide_undo(**told, decision="decline", actor=PROVINCE)
    assert merge_of(merge_id=merge).undo_proposed_by is None
    assert fact(one, "phone")
    assert footprint() != before
    undo(merge)
    assert merge_of(merge_id=merge).state == "undone"
    assert sound()


def test_an_officer_of_elsewhere_finds_nobody():
    one, other = yen(), yen_again()
    before = footprint()
    with pytest.raises(NotFoundOrNotYours):
        propose(one, other, actor=WARD_BEN_THANH)
    with pytest.raises(NotFoundOrNotYours):
        propose(one, 99_999_999)
    with pytest.raises(ActionNotAllowed):
        propose(one, other, actor=REGISTRAR)
    merge = propose(one, other)
    hanoi = officer("province_officer", source="C06", areas=("01",), number=14)
    for act in (decide, lambda m, actor: decide(m, "decline", actor=actor)):
        with pytest.raises(NotFoundOrNotYours):
            act(merge, actor=hanoi)
    assert footprint() == before
    decide(merge)
    with pytest.raises(NotFoundOrNotYours):
        undo(merge, actor=hanoi)
    with pytest.raises(NotFoundOrNotYours):
        undo(0)


def test_a_record_changed_since_is_looked_at_again():
    one, other = yen(), yen_again()
    seen = merge_versions(person_ids=[one, other])
    state(other, LATER, "BHXH", phone="0903123456")
    with pytest.raises(RecordChangedSince):
        propose(one, other, expected=seen)
    merge = propose(one, other, expected=merge_versions(person_ids=[one, other]))
    correct_facts(
        person_id=one, claims={"religion": "02"}, evidence=PAPER, day=LATER, actor=WARD, at=AT
    )
    assert merge_of(merge_id=merge).is_stale
    before = footprint()
    with pytest.raises(RecordChangedSince):
        decide(merge)
    assert footprint() == before
    decide(merge, "decline", actor=WARD)
    merged_of(one, other)
    assert fact(one, "religion") == "02"


@pytest.mark.django_db(transaction=True)
def test_a_merge_waits_for_the_officer_who_edits_and_is_then_refused(sources: object):
    dictionary.sync_sources(MORE_SOURCES)
    one, other = yen(), yen_again()
    merge = propose(one, other)
    locked, started = Event(), Event()

    def confirm() -> str:
        try:
            locked.wait(30)
            started.set()
            decide(merge)
        except RecordChangedSince:
            return "told"
        finally:
            connection.close()
        return "not told"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(confirm)
        with transaction.atomic():
            lock_one(other)
            locked.set()
            started.wait(30)
            correct_facts(
                person_id=other,
                claims={"religion": "02"},
                evidence=PAPER,
                day=LATER,
                actor=WARD,
                at=AT,
            )
        assert waiting.result(60) == "told"
    assert merge_of(merge_id=merge).state == "proposed"
    assert sound()


def test_a_reason_is_given_each_time():
    one, other = yen(), yen_again()
    with pytest.raises(Invalid):
        propose(one, other, reason=" ")
    merge = propose(one, other)
    with pytest.raises(Invalid):
        decide_merge(merge_id=merge, decision="confirm", reason="", actor=PROVINCE, at=AT)


# --- What must be settled first -----------------------------------------------------------------


def refused(error: type[Exception], survivor: int, merged: int) -> None:
    before = footprint()
    with pytest.raises(error):
        propose(survivor, merged)
    assert footprint() == before
    assert not Merge.objects.exists()


def test_one_record_is_not_two():
    one = yen()
    refused(MergeOfOne, one, one)


def test_a_pair_is_proposed_once():
    one, other = yen(), yen_again()
    propose(one, other)
    for pair in ((one, other), (other, one), (one, yen_again())):
        with pytest.raises(MergeWaiting):
            propose(*pair)


def test_a_merged_record_is_not_merged_again():
    one, other = yen(), yen_again()
    merged_of(one, other)
    with pytest.raises(RecordMerged):
        propose(yen_again(), other)


def test_man_and_woman_are_two_people():
    refused(RecordsDisagree, yen(), a_person(NAME, "M", BORN))


def test_a_death_on_two_days_is_settled_first():
    dead = {"life_status": "CHET", "household_number": None, "household_relationship": None}
    one = yen(**dead, death_date="2015-01-01")
    refused(RecordsDisagree, one, yen_again(**dead, death_date="2015-02-02"))


def test_whoever_died_says_nothing_afterwards():
    """The living record was made in 2018, after the day of death of the other."""
    dead = yen(life_status="CHET", death_date="2015-01-01")
    refused(LifeAfterDeath, dead, yen_again())


def test_a_dead_record_takes_the_living_one_along():
    dead = a_person(NAME, "F", BORN)
    living = yen_again()
    state(dead, LATER, "HT-26740", life_status="CHET", death_date="2026-10-15")
    merge = merged_of(living, dead)
    assert Person.objects.get(pk=living).status == Person.Status.DEAD
    undo(merge)
    assert Person.objects.get(pk=living).status == Person.Status.ALIVE
    assert Person.objects.get(pk=dead).status == Person.Status.DEAD
    assert sound()


def test_relatives_are_two_people(family: Family):
    refused(RecordsOfRelatives, family.son, family.head)


def test_nobody_has_two_spouses(family: Family):
    other = a_person("Nguyễn Minh Cường", "M", "1990-04-05", spouse_pid=pid_of(family.wife))
    refused(RecordsDisagree, family.son, other)


def test_the_record_with_a_number_stays():
    one = yen()
    nameless = _without_number()
    refused(NumberMustStay, nameless, one)
    merged_of(one, nameless)
    assert sound()


def _without_number() -> int:
    claims = {"full_name": NAME, "sex": "F", "birth_date": BORN, "permanent_residence": HOME}
    (entered,) = enter(
        statements=[NewStatement(None, LATER, Evidence("form_dc01", "DC01"), claims)],
        actor=system("C06"),
        at=AT,
    )
    return entered.person_id


def test_the_number_that_stays_must_not_contradict_the_facts():
    one = yen()
    registered = a_person(NAME, "F", "1987-03-04", source="HT-26740", pid=pid_for("F", 1987))
    merge = propose(one, registered)
    before = footprint()
    with pytest.raises(NumberWouldContradict):
        decide(merge)
    assert footprint() == before
    decide(merge, "decline", actor=WARD)
    merged_of(registered, one)
    assert fact(registered, "birth_date") == "1987-03-04"
