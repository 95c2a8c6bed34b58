"""Deciding a citizen's request in a browser, on a desk and on a phone, in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driving import DESK, PHONE, assert_accessible, assert_no_overflow, picture, tab_to
from playwright.sync_api import Page

from dancu.identity.models import Account
from dancu.identity.queries import actor_for
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.population import services as register
from dancu.population.models import CorrectionRequest
from tests.console.cast import AT, Family, a_family, at_work, client_of, make_accounts, prepare, say

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])
Open = Callable[..., Page]


@pytest.fixture
def family(transactional_db: object) -> Iterator[Family]:
    """The family and everybody's account; the mother has asked, and a source disagrees."""
    prepare()
    found = a_family()
    make_accounts(found)
    citizen = actor_for(Account.objects.get(username="citizen"), session="", at=AT)
    for name, value in (("ethnicity", "02"), ("birth_date", "1988-09-03")):
        register.request_correction(
            attribute_name=name, value=value, reason="Giấy khai sinh ghi vậy.", actor=citizen, at=AT
        )
    say(found.mother, "BHXH", full_name="Trần Thị Hương")
    yield found
    dictionary.forget()
    places.forget()


@pytest.fixture
def opened(make_page: Callable[..., tuple[Page, object]], family: Family) -> Open:
    """Opens a page as one of the cast."""

    def open_as(username: str, *, size: tuple[int, int], language: str) -> Page:
        client = client_of(username) if username == "citizen" else at_work(username)
        session = client.cookies["dancu_session"].value
        cookies = {"dancu_session": session, "dancu_language": language}
        return make_page(size=size, cookies=cookies)[0]

    return open_as


def checked(page: Page, name: str) -> None:
    """Axe finds nothing and nobody has to scroll sideways; a picture where one is wanted."""
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"{name}.png")


@LANGUAGES
@SIZES
def test_a_request_is_found_and_accepted_without_a_mouse(
    opened: Open, family: Family, size: tuple[int, int], language: str
) -> None:
    decide, heading = {
        "vi": ("Quyết định", "Dân tộc"),
        "en": ("Decide", "Ethnic"),
    }[language]
    number = CorrectionRequest.objects.order_by("id").first().pk
    mark = f"{language}-{size[0]}"
    page = opened("ward", size=size, language=language)
    page.goto("/console/")
    checked(page, f"home-{mark}")
    page.goto("/console/requests/")
    checked(page, f"requests-{mark}")
    page.click(f"a[href='/console/requests/{number}/']")
    page.wait_for_selector(f"h1:has-text('YC-{number}')")
    assert heading in page.locator("h1").inner_text()
    checked(page, f"request-{mark}")
    page.focus("input[name=decision][value=accept]")
    page.keyboard.press("Space")
    page.locator("textarea[name=reason]").focus()
    page.keyboard.type("Đã đối chiếu giấy khai sinh.")
    tab_to(page, decide)
    page.keyboard.press("Enter")
    page.wait_for_selector("#messages")
    assert "Tày" in page.locator("main").inner_text()
    checked(page, f"done-{mark}")
    assert CorrectionRequest.objects.get(pk=number).state == "accepted"


@LANGUAGES
@SIZES
def test_conflicts_reports_and_what_others_decide_are_accessible(
    opened: Open, family: Family, size: tuple[int, int], language: str
) -> None:
    say(family.mother, "HT-26740", birth_date="1988-09-02")
    number = CorrectionRequest.objects.order_by("-id").first().pk
    mark = f"{language}-{size[0]}"
    page = opened("ward", size=size, language=language)
    page.goto("/console/conflicts/")
    assert "Trần Thị Thu Hương" in page.locator("main").inner_text()
    checked(page, f"conflicts-{mark}")
    page.goto(f"/console/requests/{number}/")
    assert page.locator("input[name=decision]").count() == 1
    checked(page, f"not-ours-{mark}")

    at_work("ward", case="HS-77").get(f"/console/people/{family.mother}/")
    citizen = client_of("citizen")
    look = next(
        word.split('"')[0]
        for word in citizen.get("/who-looked/").content.decode().split("look=")[1:]
        if word.split('"')[0].endswith("-look")
    )
    citizen.post(f"/who-looked/report/?look={look}", {"why": "acquaintance"})
    page = opened("auditor", size=size, language=language)
    page.goto("/console/reports/")
    checked(page, f"reports-{mark}")
    page.locator("main table a").first.click()
    page.wait_for_url("**/access-log/?s=*")
    assert "HS-77" in page.locator("main").inner_text()
    checked(page, f"log-{mark}")


@SIZES
def test_the_receipt_has_the_number_and_the_answer(
    opened: Open, family: Family, size: tuple[int, int]
) -> None:
    number = CorrectionRequest.objects.order_by("id").first().pk
    page = opened("citizen", size=size, language="vi")
    page.goto("/requests/")
    checked(page, f"own-requests-{size[0]}")
    page.goto(f"/requests/{number}/")
    assert f"YC-{number}" in page.locator("main").inner_text()
    checked(page, f"receipt-{size[0]}")
