"""The pages of records that may be of one person."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from dancu.disclosure.models import AccessRecord
from dancu.duplicates.models import Pair
from dancu.population.models import Person, Statement
from tests.console.cast import LONG_NAME, Family, a_person, client_of, footprint, say
from tests.duplicates.conftest import EVIDENCE, finding, note

CLEANING = "data_cleaning"
REASON = "Cùng giấy khai sinh số 12"


@pytest.fixture
def pair(family: Family) -> Pair:
    """A woman of a very long name, twice."""
    one = a_person(LONG_NAME, "F", "1988-03-04", phone="0903123456")
    other = a_person("Công Tằng Tôn Nữ Trang", "F", "1988-04-03", household_number="HO-7",
                     household_relationship="CHU_HO")  # fmt: skip
    note(finding(one, other))
    return Pair.objects.get()


def at_work(who: str, *, language: str = "") -> Client:
    return client_of(who, purpose=CLEANING, case="DT-1", language=language)


def words(answer: object) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1])
    return " ".join(unescape(text).split())


def decide(client: Client, pair: Pair, decision: str, **more: str) -> object:
    href = f"/console/duplicates/{pair.pk}/"
    page = client.get(href).content.decode()
    seen = dict(re.findall(r'name="(seen_\d+)" value="([\d.]+)"', page))
    answers = {"decision": decision, "reason": REASON, **seen, **more}
    return client.post(href, answers)


def test_an_empty_list_says_why(family: Family) -> None:
    text = words(at_work("ward").get("/console/duplicates/"))
    assert "Danh sách này chưa có cặp nào" in text
    assert "chưa được tìm hồ sơ trùng lần nào" in text


def test_the_list_shows_both_and_records_both(pair: Pair) -> None:
    before = AccessRecord.objects.count()
    text = words(at_work("ward").get("/console/duplicates/"))
    assert LONG_NAME in text
    assert "Công Tằng Tôn Nữ Trang" in text
    assert "+8,5" in text
    seen = AccessRecord.objects.order_by("id")[before:].values_list("person_id", flat=True)
    assert {pair.left_id, pair.right_id} <= set(seen)
    assert LONG_NAME not in words(at_work("other_ward").get("/console/duplicates/"))


def test_a_long_list_comes_in_windows(pair: Pair) -> None:
    others = [a_person("Lý Văn Tám", "M", "1970-01-01") for _number in range(27)]
    note(*(finding(pair.left_id, key, digest=b"9", weight=5.0) for key in others),
         finding(pair.left_id, pair.right_id))  # fmt: skip
    client = at_work("ward")
    first = client.get("/console/duplicates/")
    assert first.content.decode().count("/console/duplicates/") >= 25
    assert "Lý Văn Tám" in words(client.get("/console/duplicates/?page=2"))
    assert client.get("/console/duplicates/?list=nonsense&page=-3").status_code == 200


def test_somebody_who_moved_away_hides_the_pair(pair: Pair, family: Family) -> None:
    note(finding(pair.left_id, family.neighbour), finding(pair.left_id, pair.right_id))
    text = words(at_work("ward").get("/console/duplicates/"))
    assert "Không hiển thị 1 cặp" in text
    assert "Phạm Quốc Em" not in text


def test_both_stand_side_by_side_with_what_weighs(pair: Pair) -> None:
    before = AccessRecord.objects.count()
    answer = at_work("ward").get(f"/console/duplicates/{pair.pk}/")
    text = words(answer)
    for said in (LONG_NAME, "Công Tằng Tôn Nữ Trang", "khác nhau", "trùng khớp", "chỉ một bên có",
                 "đảo ngày và tháng", "+14,2", "−3,4", "khớp cha hoặc mẹ đã biết, cùng xã, phường",
                 "99,7 trên 100"):  # fmt: skip
        assert said in text, said
    # What differs is read first; what is equal waits below, folded.
    assert text.index("khác nhau") < text.index("Trùng khớp ở cả hai")
    assert answer.content.decode().count('class="bar bar--') == sum(
        one.weight != 0 for one in EVIDENCE
    )
    seen = AccessRecord.objects.order_by("id")[before:].values_list("person_id", flat=True)
    assert {pair.left_id, pair.right_id} <= set(seen)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_two_people_are_dismissed_with_a_reason(pair: Pair, language: str) -> None:
    client = at_work("ward", language=language)
    assert decide(client, pair, "dismiss", reason=" ").status_code == 422
    assert decide(client, pair, "dismiss")["Location"] == "/console/duplicates/"
    pair.refresh_from_db()
    assert (pair.state, pair.reason) == ("dismissed", REASON)
    shown = words(client.get(f"/console/duplicates/{pair.pk}/"))
    assert REASON in shown
    assert client.post(f"/console/duplicates/{pair.pk}/", {}).status_code == 404


def test_one_proposes_another_confirms_and_it_can_be_undone(pair: Pair) -> None:
    ward, province = at_work("ward"), at_work("province")
    assert decide(ward, pair, "left")["Location"] == f"/console/duplicates/{pair.pk}/"
    mine = words(ward.get(f"/console/duplicates/{pair.pk}/"))
    assert "Bạn là người đề nghị" in mine
    assert decide(ward, pair, "confirm").status_code == 422
    assert "Đề nghị gộp chờ duyệt" in words(province.get("/console/"))
    listed = words(province.get("/console/duplicates/?list=proposed"))
    assert LONG_NAME in listed
    done = decide(province, pair, "confirm")
    assert done["Location"] == f"/console/people/{pair.left_id}/"
    led = province.get(f"/console/people/{pair.right_id}/")
    assert led["Location"] == done["Location"]
    for tab in ("timeline", "family", "papers"):
        assert province.get(f"/console/people/{pair.right_id}/{tab}/").status_code == 302
    assert "Hồ sơ đó đã được gộp" in unescape(province.get(led["Location"]).content.decode())
    assert f"Hồ sơ {pair.right_id}, gộp ngày" in words(province.get(led["Location"]))
    # The name learnt last from the same source holds.
    assert "Công Tằng Tôn Nữ Trang" in words(province.get("/console/duplicates/?list=merged"))
    since = say(pair.left_id, "C06", occupation="Giáo viên")
    page = province.get(f"/console/duplicates/{pair.pk}/")
    assert "Giáo viên" in words(page) or f"Bản khai {since}" in words(page)
    href = f"/console/duplicates/{pair.pk}/"
    proposed = ward.post(href, {"reason": REASON, "to_merged": [str(since)]})
    assert proposed["Location"] == href
    pair.refresh_from_db()
    assert pair.state == "parting"
    assert ward.post(href, {"decision": "confirm", "reason": REASON}).status_code == 422
    assert LONG_NAME not in words(province.get("/console/duplicates/?list=merged"))
    waiting = words(province.get(href))
    assert "Chuyển sang hồ sơ kia" in waiting
    assert "chờ cán bộ thứ hai" in words(province.get("/console/duplicates/?list=proposed"))
    undone = province.post(href, {"decision": "confirm", "reason": REASON})
    assert undone["Location"] == href
    pair.refresh_from_db()
    assert pair.state == "undone"
    assert Statement.objects.filter(person_id=pair.right_id, id__gt=since).exists()
    assert Person.objects.get(pk=pair.right_id).status == Person.Status.ALIVE
    assert "đã hủy gộp" in words(province.get("/console/duplicates/?list=laid-aside"))


def test_what_changed_since_it_was_looked_at_is_not_proposed(pair: Pair) -> None:
    client = at_work("ward")
    href = f"/console/duplicates/{pair.pk}/"
    page = client.get(href).content.decode()
    seen = dict(re.findall(r'name="(seen_\d+)" value="([\d.]+)"', page))
    say(pair.left_id, "BHXH", phone="0903999999")
    before = footprint()
    answer = client.post(href, {"decision": "left", "reason": REASON, **seen})
    assert answer.status_code == 409
    assert "đã thay đổi" in words(answer)
    assert footprint() == before


def test_a_proposal_that_is_stale_can_only_be_declined(pair: Pair) -> None:
    decide(at_work("ward"), pair, "right")
    say(pair.left_id, "BHXH", phone="0903999999")
    province = at_work("province")
    assert "đã thay đổi sau khi lập đề nghị" in words(
        province.get(f"/console/duplicates/{pair.pk}/")
    )
    assert decide(province, pair, "confirm").status_code == 422
    assert decide(province, pair, "decline").status_code == 302
    pair.refresh_from_db()
    assert pair.state == "suspected"


def test_only_the_proposal_that_was_looked_at_is_confirmed(pair: Pair) -> None:
    ward, province = at_work("ward"), at_work("province")
    href = f"/console/duplicates/{pair.pk}/"

    def opened() -> dict[str, str]:
        page = province.get(href).content.decode()
        return dict(re.findall(r'name="(proposal)" value="([^"]+)"', page))

    decide(ward, pair, "left")
    seen = opened()
    decide(ward, pair, "decline")
    decide(ward, pair, "right")
    confirmed = {"decision": "confirm", "reason": REASON}
    before = footprint()
    assert province.post(href, {**confirmed, **seen}).status_code == 409
    assert footprint() == before
    seen = opened()
    assert province.post(href, {**confirmed, **seen}).status_code == 302
    ward.post(href, {"reason": REASON})
    assert province.post(href, {**confirmed, **seen}).status_code == 409
    assert province.post(href, {**confirmed, **opened()}).status_code == 302
    pair.refresh_from_db()
    assert pair.state == "undone"


def test_strangers_get_nothing(pair: Pair) -> None:
    before = footprint()
    for who in ("other_ward", "registrar", "auditor", "citizen", ""):
        client = client_of(who, purpose=CLEANING if who == "other_ward" else "")
        for method in (client.get, client.post):
            answer = method(f"/console/duplicates/{pair.pk}/")
            assert answer.status_code in {302, 403, 404}, who
            assert LONG_NAME not in answer.content.decode()
    assert at_work("ward").get("/console/duplicates/99999999/").status_code == 404
    assert footprint() == before


def test_another_purpose_asks_for_another_case(pair: Pair) -> None:
    client = client_of("ward", purpose="residence_registration")
    assert client.get("/console/duplicates/").status_code == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_pair_is_entered_by_two_numbers(pair: Pair, family: Family, language: str) -> None:
    client, href = at_work("ward", language=language), "/console/duplicates/new/"
    assert client.get(href).status_code == 200
    numbers = {
        key: Person.objects.get(pk=key).pid
        for key in (pair.left_id, pair.right_id, family.father, family.neighbour)
    }
    given = {"first": numbers[pair.left_id], "second": numbers[family.father], "reason": REASON}
    for wrong in ({"second": numbers[family.neighbour]}, {"first": "1"}, {"reason": ""},
                  {"second": ""}):  # fmt: skip
        assert client.post(href, given | wrong).status_code == 422, wrong
    before = AccessRecord.objects.filter(person_id=family.father).count()
    shown = client.post(href, given)
    assert LONG_NAME in words(shown)
    assert AccessRecord.objects.filter(person_id=family.father).count() > before
    assert Pair.objects.count() == 1
    known = client.post(href, {**given, "second": numbers[pair.right_id], "confirmed": "yes"})
    assert known.status_code == 409
    assert str(pair.pk) in words(known)
    same = client.post(href, {**given, "second": given["first"], "confirmed": "yes"})
    assert same.status_code == 422
    done = client.post(href, {**given, "confirmed": "yes"})
    new = Pair.objects.get(suggestion=REASON)
    assert done["Location"] == f"/console/duplicates/{new.pk}/"
    page = words(client.get(done["Location"]))
    assert REASON in page
    assert "bits" not in page
    assert LONG_NAME in words(client.get("/console/duplicates/"))
