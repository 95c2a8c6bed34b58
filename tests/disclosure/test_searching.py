"""Searching through the door out."""

from __future__ import annotations

import pytest

from dancu.access.errors import ActionNotAllowed
from dancu.catalogue import attribute
from dancu.disclosure import services as door
from dancu.disclosure.errors import PresentationRequired
from dancu.disclosure.models import AccessRecord
from dancu.disclosure.services.searching import LOOKED_BY
from dancu.disclosure.types import Criteria
from dancu.kernel.errors import Invalid
from tests.disclosure.conftest import (
    AT,
    HERE,
    NEXT_WARD,
    STRANGER,
    THERE,
    new_person,
    officer,
    records,
)

CASE = {"purpose": "residence_registration", "case": "HS-1", "at": AT}


def find(text="", actor=None, **fields):
    criteria = Criteria(text=text, **fields)
    return door.search(actor=actor or officer(), criteria=criteria, **CASE)


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        ("tran thi thu huong 1988", "name_birth", "birth"),
        ("Trần Thị Thu Hương 02/09/1988", "name_birth", "birth"),
        ("02/09/1988 Trần Thị Thu Hương", "name_birth", "birth"),
        ("TRẦN THỊ THU HƯƠNG", "name", "name"),
        ("tran thi thu hunog", "name", "name"),
        ("chan thi thu huon", "name", "name"),
        ("hương", "given_name", "name"),
        ("12/3A Lê Lợi", "address", "address"),
        ("12/3a le loi, phuong sai gon", "address", "commune"),
        ("tran thi thu huong, Sài Gòn", "name", "commune"),
        ("tran thi thu huong p. sai gon", "name", "commune"),
        ("311987654", "old_id_number", "old_id_number"),
        ("1988", "birth_year", "birth"),
    ],
)
def test_one_box_understands_what_officers_type(register, text, kind, field):
    person = new_person(old_id_number="311987654")
    page = find(text)
    assert [r.person_id for r in page.rows] == [person.id], page
    assert page.kind == kind
    assert page.understood[field]


@pytest.mark.parametrize("text", ["31/02/1988", "Trần Thị Thu Hương 2.13.1988"])
def test_a_day_that_there_is_not_is_named(mother, text):
    with pytest.raises(Invalid) as wrong:
        find(text)
    assert [error.field for error in wrong.value.field_errors] == ["birth"]


@pytest.mark.parametrize("blank", ["", " ", "\u00a0"])
def test_a_number_is_found_with_and_without_blanks(mother, blank):
    page = find(blank.join((mother.pid[:4], mother.pid[4:8], mother.pid[8:])))
    assert [r.person_id for r in page.rows] == [mother.id]
    assert page.kind == "pid"


def test_a_number_that_lost_its_zeros_is_found(mother):
    page = find(mother.pid.lstrip("0"))
    assert [r.person_id for r in page.rows] == [mother.id]
    assert page.understood["pid"] == mother.pid


def test_rows_show_a_masked_number_and_the_commune(mother):
    (row,) = find(mother.pid).rows
    assert row.pid == f"{mother.pid[:3]}*******{mother.pid[-2:]}"
    assert row.name == mother.name
    assert row.commune_name.startswith("Phường Sài Gòn")
    assert (row.birth_year, row.sex, row.status) == (1988, "F", "alive")


def test_people_of_other_wards_are_not_found(mother):
    new_person(permanent_residence=NEXT_WARD)
    assert [r.person_id for r in find("tran thi thu huong").rows] == [mother.id]
    assert find(mother.pid, actor=officer(unit=THERE)).rows == ()
    assert find("tran thi thu huong", actor=officer(unit="")).rows == ()
    assert len(find("tran thi thu huong", actor=officer(unit="79")).rows) == 2


def test_a_commune_outside_the_area_gives_nothing(mother):
    assert find(name="tran thi thu huong", commune=THERE).rows == ()
    assert len(find(name="tran thi thu huong", commune=HERE).rows) == 1


def test_the_same_answer_and_record_for_absent_and_elsewhere(mother):
    other = new_person(permanent_residence=NEXT_WARD)
    pages = [find(other.pid), find("079188999999")]
    assert pages[0].rows == pages[1].rows == ()
    kept = [(r.person_id, r.kind, r.refusal, r.attributes) for r in records()]
    assert kept[0] == kept[1] == (None, AccessRecord.Kind.SEARCH, "", None)


def test_exact_accents_come_first_then_vietnamese_order(register):
    for name in ("Trần Thị Thu Hưởng", "Trần Thị Thu Hương", "Trần Thị Thù Hương"):
        new_person(full_name=name)
    names = [r.name for r in find("Trần Thị Thu Hương").rows]
    assert names[0] == "Trần Thị Thu Hương"
    assert sorted(names[1:]) == ["Trần Thị Thu Hưởng", "Trần Thị Thù Hương"]


def test_whoever_may_not_search_gets_nothing_and_a_record_stays(mother):
    for actor, error in (
        (officer("auditor"), ActionNotAllowed),
        (STRANGER, ActionNotAllowed),
    ):
        with pytest.raises(error):
            find(mother.pid, actor=actor)
    with pytest.raises(PresentationRequired):
        door.search(
            actor=officer("enquiry_officer"),
            criteria=Criteria(text=mother.pid),
            **(CASE | {"purpose": "one_stop_verification"}),
        )
    assert all(r.refusal for r in records())
    assert len(records()) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"pid": "123"},
        {"birth": "31/02/1988"},
        {"old_id_number": "12"},
        {"text": "x" * 201},
        {"name": "n" * 201},
        {"text": "tran\x00thi"},
        {"household": "\x00"},
        {"sex": "X"},
    ],
)
def test_what_cannot_be_is_named_by_its_field(mother, fields):
    with pytest.raises(Invalid) as wrong:
        find(**fields)
    (error,) = wrong.value.field_errors
    assert error.field in fields


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "%",
        "'; DROP TABLE population_person; --",
        "\\",
        "<script>",
        "_",
        "()&|!:*",
        "\u200b",
    ],
)
def test_odd_text_finds_nobody_and_breaks_nothing(mother, text):
    assert find(text).rows == ()
    assert find(address=text).rows == ()
    assert find(household=text).rows == ()


def test_a_merged_or_cancelled_number_leads_to_the_person_who_stands(mother):
    from tests.disclosure.conftest import say

    old = mother.pid
    say(mother, {"pid": "079188777777"})
    assert [(r.person_id, r.matched) for r in find(old).rows] == [(mother.id, "former")]
    assert [r.matched for r in find("079188777777").rows] == ["number"]


@pytest.mark.parametrize(
    ("fields", "at"),
    [({"text": "311987654"}, "text"), ({"old_id_number": "311987654"}, "old_id_number")],
)
def test_nobody_is_looked_for_by_what_the_purpose_does_not_permit(register, fields, at):
    person = new_person(old_id_number="311987654")
    assert [r.person_id for r in find(**fields).rows] == [person.id]
    check = CASE | {"purpose": "residence_check"}
    with pytest.raises(Invalid) as refused:
        door.search(actor=officer(), criteria=Criteria(**fields), **check)
    (error,) = refused.value.field_errors
    assert (error.field, error.code) == (at, "not-permitted")
    row = records()[-1]
    assert (row.person_id, row.kind, row.refusal) == (None, AccessRecord.Kind.SEARCH, "invalid")
    assert row.asked


def test_every_criterion_has_the_attribute_that_permits_it():
    criteria = {name for name in Criteria.__slots__ if name not in ("text", "window")}
    assert criteria == set(LOOKED_BY)
    assert all(attribute(name) for names in LOOKED_BY.values() for name in names)
