"""Registering births: the newborn's facts, number and household, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dancu.access.errors import ActionNotAllowed, OutsideJurisdiction
from dancu.kernel.errors import Invalid
from dancu.kernel.pid import Pid
from dancu.population import dictionary
from dancu.population.models import CivilEvent, Person, Statement
from dancu.population.models import Pid as PidRow
from dancu.population.services import (
    BirthDeclaration,
    DeathDeclaration,
    register_birth,
    register_death,
)
from dancu.population.services.errors import BornBeforeParent, NumberUsed, PossibleDuplicate
from tests.population.services_cast import (
    AT,
    DESK,
    ELSEWHERE,
    HOME,
    REGISTRAR,
    TODAY,
    Family,
    a_person,
    fact,
    footprint,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("sources")
BORN = date(2026, 10, 20)


def a_birth(family: Family, **more: object) -> BirthDeclaration:
    declared = BirthDeclaration(
        full_name="Nguyễn Gia Hân",
        sex="F",
        birth_date=BORN,
        ethnicity="01",
        birth_place=HOME,
        mother_pid=pid_of(family.daughter_in_law),
        father_pid=pid_of(family.son),
        evidence_reference="GCS 12",
    )
    return replace(declared, **more)


def test_a_newborn_gets_facts_number_and_household_at_once(family: Family):
    born = register_birth(declaration=a_birth(family), actor=REGISTRAR, at=AT)
    assert (born.household, born.relationship) == ("HO-1", "CHAU_NOI")
    pid = Pid(born.pid)
    assert (pid.province, pid.sex, pid.birth_year) == ("079", "F", 2026)
    assert PidRow.objects.get(pid=pid).person_id == born.person_id
    assert fact(born.person_id, "mother_name") == "Lê Thu Dung"
    assert fact(born.person_id, "father_pid") == pid_of(family.son)
    assert fact(born.person_id, "hometown") == fact(family.son, "hometown")
    assert fact(born.person_id, "permanent_residence") == fact(family.son, "permanent_residence")
    assert fact(born.person_id, "birth_registration_number") == "1/2026"
    card = Person.objects.get(pk=born.person_id)
    assert (card.household, card.commune, card.birth_year) == ("HO-1", "26740", 2026)


def test_the_event_is_the_cause_of_the_statement(family: Family):
    born = register_birth(declaration=a_birth(family), actor=REGISTRAR, at=AT)
    event = CivilEvent.objects.get(pk=born.event_id)
    statement = Statement.objects.get(id=born.statement_id)
    assert (event.kind, event.number, event.happened_on) == ("birth", "1/2026", BORN)
    assert statement.event_id == event.pk
    assert statement.valid_from == BORN
    assert statement.evidence == "HT-26740 1/2026 · GCS 12"


def test_a_daughters_child_is_a_grandchild_on_the_mothers_side(family: Family):
    head = pid_of(family.head)
    daughter = a_person(
        "Nguyễn Thị Giang",
        "F",
        "1994-01-02",
        father_pid=head,
        household_number="HO-1",
        household_relationship="CON_DE",
    )
    born = register_birth(
        declaration=a_birth(family, mother_pid=pid_of(daughter), father_pid=""),
        actor=REGISTRAR,
        at=AT,
    )
    assert born.relationship == "CHAU_NGOAI"


def test_a_child_of_the_head_is_a_child(family: Family):
    born = register_birth(
        declaration=a_birth(
            family, mother_pid="", mother_name="Maria Silva", father_pid=pid_of(family.stranger)
        ),
        actor=REGISTRAR,
        at=AT,
    )
    assert (born.household, born.relationship) == ("HO-2", "CON_DE")
    assert fact(born.person_id, "mother_name") == "Maria Silva"


def test_a_late_birth_joins_the_household_only_from_registration_on(family: Family):
    long_ago = date(2017, 3, 4)
    late = a_birth(family, birth_date=long_ago, late_reason="Bố mẹ đi làm xa")
    born = register_birth(declaration=late, actor=REGISTRAR, at=AT)
    first, second = Statement.objects.filter(person_id=born.person_id).order_by("id")
    assert first.valid_from == long_ago
    assert dictionary.key("household_number") not in first.claims
    assert second.valid_from == TODAY
    assert fact(born.person_id, "household_number") == "HO-1"


def test_the_mother_may_have_died_at_the_birth(family: Family):
    register_death(
        declaration=DeathDeclaration(family.daughter_in_law, BORN), actor=REGISTRAR, at=AT
    )
    born = register_birth(declaration=a_birth(family), actor=REGISTRAR, at=AT)
    assert born.household == "HO-1"


def test_a_mother_dead_before_the_birth_is_refused(family: Family):
    died = BORN - timedelta(days=10)
    register_death(
        declaration=DeathDeclaration(family.daughter_in_law, died), actor=REGISTRAR, at=AT
    )
    before = footprint()
    with pytest.raises(Invalid) as caught:
        register_birth(declaration=a_birth(family), actor=REGISTRAR, at=AT)
    assert caught.value.field_errors[0].field == "mother_pid"
    assert footprint() == before


def test_twins_are_asked_about_and_then_both_registered(family: Family):
    first = register_birth(declaration=a_birth(family), actor=REGISTRAR, at=AT)
    second = a_birth(family, full_name="Nguyễn Gia Huy", sex="M")
    before = footprint()
    with pytest.raises(PossibleDuplicate) as caught:
        register_birth(declaration=second, actor=REGISTRAR, at=AT)
    assert caught.value.person_ids == (first.person_id,)
    assert footprint() == before
    register_birth(
        declaration=replace(second, declared_not_duplicate="Sinh đôi"), actor=REGISTRAR, at=AT
    )
    assert CivilEvent.objects.filter(kind="birth").count() == 2


def test_the_same_child_under_a_mother_without_number_is_a_duplicate(family: Family):
    declared = a_birth(
        family, mother_pid="", mother_name="Lê Thu Dung", father_pid="", hometown=HOME
    )
    register_birth(declaration=declared, actor=REGISTRAR, at=AT)
    with pytest.raises(PossibleDuplicate):
        register_birth(
            declaration=replace(declared, full_name="NGUYEN GIA HAN"), actor=REGISTRAR, at=AT
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"birth_date": TODAY + timedelta(days=1)}, "birth_date"),
        ({"mother_pid": "079190999999"}, "mother_pid"),
        ({"mother_pid": "", "father_pid": ""}, "mother_pid"),
        ({"full_name": "Nguyễn 3"}, "full_name"),
        ({"sex": "X"}, "sex"),
        ({"ethnicity": "nope"}, "ethnicity"),
        ({"birth_place": replace(HOME, unit_code="99999")}, "birth_place"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(
    family: Family, change: dict[str, object], field: str
):
    before = footprint()
    with pytest.raises(Invalid) as caught:
        register_birth(declaration=a_birth(family, **change), actor=REGISTRAR, at=AT)
    assert [error.field for error in caught.value.field_errors] == [field]
    assert footprint() == before


def test_mother_and_father_exchanged_are_both_named(family: Family):
    declared = a_birth(
        family, mother_pid=pid_of(family.son), father_pid=pid_of(family.daughter_in_law)
    )
    with pytest.raises(Invalid) as caught:
        register_birth(declaration=declared, actor=REGISTRAR, at=AT)
    assert [e.field for e in caught.value.field_errors] == ["mother_pid", "father_pid"]


def test_a_parent_too_young_or_too_old_is_refused(family: Family):
    old = a_birth(family, mother_pid=pid_of(family.wife), birth_date=date(2030, 1, 1))
    with pytest.raises(BornBeforeParent):
        register_birth(declaration=old, actor=REGISTRAR, at=AT.replace(year=2030))
    with pytest.raises(BornBeforeParent):
        register_birth(
            declaration=a_birth(family, birth_date=date(2000, 1, 1)), actor=REGISTRAR, at=AT
        )


def test_a_registration_number_is_used_once(family: Family):
    register_birth(
        declaration=a_birth(family, registration_number="7/2026"), actor=REGISTRAR, at=AT
    )
    other = a_birth(family, registration_number="7/2026", declared_not_duplicate="Sinh đôi")
    before = footprint()
    with pytest.raises(NumberUsed):
        register_birth(declaration=other, actor=REGISTRAR, at=AT)
    assert footprint() == before
    following = register_birth(
        declaration=replace(other, registration_number=""), actor=REGISTRAR, at=AT
    )
    assert following.number == "8/2026"


def test_who_is_no_registrar_registers_no_birth(family: Family):
    before = footprint()
    with pytest.raises(ActionNotAllowed):
        register_birth(declaration=a_birth(family), actor=DESK, at=AT)
    assert footprint() == before


@pytest.mark.parametrize("role", ["mother", "father"])
def test_a_parent_from_elsewhere_reads_like_a_number_that_nobody_has(family: Family, role: str):
    sex = "F" if role == "mother" else "M"
    theirs = a_person("Đỗ Thanh Bình", sex, "1993-03-04", permanent_residence=ELSEWHERE)
    before, said = footprint(), []
    for pid in (pid_of(theirs), "079099999999"):
        with pytest.raises(Invalid) as caught:
            register_birth(
                declaration=a_birth(family, **{f"{role}_pid": pid}), actor=REGISTRAR, at=AT
            )
        said.append([(e.field, e.code, e.text()) for e in caught.value.field_errors])
    assert said[0] == said[1]
    assert said[0][0][0] == f"{role}_pid"
    assert footprint() == before


def test_a_presented_father_is_named_but_gives_no_home_in_his_ward(family: Family):
    father = a_person("Đỗ Thanh Bình", "M", "1993-03-04", permanent_residence=ELSEWHERE)
    declared = a_birth(family, father_pid=pid_of(father), lives_with="father")
    before = footprint()
    with pytest.raises(Invalid) as caught:
        register_birth(declaration=declared, presented=[father], actor=REGISTRAR, at=AT)
    assert caught.value.field_errors[0].field == "lives_with"
    assert footprint() == before
    at_home = replace(declared, lives_with="mother")
    born = register_birth(declaration=at_home, presented=[father], actor=REGISTRAR, at=AT)
    assert fact(born.person_id, "father_pid") == pid_of(father)


def test_a_birth_is_not_registered_for_another_place(family: Family):
    with pytest.raises(OutsideJurisdiction):
        register_birth(
            declaration=a_birth(family, registration_place=ELSEWHERE), actor=REGISTRAR, at=AT
        )


def test_a_birth_declared_late_needs_a_reason_that_is_kept(family: Family):
    late = a_birth(family, birth_date=date(2026, 8, 1))
    with pytest.raises(Invalid) as caught:
        register_birth(declaration=late, actor=REGISTRAR, at=AT)
    assert caught.value.field_errors[0].field == "late_reason"
    told = replace(late, late_reason="Sinh ở nước ngoài")
    born = register_birth(declaration=told, actor=REGISTRAR, at=AT)
    assert "Sinh ở nước ngoài" in Statement.objects.get(id=born.statement_id).evidence
