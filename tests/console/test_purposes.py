"""A case does what its purpose is for: no other act, no hidden fact, nobody from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dancu.catalogue import purposes
from dancu.disclosure.models import AccessRecord
from dancu.population.models import Person
from tests.console.cast import NEXT_WARD as THEIR_HOME
from tests.console.cast import PURPOSES, Family, a_person, at_work, client_of, footprint
from tests.console.test_forms import (
    BEN_THANH,
    PAPER,
    SAI_GON,
    STREET,
    a_birth,
    problems,
    send,
    versions,
)

NOBODY = "079099999999"

#: Route → the action that it carries out.
ACTS = {
    "move": "residence.register",
    "stay": "residence.register",
    "stay/end": "residence.register",
    "absence": "residence.register",
    "absence/end": "residence.register",
    "head": "household.manage",
    "birth": "civil_event.register",
    "death": "civil_event.register",
    "marriage": "civil_event.register",
    "divorce": "civil_event.register",
    "name": "civil_event.register",
    "number": "pid.cancel",
    "facts/phone/correct": "people.correct",
}


def words(answer: object, *left_out: str) -> str:
    """The main part of a page without tokens and without what was asked."""
    text = answer.content.decode().split("<main", 1)[1]
    for one in left_out:
        text = text.replace(one, "…")
    return re.sub(r'value="[^"]*"', "", text)


@pytest.mark.parametrize("who", ["ward", "registrar", "province", "steward"])
def test_each_purpose_does_its_own_acts_only(family: Family, who: str) -> None:
    roles = {"ward": "ward_officer", "registrar": "civil_registrar", "province": "province_officer"}
    before = footprint()
    for purpose in purposes().values():
        if roles.get(who, "data_steward") not in purpose.roles or purpose.scope != "jurisdiction":
            continue
        client = client_of(who, purpose=purpose.name)
        for route, action in ACTS.items():
            answer = client.get(f"/console/people/{family.father}/{route}/")
            if action not in purpose.actions:
                assert answer.status_code == 403, (purpose.name, route)
                posted = client.post(
                    f"/console/people/{family.father}/{route}/", {"confirmed": "yes"}
                )
                assert posted.status_code == 403, (purpose.name, route)
    assert footprint() == before


def test_the_wrong_case_leads_to_the_right_one_and_keeps_the_answers(family: Family) -> None:
    client = client_of("ward", purpose="residence_check", language="en")
    href = f"/console/people/{family.mother}/facts/phone/correct/"
    refused = client.post(href, {"value": "0987654321", "day": "01/11/2026", **PAPER})
    assert refused.status_code == 403
    assert "does not cover this" in refused.content.decode()
    offered = {one.value for one in refused.context["choices"]}
    assert offered == {"data_correction", "data_cleaning", "residence_round"}
    form = {
        "purpose": "data_correction",
        "case": "HS-2",
        "next": refused.context["onward"],
        "kept": refused.context["kept"],
    }
    resumed = client.post("/console/case/", form)
    assert ("value", "0987654321") in resumed.context["answers"]
    assert resumed.context["onward"] == href
    assert client.get(href).status_code == 200


def test_a_case_for_reading_offers_no_acts_but_another_case(family: Family) -> None:
    page = client_of("ward", purpose="residence_check", language="en").get(
        f"/console/people/{family.mother}/"
    )
    text = page.content.decode()
    assert f"/console/people/{family.mother}/move/" not in text
    assert "Open another case" in text


@pytest.mark.parametrize("act", ["correct", "confirm", "conflict/1"])
def test_a_fact_that_the_purpose_excepts_cannot_be_probed(family: Family, act: str) -> None:
    believer = a_person("Đinh Văn Phúc", "M", "1970-01-02", religion="02")
    client = client_of("ward", purpose="residence_check")
    before = footprint()
    answers = set()
    for value in ("00", "01", "02", "03"):
        form = {"value": value, "day": "01/01/1950", "confirmed": "yes", **PAPER}
        answer = client.post(f"/console/people/{believer}/facts/religion/{act}/", form)
        answers.add((answer.status_code, words(answer)))
    assert len(answers) == 1
    assert answers.pop()[0] == 403
    assert footprint() == before


@pytest.mark.parametrize(
    ("name", "case", "status"),
    [("old_id_number", "HS-1", 403), ("full_name", "", 403), ("full_name", "HS-1", 200)],
)
def test_only_what_a_numbered_case_shows_in_full_is_corrected(
    family: Family, name: str, case: str, status: int
) -> None:
    client = client_of("ward", purpose="data_cleaning", case=case, language="en")
    answer = client.get(f"/console/people/{family.mother}/facts/{name}/correct/")
    assert answer.status_code == status
    assert ('name="value"' in answer.content.decode()) is (status == 200)


def test_confirming_a_fact_of_a_stranger_is_recorded_as_refused(family: Family) -> None:
    client = client_of("ward", purpose="data_correction")
    answer = client.post(f"/console/people/{family.neighbour}/facts/full_name/confirm/")
    assert answer.status_code == 404
    record = AccessRecord.objects.filter(person_id=family.neighbour).latest("pk")
    assert record.refusal


# Somebody from elsewhere.


def present(client: Client, pid: str, name: str, born: str) -> None:
    particulars = {"pid": pid, "name": name, "birth_date": born}
    done = client.post("/console/people/present/", particulars)
    assert done.status_code == 302, done.content.decode()


def a_move(person: int, **more: object) -> dict[str, object]:
    return {
        "people": [str(person)],
        "day": "01/11/2026",
        "target": "new",
        "to_text": STREET,
        "to_commune": BEN_THANH,
        **PAPER,
        **more,
    }


def test_a_case_of_verification_moves_nobody(family: Family) -> None:
    client = client_of("other_ward", purpose="one_stop_verification")
    present(client, family.father_pid, "Nguyễn Văn Hòa", "02/03/1984")
    before = footprint()
    href = f"/console/people/{family.father}/move/"
    assert client.get(href).status_code == 403
    assert client.post(href, {**a_move(family.father), "confirmed": "yes"}).status_code == 403
    assert footprint() == before
    assert href not in client.get(f"/console/people/{family.father}/").content.decode()


def test_whoever_presents_themselves_moves_in_and_the_page_stays_with_them(family: Family) -> None:
    client = client_of("other_ward", purpose="residence_registration_incoming", language="en")
    present(client, family.father_pid, "Nguyễn Văn Hòa", "02/03/1984")
    done = send(client, f"/console/people/{family.father}/move/", a_move(family.father))
    assert done.status_code == 302, problems(done)
    assert done["Location"] == f"/console/people/{family.father}/"
    after = client.get(done["Location"])
    assert after.status_code == 200
    assert "its own ward chooses one" in after.content.decode()


def test_a_move_sent_again_opens_no_second_household(family: Family) -> None:
    client = at_work("ward")
    href = f"/console/people/{family.mother}/move/"
    answers = a_move(family.mother, to_commune=SAI_GON)
    assert send(client, href, answers).status_code == 302
    before = footprint()
    again = {**answers, **versions(client, href), "confirmed": "yes"}
    assert client.post(href, again).status_code == 409
    assert footprint() == before


def test_a_household_elsewhere_and_one_that_there_is_not_read_the_same(family: Family) -> None:
    a_person(
        "Võ Văn Sơn",
        "M",
        "1980-02-03",
        permanent_residence=THEIR_HOME,
        household_number="HO-26743-000009",
        household_relationship="CHU_HO",
    )
    client = at_work("ward", language="en")
    answers = []
    for number in ("HO-26743-000009", "HO-26743-999999"):
        href = f"/console/people/{family.mother}/move/"
        form = a_move(family.mother, target="join", household=number, consent="form")
        sent = client.post(href, {**form, **versions(client, href), "confirmed": "yes"})
        answers.append((sent.status_code, sent.context["form"].non_field_errors()))
    shown = [(status, str(errors).replace("000009", "999999")) for status, errors in answers]
    assert shown[0] == shown[1]
    assert "HO-26743-999999" in shown[0][1]


# Relatives named by number.


def test_a_parent_from_elsewhere_reads_like_nobody(family: Family) -> None:
    theirs = Person.objects.get(pk=family.neighbour).pid
    client = at_work("registrar", language="en")
    before, said = footprint(), set()
    for pid, name in ((theirs, "Phạm Quốc Em"), (theirs, "Ai Đó"), (NOBODY, "Phạm Quốc Em")):
        form = a_birth(family, father_pid=pid, father_name=name, lives_with="mother")
        for confirmed in ({}, {"confirmed": "yes"}):
            sent = client.post(f"/console/people/{family.mother}/birth/", {**form, **confirmed})
            assert sent.status_code == 422
            said.add(str(sent.context["form"].errors))
    assert len(said) == 1
    assert footprint() == before


def test_a_birth_is_entered_from_the_page_of_a_parent(family: Family) -> None:
    client = at_work("registrar", language="en")
    before = footprint()
    sent = client.post(f"/console/people/{family.grandmother}/birth/", a_birth(family))
    assert sent.status_code == 422
    assert "not among the parents" in sent.content.decode()
    assert footprint() == before


def test_a_child_gets_no_home_in_another_ward(family: Family) -> None:
    mother = a_person("Võ Thị Hạnh", "F", "1996-02-03", permanent_residence=THEIR_HOME)
    client = client_of("registrar", purpose="civil_status_presented", language="en")
    pid = Person.objects.get(pk=mother).pid
    present(client, pid, "Võ Thị Hạnh", "03/02/1996")
    form = a_birth(
        family,
        mother_pid=pid,
        mother_name="Võ Thị Hạnh",
        father_pid="",
        father_name="",
        hometown_text=STREET,
        hometown_commune=SAI_GON,
        lives_with="mother",
    )
    before = footprint()
    sent = client.post(f"/console/people/{mother}/birth/", {**form, "confirmed": "yes"})
    assert sent.status_code == 422
    assert "lives_with" in sent.context["form"].errors
    assert footprint() == before


def test_a_father_from_elsewhere_is_named_when_he_presents_himself(family: Family) -> None:
    theirs = Person.objects.get(pk=family.neighbour).pid
    client = client_of("registrar", purpose="civil_status_presented", language="en")
    present(client, family.mother_pid, "Trần Thị Thu Hương", "02/09/1988")
    form = a_birth(family, father_pid=theirs, father_name="Phạm Quốc Em", lives_with="mother")
    before = footprint()
    refused = client.post(f"/console/people/{family.mother}/birth/", {**form, "confirmed": "yes"})
    assert "father_pid" in refused.context["form"].errors
    assert footprint() == before
    present(client, theirs, "Phạm Quốc Em", "09/08/1995")
    done = send(client, f"/console/people/{family.mother}/birth/", form)
    assert done.status_code == 302, problems(done)
    assert AccessRecord.objects.filter(person_id=family.neighbour, refusal="").exists()


def test_a_late_birth_asks_why(family: Family) -> None:
    client = at_work("registrar", language="en")
    href = f"/console/people/{family.mother}/birth/"
    form = a_birth(family, birth_date="20/08/2025")
    asked = send(client, href, form)
    assert asked.status_code == 422
    assert "late_reason" in asked.context["form"].errors
    assert b'name="late_reason"' in asked.content
    done = send(client, href, form, late_reason="Bố mẹ đi làm xa")
    assert done.status_code == 302, problems(done)


@pytest.mark.parametrize("name", ["father_pid", "mother_pid", "spouse_pid", "guardian_pid"])
def test_a_relative_from_elsewhere_cannot_be_written_into_a_record(
    family: Family, name: str
) -> None:
    theirs = Person.objects.get(pk=family.neighbour).pid
    client = client_of("ward", purpose="data_correction", language="en")
    href = f"/console/people/{family.grandmother}/facts/{name}/correct/"
    before, said = footprint(), set()
    for pid, who in (
        (theirs, "Phạm Quốc Em"),
        (NOBODY, "Phạm Quốc Em"),
        (family.father_pid, "Ai Đó"),
    ):
        answers = {"value": pid, "relative_name": who, "day": "01/11/2026", **PAPER}
        sent = client.post(href, {**answers, "confirmed": "yes"})
        said.add((sent.status_code, str(sent.context["form"].errors)))
    assert len(said) == 1
    assert said.pop()[0] == 422
    assert footprint() == before


def test_a_guardian_of_the_area_is_named_by_number_and_name(family: Family) -> None:
    client = client_of("ward", purpose="data_correction")
    href = f"/console/people/{family.son}/facts/guardian_pid/correct/"
    answers = {
        "value": family.father_pid,
        "relative_name": "Nguyễn Văn Hòa",
        "day": "01/11/2026",
        **PAPER,
    }
    done = send(client, href, answers)
    assert done.status_code == 302, problems(done)


def test_the_cast_has_purposes_with_the_acts_of_their_day() -> None:
    assert purposes()[PURPOSES["ward"]].actions >= {"residence.register", "household.manage"}
    assert purposes()[PURPOSES["registrar"]].actions >= {"civil_event.register", "pid.issue"}
    assert not purposes()["one_stop_verification"].actions
