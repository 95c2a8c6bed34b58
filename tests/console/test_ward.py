"""The ward's work on its pages: streets, homes, settling at the door, passing on, history."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from dancu.catalogue import attribute
from dancu.catalogue.quality import quality
from dancu.disclosure.models import AccessRecord
from dancu.kernel.clock import FixedClock, today
from dancu.places import queries as places
from dancu.places.decisions import read
from dancu.population import services as register
from dancu.population.models import Conflict, Person
from dancu.population.services.restructuring import apply_map_change
from dancu.quality import examining, following, scoring, worklist
from dancu.quality.models import Handling, Issue
from tests.console.cast import NEXT_WARD, Family, a_person, client_of, footprint, say
from tests.console.desk_work import text
from tests.disclosure.conftest import officer
from tests.places.decision_files import MERGER, text_of

WARD = "/console/ward/"
CASE = {"purpose": "data_correction", "case": "LS-1"}
PAPER = {"act": "confirm", "evidence_kind": "inspection", "evidence_reference": "LS-1"}


def examined() -> None:
    at = timezone.now()
    examining.examine_all(clock=FixedClock(at), lanes=0)
    scoring.snapshot(day=today(at))


@pytest.fixture
def dirty(family: Family) -> Family:
    """Birth on the first of January, a stale phone, a sex that the number contradicts."""
    say(family.mother, "C06", birth_date="1988-01-01")
    say(family.son, "C06", sex="F")
    examined()
    return family


def ward(**more: str) -> Client:
    return client_of("ward", **{**CASE, **more})


def home_of(person: int) -> str:
    return f"{WARD}homes/{person}/"


def value_of(person: int, rule: str) -> str:
    return f"{person}-{quality().rules[rule].number}"


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(version_\d+)" value="(\d+)"', page))


def test_streets_name_nobody_and_homes_are_seen_with_a_record(dirty: Family) -> None:
    page = text(client_of("ward", language="en").get(WARD))
    assert "Lê Lợi" in page
    assert "Thu Hương" not in page
    assert not AccessRecord.objects.filter(person_id=dirty.father).exists()
    # Without a case the way to the homes leads through the choice of one, with a number suggested.
    href = re.search(r'href="(/console/case/\?purpose=data_correction[^"]+)"', page)
    assert href
    wanted = parse_qs(urlsplit(href[1].replace("&amp;", "&")).query)
    client = client_of("ward", language="en")
    answer = client.post("/console/case/", {k: v[0] for k, v in wanted.items()})
    assert answer.status_code == 302, text(answer)
    homes = text(client.get(wanted["next"][0]))
    assert f'href="{home_of(dirty.father)}"' in homes or "Nguyễn Văn Hòa" in homes
    assert "blocks a service" in homes


def test_another_ward_sees_and_counts_nobody_of_here(dirty: Family) -> None:
    other = client_of("other_ward", **CASE, language="en")
    assert "Lê Lợi" not in text(other.get(WARD))
    before = footprint()
    assert other.get(home_of(dirty.father)).status_code == 404
    answer = other.post(
        home_of(dirty.father),
        {"act": "confirm", "issue": [value_of(dirty.father, "phone.current")]},
    )
    assert answer.status_code == 404
    assert footprint() == before


def test_a_home_shows_everybody_with_what_is_wrong_and_what_to_do(dirty: Family) -> None:
    page = text(ward(language="en").get(home_of(dirty.father)))
    for name in ("Nguyễn Văn Hòa", "Trần Thị Thu Hương", "Nguyễn Gia Bảo", "Lê Thị Sáu"):
        assert name in page
    assert "The PID disagrees with the sex" in page
    assert f"/console/people/{dirty.son}/facts/sex/correct/?visit={dirty.son}" in page
    assert "can be confirmed" in page
    assert "Phạm Quốc Em" not in page


def test_facts_are_confirmed_at_the_door_and_their_issues_close(dirty: Family) -> None:
    client = ward(language="en")
    href = home_of(dirty.father)
    versions = hidden(text(client.get(href)))
    given = {
        "act": "confirm",
        "issue": [value_of(dirty.father, "phone.current")],
        "evidence_kind": "inspection",
        "evidence_reference": "LS-1",
        **versions,
    }
    answer = client.post(href, given)
    assert answer.status_code == 302, text(answer)
    page = text(client.get(href))
    assert "Closed:" in page
    assert value_of(dirty.father, "phone.current") not in page
    assert client.post(href, given).status_code == 422


def test_a_double_tap_settles_once_and_is_told_so(dirty: Family) -> None:
    client = ward(language="en")
    href = home_of(dirty.father)
    page = text(client.get(href))
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    given = PAPER | {"issue": [value_of(dirty.father, "phone.current")], "once": once[1]}
    assert client.post(href, given | hidden(page)).status_code == 302
    before = footprint()
    again = client.post(href, given | hidden(page))
    assert (again.status_code, again["Location"]) == (302, href)
    assert "nothing was done twice" in text(client.get(href))
    assert footprint() == before


def test_what_was_ticked_is_kept_when_a_paper_is_missing(dirty: Family) -> None:
    client = ward(language="en")
    href, phone = home_of(dirty.father), value_of(dirty.father, "phone.current")
    page = text(client.get(href))
    lacking = PAPER | {"issue": [phone], "evidence_reference": ""}
    answer = client.post(href, lacking | hidden(page))
    assert answer.status_code == 422
    assert f'value="{phone}" checked' in text(answer)
    assert text(answer).count(" checked") == 1


def test_after_somebody_elses_change_a_home_is_looked_at_again_and_settled(dirty: Family) -> None:
    client = ward(language="en")
    href, phone = home_of(dirty.father), value_of(dirty.father, "phone.current")
    page = text(client.get(href))
    say(dirty.father, "C06", date(2020, 2, 1), phone="0900000099")
    given = PAPER | {"issue": [phone]}
    changed = client.post(href, given | hidden(page))
    assert changed.status_code == 409
    assert f'value="{phone}" checked' not in text(changed)
    assert client.post(href, given | hidden(text(changed))).status_code == 302


def test_a_look_at_a_home_that_is_not_is_kept_like_one_at_anothers(dirty: Family) -> None:
    client = client_of("other_ward", **CASE)
    for person in (dirty.father, 10**12):
        before = AccessRecord.objects.filter(refusal="not-found").count()
        assert client.get(home_of(person)).status_code == 404
        assert AccessRecord.objects.filter(refusal="not-found").count() > before


def test_what_is_not_over_by_confirming_is_refused(dirty: Family) -> None:
    client = ward(language="en")
    href = home_of(dirty.father)
    versions = hidden(text(client.get(href)))
    before = footprint()
    answer = client.post(
        href,
        {
            "act": "confirm",
            "issue": [
                value_of(dirty.father, "phone.current"),
                value_of(dirty.son, "pid_against_sex"),
            ],
            "evidence_kind": "inspection",
            "evidence_reference": "LS-1",
            **versions,
        },
    )
    assert answer.status_code == 422
    assert "is not over by saying again" in text(answer)
    assert footprint() == before


def test_a_masked_case_confirms_nothing_and_says_which_one_would(dirty: Family) -> None:
    page = text(
        client_of("ward", purpose="data_cleaning", language="en").get(home_of(dirty.father))
    )
    assert "0900000014" not in page.replace(" ", "")
    assert "Open a case for visits" in page


def test_a_correction_leads_back_to_the_home(dirty: Family) -> None:
    client = ward(language="en")
    href = f"/console/people/{dirty.son}/facts/sex/correct/?visit={dirty.son}"
    answers = {
        "value": "M",
        "day": "01/05/2020",
        "evidence_kind": "birth_certificate",
        "evidence_reference": "12/2014",
        f"version_{dirty.son}": str(register.version_of(dirty.son)),
    }
    assert "Check once more" in text(client.post(href, answers))
    answer = client.post(href, answers | {"confirmed": "yes", "once": "t1"})
    assert answer.status_code == 302, text(answer)
    assert answer["Location"] == home_of(dirty.son)
    assert not Issue.objects.filter(subject=dirty.son, rule=1).exists()


def test_a_correction_that_opens_something_worse_asks_why_before_anything_is_written(
    dirty: Family,
) -> None:
    client = ward(language="en")
    href = f"/console/people/{dirty.mother}/facts/birth_date/correct/"
    answers = {
        "value": "02/09/1987",
        "day": "02/11/2026",
        "evidence_kind": "birth_certificate",
        "evidence_reference": "7/1987",
        f"version_{dirty.mother}": str(register.version_of(dirty.mother)),
    }
    before = footprint()
    assert 'name="despite"' not in text(client.get(href))
    refused = client.post(href, answers)
    assert refused.status_code == 422
    page = text(refused)
    assert quality().rules["pid_against_year"].label("en") in page
    assert 'name="despite"' in page
    assert footprint() == before
    why = answers | {"despite": "Sổ gốc ghi 1987, số sẽ được cấp lại"}
    assert client.post(href, why).status_code == 200
    answer = client.post(href, why | {"confirmed": "yes", "once": "t2"})
    assert answer.status_code == 302, text(answer)
    assert Handling.objects.get(act=Handling.Act.KEPT).reason.startswith("Sổ gốc")


def test_issues_of_one_rule_are_passed_on_together_and_come_back(dirty: Family) -> None:
    client = ward(language="en")
    href = f"{WARD}rules/pid_against_sex/"
    page = text(client.get(href))
    assert "PC06-79" in page
    answer = client.post(
        href,
        {
            "issue": [value_of(dirty.son, "pid_against_sex")],
            "office": "PC06-79",
            "reason": "Phải hủy và cấp lại số",
        },
    )
    assert answer.status_code == 302, text(answer)
    assert value_of(dirty.son, "pid_against_sex") not in text(client.get(href))
    assert "passed on to PC06-79" in text(client.get(home_of(dirty.son)))
    street = re.search(r'href="(/console/ward/street/[^"]+)"', text(client.get(WARD)))
    assert street
    assert "disagrees with the sex" not in text(client.get(street[1].replace("&amp;", "&")))
    province = client_of("province", **CASE, language="en")
    passed = text(province.get(f"{WARD}passed/"))
    assert "Nguyễn Gia Bảo" in passed
    answer = province.post(
        f"{WARD}passed/",
        {"issue": [value_of(dirty.son, "pid_against_sex")], "reason": "Sửa giới tính trước"},
    )
    assert answer.status_code == 302
    assert value_of(dirty.son, "pid_against_sex") in text(client.get(href))
    history = text(client.get(f"/console/people/{dirty.son}/issues/"))
    assert "Handed back" in history
    assert "Sửa giới tính trước" in history


def test_what_blocks_a_service_and_is_waited_for_comes_first(dirty: Family) -> None:
    page = text(client_of("ward", language="en").get(WARD))
    assert page.count("somebody waits") == 1
    AccessRecord.objects.create(
        person_id=dirty.son, disclosure=1, at=timezone.now(), kind=AccessRecord.Kind.VERIFY,
        office="", source="", role="agency", purpose="", case_number="", refusal="",
        attributes=[-attribute("birth_date").number],
    )  # fmt: skip
    assert text(client_of("ward", language="en").get(WARD)).count("somebody waits") == 2


def test_where_everybody_is_waited_for_it_says_for_how_many(dirty: Family) -> None:
    for person in (dirty.son, dirty.father):
        AccessRecord.objects.create(
            person_id=person, disclosure=1, at=timezone.now(), kind=AccessRecord.Kind.LOOKUP,
            office="", source="", role="agency", purpose="", case_number="", refusal="",
        )  # fmt: skip
    assert "somebody waits: 2" in text(client_of("ward", language="en").get(WARD))


def test_a_count_that_was_cut_short_says_so(dirty: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dirty.son
    monkeypatch.setattr(worklist, "MOST_COUNTED", 3)
    page = client_of("ward", language="en").get("/console/").content.decode()
    assert re.search(r'<span class="count">3\+<', page)


def test_the_history_of_a_person_says_what_was_wrong_and_what_mended_it(dirty: Family) -> None:
    client = ward(language="en")
    page = text(client.get(f"/console/people/{dirty.mother}/issues/"))
    assert quality().rules["born_on_first_of_january"].label("en") in page
    hrefs = re.findall(rf'href="(/console/people/{dirty.mother}/facts/\w+/)"', page)
    assert {client.get(href).status_code for href in hrefs} == {200}
    say(dirty.mother, "C06", birth_date="1988-09-02")
    examined()
    page = text(client.get(f"/console/people/{dirty.mother}/issues/"))
    assert "mended by a newer statement" in page
    other = client_of("other_ward", **CASE)
    assert other.get(f"/console/people/{dirty.mother}/issues/").status_code == 404


def test_a_conflict_is_shown_with_the_likelier_side_and_why(dirty: Family) -> None:
    say(dirty.mother, "BHXH", full_name="Trần Thị Thu Hường")
    conflict = Conflict.objects.get(person_id=dirty.mother, settled_at=None)
    client = ward(language="en")
    listed = text(client.get("/console/conflicts/"))
    assert "the register" in listed
    assert "Thu Hường" not in listed
    page = text(
        client.get(
            f"/console/people/{dirty.mother}/facts/full_name/conflict/{conflict.statement_id}/"
        )
    )
    assert "Likelier right" in page
    assert "stronger source" in page
    assert not Conflict.objects.filter(pk=conflict.pk, settled_at__isnull=False).exists()


def test_a_conflict_is_not_settled_over_what_was_said_meanwhile(dirty: Family) -> None:
    theirs = say(dirty.mother, "BHXH", birth_date="1988-02-09")
    client = ward(language="en")
    href = f"/console/people/{dirty.mother}/facts/birth_date/conflict/{theirs}/"
    given = {"decision": "dismiss", "reason": "Theo giấy khai sinh", "once": "t3"}
    given |= hidden(text(client.get(href)))
    say(dirty.mother, "C06", birth_date="1988-09-02")
    before = footprint()
    assert client.post(href, given).status_code == 409
    assert footprint() == before
    given |= hidden(text(client.get(href)))
    assert client.post(href, given).status_code == 302


def test_from_a_home_a_province_comes_back_to_the_street_of_its_commune(dirty: Family) -> None:
    province = client_of("province", **CASE, language="en")
    page = text(province.get(home_of(dirty.father)))
    street = re.search(r'href="(/console/ward/street/[^"]+)"', page)
    assert street
    assert "Nguyễn Văn Hòa" in text(province.get(street[1].replace("&amp;", "&")))


def test_issues_go_along_when_the_map_takes_their_people_to_another_ward(dirty: Family) -> None:
    at = timezone.now()
    body = text_of(MERGER, day=today(at).isoformat()).replace("2026-10-15", "2026-01-15")
    apply_map_change(decision=read(body), actor=officer("province_officer", "79"), at=at)
    street = "/console/ward/street/?street=L%C3%AA+L%E1%BB%A3i&unit="
    client = client_of("province", **CASE, language="en")
    assert "Nguyễn Văn Hòa" not in text(client.get(f"{street}29902"))
    assert following.follow_map(at=at)
    assert "Nguyễn Văn Hòa" in text(client.get(f"{street}29902"))
    assert not following.follow_map(at=at)
    places.forget()


def test_who_left_the_area_since_is_no_way_to_a_page(dirty: Family) -> None:
    say(dirty.neighbour, "C06", date(2025, 1, 1), permanent_residence=NEXT_WARD)
    moved = Person.objects.get(pk=dirty.neighbour)
    Issue.objects.filter(subject=dirty.neighbour).update(unit=26740)
    pages = "".join(
        text(ward(language="en").get(href.replace("&amp;", "&")))
        for href in re.findall(r'href="(/console/ward/street/[^"]+)"', text(ward().get(WARD)))
    )
    assert moved.commune == "26743"
    assert "No longer in your area" in pages
    assert home_of(dirty.neighbour) not in pages


def test_a_sheet_for_the_door_is_kept_as_a_print(dirty: Family) -> None:
    page = text(ward(language="en").get(f"{home_of(dirty.father)}sheet/"))
    assert "Visit sheet" in page
    kinds = AccessRecord.objects.filter(person_id=dirty.mother).values_list("kind", flat=True)
    assert AccessRecord.Kind.PRINT in kinds


def test_many_homes_come_page_by_page(dirty: Family) -> None:
    for number in range(30):
        a_person(f"Lê Văn {chr(65 + number // 5)}{chr(97 + number % 5)}", "M", "1990-01-01")
    examined()
    client = ward(language="en")
    people = Person.objects.count()
    found = text(client.get(WARD))
    street = re.search(r'href="(/console/ward/street/[^"]+)"', found)
    assert street
    page = text(client.get(street[1].replace("&amp;", "&")))
    assert "Homes to visit" in page
    assert people > 30
    assert client.get(f"{WARD}?page=99").status_code == 200
    assert client.get(f"{WARD}street/?street=%00x").status_code == 200
    assert client.get(f"{WARD}rules/nothing/").status_code == 404
    assert client.get(home_of(10**18)).status_code == 404
