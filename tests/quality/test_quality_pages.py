"""The pages of quality: figures that name nobody, and the cases behind each of them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dancu.console.views import quality as quality_views
from dancu.disclosure.models import AccessRecord
from dancu.kernel.clock import FixedClock, today
from dancu.places import queries as places
from dancu.places.decisions import read
from dancu.population.services.restructuring import apply_map_change
from dancu.quality import examining, queries, scoring
from dancu.quality.models import Issue
from tests.console.cast import NEXT_WARD, Family, a_person, at_work, say
from tests.console.conftest import family  # noqa: F401
from tests.console.desk_work import text
from tests.disclosure.conftest import officer
from tests.places.decision_files import MERGER, text_of

HERE = "26740"


def examined() -> date:
    at = _now()
    examining.examine_all(clock=FixedClock(at), lanes=0)
    scoring.snapshot(day=today(at))
    return today(at)


def _now() -> datetime:
    return timezone.now()


@pytest.fixture
def dirty(family: Family) -> Family:  # noqa: F811
    say(family.mother, "C06", birth_date="1988-01-01")
    say(family.son, "C06", sex="F")
    examined()
    return family


def names_in(page: str) -> set[str]:
    everybody = ("Văn Hòa", "Thu Hương", "Gia Bảo", "Thị Sáu", "Quốc Em")
    return {name for name in everybody if name in page}


def test_before_the_first_examination_the_page_says_when_figures_come(
    family: Family,  # noqa: F811
) -> None:
    page = text(at_work("ward", language="en").get("/console/quality/"))
    assert "The register waits to be examined" in page
    bar = at_work("ward", language="en").get("/console/quality/progress/")
    assert "waits to be examined" in text(bar)
    assert "0 %" not in page


def test_figures_stand_in_the_order_of_the_motto_and_name_nobody(dirty: Family) -> None:
    for who in ("ward", "province", "auditor", "steward"):
        page = text(at_work(who, language="vi").get("/console/quality/"))
        places = [page.index(f">{word}<") for word in ("Đúng", "Đủ", "Sạch", "Sống")]
        assert places == sorted(places)
        assert not names_in(page)
    assert not AccessRecord.objects.filter(person_id=dirty.mother).exists()


def test_a_ward_sees_its_own_figures_whatever_it_asks_for(dirty: Family) -> None:
    own = text(at_work("ward").get("/console/quality/"))
    asked = text(at_work("ward").get("/console/quality/?unit=26743"))
    title = re.search("<h1>.*?</h1>", own)
    assert title is not None
    assert title[0] in asked


def test_whoever_is_furthest_behind_stands_first_and_the_rest_comes_page_by_page(
    dirty: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_person("Lê Văn Sạch", "M", "1990-03-03", permanent_residence=NEXT_WARD)
    examined()
    client = at_work("province")
    page = text(client.get("/console/quality/?unit=79"))
    assert page.index("?unit=26740") < page.index("?unit=26743")
    monkeypatch.setattr(quality_views, "_UNITS", 1)
    for number, here, other in (("1", "26740", "26743"), ("2", "26743", "26740")):
        page = text(client.get(f"/console/quality/?unit=79&page={number}"))
        assert f"?unit={here}" in page
        assert f"?unit={other}" not in page


def test_a_merger_leaves_the_days_before_it_as_they_were(dirty: Family) -> None:
    at = _now()
    scoring.snapshot(day=(day := today(at)) - timedelta(days=1))
    body = text_of(MERGER, day=day.isoformat()).replace("2026-10-15", "2026-01-15")
    pages = []
    for decision in (None, read(body)):
        if decision:
            apply_map_change(decision=decision, actor=officer("province_officer", "79"), at=at)
        pages.append(text(at_work("province").get("/console/quality/")))
    rows = [re.search(rf"(?s){day - timedelta(days=1):%d/%m/%Y}.*?</tr>", page) for page in pages]
    shown = [re.findall(r"[\d,]+\s%", row[0]) if row else [] for row in rows]
    assert shown[0]
    assert shown[0] == shown[1]
    places.forget()


def test_each_number_opens_as_many_cases_as_it_says(dirty: Family) -> None:
    client = at_work("ward", language="en")
    page = text(client.get("/console/quality/rules/?dimension=accurate"))
    links = re.findall(r'href="(/console/quality/cases/[^"]+)"[^>]*>\s*(\d+)', page)
    assert links
    for href, number in links:
        cases = text(client.get(href.replace("&amp;", "&")))
        assert len(re.findall(r'href="/console/people/\d+/facts/', cases)) == int(number), href


def test_a_case_is_seen_for_a_purpose_with_a_record(dirty: Family) -> None:
    href = "/console/quality/cases/?rule=born_on_first_of_january"
    page = text(at_work("ward").get(href))
    assert names_in(page) == {"Thu Hương"}
    assert AccessRecord.objects.filter(person_id=dirty.mother).exists()
    without = Client()
    without.force_login(_account("ward"))
    answer = without.get(href)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/case/")
    assert not names_in(text(at_work("other_ward").get(href)))


def test_a_case_of_what_lacks_leads_to_the_person(dirty: Family) -> None:
    client = at_work("ward")
    page = text(client.get("/console/quality/cases/?dimension=complete"))
    hrefs = set(re.findall(r'href="(/console/people/\d+/[^"]*)"', page))
    assert hrefs
    assert {client.get(href).status_code for href in hrefs} == {200}


def _account(name: str) -> object:
    from dancu.identity.models import Account

    return Account.objects.get(username=name)


def test_cases_about_what_the_purpose_hides_do_not_open(dirty: Family) -> None:
    client = at_work("steward")
    assert client.get("/console/quality/cases/?rule=religion.current").status_code == 404
    assert client.get("/console/quality/cases/?rule=nothing").status_code == 404
    assert client.get("/console/quality/cases/?dimension=nothing").status_code == 404
    auditor = at_work("auditor")
    assert auditor.get("/console/quality/cases/?rule=pid_against_sex").status_code in {302, 404}


def test_a_rule_is_shown_and_tried_on_the_live_register(dirty: Family) -> None:
    client = at_work("ward", language="en")
    page = text(client.get("/console/quality/rules/pid_against_sex/"))
    assert "sex != sex_of(pid)" in page.replace("&#x27;", "'")
    before = Issue.objects.count()
    page = text(client.post("/console/quality/rules/pid_against_sex/"))
    assert "1 hit." in page
    assert not names_in(page)
    assert Issue.objects.count() == before
    cases = text(client.get("/console/quality/rules/pid_against_sex/cases/"))
    assert names_in(cases) == {"Gia Bảo"}
    assert client.get("/console/quality/rules/no_such_rule/").status_code == 404
    page = text(client.post("/console/quality/rules/crowded_household/"))
    assert "hits nobody" in page


def test_ten_thousand_cases_come_page_by_page(dirty: Family) -> None:
    day = queries.last_day()
    Issue.objects.bulk_create(
        Issue(subject=10_000_000 + n, rule=22, unit=int(HERE), run=1, opened_on=day)
        for n in range(10_000)
    )
    client = at_work("ward", language="en")
    page = text(client.get("/console/quality/cases/?rule=born_on_first_of_january"))
    assert len(re.findall(r'href="/console/people/\d+/facts/', page)) == 1
    assert "page=2" in page
    assert (
        client.get("/console/quality/cases/?rule=born_on_first_of_january&page=200").status_code
        == 200
    )
    assert "10.001" in text(client.get("/console/quality/rules/")).replace("10,001", "10.001")
