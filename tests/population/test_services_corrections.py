"""Corrections by officers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from dancu.access.errors import ActionNotAllowed
from dancu.kernel.errors import Conflict as ChangedMeanwhile
from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population import dictionary
from dancu.population.errors import NothingToCorrect, NotTheAuthority
from dancu.population.internal import golden
from dancu.population.models import Conflict, Statement
from dancu.population.services import confirm_facts, version_of
from dancu.population.services.errors import HasItsOwnWay
from dancu.population.services.records import lock_one
from tests.population.services_cast import (
    AT,
    DESK,
    ELSEWHERE,
    MORE_SOURCES,
    PAPER,
    TODAY,
    WARD,
    WARD_BEN_THANH,
    Family,
    a_person,
    correct,
    fact,
    footprint,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("sources")


def test_an_officer_corrects_what_their_source_decides(family: Family):
    done = correct(family.stranger, religion="01", ethnicity="01")
    assert done.changed == ("religion",)
    assert fact(family.stranger, "religion") == "01"
    statement = Statement.objects.get(id=done.statement_id)
    assert statement.claims == {dictionary.key("religion"): "01"}
    assert (statement.entered_by, statement.evidence) == (WARD.account_id, "CT01-1")


def test_what_the_registry_said_names_the_registry(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    before = footprint()
    with pytest.raises(NotTheAuthority) as caught:
        correct(person, full_name="Vũ Thị Hồng")
    assert caught.value.params == {
        "attribute": "Họ, chữ đệm và tên khai sinh",
        "authority": "Cơ quan đăng ký hộ tịch",
    }
    assert footprint() == before


def test_saying_the_same_again_corrects_nothing(family: Family):
    before = footprint()
    with pytest.raises(NothingToCorrect):
        correct(family.stranger, ethnicity="01")
    assert footprint() == before


@pytest.mark.parametrize("name", ["pid", "household_number", "life_status"])
def test_facts_that_hang_together_have_their_own_way(family: Family, name: str):
    before = footprint()
    with pytest.raises(HasItsOwnWay):
        correct(family.stranger, **{name: "X"})
    assert footprint() == before


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ({"father_pid": "001060999999"}, "father_pid"),
        ({"birth_date": "2027"}, "birth_date"),
        ({"email": "nowhere"}, "email"),
        ({"ethnicity": "<script>"}, "ethnicity"),
    ],
)
def test_a_wrong_value_is_named(family: Family, claims: dict[str, object], field: str):
    before = footprint()
    with pytest.raises(Invalid) as caught:
        correct(family.stranger, **claims)
    assert caught.value.field_errors[0].field == field
    assert footprint() == before


def test_a_corrected_sex_calls_for_another_number(family: Family):
    assert correct(family.stranger, sex="F").pid_needs_reissue
    assert not correct(family.stranger, religion="01").pid_needs_reissue


def test_an_officer_elsewhere_gets_nothing_and_a_desk_may_not(family: Family):
    before = footprint()
    with pytest.raises(NotFoundOrNotYours):
        correct(family.stranger, actor=WARD_BEN_THANH, religion="01")
    with pytest.raises(NotFoundOrNotYours):
        correct(10**12, religion="01")
    with pytest.raises(ActionNotAllowed):
        correct(family.stranger, actor=DESK, religion="01")
    assert footprint() == before


def test_the_second_officer_is_told_what_changed_under_them(family: Family):
    seen = version_of(family.stranger)
    correct(family.stranger, religion="01", expected=seen)
    before = footprint()
    with pytest.raises(ChangedMeanwhile):
        correct(family.stranger, religion="02", expected=seen)
    assert footprint() == before
    correct(family.stranger, email="em@example.vn", expected=seen)


def test_confirming_makes_facts_fresh(family: Family):
    confirm_facts(
        person_id=family.stranger,
        attributes=["permanent_residence", "religion"],
        evidence=PAPER,
        day=TODAY,
        actor=WARD,
        at=AT,
    )
    held = golden.held([family.stranger])[family.stranger]
    assert held[dictionary.number("permanent_residence")].day == TODAY
    assert held[dictionary.number("birth_date")].day < TODAY
    assert dictionary.number("religion") not in held
    assert not Conflict.objects.filter(person_id=family.stranger).exists()


@pytest.mark.django_db(transaction=True)
def test_the_second_writer_waits_for_the_first_and_then_learns_of_it(sources: object):
    dictionary.sync_sources(MORE_SOURCES)
    person = a_person("Phạm Quốc Em", "M", "1995-08-09")
    seen = version_of(person)
    locked, started = Event(), Event()

    def second() -> str:
        try:
            locked.wait(30)
            started.set()
            correct(person, religion="02", expected=seen)
        except ChangedMeanwhile:
            return "told"
        finally:
            connection.close()
        return "not told"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(second)
        with transaction.atomic():
            lock_one(person)
            locked.set()
            started.wait(30)
            correct(person, religion="01", expected=seen)
        assert waiting.result(60) == "told"
    assert fact(person, "religion") == "01"


@pytest.mark.parametrize("name", ["father_pid", "mother_pid", "spouse_pid", "guardian_pid"])
def test_a_relative_from_elsewhere_reads_like_a_number_that_nobody_has(family: Family, name: str):
    theirs = a_person("Đỗ Thanh Bình", "M", "1950-03-04", permanent_residence=ELSEWHERE)
    before, said = footprint(), []
    for pid in (pid_of(theirs), "079099999999"):
        with pytest.raises(Invalid) as caught:
            correct(family.stranger, **{name: pid})
        said.append([(e.field, e.code, e.text()) for e in caught.value.field_errors])
    assert said[0] == said[1]
    assert footprint() == before
