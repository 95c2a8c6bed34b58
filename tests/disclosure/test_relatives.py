"""The numbers of relatives who live elsewhere: a part only, unless a case needs the whole."""

from __future__ import annotations

from datetime import date

import pytest

from dancu.disclosure import services as door
from dancu.disclosure.errors import CaseNumberNeededToReveal
from dancu.disclosure.models import AccessRecord
from dancu.kernel.dates import parse
from dancu.population.services import request_correction
from tests.disclosure.conftest import (
    AT,
    NEXT_WARD,
    citizen,
    new_person,
    officer,
    records,
    say,
)

Kind = AccessRecord.Kind
CASE = {"purpose": "residence_registration", "case": "HS-1", "at": AT}
NOBODY = "079088999999"


@pytest.fixture
def father(register):
    return new_person(
        full_name="Phạm Hải Hiếu", sex="M", birth_date="1985-01-02", permanent_residence=NEXT_WARD
    )


@pytest.fixture
def child(father):
    return new_person(father_pid=father.pid, father_name="Phạm Hiếu", birth_date="2015-01-02")


def page(subject, **more):
    actor = more.pop("actor", None) or officer()
    return door.disclose_page(actor=actor, subject=subject, **(CASE | more))


def part(pid):
    return f"{pid[:3]}*******{pid[-2:]}"


def test_the_number_of_a_relative_elsewhere_is_shown_in_part_everywhere(father, child):
    say(child, {"father_pid": NOBODY}, source="BHXH", day=date(2021, 1, 1))
    shown = page(child.id)
    fact = shown.facts["father_pid"]
    assert (fact.text(), fact.is_masked, fact.can_reveal) == (part(father.pid), True, True)
    assert [span.text() for span in shown.history["father_pid"]] == [part(father.pid)]
    (conflict,) = shown.conflicts
    assert (conflict.text(), conflict.against_text()) == (part(NOBODY), part(father.pid))
    for number in (father.pid, NOBODY):
        assert number not in repr(shown)
    (row,) = records(person_id=child.id)
    assert -19 in row.attributes
    (row,) = records(person_id=father.id)
    assert row.attributes == [-3, 1]


def test_a_relative_of_the_area_is_named_by_the_whole_number(mother):
    child = new_person(mother_pid=mother.pid, birth_date="2015-01-02")
    fact = page(child.id).facts["mother_pid"]
    assert (fact.text(), fact.is_masked) == (mother.pid, False)
    (row,) = records(person_id=mother.id)
    assert 3 in row.attributes


def test_a_spouse_of_former_times_is_masked_and_finds_the_look(register):
    first = new_person(full_name="Lê Văn An", sex="M", permanent_residence=NEXT_WARD)
    second = new_person(full_name="Bùi Văn Bình", sex="M")
    wife = new_person(spouse_pid=first.pid)
    say(wife, {"spouse_pid": second.pid}, day=date(2024, 1, 1))
    shown = page(wife.id)
    assert [s.text() for s in shown.history["spouse_pid"]] == [part(first.pid), second.pid]
    (row,) = records(person_id=first.id)
    assert (row.kind, row.attributes) == (Kind.RELATIVE, [-3])


def test_facts_asked_one_by_one_are_masked_alike(father, child):
    (answer,) = door.disclose(
        actor=officer(), subjects=[child.id], attributes=["father_pid"], **CASE
    )
    assert answer.facts["father_pid"].text() == part(father.pid)
    (row,) = records(person_id=father.id)
    assert row.attributes == [-3]


def test_a_name_alone_leaves_the_relative_a_record_too(father, child):
    door.disclose(actor=officer(), subjects=[child.id], attributes=["father_name"], **CASE)
    (row,) = records(person_id=father.id)
    assert row.attributes == [1]


def test_the_whole_number_is_a_disclosure_of_its_own_in_a_numbered_case(father, child):
    arguments = {"actor": officer(), "subject": child.id, "attribute_name": "father_pid"}
    assert door.reveal(**arguments, **CASE).text() == father.pid
    (row,) = records(person_id=child.id)
    assert (row.kind, row.attributes) == (Kind.REVEAL, [19])
    (row,) = records(person_id=father.id)
    assert (row.kind, row.attributes) == (Kind.RELATIVE, [3])
    check = CASE | {"purpose": "data_cleaning", "case": ""}
    with pytest.raises(CaseNumberNeededToReveal):
        door.reveal(**arguments, **check)


def test_at_the_desk_a_parent_is_named_in_full_once_admitted(father, child):
    registrar = officer("civil_registrar")
    case = CASE | {"purpose": "civil_status_presented"}

    def come(person, name, born):
        door.present(actor=registrar, pid=person.pid, name=name, birth_date=parse(born), **case)

    come(child, child.name, "02/01/2015")
    assert page(child.id, actor=registrar, **case).facts["father_pid"].text() == part(father.pid)
    come(father, "Phạm Hải Hiếu", "02/01/1985")
    assert page(child.id, actor=registrar, **case).facts["father_pid"].text() == father.pid


def test_citizens_read_the_numbers_of_their_parents(father, child):
    shown = door.own_record(actor=citizen(child.id), at=AT)
    assert shown.facts["father_pid"].text() == father.pid


def test_what_a_citizen_asked_for_is_read_as_written(father, child):
    other = new_person(full_name="Phạm Hải Hậu", sex="M", permanent_residence=NEXT_WARD)
    made = request_correction(
        attribute_name="father_pid",
        value=other.pid,
        reason="Ghi nhầm số của bác.",
        actor=citizen(child.id),
        at=AT,
    )
    shown = door.request_page(actor=officer(), request_id=made.request_id, at=AT)
    assert (shown.asked.text(), shown.asked.is_masked) == (other.pid, False)
    assert shown.present.text() == part(father.pid)
    assert {r.person_id: r.attributes for r in records(kind=Kind.RELATIVE)} == {
        father.id: [-3],
        other.id: [3],
    }


def test_few_queries_more_name_the_relatives(child, django_assert_max_num_queries):
    page(child.id)
    with django_assert_max_num_queries(14):
        page(child.id)
