"""What may still be said of somebody who has died, and of a state that nobody has seen."""

from __future__ import annotations

import pytest

from dancu.catalogue.queries import attributes
from dancu.kernel.errors import Conflict
from dancu.population import dictionary
from dancu.population.services import (
    DeathDeclaration,
    confirm_facts,
    correct_facts,
    decide_correction,
    is_correctable,
    register_death,
    request_correction,
    settle_conflict,
    version_of,
)
from dancu.population.services.corrections import OWN_WAY
from dancu.population.services.errors import HasItsOwnWay, NotOfTheDead
from tests.population.services_cast import (
    AT,
    MORE_SOURCES,
    PAPER,
    REGISTRAR,
    TODAY,
    WARD,
    a_person,
    citizen,
    fact,
    footprint,
)

pytestmark = pytest.mark.usefixtures("sources")


@pytest.fixture(autouse=True)
def _more_sources(sources: object) -> None:
    dictionary.sync_sources(MORE_SOURCES)


def somebody(**more):
    return a_person("Lê Văn Cũ", "M", "1950-01-02", phone="0900000015", **more)


def somebody_dead(**more):
    person = somebody(**more)
    register_death(declaration=DeathDeclaration(person, TODAY), actor=REGISTRAR, at=AT)
    return person


def correct(person, **more):
    claims = more.pop("claims", {"phone": "0900000016"})
    said = {"evidence": PAPER, "day": TODAY, "actor": WARD, "at": AT, **more}
    return correct_facts(person_id=person, claims=claims, **said)


@pytest.mark.parametrize("claims", [{"phone": "0900000016"}, {"occupation": "Thợ mộc"}])
def test_what_does_not_belong_to_the_dead_is_not_corrected(claims):
    person = somebody_dead()
    before = footprint()
    with pytest.raises(NotOfTheDead):
        correct(person, claims=claims)
    with pytest.raises(NotOfTheDead):
        correct(person, claims={"other_names": ["Cũ"], **claims})
    assert footprint() == before


def test_a_request_of_before_the_death_changes_nothing_of_the_dead():
    person = somebody()
    made = request_correction(
        attribute_name="phone", value="0900000016", reason="Đổi số", actor=citizen(person), at=AT
    )
    register_death(declaration=DeathDeclaration(person, TODAY), actor=REGISTRAR, at=AT)
    before = footprint()
    with pytest.raises(NotOfTheDead):
        decide_correction(
            request_id=made.request_id, decision="accept", reason="Đúng", actor=WARD, at=AT
        )
    with pytest.raises(NotOfTheDead):
        settle_conflict(
            person_id=person,
            attribute_name="phone",
            statement_id=made.statement_id,
            decision="accept",
            reason="Đúng",
            actor=WARD,
            at=AT,
        )
    assert footprint() == before
    decide_correction(
        request_id=made.request_id, decision="decline", reason="Đã mất", actor=WARD, at=AT
    )


def test_a_phone_of_the_dead_is_not_confirmed():
    person = somebody_dead()
    before = footprint()
    with pytest.raises(NotOfTheDead):
        confirm_facts(
            person_id=person, attributes=["phone"], evidence=PAPER, day=TODAY, actor=WARD, at=AT
        )
    assert footprint() == before


def test_who_they_were_is_put_right_after_death():
    person = somebody_dead()
    correct(person, claims={"other_names": ["Cũ"]})
    assert fact(person, "other_names") == ["Cũ"]


def test_facts_with_a_way_of_their_own_keep_it_after_death():
    person = somebody_dead()
    with pytest.raises(HasItsOwnWay):
        correct(person, claims={"life_status": "SONG"})


def test_the_living_and_the_dead_are_corrected_by_one_rule():
    living = {a.name for a in attributes() if is_correctable(a.name, is_alive=True)}
    dead = {a.name for a in attributes() if is_correctable(a.name, is_alive=False)}
    assert dead < living == {a.name for a in attributes()} - OWN_WAY
    assert {"full_name", "birth_date", "father_pid", "death_date", "permanent_residence"} <= dead
    assert not dead & {"phone", "email", "school", "workplace", "lodging", "temporary_residence"}


@pytest.mark.parametrize("ahead", [1, 10**6, 10**30])
def test_a_version_that_there_is_not_yet_was_seen_by_nobody(ahead):
    person = somebody()
    before = footprint()
    with pytest.raises(Conflict):
        correct(person, expected_statement_id=version_of(person) + ahead)
    with pytest.raises(Conflict):
        correct(person, expected_statement_id=-ahead)
    assert footprint() == before
    correct(person, expected_statement_id=version_of(person))
