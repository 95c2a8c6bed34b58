"""Deciding what citizens ask for, from their receipt to their answer; conflicts; reports."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from dancu.audit.models import Event
from dancu.disclosure import services as door
from dancu.disclosure.models import AccessRecord
from dancu.identity.models import Account
from dancu.identity.queries import actor_for
from dancu.population import services as register
from dancu.population.models import CorrectionRequest
from tests.console.cast import AT, Family, at_work, client_of, footprint, say
from tests.console.test_access import CAST
from tests.console.test_forms import versions

REASON = "Đã đối chiếu với giấy khai sinh số 12."


def words(answer: object) -> str:
    """What the main part of a page says, in one line."""
    body = answer.content.decode()
    main = re.search(r"<main.*?</main>", body, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", main[0] if main else body)
    return " ".join(html.unescape(text).split())


def ask(family: Family, name: str = "ethnicity", value: object = "02") -> int:
    """The mother asks, weeks ago, so that the answer is overdue."""
    citizen = actor_for(Account.objects.get(username="citizen"), session="", at=AT)
    made = register.request_correction(
        attribute_name=name, value=value, reason="Giấy khai sinh ghi vậy.", actor=citizen, at=AT
    )
    return made.request_id


def decide(client: Client, request_id: int, decision: str, reason: str = REASON) -> object:
    answers = {"decision": decision, "reason": reason, "once": "a-token-of-one-form"}
    return client.post(f"/console/requests/{request_id}/", answers)


def ethnicity(family: Family) -> str:
    actor = actor_of("ward")
    (found,) = door.disclose(
        actor=actor,
        purpose="data_correction",
        case="HS-1",
        subjects=[family.mother],
        attributes=["ethnicity"],
        at=datetime.now(UTC),
    )
    return found.facts["ethnicity"].text("vi")


def actor_of(username: str) -> object:
    account = Account.objects.get(username=username)
    return actor_for(account, session="", at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("decision", "state", "now", "answer"),
    [
        ("accept", "accepted", "Tày", "đã đồng ý"),
        ("decline", "declined", "Kinh", "không đồng ý"),
    ],
)
def test_a_citizen_asks_the_ward_decides_and_the_citizen_reads_the_answer(
    family: Family, decision: str, state: str, now: str, answer: str
) -> None:
    citizen, ward = client_of("citizen"), client_of("ward")
    form = {"value": "02", "reason": "Giấy khai sinh ghi vậy.", "sure": "1"}
    receipt = citizen.post("/requests/new/ethnicity/", form)["Location"]
    number = CorrectionRequest.objects.get().pk
    assert receipt == f"/requests/{number}/"
    assert f"YC-{number}" in words(citizen.get(receipt))

    listed = words(ward.get("/console/requests/"))
    assert "Trần Thị Thu Hương" in listed
    assert f"Đề nghị YC-{number}" in listed
    assert "Tày" not in listed
    shown = words(ward.get(f"/console/requests/{number}/"))
    for said in ("Kinh", "Tày", "Giấy khai sinh ghi vậy.", "DC01-7", f"YC-{number}"):
        assert said in shown, said

    done = decide(ward, number, decision)
    assert done["Location"] == f"/console/requests/{number}/"
    result = words(ward.get(done["Location"]))
    assert REASON in result
    assert ("Trước đây ghi Kinh , nay ghi Tày" in result) is (decision == "accept")
    assert CorrectionRequest.objects.get().state == state
    assert ethnicity(family) == now
    told = words(citizen.get(receipt))
    assert answer in told
    assert REASON in told
    assert "Trần Thị Thu Hương" not in words(ward.get("/console/requests/"))


def test_a_decision_sent_twice_is_carried_out_once(family: Family) -> None:
    number = ask(family)
    ward = client_of("ward")
    decide(ward, number, "accept")
    before = footprint()
    again = decide(ward, number, "accept")
    assert again.status_code == 302
    other = decide(client_of("colleague"), number, "decline")
    assert other.status_code == 409
    assert footprint() == before
    assert CorrectionRequest.objects.get().state == "accepted"


def test_a_reason_is_needed(family: Family) -> None:
    number = ask(family)
    before = footprint()
    answer = decide(client_of("ward"), number, "accept", reason=" ")
    assert answer.status_code == 422
    assert footprint() == before


def test_what_another_authority_decides_is_told_before_anybody_types(family: Family) -> None:
    say(family.mother, "HT-26740", birth_date="1988-09-02")
    number = ask(family, "birth_date", "1988-09-03")
    ward = client_of("ward")
    shown = words(ward.get(f"/console/requests/{number}/"))
    assert "Đơn vị bạn không phải cơ quan chủ quản của dữ liệu này" in shown
    assert 'value="accept"' not in ward.get(f"/console/requests/{number}/").content.decode()
    before = footprint()
    assert decide(ward, number, "accept").status_code == 422
    assert CorrectionRequest.objects.get().state == "waiting"
    assert footprint() == before
    decide(ward, number, "decline", reason="Đã chuyển Ủy ban nhân dân phường.")
    assert CorrectionRequest.objects.get().state == "declined"


@pytest.mark.parametrize("who", CAST, ids=lambda who: who or "anonymous")
def test_each_of_the_cast_sees_and_decides_what_is_theirs(family: Family, who: str) -> None:
    number = ask(family)
    client = client_of(who)
    href = f"/console/requests/{number}/"
    if who in {"ward", "colleague", "province"}:
        assert client.get(href).status_code == 200
        assert decide(client, number, "decline").status_code == 302
        return
    before, kept = footprint(), AccessRecord.objects.count()
    for answer in (client.get(href), decide(client, number, "accept")):
        if not who:
            assert answer["Location"].startswith("/sign-in/")
            continue
        assert answer.status_code in {403, 404}
        assert "Trần Thị" not in answer.content.decode()
        assert "Tày" not in answer.content.decode()
    assert footprint() == before
    assert CorrectionRequest.objects.get().state == "waiting"
    if who == "other_ward":
        refused = AccessRecord.objects.order_by("id")[kept:]
        assert {(r.person_id, r.refusal) for r in refused} == {(family.mother, "not-found")}


def test_a_request_elsewhere_and_one_that_is_not_look_the_same(family: Family) -> None:
    client = client_of("other_ward")
    theirs = client.get(f"/console/requests/{ask(family)}/")
    absent = client.get("/console/requests/999999/")
    assert theirs.status_code == absent.status_code == 404
    said = [re.sub(r"[0-9a-f]{32}", "", words(answer)) for answer in (theirs, absent)]
    assert said[0] == said[1]


def test_the_work_list_counts_and_names_nobody(family: Family) -> None:
    number = ask(family)
    say(family.mother, "BHXH", birth_date="1988-02-09")
    before = AccessRecord.objects.count()
    home = client_of("ward").get("/console/")
    shown = words(home)
    assert "1 quá hạn" in shown
    assert f"Đề nghị YC-{number}" in shown
    assert "Trần Thị" not in shown
    assert "Đề nghị</span>" in home.content.decode()
    assert AccessRecord.objects.count() == before
    steward = words(client_of("steward").get("/console/"))
    assert "Dữ liệu mâu thuẫn chưa xử lý" in steward
    assert "Đề nghị của công dân" not in steward


def test_a_conflict_is_found_and_settled_from_the_list(family: Family) -> None:
    statement = say(family.mother, "BHXH", birth_date="1988-02-09")
    ward = client_of("ward", purpose="data_correction")
    page = ward.get("/console/conflicts/")
    assert "Trần Thị Thu Hương" in words(page)
    href = f"/console/people/{family.mother}/facts/birth_date/conflict/{statement}/"
    assert href in page.content.decode()
    form = {"decision": "dismiss", "reason": REASON, "once": "one-form"}
    ward.post(href, form | versions(ward, href))
    assert "Không có mâu thuẫn" in words(ward.get("/console/conflicts/"))


def test_the_auditor_reads_what_citizens_report(family: Family) -> None:
    at_work("ward", case="HS-77").get(f"/console/people/{family.mother}/")
    citizen = client_of("citizen")
    looks = citizen.get("/who-looked/").content.decode()
    look = next(k for k in re.findall(r"look=([\d-]+-[a-z_]+)", looks) if k.endswith("-look"))
    sent = citizen.post(f"/who-looked/report/?look={look}", {"why": "acquaintance"})
    assert sent.status_code == 302
    auditor = at_work("auditor")
    page = auditor.get("/console/reports/")
    assert "người quen" in words(page)
    assert "HS-77" in words(page)
    href = html.unescape(
        next(h for h in re.findall(r'href="([^"]+)"', page.content.decode()) if "person=" in h)
    )
    log = words(auditor.get(href, follow=True))
    assert "HS-77" in log
    assert Event.objects.filter(event="access.reports-read").count() == 1


def test_an_address_that_asks_for_no_window_gets_the_first(family: Family) -> None:
    client = client_of("ward")
    for page in ("x", "0", "-1", "9" * 30, "²"):
        assert client.get(f"/console/requests/?page={page}").status_code == 200
        assert client.get(f"/console/conflicts/?page={page}").status_code == 200
