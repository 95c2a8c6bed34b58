"""Moves and households: what is true from which day, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dancu.access.errors import OutsideJurisdiction
from dancu.kernel.errors import Conflict as ChangedMeanwhile
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population import dictionary
from dancu.population.arbitration import winner
from dancu.population.errors import NothingToCorrect, PersonNotAlive
from dancu.population.internal.recompute import claims_of
from dancu.population.models import Household, Person
from dancu.population.services import (
    DeathDeclaration,
    change_household_head,
    declare_current_residence,
    register_death,
    register_move,
    suggest_relationship,
    version_of,
)
from dancu.population.services.errors import (
    ConsentMissing,
    HouseholdElsewhere,
    HouseholdNeedsHead,
    NotInHousehold,
    UnknownHousehold,
)
from dancu.population.types import AddressValue
from tests.population.services_cast import (
    AT,
    ELSEWHERE,
    EVERYBODY,
    HANOI,
    HOME,
    PAPER,
    PROVINCE,
    REGISTRAR,
    TODAY,
    WARD,
    WARD_BEN_THANH,
    Family,
    a_person,
    fact,
    footprint,
    place,
)

pytestmark = pytest.mark.usefixtures("sources")
DAY = date(2026, 10, 15)


def lived_at(person: int, day: date) -> object:
    number = dictionary.number("permanent_residence")
    claim = winner(claims_of([person])[person][number], "authority", as_of=day)
    return claim.value if claim else None


def test_a_young_couple_moves_out_and_history_tells_the_truth(family: Family):
    move = register_move(
        person_ids=[family.son, family.daughter_in_law],
        to=ELSEWHERE,
        relationships={family.son: "CHU_HO"},
        day=DAY,
        presented=EVERYBODY,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    assert fact(family.son, "household_number") == move.household != "HO-1"
    assert fact(family.son, "household_relationship") == "CHU_HO"
    assert fact(family.daughter_in_law, "household_relationship") == "VO"
    assert lived_at(family.son, DAY) == place(ELSEWHERE)
    assert lived_at(family.son, DAY - timedelta(days=1)) == place(HOME)
    card = Person.objects.get(pk=family.son)
    assert (card.commune, card.household) == ("26743", move.household)
    (left,) = move.left
    assert (left.number, left.is_empty, left.needs_head) == ("HO-1", False, False)


def test_a_head_who_moves_leaves_others_who_need_one(family: Family):
    move = register_move(
        person_ids=[family.head],
        to=ELSEWHERE,
        day=DAY,
        presented=EVERYBODY,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    (left,) = move.left
    assert left.needs_head
    assert left.head_candidates == (family.wife, family.son, family.daughter_in_law)


def test_a_whole_household_moves_as_it_is(family: Family):
    people = [family.head, family.wife, family.son, family.daughter_in_law]
    move = register_move(
        person_ids=people,
        to=ELSEWHERE,
        household="HO-1",
        day=DAY,
        presented=EVERYBODY,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    assert (move.household, move.left) == ("HO-1", ())
    assert [fact(p, "household_relationship") for p in people] == [
        "CHU_HO",
        "VO",
        "CON_DE",
        "CON_DAU",
    ]
    assert {fact(p, "permanent_residence") for p in people} == {place(ELSEWHERE)}


def test_the_last_one_to_leave_closes_the_household(family: Family):
    move = register_move(
        person_ids=[family.stranger],
        to=ELSEWHERE,
        day=DAY,
        presented=EVERYBODY,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    assert move.left[0].is_empty
    assert Household.objects.get(number="HO-2").closed_on == DAY
    with pytest.raises(UnknownHousehold):
        register_move(
            person_ids=[family.son],
            to=None,
            household="HO-2",
            consent="Có",
            day=DAY,
            actor=WARD,
            at=AT,
        )


def test_joining_a_household_takes_its_address_and_a_relationship_by_kinship(family: Family):
    wife = a_person(
        "Bùi Thị Mai",
        "F",
        "1996-01-02",
        permanent_residence=HANOI,
        spouse_pid=Person.objects.get(pk=family.stranger).pid,
        marital_status="DANG_CO_VO_CHONG",
    )
    register_move(
        person_ids=[wife],
        to=None,
        household="HO-2",
        consent="Chủ hộ ký CT01",
        day=DAY,
        presented=[wife],
        actor=WARD,
        at=AT,
    )
    assert fact(wife, "permanent_residence") == place(HOME)
    assert fact(wife, "household_relationship") == "VO"


def test_joining_needs_consent_one_head_and_the_same_address(family: Family):
    before = footprint()
    asked = {"person_ids": [family.stranger], "household": "HO-1", "day": DAY, "at": AT}
    with pytest.raises(ConsentMissing):
        register_move(to=None, actor=WARD, **asked)
    with pytest.raises(HouseholdNeedsHead):
        register_move(
            to=None, actor=WARD, consent="Có", relationships={family.stranger: "CHU_HO"}, **asked
        )
    with pytest.raises(HouseholdElsewhere):
        register_move(to=ELSEWHERE, actor=PROVINCE, consent="Có", **asked)
    with pytest.raises(Invalid) as caught:
        register_move(
            to=None, actor=WARD, consent="Có", relationships={family.stranger: "VO"}, **asked
        )
    assert caught.value.field_errors[0].code == "SEX_MISMATCH"
    assert footprint() == before


def test_a_new_household_has_exactly_one_head(family: Family):
    before = footprint()
    for heads in ({}, {family.son: "CHU_HO", family.daughter_in_law: "CHU_HO"}):
        with pytest.raises(HouseholdNeedsHead):
            register_move(
                person_ids=[family.son, family.daughter_in_law],
                to=ELSEWHERE,
                relationships=heads,
                day=DAY,
                presented=EVERYBODY,
                actor=WARD_BEN_THANH,
                at=AT,
            )
    assert footprint() == before


def test_only_the_receiving_ward_registers_a_move(family: Family):
    before = footprint()
    with pytest.raises(OutsideJurisdiction):
        register_move(person_ids=[family.stranger], to=ELSEWHERE, day=DAY, actor=WARD, at=AT)
    assert footprint() == before


@pytest.mark.parametrize(
    ("to", "day", "field"),
    [
        (AddressValue("Đâu đó", "99999", TODAY), DAY, "to"),
        (AddressValue("Hà Nội", "01", TODAY), DAY, "to"),
        (ELSEWHERE, TODAY + timedelta(days=1), "day"),
        (ELSEWHERE, date(2018, 4, 30), "day"),
    ],
)
def test_a_wrong_address_or_day_is_named(family: Family, to: AddressValue, day: date, field: str):
    before = footprint()
    with pytest.raises(Invalid) as caught:
        register_move(
            person_ids=[family.stranger],
            to=to,
            day=day,
            presented=EVERYBODY,
            actor=WARD_BEN_THANH,
            at=AT,
        )
    assert caught.value.field_errors[0].field == field
    assert footprint() == before


def test_the_dead_do_not_move_and_the_unknown_are_not_found(family: Family):
    register_death(declaration=DeathDeclaration(family.wife, DAY), actor=REGISTRAR, at=AT)
    before = footprint()
    with pytest.raises(PersonNotAlive):
        register_move(
            person_ids=[family.wife],
            to=ELSEWHERE,
            day=TODAY,
            presented=EVERYBODY,
            actor=WARD_BEN_THANH,
            at=AT,
        )
    with pytest.raises(NotFoundOrNotYours):
        register_move(
            person_ids=[10**12],
            to=ELSEWHERE,
            day=TODAY,
            presented=EVERYBODY,
            actor=WARD_BEN_THANH,
            at=AT,
        )
    assert footprint() == before


def test_who_saw_an_older_record_is_told(family: Family):
    seen = version_of(family.stranger)
    register_move(
        person_ids=[family.stranger],
        to=ELSEWHERE,
        day=DAY,
        presented=EVERYBODY,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    before = footprint()
    with pytest.raises(ChangedMeanwhile):
        register_move(
            person_ids=[family.stranger],
            to=HOME,
            day=TODAY,
            presented=EVERYBODY,
            actor=WARD,
            at=AT,
            expected={family.stranger: seen},
        )
    assert footprint() == before


def test_where_people_live_is_declared_and_comes_along_when_they_move(family: Family):
    declare_current_residence(
        person_ids=[family.stranger], address=HOME, day=DAY, evidence=PAPER, actor=WARD, at=AT
    )
    register_move(
        person_ids=[family.stranger],
        to=ELSEWHERE,
        day=TODAY,
        presented=EVERYBODY,
        actor=WARD_BEN_THANH,
        at=AT,
    )
    assert fact(family.stranger, "current_residence") == place(ELSEWHERE)


def test_a_member_of_another_household_does_not_become_head(family: Family):
    before = footprint()
    with pytest.raises(NotInHousehold):
        change_household_head(
            number="HO-1", head_id=family.stranger, day=DAY, evidence=PAPER, actor=WARD, at=AT
        )
    assert footprint() == before


@pytest.mark.parametrize(
    ("who", "head", "code"),
    [
        ("wife", "head", "VO"),
        ("son", "head", "CON_DE"),
        ("daughter_in_law", "head", "CON_DAU"),
        ("head", "son", "CHA_DE"),
        ("wife", "son", "ME_DE"),
        ("head", "daughter_in_law", "CHA_CHONG"),
        ("wife", "daughter_in_law", "ME_CHONG"),
        ("stranger", "head", "KHAC"),
        ("head", "head", "CHU_HO"),
    ],
)
def test_kinship_suggests_the_relationship(family: Family, who: str, head: str, code: str):
    suggested = suggest_relationship(person_id=getattr(family, who), head_id=getattr(family, head))
    assert suggested == code


def test_nobody_from_elsewhere_moves_unless_presented(family: Family):
    before = footprint()
    asked = {"person_ids": [family.stranger], "to": ELSEWHERE, "day": DAY, "at": AT}
    with pytest.raises(NotFoundOrNotYours):
        register_move(actor=WARD_BEN_THANH, **asked)
    with pytest.raises(NotFoundOrNotYours):
        register_move(actor=WARD_BEN_THANH, presented=[family.son], **asked)
    assert footprint() == before
    register_move(actor=WARD_BEN_THANH, presented=[family.stranger], **asked)


def test_a_household_elsewhere_reads_like_one_that_there_is_not(family: Family):
    mover = a_person("Võ Thị Hạnh", "F", "1991-02-03", permanent_residence=ELSEWHERE)
    said = set()
    for number in ("HO-1", "HO-2", "HO-404"):
        with pytest.raises(UnknownHousehold) as caught:
            register_move(
                person_ids=[mover],
                to=None,
                household=number,
                consent="Có",
                day=DAY,
                actor=WARD_BEN_THANH,
                at=AT,
            )
        said.add((caught.value.code, caught.value.text().replace(number, "")))
    assert len(said) == 1


@pytest.mark.parametrize("household", [None, "own"])
def test_the_same_move_again_opens_no_second_household(family: Family, household: str | None):
    asked = {
        "person_ids": [family.son, family.daughter_in_law],
        "to": ELSEWHERE,
        "day": DAY,
        "relationships": {family.son: "CHU_HO"},
        "presented": EVERYBODY,
        "actor": WARD_BEN_THANH,
        "at": AT,
    }
    done = register_move(**asked)
    before = footprint()
    with pytest.raises(NothingToCorrect):
        register_move(**asked, household=done.household if household else None)
    assert footprint() == before


def test_part_of_a_household_may_still_become_one_of_its_own(family: Family):
    done = register_move(
        person_ids=[family.son, family.daughter_in_law],
        to=HOME,
        relationships={family.son: "CHU_HO"},
        day=DAY,
        actor=WARD,
        at=AT,
    )
    assert fact(family.son, "household_number") == done.household != "HO-1"
