"""Decisions on the map at the desk: checked, looked at, applied, undone; and nobody is named."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dancu.audit.models import Event
from dancu.disclosure.models import AccessRecord
from dancu.kernel.clock import today
from dancu.places import queries
from dancu.places.models import MapDecision, Placing, Settling
from tests.console.cast import Family, at_work, footprint
from tests.places.decision_files import SPLIT, text_of

HERE = "/console/map/"


@pytest.fixture(autouse=True)
def _map_read_anew() -> object:
    yield
    queries.forget()


def text(days: int = 30, body: str = SPLIT) -> str:
    day = today(timezone.now()) + timedelta(days=days)
    return text_of(body, day=day.isoformat()).replace("2026-10-15", "2026-01-15")


def send(client, body, href=HERE):
    return client.post(href, {"file": SimpleUploadedFile("m.yaml", body.encode())})


def hidden(answer, name):
    return unescape(re.search(f'name="{name}" value="([^"]*)"', answer.content.decode()).group(1))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_decision_is_looked_at_applied_and_undone(family: Family, language: str) -> None:
    client = at_work("province", language=language)
    before = footprint()
    shown = send(client, text())
    assert shown.status_code == 200
    page = shown.content.decode()
    assert "Bạch Đằng" in page
    assert "Trần" not in page.split("<main", 1)[1]
    assert footprint() == before
    assert not MapDecision.objects.exists()
    sent = {"text": hidden(shown, "text"), "once": hidden(shown, "once")}
    client.post(f"{HERE}apply/", sent)
    client.post(f"{HERE}apply/", sent)
    assert Event.objects.filter(event__startswith="map.applied").count() == 1
    listed = client.get(HERE)
    assert "01/NQ-HĐND" in listed.content.decode()
    assert MapDecision.objects.get().in_force_at is None
    asked = client.post(f"{HERE}undo/", {"number": hidden(listed, "number")})
    assert MapDecision.objects.get().undone_at is None
    assert MapDecision.objects.get().title in asked.content.decode()
    client.post(f"{HERE}undo/", {"number": hidden(asked, "number"), "sure": hidden(asked, "sure")})
    row = MapDecision.objects.get()
    assert row.undone_at is not None
    words = "Đã hủy" if language == "vi" else "Undone"
    assert words in client.get(HERE).content.decode()


def test_what_is_wrong_is_told_line_by_line(family: Family) -> None:
    client = at_work("province")
    answer = send(client, text(body=SPLIT.replace('    rest: "26740"\n', "")))
    assert answer.status_code == 422
    assert "Khoảng hở: 26740 được chia tách" in answer.content.decode()
    applied = client.post(f"{HERE}apply/", {"text": "changes: ["})
    assert applied.status_code == 422
    assert not MapDecision.objects.exists()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"#" * 300_000])
def test_a_file_that_is_none_is_refused_beside_its_field(family: Family, body: bytes) -> None:
    client = at_work("province")
    answer = client.post(HERE, {"file": SimpleUploadedFile("m.yaml", body)})
    assert answer.status_code == 422
    assert "id_file" in answer.content.decode()


def test_a_decision_in_force_cannot_be_undone_and_the_page_says_why(family: Family) -> None:
    client = at_work("province")
    shown = send(client, text(days=0))
    client.post(f"{HERE}apply/", {"text": hidden(shown, "text")})
    assert MapDecision.objects.get().in_force_at is not None
    for said in ({"sure": "yes"}, {}):
        answer = client.post(f"{HERE}undo/", {"number": "01/NQ-HĐND", **said}, follow=True)
        assert "không thể hủy" in answer.content.decode()
    assert MapDecision.objects.get().undone_at is None


def test_only_for_units_of_the_own_area(family: Family) -> None:
    client = at_work("province")
    other = 'changes:\n  - {from: "00004", to: "00004"}\n'
    answer = send(client, text(body=other))
    assert answer.status_code == 422
    client.post(f"{HERE}apply/", {"text": text(body=other)})
    assert not MapDecision.objects.exists()


@pytest.mark.parametrize("who", ["ward", "registrar", "steward", "auditor", "citizen"])
def test_nobody_else_changes_the_map(family: Family, who: str) -> None:
    client = at_work(who)
    for href in (HERE, f"{HERE}apply/", f"{HERE}undo/"):
        data = {"text": text(), "number": "01/NQ-HĐND"}
        assert client.post(href, data).status_code in {302, 403, 404, 405}
    assert not MapDecision.objects.exists()


UNCLEAR = "/console/unclear-addresses/"


def open_split(days: int = 0) -> None:
    body = SPLIT.split("    rest")[0] + '    to: ["26740", "29901"]\n    unclear: "26740"\n'
    at_work("province").post(f"{HERE}apply/", {"text": text(days=days, body=body)})


def street_of(client) -> str:
    page = client.get(UNCLEAR).content.decode()
    assert "<main" in page
    return unescape(re.search(rf'href="({UNCLEAR}street/[^"]*)"', page).group(1))


def test_the_ward_settles_what_the_decision_leaves_open(family: Family) -> None:
    ward = at_work("ward")
    open_split()
    before = AccessRecord.objects.filter(person_id=family.father).count()
    href = street_of(ward) + "&each=1"
    assert AccessRecord.objects.filter(person_id=family.father).count() == before
    page = ward.get(href).content.decode()
    assert AccessRecord.objects.filter(person_id=family.father).count() > before
    keys = re.findall(r'name="address" value="(\d+)"', page)
    assert keys
    lacking = ward.post(href, {"address": keys, "unit": "29901"})
    assert lacking.status_code == 422
    assert lacking.content.decode().count(" checked") == len(keys)
    assert ward.post(href, {"unit": "29901", "reason": "x"}).status_code == 422
    assert not Placing.objects.exists()
    done = ward.post(href, {"address": keys, "unit": "29901", "reason": "Đo tại chỗ"})
    assert done.status_code == 302
    assert set(Placing.objects.values_list("address_id", flat=True)) == set(map(int, keys))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_street_is_looked_at_settled_by_a_rule_and_undone(family: Family, language: str) -> None:
    ward = at_work("ward", language=language)
    open_split(days=20)
    href = street_of(ward)
    assert "each=1" in ward.get(href).content.decode()
    rule = {"side": "", "low": "1", "high": "999", "unit": "29901", "reason": "Bản đồ"}
    for wrong in ({"low": "12A"}, {"low": "9", "high": "3"}, {"unit": "26743"}, {"reason": ""}):
        assert ward.post(href, rule | wrong).status_code == 422, wrong
    assert ward.post(href, rule | {"low": "998"}).status_code == 422
    before = AccessRecord.objects.filter(person_id=family.father).count()
    shown = ward.post(href, rule)
    assert shown.status_code == 200
    assert AccessRecord.objects.filter(person_id=family.father).count() > before
    assert not Placing.objects.exists()
    digest = hidden(shown, "apply")
    assert ward.post(href, rule | {"apply": "other"}).status_code == 422
    given = rule | {"apply": digest, "once": hidden(shown, "once")}
    done = ward.post(href, given, follow=True)
    said = ward.post(href, given, follow=True).content.decode()
    assert ("không làm lại lần nữa" if language == "vi" else "nothing was done twice") in said
    assert Placing.objects.filter(unit_code="29901", replaced_at=None).exists()
    key = hidden(done, "settling")
    assert at_work("other_ward").post(f"{UNCLEAR}undo/", {"settling": key}).status_code == 302
    assert Placing.objects.filter(replaced_at=None).exists()
    again = ward.post(f"{UNCLEAR}undo/", {"settling": key}, follow=True)
    assert ("Đã hủy" if language == "vi" else "Undone") in again.content.decode()
    assert not Placing.objects.filter(replaced_at=None).exists()
    for odd in ("?street=le+loi", "?on=x", "?street=%00&unit=1&on=2026-01-01", "?on=2026-12-01"):
        assert ward.get(f"{UNCLEAR}street/{odd}").status_code in {302, 404}
    ward.post(f"{UNCLEAR}undo/", {"settling": "9" * 30})


def test_whoever_undoes_a_decision_hears_first_what_wards_have_settled(family: Family) -> None:
    ward, province = at_work("ward"), at_work("province", language="en")
    open_split(days=20)
    assert "settled already" not in undo(province).content.decode()
    href = street_of(ward) + "&each=1"
    keys = re.findall(r'name="address" value="(\d+)"', ward.get(href).content.decode())
    ward.post(href, {"address": keys, "unit": "29901", "reason": "Bản đồ"})
    assert f"{len(keys)} home" in undo(province).content.decode()
    assert Settling.objects.get().undone_at is None
    assert undo(province, sure="yes").status_code == 302
    assert Settling.objects.get().undone_at is not None


def undo(client, **more: str):
    return client.post(f"{HERE}undo/", {"number": "01/NQ-HĐND", **more})


def test_without_unclear_addresses_the_list_says_so(family: Family) -> None:
    assert "Không có địa chỉ nào chưa rõ" in at_work("ward").get(UNCLEAR).content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_an_address_shows_it_under_the_map_of_a_day(
    family: Family, language: str
) -> None:
    ward = at_work("ward", language=language)
    href = f"/console/people/{family.father}/facts/permanent_residence/"
    today_page = ward.get(href).content.decode()
    assert 'id="under-map"' in today_page
    old = unescape(ward.get(f"{href}?map_day=01/01/2024").content.decode())
    assert "Quận 1" in old
    assert "202/2025/QH15" in old
    assert "30/06/2025" in old
    for odd in ("x", "2024", "01/01/1700", "31/12/2999", "%00"):
        assert "field__error" in ward.get(f"{href}?map_day={odd}").content.decode(), odd
    open_split(days=20)
    ahead = (today(timezone.now()) + timedelta(days=20)).strftime("%d/%m/%Y")
    page = unescape(ward.get(f"{href}?map_day={ahead}").content.decode())
    assert ("Chưa rõ địa chỉ thuộc" if language == "vi" else "It is not clear") in page
    assert "Phường Bạch Đằng" in page
    assert "01/NQ-HĐND" in page
    other = ward.get(f"/console/people/{family.father}/facts/full_name/").content.decode()
    assert 'id="under-map"' not in other
