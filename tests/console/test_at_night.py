"""What a tired officer relies on: the past is past, the way goes on, and nothing is asked twice."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dancu.agencies.services import appoint_officer
from dancu.disclosure.models import AccessRecord
from dancu.population.models import Person
from tests.console.cast import (
    LONG_NAME,
    MAP,
    NEXT_WARD,
    Family,
    _account,
    a_person,
    at_work,
    client_of,
    pid_for,
    say,
)
from tests.console.test_forms import SAI_GON, STREET, a_birth, a_move, problems, send
from tests.console.test_work import ask, decide, words


def text(client: Client, href: str, status: int = 200) -> str:
    answer = client.get(href)
    assert answer.status_code == status, (href, answer.status_code)
    return answer.content.decode()


# -- The past -----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2020-01-01", "01/01/2020", "1-1-2020", "01012020"])
def test_a_past_day_has_its_own_age_and_offers_nothing(family: Family, typed: str) -> None:
    client = at_work("ward", language="en")
    page = text(client, f"/console/people/{family.father}/?as_of={typed}")
    assert "35 years old" in page
    assert "/move/" not in page
    assert "What needs doing?" not in page
    assert page.index("This page shows the past") < page.index("<h1")
    assert "Back to today" in page
    assert "Lê Thị Sáu" not in page
    today = text(client, f"/console/people/{family.father}/")
    assert "42 years old" in today
    assert "/move/" in today
    assert "Lê Thị Sáu" in today


def test_a_past_day_has_the_residence_and_the_state_of_then(family: Family) -> None:
    say(family.grandmother, "C06", date(2024, 3, 1), permanent_residence=NEXT_WARD)
    say(family.grandmother, "C06", date(2025, 5, 1), life_status="CHET", death_date="2025-05-01")
    client = client_of("province", purpose="residence_registration", language="en")
    href = f"/console/people/{family.grandmother}/"
    then = text(client, f"{href}?as_of=2020-01-01").split("<main", 1)[1].split("</main", 1)[0]
    assert "12/3A Lê Lợi" in then
    assert "Died on" not in then
    assert "Died on" in text(client, href)


@pytest.mark.parametrize("typed", ["31/02/2020", "2999-01-01", "x", "2020", "01/01/1700"])
def test_what_is_no_past_day_is_told(family: Family, typed: str) -> None:
    page = text(at_work("ward", language="en"), f"/console/people/{family.father}/?as_of={typed}")
    assert "not a full day of the past" in page
    assert "This page shows the past" not in page
    assert f'value="{"01/01/2999" if typed.startswith("2999") else typed}"' in page


# -- The page of a person -------------------------------------------------------------------------


def test_a_source_is_said_once_for_its_group(family: Family) -> None:
    say(family.father, "VIETTEL", date(2025, 1, 1), email="hoa@example.vn")
    page = text(at_work("ward", language="en"), f"/console/people/{family.father}/")
    identity = page.split('id="identity"', 1)[1].split("</section>", 1)[0]
    assert identity.count("National population database") == 1
    assert identity.count('class="fact__label"><a href=') >= 4
    contact = page.split('id="contact"', 1)[1].split("</section>", 1)[0]
    assert "Viettel" in contact
    assert "National population database" in contact


def test_acts_can_be_reached_from_the_head_of_the_page(family: Family) -> None:
    page = text(at_work("ward", language="en"), f"/console/people/{family.father}/")
    head = page.split('class="page-head"', 1)[1].split('class="page"', 1)[0]
    assert "Register temporary residence" in head
    assert "Change the head of the household" in head


def test_kinds_of_the_timeline_do_not_look_like_the_tabs(family: Family) -> None:
    page = text(at_work("ward"), f"/console/people/{family.father}/timeline/")
    assert page.count('class="tabs"') == 1
    assert page.count('class="kinds"') == 1


def test_members_of_a_household_are_told_apart_by_their_year(family: Family) -> None:
    client = at_work("province", language="en")
    move = text(client, f"/console/people/{family.mother}/move/")
    assert "Nguyễn Gia Bảo, born 2014" in move
    done = send(client, f"/console/people/{family.mother}/move/", a_move(family))
    assert "born 1988" not in words(client.get(done["Location"]))
    assert "born 1944" in text(client, f"/console/people/{family.father}/head/")


# -- Ways that go on ------------------------------------------------------------------------------


@pytest.mark.parametrize("href", ["/console/people/999999/", "/console/no/such/page/"])
def test_what_is_not_found_keeps_the_menu_and_the_case(family: Family, href: str) -> None:
    page = text(at_work("ward", language="en"), href, status=404)
    assert 'class="sidenav"' in page
    assert 'class="case-strip"' in page
    assert "HS-1" in page


def test_a_citizen_keeps_their_way_home_too(family: Family) -> None:
    page = text(client_of("citizen"), "/data/no_such_fact/", status=404)
    assert 'class="tabbar' in page


def test_nobody_signed_in_gets_a_plain_page(family: Family) -> None:
    assert "sidenav" not in text(Client(), "/no/such/page/", status=404)


def test_the_number_of_a_case_is_asked_for_first_and_without_a_mark(family: Family) -> None:
    page = words(client_of("ward", language="en").get("/console/case/"))
    assert "(optional)" not in page
    assert "Not needed for: " in page
    assert page.index("Case number") < page.index("Purpose of access")
    chosen = text(client_of("ward", language="en"), "/console/case/?purpose=data_correction")
    parts = [chosen.index(mark) for mark in ("Correction of data", "Case number", "Another purpo")]
    assert parts == sorted(parts)
    assert re.search(r'value="data_correction"[^>]* checked', chosen)


def test_somebody_from_elsewhere_under_a_wrong_purpose_changes_it_with_the_number_kept(
    family: Family,
) -> None:
    client = client_of("ward", purpose="residence_registration", case="HS-77", language="en")
    shown = client.get("/console/people/present/")
    assert shown.status_code == 200
    assert "does not reach beyond your area" in words(shown)
    offered = {one.value for one in shown.context["choices"]}
    assert offered == {"residence_registration_incoming", "one_stop_verification"}
    assert 'value="HS-77"' in shown.content.decode()
    pid = Person.objects.get(pk=family.neighbour).pid
    card = {"pid": pid, "name": "Phạm Quốc Em", "birth_date": "9/8/1995"}
    kept = client.post("/console/people/present/", card)
    assert kept.status_code == 409
    form = {
        "purpose": "residence_registration_incoming",
        "case": "HS-77",
        "next": kept.context["onward"],
        "kept": kept.context["kept"],
    }
    resumed = client.post("/console/case/", form)
    assert ("birth_date", "9/8/1995") in resumed.context["answers"]
    answers = dict(resumed.context["answers"])
    assert client.post(resumed.context["onward"], answers).status_code == 302
    assert not AccessRecord.objects.filter(person_id=family.neighbour).exclude(refusal="").exists()


def admit(client: Client, person: int, name: str, birth: str, onward: str = "") -> object:
    pid = Person.objects.get(pk=person).pid
    href = f"/console/people/present/?next={onward}" if onward else "/console/people/present/"
    return client.post(href, {"pid": pid, "name": name, "birth_date": birth})


def test_a_family_from_elsewhere_moves_together(family: Family) -> None:
    father_pid = pid_for("M", 1980)
    there = {"permanent_residence": NEXT_WARD}
    father = a_person("Đặng Văn Xa", "M", "1980-01-02", pid=father_pid, **there)
    child = a_person(LONG_NAME, "F", "2016-03-04", father_pid=father_pid, **there)
    client = client_of("ward", purpose="residence_registration_incoming", language="en")
    admit(client, father, "Đặng Văn Xa", "02/01/1980")
    href = f"/console/people/{father}/move/"
    alone = text(client, href)
    assert "Admit somebody else of the family" in alone
    assert LONG_NAME not in alone
    back = admit(client, child, LONG_NAME, "4/3/2016", onward=href)
    assert back["Location"] == href
    assert f"{LONG_NAME}, born 2016" in text(client, href)
    answers = a_move(
        family,
        people=[str(father), str(child)],
        to_text=STREET,
        to_commune=SAI_GON,
        head=str(father),
        **{f"relationship_{child}": "CON_DE"},
    )
    done = send(client, href, answers)
    assert done.status_code == 302, problems(done)
    communes = Person.objects.filter(pk__in=[father, child]).values_list("commune", flat=True)
    assert set(communes) == {"26740"}
    other = client_of("ward", purpose="residence_registration_incoming", case="HS-2")
    admit(other, family.neighbour, "Phạm Quốc Em", "09/08/1995")
    assert LONG_NAME not in text(other, f"/console/people/{family.neighbour}/move/")


def test_whoever_was_not_admitted_does_not_move_along(family: Family) -> None:
    client = client_of("ward", purpose="residence_registration_incoming", language="en")
    admit(client, family.neighbour, "Phạm Quốc Em", "09/08/1995")
    href = f"/console/people/{family.neighbour}/move/"
    answers = a_move(family, people=[str(family.neighbour), str(family.son)], to_commune=SAI_GON)
    assert client.post(href, {**answers, "confirmed": "yes"}).status_code == 422


def test_a_possible_duplicate_is_asked_about_in_a_case_for_people_from_elsewhere(
    family: Family,
) -> None:
    client = client_of("registrar", purpose="civil_status_presented", language="en")
    for person, name, born in (
        (family.mother, "Trần Thị Thu Hương", "02/09/1988"),
        (family.father, "Nguyễn Văn Hòa", "02/03/1984"),
    ):
        assert admit(client, person, name, born).status_code == 302
    href = f"/console/people/{family.mother}/birth/"
    assert send(client, href, a_birth(family)).status_code == 302
    asked = send(client, href, a_birth(family))
    assert asked.status_code == 409, problems(asked)
    assert "Is it one of these?" in words(asked)
    told = send(client, href, a_birth(family, declared_not_duplicate="Sinh đôi."))
    assert told.status_code == 302, problems(told)


# -- Work that waits ------------------------------------------------------------------------------


def counted(queries: CaptureQueriesContext) -> int:
    return sum("correctionrequest" in one["sql"] for one in queries)


def test_other_pages_show_the_last_count_with_its_moment(family: Family) -> None:
    ask(family)
    client = at_work("ward", language="en")
    cache.clear()
    with CaptureQueriesContext(connection) as first:
        text(client, "/console/help/")
    with CaptureQueriesContext(connection) as second:
        page = text(client, "/console/help/")
    assert counted(first) > 0
    assert counted(second) == 0
    assert re.search(r'class="count" title="as of \d\d:\d\d">1<', page)
    with CaptureQueriesContext(connection) as home:
        page = text(client, "/console/")
    assert counted(home) > 0
    assert "as of" not in page
    other = at_work("other_ward", language="en")
    assert 'class="count"' not in text(other, "/console/help/")


def test_what_was_just_decided_is_not_counted_any_more(family: Family) -> None:
    number = ask(family)
    client = client_of("ward", language="en")
    assert 'class="count"' in text(client, "/console/help/")
    decide(client, number, "decline")
    assert 'class="count"' not in text(client, "/console/help/")


# -- Who looked -----------------------------------------------------------------------------------


def test_who_may_read_the_access_log_reads_it_from_the_page_of_a_person(family: Family) -> None:
    officer = appoint_officer(
        name="Cán bộ kiêm nhiệm",
        office_code="CA-26740",
        roles=("ward_officer", "auditor"),
        active_from=MAP,
    )
    _account("both", officer_id=officer.id)
    at_work("registrar", case="HS-9").get(f"/console/people/{family.mother}/")
    client = client_of("both", purpose="residence_registration", language="en")
    page = text(client, f"/console/people/{family.mother}/")
    href = f"/console/people/{family.mother}/looks/"
    assert href in page
    log = client.get(href)["Location"]
    assert family.mother_pid not in log
    chain = client.get(log, follow=True).redirect_chain
    case = chain[-1][0]
    assert case.startswith("/console/case/")
    assert family.mother_pid not in str(chain)
    onward = {"purpose": "audit", "case": "TT-1", "next": log}
    assert "HS-9" in words(client.post("/console/case/", onward, follow=True))
    ward = text(at_work("ward", language="en"), f"/console/people/{family.mother}/")
    assert href not in ward
    assert "Every look is written down." in ward
