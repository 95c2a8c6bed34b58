"""A whole person on one page."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dancu.agencies.services import load_agencies
from dancu.disclosure import services as door
from dancu.disclosure.models import AccessRecord
from dancu.kernel.errors import NotFoundOrNotYours
from tests.disclosure.conftest import (
    AT,
    NEXT_WARD,
    STRANGER,
    THERE,
    citizen,
    new_person,
    officer,
    records,
    say,
)

Kind = AccessRecord.Kind
CASE = {"purpose": "residence_registration", "case": "HS-1", "at": AT}
CHECK = {"purpose": "residence_check", "case": "", "at": AT}


def page(subject, actor=None, **more):
    return door.disclose_page(actor=actor or officer(), subject=subject, **(CASE | more))


@pytest.fixture
def family(mother):
    house = {"household_number": "79000000001"}
    husband = new_person(
        full_name="Nguyễn Văn Hòa", sex="M", birth_date="1984-05-12", spouse_pid=mother.pid,
        household_relationship="CHONG", **house,
    )  # fmt: skip
    son = new_person(
        full_name="Nguyễn Gia Bảo", sex="M", birth_date="2014-03-21", mother_pid=mother.pid,
        father_pid=husband.pid, household_relationship="CON_DE", **house,
    )  # fmt: skip
    daughter = new_person(
        full_name="Nguyễn Minh Anh", birth_date="2006-03-21", mother_pid=mother.pid,
        father_pid=husband.pid, permanent_residence=NEXT_WARD,
    )  # fmt: skip
    say(mother, {"spouse_pid": husband.pid, "spouse_name": "Nguyễn Văn Hòa"})
    return {"mother": mother, "husband": husband, "son": son, "daughter": daughter}


def test_facts_come_grouped_with_their_provenance(mother):
    shown = page(mother.id)
    assert [g.name for g in shown.groups][:2] == ["identity", "birth"]
    phone = shown.facts["phone"]
    assert (phone.origin.source, phone.origin.evidence_kind) == ("C06", "form_dc01")
    assert phone.origin.since == date(2018, 5, 1)
    assert phone.origin.recorded_at == AT
    assert phone.is_stale, "a phone number is fresh for a year"
    assert not shown.facts["full_name"].is_stale


def test_a_fact_of_the_last_day_of_all_closes_no_page(mother):
    """Deliveries could say so once, and their statements stay."""
    last = datetime(9999, 12, 31, tzinfo=UTC)
    say(mother, {"phone": "0900000014"}, day=last.date(), at=last)
    assert not page(mother.id).facts["phone"].is_stale


def test_a_confirmation_makes_a_fact_fresh_again(mother):
    say(mother, {"phone": "0900000014"}, day=date(2026, 10, 1))
    phone = page(mother.id).facts["phone"]
    assert phone.confirmed_on == date(2026, 10, 1)
    assert not phone.is_stale


def test_history_tells_each_value_and_when(mother):
    say(mother, {"full_name": "Trần Thu Hương"}, day=date(2024, 3, 1))
    spans = page(mother.id).history["full_name"]
    assert [(s.value, s.start, s.end) for s in spans] == [
        (mother.name, date(2018, 5, 1), date(2024, 3, 1)),
        ("Trần Thu Hương", date(2024, 3, 1), None),
    ]


def test_the_page_turns_back_to_a_day_and_to_a_moment(mother):
    later = datetime(2026, 11, 5, tzinfo=UTC)
    say(mother, {"full_name": "Trần Thu Hương"}, day=date(2024, 3, 1), at=later)
    before = page(mother.id, at=later, as_of=date(2023, 1, 1))
    assert before.header.name == mother.name
    unknown = page(mother.id, at=later, known_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert unknown.facts["full_name"].value == mother.name
    assert len(unknown.history["full_name"]) == 1
    assert before.first_day == date(2018, 5, 1)


def test_a_conflict_shows_both_sides(mother):
    say(mother, {"birth_date": "1988-02-09"}, source="BHXH", day=date(2021, 1, 1))
    shown = page(mother.id)
    (conflict,) = shown.conflicts
    assert conflict.is_open
    assert (conflict.text(), conflict.against_text()) == ("09/02/1988", "02/09/1988")
    assert (conflict.origin.source, conflict.against.source) == ("BHXH", "C06")
    assert shown.facts["birth_date"].has_conflict


def test_family_and_household_are_there(family):
    shown = page(family["mother"].id)
    roles = {(r.role, r.name) for r in shown.family}
    assert roles == {
        ("spouse", "Nguyễn Văn Hòa"),
        ("child", "Nguyễn Gia Bảo"),
        ("child", "N. M. A."),
    }
    assert [m.role for m in shown.household] == ["CHU_HO", "CHONG", "CON_DE"]
    assert shown.household[0].role_label("vi") == "Chủ hộ"
    siblings = [r.name for r in page(family["son"].id).family if r.role == "sibling"]
    assert siblings == ["N. M. A."]


def test_a_child_outside_the_area_is_shown_by_initials_and_recorded(family):
    shown = page(family["mother"].id)
    outside = next(r for r in shown.family if r.name == "N. M. A.")
    assert (outside.is_inside, outside.person_id, outside.birth_year, outside.sex, outside.pid) == (
        False,
        None,
        None,
        "",
        "",
    )
    assert "Nguyễn Minh Anh" not in repr(shown)
    (row,) = records(person_id=family["daughter"].id)
    assert (row.kind, row.attributes) == (Kind.RELATIVE, [-1])


def test_a_parent_outside_the_area_is_shown_as_the_childs_own_facts_say(register):
    father = new_person(
        full_name="Phạm Hải Hiếu", sex="M", birth_date="1985-01-02", permanent_residence=NEXT_WARD
    )
    child = new_person(father_pid=father.pid, father_name="Phạm Hiếu", birth_date="2015-01-02")
    (relative,) = page(child.id).family
    assert (relative.name, relative.pid) == (
        "Phạm Hiếu",
        f"{father.pid[:3]}*******{father.pid[-2:]}",
    )
    (row,) = records(person_id=father.id)
    assert (row.kind, row.attributes) == (Kind.RELATIVE, [-3, 1])


def test_a_number_alone_does_not_bring_the_name_of_somebody_elsewhere(register):
    guardian = new_person(full_name="Phạm Hải Hiếu", permanent_residence=NEXT_WARD)
    child = new_person(guardian_pid=guardian.pid, birth_date="2015-01-02")
    shown = page(child.id)
    assert [r.name for r in shown.family] == ["P. H. H."]
    assert "Phạm Hải Hiếu" not in repr(shown)
    (row,) = records(person_id=guardian.id)
    assert row.attributes == [-3, -1]


def test_the_household_outside_the_area_is_initials_but_for_those_whom_the_facts_name(family):
    mother, daughter = family["mother"], family["daughter"]
    say(daughter, {"household_number": "79000000001", "household_relationship": "CON_DE"})
    there = officer(unit=THERE, office="CA-26743", account=8)
    shown = page(daughter.id, actor=there)
    assert [(m.name, bool(m.pid), m.person_id) for m in shown.household] == [
        ("T. T. T. H.", True, None),
        ("N. V. H.", True, None),
        ("Nguyễn Minh Anh", True, daughter.id),
        ("N. G. B.", False, None),
    ]
    say(daughter, {"mother_name": mother.name})
    again = page(daughter.id, actor=there)
    assert again.household[0].name == mother.name
    everybody = {family[name].id for name in family}
    assert {r.person_id for r in records(disclosure=again.record)} == everybody


def test_whoever_is_shown_as_a_member_finds_the_look_among_their_own(family):
    load_agencies()
    daughter, brother = family["daughter"], family["son"]
    say(daughter, {"household_number": "79000000001", "household_relationship": "CON_DE"})
    page(daughter.id, actor=officer(unit=THERE, office="CA-26743", account=8))
    mine = door.accesses_of(person_id=brother.id, actor=citizen(brother.id), at=AT)
    (row,) = mine.rows
    assert (row.kind, row.office) == ("relative", "Công an phường Bến Thành")
    assert (row.attributes, row.masked) == ((), ("full_name",))
    assert row.case == "HS-1"


def test_facts_that_name_a_relative_leave_the_relative_a_record(family):
    husband = family["husband"]
    asked = ["spouse_name", "spouse_pid"]
    door.disclose(actor=officer(), subjects=[family["mother"].id], attributes=asked, **CASE)
    (row,) = records(person_id=husband.id)
    assert (row.kind, row.attributes) == (Kind.RELATIVE, [1, 3])


def test_relatives_inside_the_area_can_be_opened_and_are_recorded(family):
    shown = page(family["mother"].id)
    inside = next(r for r in shown.family if r.name == "Nguyễn Gia Bảo")
    assert inside.person_id == family["son"].id
    (row,) = records(person_id=family["son"].id)
    assert (row.kind, row.attributes) == (Kind.RELATIVE, [-3, 1, 4, 5])


def test_a_child_is_found_by_any_number_its_mother_had(family):
    mother = family["mother"]
    new = "079188777777"
    say(mother, {"pid": new}, day=date(2024, 1, 1))
    shown = page(mother.id)
    assert {r.name for r in shown.family if r.role == "child"} == {
        "Nguyễn Gia Bảo",
        "N. M. A.",
    }
    assert [(p.pid, p.cancelled_on) for p in shown.pids] == [
        (new, None),
        (mother.pid, date(2024, 1, 1)),
    ]


def test_a_masking_purpose_masks_everywhere(family):
    mother = family["mother"]
    say(mother, {"phone": "0900000099"}, day=date(2024, 1, 1))
    say(mother, {"phone": "0911111111"}, source="BHXH", day=date(2024, 1, 1))
    shown = page(mother.id, **CHECK)
    everything = repr(shown)
    for secret in ("0900000014", "0900000099", "0911111111"):
        assert secret not in everything
    assert shown.facts["phone"].is_masked
    assert not shown.family, "the purpose permits no family"


def test_a_hidden_attribute_has_no_history(register):
    person = new_person(religion="01")
    shown = page(person.id, purpose="data_correction")
    assert "religion" in shown.history
    masked = page(person.id, **CHECK)
    assert "religion" not in masked.history
    assert "religion" not in masked.facts


def test_few_queries_make_a_page(family, django_assert_max_num_queries):
    page(family["mother"].id)
    with django_assert_max_num_queries(14) as queries:
        page(family["mother"].id)
    reads = [q for q in queries if q["sql"].lstrip().upper().startswith(("SELECT", "WITH", "--"))]
    assert len(reads) <= 10


@pytest.mark.parametrize("actor", [officer(unit=THERE), officer("enquiry_officer"), STRANGER])
def test_whoever_may_not_gets_nothing_and_a_record_stays(mother, actor):
    with pytest.raises(Exception) as refused:
        page(mother.id, actor=actor)
    assert mother.name not in repr(refused.value)
    (row,) = records()
    assert row.refusal
    assert row.attributes is None


def test_a_citizen_reads_their_own_record_in_full(family):
    mother = family["mother"]
    shown = door.own_record(actor=citizen(mother.id), at=AT)
    assert shown.facts["phone"].value == "0900000014"
    assert shown.header.pid == mother.pid
    assert {r.name for r in shown.family} == {
        "Nguyễn Văn Hòa",
        "Nguyễn Gia Bảo",
        "Nguyễn Minh Anh",
    }
    assert all(r.person_id in (None, mother.id) for r in (*shown.family, *shown.household))
    assert {r.person_id: r.kind for r in records()} == {
        mother.id: Kind.OWN,
        **{family[name].id: Kind.RELATIVE for name in ("husband", "son", "daughter")},
    }


def test_a_citizen_sees_the_household_by_name_and_relationship(family):
    members = door.own_household(actor=citizen(family["mother"].id), at=AT)
    assert [m.header.name for m in members] == [
        "Trần Thị Thu Hương",
        "Nguyễn Văn Hòa",
        "Nguyễn Gia Bảo",
    ]
    assert "pid" not in members[1].facts
    assert members[1].header.pid == ""
    assert {r.person_id for r in records()} == {
        family[name].id for name in ("mother", "husband", "son")
    }


def test_an_account_without_a_person_reads_nothing(mother):
    with pytest.raises(NotFoundOrNotYours):
        door.own_record(actor=citizen(999_999_999), at=AT)
    from dancu.disclosure.errors import NoOwnRecord

    with pytest.raises(NoOwnRecord):
        door.own_record(actor=STRANGER, at=AT)
