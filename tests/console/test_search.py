"""Looking for people and for looks: nothing in the address, nothing dropped in silence."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from dancu.catalogue import attribute
from dancu.console import asked
from dancu.disclosure.models import AccessRecord
from tests.console.cast import Family, a_person, at_work, client_of

PEOPLE, LOG = "/console/people/", "/console/access-log/"
LIVE = {"HX-Request": "true", "HX-Target": "results"}
TOKEN = re.compile(r"\?s=[\w-]{12}$")


def look(client: Client, href: str = PEOPLE, **said: str) -> object:
    """Send the form; what comes back is a page, or where to find it."""
    return client.post(href, said)


def test_a_number_that_is_looked_for_stands_in_no_address_or_title(family: Family) -> None:
    """A browser keeps both in its history."""
    client = at_work("ward")
    sent = look(client, q=family.father_pid)
    assert TOKEN.search(sent["Location"])
    assert family.father_pid not in sent["Location"]
    shown = client.get(sent["Location"]).content.decode()
    assert "Nguyễn Văn Hòa" in shown
    assert not re.search(r'(href|action|hx-\w+)="[^"]*' + family.father_pid, shown)
    assert f'value="{family.father_pid}"' in shown
    assert family.father_pid not in shown.partition("</title>")[0]


def test_going_back_finds_the_same_again(family: Family) -> None:
    client = at_work("ward")
    first, second = look(client, q="tran thi thu huong"), look(client, q="le thi sau")
    client.get(f"/console/people/{family.mother}/")
    assert "Trần Thị Thu Hương" in client.get(first["Location"]).content.decode()
    assert "Lê Thị Sáu" in client.get(second["Location"]).content.decode()


def test_the_next_page_keeps_what_was_asked(family: Family) -> None:
    for _number in range(60):
        a_person("Đỗ Văn Minh", "M", "1990")
    client = at_work("ward")
    sent = look(client, name="do van minh", birth="1990")
    shown = client.get(sent["Location"]).content.decode()
    (following,) = re.findall(r'href="([^"]*page=2[^"]*)" rel="next"', shown)
    assert following.replace("&amp;", "&").startswith("?s=")
    second = client.get(PEOPLE + following.replace("&amp;", "&")).content.decode()
    assert "Đỗ Văn Minh" in second


def test_an_address_of_old_is_cleaned_at_once(family: Family) -> None:
    client = at_work("ward")
    for href, said in ((PEOPLE, {"q": family.father_pid}), (LOG, {"pid": family.father_pid})):
        who = client if href == PEOPLE else at_work("auditor")
        answer = who.get(href, said)
        assert answer.status_code == 302
        assert TOKEN.search(answer["Location"])


def test_what_was_asked_belongs_to_one_session_and_one_page(family: Family) -> None:
    sent = look(at_work("ward"), q="tran thi thu huong")
    colleague = at_work("colleague", language="en")
    before = AccessRecord.objects.latest("pk").pk
    shown = colleague.get(sent["Location"]).content.decode()
    assert "is not kept any more" in shown
    assert "Trần Thị Thu Hương" not in shown
    auditor = at_work("auditor", language="en")
    mine = look(auditor, LOG, pid=family.mother_pid)
    assert "is not kept any more" in auditor.get(f"{LOG}?s=aaaaaaaaaaaa").content.decode()
    assert auditor.get(mine["Location"]).status_code == 200
    assert not AccessRecord.objects.filter(pk__gt=before, kind=AccessRecord.Kind.SEARCH).exists()


def test_what_was_asked_is_kept_for_a_working_day_and_not_without_end() -> None:
    session, now = SessionStore(), timezone.now()
    token = asked.keep(session, PEOPLE, {"q": "an"}, at=now)
    assert asked.recall(session, PEOPLE, token, at=now + asked.LASTS) == {"q": "an"}
    assert asked.recall(session, PEOPLE, token, at=now + asked.LASTS + timedelta(seconds=1)) is None
    assert asked.recall(session, LOG, token, at=now) is None
    for number in range(asked.KEPT):
        asked.keep(session, PEOPLE, {"q": str(number)}, at=now)
    assert asked.recall(session, PEOPLE, token, at=now) is None
    assert len(session[asked.KEY]) == asked.KEPT


@pytest.mark.parametrize("token", ["", "x", "../../etc/x", "a" * 4000, "<script>", "ă" * 12])
def test_a_token_that_is_none_gets_a_new_one(token: str) -> None:
    session = SessionStore()
    kept = asked.keep(session, PEOPLE, {"q": "an"}, at=timezone.now(), token=token)
    assert re.fullmatch(r"[\w-]{12}", kept)
    assert kept != token


def test_the_live_search_answers_with_the_list_alone_and_can_be_gone_back_to(
    family: Family,
) -> None:
    client = at_work("ward")
    page = client.get(PEOPLE).content.decode()
    (action,) = set(re.findall(r'hx-post="([^"]*)"', page))
    for typed in ("h", "huo", "huong"):
        answer = client.post(action, {"q": typed}, headers=LIVE)
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="results"')
    assert "<html" not in text
    assert "Trần Thị Thu Hương" in text
    assert "Trần Thị Thu Hương" in client.get(action).content.decode()


def test_the_live_search_without_a_case_asks_for_one(family: Family) -> None:
    headers = {**LIVE, "HX-Current-URL": f"http://testserver{PEOPLE}"}
    answer = client_of("ward").post(PEOPLE, {"q": "huong"}, headers=headers)
    assert answer["HX-Redirect"].startswith("/console/case/?next=%2Fconsole%2Fpeople%2F")


def test_a_search_that_meets_no_case_goes_on_after_the_choice(family: Family) -> None:
    client = client_of("ward")
    asked_for = client.post(PEOPLE, {"q": "huong"})
    assert asked_for.status_code == 409
    form = {"purpose": "residence_registration", "case": "HS-7", "next": PEOPLE}
    resumed = client.post("/console/case/", {**form, "kept": asked_for.context["kept"]})
    assert ("q", "huong") in resumed.context["answers"]


def test_nothing_asked_is_the_empty_page(family: Family) -> None:
    client = at_work("ward")
    assert look(client, q="  ")["Location"] == PEOPLE
    assert client.post(PEOPLE, {"q": ""}, headers=LIVE).status_code == 200
    assert look(at_work("auditor"), LOG)["Location"] == LOG


@pytest.mark.parametrize(
    ("said", "label", "words"),
    [
        ({"q": "tran\x00thi"}, "Họ tên, số định danh", "không lưu được"),
        ({"name": "tran\x00thi"}, "Họ và tên", "không lưu được"),
        ({"q": "x" * 201}, "Họ tên, số định danh", "200"),
        ({"name": "x" * 201}, "Họ và tên", "200"),
        ({"q": "01199000015"}, "Họ tên, số định danh", "Số này có 11 chữ số"),
        ({"q": "71190000120"}, "Họ tên, số định danh", "nhập đủ các chữ số"),
        ({"q": "0912 345 678"}, "Họ tên, số định danh", "số điện thoại"),
        ({"birth": "31/02/1988"}, "sinh", "31/02/1988"),
        ({"birth": "02/01/19851"}, "sinh", "10"),
        ({"sex": "X"}, "Giới tính", ""),
        ({"commune": "99999"}, "Phường, xã", ""),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    family: Family, said: dict[str, str], label: str, words: str
) -> None:
    client = at_work("ward")
    for headers in ({}, LIVE):
        answer = client.post(PEOPLE, said, headers=headers, follow=True)
        assert answer.status_code == 422, headers
        results = answer.content.decode().split('id="results"')[1]
        assert label in results
        assert words in results
        assert " data-open>" not in results


def test_a_number_short_of_its_zero_is_found_and_told_as_completed(family: Family) -> None:
    client = at_work("ward", language="en")
    answer = client.post(PEOPLE, {"q": family.mother_pid.lstrip("0")}, headers=LIVE)
    said = answer.content.decode()
    assert "You typed 11 digits" in said
    assert f"Looked for is {family.mother_pid}" in said
    assert f"/console/people/{family.mother}/" in said
    whole = client.post(PEOPLE, {"q": family.mother_pid}, headers=LIVE).content.decode()
    assert "You typed" not in whole


def test_by_what_the_purpose_does_not_show_nobody_is_found(family: Family) -> None:
    a_person("Bùi Văn Cũ", "M", "1970-01-02", old_id_number="311987654")
    whole = at_work("ward", language="en")
    found = whole.post(PEOPLE, {"q": "311987654"}, follow=True).content.decode()
    assert "Bùi Văn Cũ" in found
    check = client_of("ward", purpose="residence_check", language="en")
    refused = check.post(PEOPLE, {"q": "311987654"}, follow=True)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "does not permit looking for people by" in text
    assert attribute("old_id_number").label("en") in text
    assert "Bùi Văn Cũ" not in text
    assert AccessRecord.objects.latest("pk").refusal == "invalid"


@pytest.mark.parametrize("q", ["'; DROP TABLE x;--", "<script>alert(1)</script>", "9" * 190, "%"])
def test_odd_words_are_only_words(family: Family, q: str) -> None:
    client = at_work("ward")
    found = look(client, q=q)
    answer = client.get(f"{found['Location']}&page=x")
    assert answer.status_code == 200
    assert " data-open>" not in answer.content.decode()
    wrong = client.post(PEOPLE, {"q": q, "birth": "32/13/x"}, follow=True)
    assert wrong.status_code == 422
    for text in (answer.content.decode(), wrong.content.decode()):
        assert "<script>alert" not in text


# The auditor's log.


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"pid": "0791\x00"}, "pid"),
        ({"office": "CA\x00"}, "office"),
        ({"office": "x" * 41}, "office"),
        ({"person": "9" * 19}, "person"),
        ({"person": "0"}, "person"),
        ({"purpose": "no_such"}, "purpose"),
        ({"since": "31/02/2026"}, "since"),
        ({"since": "2026"}, "since"),
        ({"since": "02/01/2026", "until": "01/01/2026"}, "since"),
    ],
)
def test_what_the_log_cannot_look_for_is_said_at_its_field(
    family: Family, said: dict[str, str], field: str
) -> None:
    answer = at_work("auditor").post(LOG, said, follow=True)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Null characters" not in answer.content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {"until": "31/12/9999"},
        {"since": "01/01/1000", "until": "31/12/9999"},
        {"since": "31/12/9999"},
        {"until": "01/01/1000"},
        {"person": "9223372036854775807"},
        {"refused_only": "on"},
    ],
)
def test_the_log_is_read_up_to_any_day(family: Family, said: dict[str, str]) -> None:
    answer = at_work("auditor").post(LOG, said, follow=True)
    assert answer.status_code == 200
    assert "table" in answer.context


def test_the_log_of_a_number_is_gone_back_to_by_a_token(family: Family) -> None:
    at_work("ward").get(f"/console/people/{family.mother}/")
    auditor = at_work("auditor", language="en")
    sent = look(auditor, LOG, pid=family.mother_pid)
    assert TOKEN.search(sent["Location"])
    for _again in range(2):
        assert "Looked at the record" in auditor.get(sent["Location"]).content.decode()


def test_the_log_asks_for_its_case_without_the_number(family: Family) -> None:
    auditor = client_of("auditor")
    sent = auditor.post(LOG, {"pid": family.mother_pid})
    asks = auditor.get(sent["Location"])
    assert asks["Location"].startswith("/console/case/?")
    assert family.mother_pid not in asks["Location"]
