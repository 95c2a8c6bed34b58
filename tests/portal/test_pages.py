"""What the pages say: the reader's data, household, and the pages for everybody."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from dancu.disclosure.models import AccessRecord
from dancu.portal import urls
from tests.portal import cast
from tests.portal.cast import BEFORE, HOUSEHOLD, LONG_NAME, MOTHER_PID, Cast
from tests.portal.conftest import signed_in
from tests.portal.test_access import ARGUMENTS, FOR_CITIZENS, FOR_EVERYBODY, address

PAGES = sorted((set(FOR_CITIZENS) | FOR_EVERYBODY) - {"robots", "favicon"})
SHOWN = [
    name for name in PAGES if name not in {"request", "looks_one", "looks_report", "looks_receipt"}
]


def text(client: Client, name: str, **more: object) -> str:
    answer = client.get(address(name), **more)
    assert answer.status_code == 200
    return answer.content.decode()


def words(page: str) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>", maxsplit=1)[0])
    )


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", SHOWN)
def test_every_page_is_whole_in_both_languages(name: str, language: str, mother: Client) -> None:
    mother.cookies["dancu_language"] = language
    page = text(mother, name)
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    assert re.search(r"<title>\s*\S", page)
    assert "style=" not in page
    assert "%(" not in page


def test_every_address_is_tried(register: None) -> None:
    assert {str(p.name) for p in urls.urlpatterns} == {*PAGES, "robots", "favicon"}
    assert ARGUMENTS.keys() <= set(PAGES)


def test_the_front_page_offers_both_ways_in(register: None) -> None:
    said = words(text(Client(), "home"))
    assert "Tôi là người dân" in said
    assert "Tôi là cán bộ" in said


def test_home_shows_the_number_in_part_until_asked(mother: Client) -> None:
    assert MOTHER_PID not in text(mother, "home")
    whole = mother.get(reverse("portal:home"), {"number": "shown"}).content.decode()
    assert "079 190 000 123" in whole


def test_facts_say_who_wrote_them_when_and_since_when(mother: Client) -> None:
    said = words(text(mother, "data"))
    assert "Cơ sở dữ liệu quốc gia về dân cư (C06) ghi ngày 16/05/2024" in said
    assert "đúng từ ngày 01/05/2018" in said
    assert "Công an Phường Sài Gòn ghi ngày 16/05/2024" in said
    assert "CT01-2210/2021" in said


def test_what_is_not_written_down_can_be_added(mother: Client) -> None:
    assert "Chưa ghi gì về: Tên gọi khác , Tôn giáo" in words(text(mother, "data"))


def test_a_difference_is_told_without_jargon(mother: Client) -> None:
    page = reverse("portal:data_fact", args=["birth_date"])
    said = words(mother.get(page).content.decode())
    assert "Cơ quan khác ghi khác" in said
    assert "02/01/1991" in said
    assert "Bảo hiểm xã hội Việt Nam ghi ngày" in said
    assert "nội dung đang dùng vẫn là “02/01/1990”" in said


def test_the_history_of_a_fact_is_told_from_now_back(mother: Client) -> None:
    page = reverse("portal:data_fact", args=["permanent_residence"])
    said = words(mother.get(page).content.decode())
    now, before = said.index("từ 15/06/2021 đến nay"), said.index("từ 01/05/2018 đến 15/06/2021")
    assert now < before
    assert BEFORE.text in said


def test_a_fact_that_is_not_in_the_dictionary_has_no_page(mother: Client) -> None:
    assert mother.get("/my-data/no_such_fact/").status_code == 404


def test_the_household_is_there_with_the_children_in_care(mother: Client) -> None:
    said = words(text(mother, "household"))
    for part in (HOUSEHOLD, LONG_NAME, "Chủ hộ", "Trần Văn Đức", "sinh 1952", "dưới 18 tuổi"):
        assert part in said
    assert cast.CHILD_PID not in said
    assert "079188000555" not in said


def test_somebody_without_a_household_is_told_what_to_do(stranger: Client) -> None:
    assert "Bạn chưa thuộc hộ nào" in words(text(stranger, "household"))


def test_a_very_long_name_is_kept_whole(family: Cast) -> None:
    grandmother = signed_in("grandmother", LONG_NAME, person_id=family.grandmother)
    for name in ("home", "data", "household"):
        assert LONG_NAME in text(grandmother, name)


def test_markup_in_a_name_is_shown_as_letters(register: None) -> None:
    person = cast.person("Lý Thị Mai", "079185000777", "F", "1985")
    paper = ("file", "<script>alert(1)</script>")
    claims = {"workplace": "<b>x</b>"}
    cast.state(person, "BHXH", claims, day=date(2024, 1, 1), paper=paper)
    page = text(signed_in("mai", "<i>Mai</i>", person_id=person), "data")
    for raw in ("<script>alert", "<b>x", "<i>Mai"):
        assert raw not in page
    assert "&lt;b&gt;x" in page


def test_reading_oneself_is_recorded(mother: Client, family: Cast) -> None:
    text(mother, "data")
    assert AccessRecord.objects.filter(person_id=family.mother, purpose="own_data").count() == 1


def test_the_privacy_page_names_the_time_limits(register: None) -> None:
    said = words(text(Client(), "privacy"))
    for part in ("2 ngày làm việc", "10 ngày", "15 ngày", "20 ngày", "72 giờ", "91/2025/QH15"):
        assert part in said


def test_robots_stay_on_the_public_pages(register: None) -> None:
    said = Client().get("/robots.txt").content.decode()
    assert "Disallow: /\n" in said
    assert "Allow: /privacy/" in said
