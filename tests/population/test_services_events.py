"""Deaths, marriages, divorces, names, adoptions: what changes for whom, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.kernel.errors import Invalid, NotFoundOrNotYours
from dancu.population.errors import (
    AlreadyMarried,
    NothingToCorrect,
    NotOldEnough,
    NotTheAuthority,
    PersonNotAlive,
)
from dancu.population.models import CivilEvent, Person, Statement
from dancu.population.services import (
    DeathDeclaration,
    MarriageDeclaration,
    change_household_head,
    change_name,
    register_adoption,
    register_death,
    register_divorce,
    register_marriage,
    suggest_heads,
)
from dancu.population.services.errors import AdopterTooYoung, CloseKin, NotAChild, NotMarried
from tests.population.services_cast import (
    AT,
    ELSEWHERE,
    PAPER,
    REGISTRAR,
    TODAY,
    WARD,
    Family,
    a_person,
    fact,
    footprint,
    officer,
    pid_of,
)

pytestmark = pytest.mark.usefixtures("sources")
DAY = date(2026, 10, 15)


def test_a_death_marks_the_person_widows_the_spouse_and_names_who_may_lead(family: Family):
    done = register_death(
        declaration=DeathDeclaration(family.head, DAY, evidence_reference="GBT 3"),
        actor=REGISTRAR,
        at=AT,
    )
    assert Person.objects.get(pk=family.head).status == Person.Status.DEAD
    assert (fact(family.head, "life_status"), fact(family.head, "death_date")) == (
        "CHET",
        "2026-10-15",
    )
    assert fact(family.head, "death_registration_number") == "1/2026"
    assert done.widowed == family.wife
    assert fact(family.wife, "marital_status") == "GOA"
    assert fact(family.wife, "spouse_pid") is None
    assert (done.household, done.needs_head) == ("HO-1", True)
    assert done.head_candidates == (family.wife, family.son, family.daughter_in_law)
    causes = Statement.objects.filter(event_id=done.event_id).values_list("person_id", flat=True)
    assert set(causes) == {family.head, family.wife}


def test_the_death_of_a_member_leaves_the_head(family: Family):
    done = register_death(
        declaration=DeathDeclaration(family.stranger, "2026"), actor=REGISTRAR, at=AT
    )
    assert (done.widowed, done.needs_head, done.head_candidates) == (None, False, ())
    assert fact(family.stranger, "death_date") == "2026"


def test_nobody_dies_twice(family: Family):
    register_death(declaration=DeathDeclaration(family.head, DAY), actor=REGISTRAR, at=AT)
    before = footprint()
    with pytest.raises(PersonNotAlive):
        register_death(declaration=DeathDeclaration(family.head, DAY), actor=REGISTRAR, at=AT)
    assert footprint() == before


@pytest.mark.parametrize(
    ("day", "code"), [("2026-11-03", "FUTURE"), ("1950", "DEATH_BEFORE_BIRTH")]
)
def test_a_death_on_an_impossible_day_is_refused(family: Family, day: str, code: str):
    before = footprint()
    with pytest.raises(Invalid) as caught:
        register_death(declaration=DeathDeclaration(family.head, day), actor=REGISTRAR, at=AT)
    assert [(e.field, e.code) for e in caught.value.field_errors] == [("death_date", code)]
    assert footprint() == before


def test_a_name_that_the_registry_gave_is_not_changed_by_another_source(family: Family):
    person = a_person("Vũ Thị Hoa", "F", "1980-01-01", source="HT-26740")
    police = officer("civil_registrar", source="CA-26740")
    before = footprint()
    with pytest.raises(NotTheAuthority) as caught:
        change_name(
            person_id=person,
            full_name="Vũ Thị Hồng",
            day=DAY,
            decision="QĐ 2",
            actor=police,
            at=AT,
        )
    assert caught.value.params["authority"] == "Cơ quan đăng ký hộ tịch"
    assert footprint() == before


def test_the_widow_becomes_head_and_the_relationships_follow(family: Family):
    register_death(declaration=DeathDeclaration(family.head, DAY), actor=REGISTRAR, at=AT)
    assert suggest_heads(number="HO-1", day=TODAY)[0] == family.wife
    changed = change_household_head(
        number="HO-1", head_id=family.wife, day=TODAY, evidence=PAPER, actor=WARD, at=AT
    )
    assert changed.relationships == {
        family.wife: "CHU_HO",
        family.son: "CON_DE",
        family.daughter_in_law: "CON_DAU",
    }
    assert fact(family.wife, "household_relationship") == "CHU_HO"
    assert fact(family.head, "household_number") is None


def single(name: str, sex: str, born: str, **more: object) -> int:
    return a_person(name, sex, born, **more)


def test_a_marriage_is_on_both_records(family: Family):
    wife = single("Đỗ Thị Lan", "F", "2000-05-06")
    done = register_marriage(
        declaration=MarriageDeclaration(family.stranger, wife, DAY), actor=REGISTRAR, at=AT
    )
    assert done.person_ids == (family.stranger, wife)
    for one, other in ((family.stranger, wife), (wife, family.stranger)):
        assert fact(one, "marital_status") == "DANG_CO_VO_CHONG"
        assert fact(one, "spouse_pid") == pid_of(other)
        assert fact(one, "spouse_name") == fact(other, "full_name")
        assert fact(one, "marriage_date") == "2026-10-15"
    assert CivilEvent.objects.get(pk=done.event_id).kind == "marriage"


def test_a_spouse_outside_the_register_is_named(family: Family):
    done = register_marriage(
        declaration=MarriageDeclaration(
            family.stranger, None, DAY, wife_name="Anna Schmidt", wife_nationality="DE"
        ),
        actor=REGISTRAR,
        at=AT,
    )
    assert done.person_ids == (family.stranger,)
    assert fact(family.stranger, "spouse_name") == "Anna Schmidt"


@pytest.mark.parametrize(
    ("sex", "born", "refused"),
    [
        ("M", "2006-10-16", True),
        ("M", "2006-10-15", False),
        ("F", "2008-10-16", True),
        ("F", "2008-10-15", False),
        ("F", "2008", False),
        ("F", "2009", True),
    ],
)
def test_men_marry_from_twenty_women_from_eighteen(
    family: Family, sex: str, born: str, *, refused: bool
):
    young = single("Lý Bảo Khánh", sex, born)
    other = single("Hồ An Nhiên", "F" if sex == "M" else "M", "1999-01-01")
    husband, wife = (young, other) if sex == "M" else (other, young)
    declared = MarriageDeclaration(husband, wife, DAY)
    before = footprint()
    if refused:
        with pytest.raises(NotOldEnough):
            register_marriage(declaration=declared, actor=REGISTRAR, at=AT)
        assert footprint() == before
    else:
        register_marriage(declaration=declared, actor=REGISTRAR, at=AT)


def test_who_is_married_marries_nobody_else(family: Family):
    wife = single("Đỗ Thị Lan", "F", "2000-05-06")
    before = footprint()
    with pytest.raises(AlreadyMarried):
        register_marriage(
            declaration=MarriageDeclaration(family.son, wife, DAY), actor=REGISTRAR, at=AT
        )
    assert footprint() == before


def test_near_kin_do_not_marry(family: Family):
    head, son = pid_of(family.head), pid_of(family.son)
    daughter = single("Nguyễn Thị Giang", "F", "1994-01-02", father_pid=head)
    grandchild = single("Nguyễn Bảo Hà", "F", "2008-01-02", father_pid=son)
    brother = single("Nguyễn Văn Hải", "M", "1996-01-02", father_pid=head)
    cousin = single("Trần Gia Khang", "M", "2005-01-02", mother_pid=pid_of(daughter))
    for husband, wife in ((brother, daughter), (brother, grandchild), (cousin, grandchild)):
        before = footprint()
        with pytest.raises(CloseKin):
            register_marriage(
                declaration=MarriageDeclaration(husband, wife, DAY), actor=REGISTRAR, at=AT
            )
        assert footprint() == before


def test_husband_and_wife_exchanged_are_refused(family: Family):
    wife = single("Đỗ Thị Lan", "F", "2000-05-06")
    with pytest.raises(Invalid) as caught:
        register_marriage(
            declaration=MarriageDeclaration(wife, family.stranger, DAY), actor=REGISTRAR, at=AT
        )
    assert caught.value.field_errors[0].field == "husband_id"


def test_a_divorce_ends_the_marriage_on_both_records(family: Family):
    done = register_divorce(
        person_id=family.daughter_in_law,
        day=DAY,
        court_decision="QĐ 12/2026/HNGĐ",
        actor=REGISTRAR,
        at=AT,
    )
    assert set(done.person_ids) == {family.son, family.daughter_in_law}
    for person in done.person_ids:
        assert fact(person, "marital_status") == "LY_HON"
        assert fact(person, "spouse_pid") is None
        assert fact(person, "divorce_date") == "2026-10-15"
    before = footprint()
    with pytest.raises(NotMarried):
        register_divorce(
            person_id=family.son, day=DAY, court_decision="QĐ 13", actor=REGISTRAR, at=AT
        )
    assert footprint() == before


def test_a_new_name_reaches_the_family_and_the_old_one_is_kept(family: Family):
    done = change_name(
        person_id=family.head,
        full_name="Nguyễn Hoài An",
        day=DAY,
        decision="QĐ 5",
        actor=REGISTRAR,
        at=AT,
    )
    assert fact(family.head, "full_name") == "Nguyễn Hoài An"
    assert fact(family.head, "other_names") == ["Nguyễn Văn An"]
    assert fact(family.son, "father_name") == "Nguyễn Hoài An"
    assert fact(family.wife, "spouse_name") == "Nguyễn Hoài An"
    assert set(done.person_ids) == {family.head, family.wife, family.son}
    assert Person.objects.get(pk=family.head).name.match_key == "nguyen hoai an"
    with pytest.raises(NothingToCorrect):
        change_name(
            person_id=family.head,
            full_name="Nguyễn  Hoài An",
            day=DAY,
            decision="QĐ 6",
            actor=REGISTRAR,
            at=AT,
        )


def test_an_adoption_gives_a_child_parents(family: Family):
    child = single("Phan Bảo Ngọc", "F", "2020-01-02")
    register_adoption(
        child_id=child,
        father_id=family.stranger,
        mother_id=None,
        day=DAY,
        decision="QĐ 7",
        actor=REGISTRAR,
        at=AT,
    )
    assert fact(child, "father_pid") == pid_of(family.stranger)
    before = footprint()
    with pytest.raises(NotAChild):
        register_adoption(
            child_id=family.son,
            father_id=family.stranger,
            mother_id=None,
            day=DAY,
            decision="QĐ 8",
            actor=REGISTRAR,
            at=AT,
        )
    teen = single("Phan Bảo Minh", "M", "2010-01-02")
    with pytest.raises(AdopterTooYoung):
        register_adoption(
            child_id=teen,
            father_id=family.stranger,
            mother_id=None,
            day=DAY,
            decision="QĐ 9",
            actor=REGISTRAR,
            at=AT,
        )
    assert fact(teen, "father_pid") is None
    assert footprint()["CivilEvent"] == before["CivilEvent"]


def test_nobody_from_elsewhere_is_written_about_unless_presented(family: Family):
    theirs = a_person("Đỗ Thanh Bình", "M", "1993-03-04", permanent_residence=ELSEWHERE)
    bride = a_person("Lý Thị Mai", "F", "1999-01-02")
    child = a_person("Đỗ Gia An", "M", "2020-01-02", permanent_residence=ELSEWHERE)
    wedding = MarriageDeclaration(theirs, bride, DAY)
    use_cases = [
        lambda **more: register_death(declaration=DeathDeclaration(theirs, DAY), **more),
        lambda **more: register_marriage(declaration=wedding, **more),
        lambda **more: register_divorce(person_id=theirs, day=DAY, court_decision="QĐ 1", **more),
        lambda **more: change_name(
            person_id=theirs, full_name="Đỗ Thái Bình", day=DAY, decision="QĐ 2", **more
        ),
        lambda **more: register_adoption(
            child_id=child, father_id=theirs, mother_id=None, day=DAY, decision="QĐ 3", **more
        ),
    ]
    before = footprint()
    for use_case in use_cases:
        with pytest.raises(NotFoundOrNotYours):
            use_case(actor=REGISTRAR, at=AT)
        with pytest.raises(NotFoundOrNotYours):
            use_case(actor=REGISTRAR, at=AT, presented=[bride])
    assert footprint() == before
    done = use_cases[1](actor=REGISTRAR, at=AT, presented=[theirs])
    assert set(done.person_ids) == {theirs, bride}
