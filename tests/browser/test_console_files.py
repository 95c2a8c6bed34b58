"""A data officer's file in a browser: chosen, confirmed by keyboard, loaded behind a bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from driving import DESK, PHONE, assert_accessible, assert_no_overflow, focused, tab_to
from playwright.sync_api import Page, expect

from dancu.console import uploads
from dancu.console.models import Upload
from dancu.places import queries as places
from dancu.population import deliveries, dictionary
from tests.console.cast import (
    LONG_NAME,
    Family,
    a_family,
    a_person,
    client_of,
    make_accounts,
    prepare,
)

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
Open = Callable[..., Page]


@pytest.fixture
def family(transactional_db: object) -> Iterator[Family]:
    """The family, and everybody's account, as a server sees them."""
    cache.clear()
    prepare()
    found = a_family()
    make_accounts(found)
    yield found
    dictionary.forget()
    places.forget()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def opened(make_page: Callable[..., tuple[Page, object]], family: Family) -> Open:
    """Opens a page as one of the cast."""

    def open_as(username: str, *, size: tuple[int, int], language: str, purpose: str = "") -> Page:
        session = client_of(username, purpose=purpose).cookies["dancu_session"].value
        cookies = {"dancu_session": session, "dancu_language": language}
        page, guard = make_page(size=size, cookies=cookies)
        guard.expect("422")
        guard.expect("404")
        return page

    return open_as


def checked(page: Page) -> None:
    """Axe finds nothing and nobody has to scroll sideways."""
    assert_accessible(page)
    assert_no_overflow(page)


@SIZES
def test_a_file_is_sent_confirmed_and_loaded(
    opened: Open, family: Family, size: tuple[int, int], tmp_path: Path
) -> None:
    file = tmp_path / f"{LONG_NAME}.csv"
    lines = ["Số định danh cá nhân;Việc", f"{family.mother_pid};Giáo viên", "012345678901;x", ""]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    page = opened("steward", size=size, language="en")
    page.goto("/console/deliveries/")
    checked(page)
    tab_to(page, "Send in a file")
    page.keyboard.press("Enter")
    page.wait_for_url("**/deliveries/new/")
    checked(page)
    page.set_input_files("input[type=file]", file)
    tab_to(page, "Read the file")
    page.keyboard.press("Enter")
    page.wait_for_url("**/deliveries/new/*/")
    checked(page)
    tab_to(page, "Load 2 rows")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    checked(page)
    page.get_by_label("Việc").select_option("occupation")
    page.get_by_label("Who sends it").select_option("BHXH")
    tab_to(page, "Load 2 rows")
    page.keyboard.press("Enter")
    bar = page.locator("#batch-progress")
    expect(bar).to_contain_text("Waiting to be loaded")
    assert_no_overflow(page)
    upload = Upload.objects.get()
    uploads.load(upload_id=upload.pk, at=datetime.now(UTC))
    refused = page.locator("#refused")
    expect(refused).to_contain_text("Nobody in the register has this")
    checked(page)
    assert deliveries.delivery(batch_id=upload.batch_id or 0).is_done
    with page.expect_download() as download:
        page.get_by_role("link", name="Refused rows (XLSX)").click()
    assert download.value.suggested_filename == f"refused-{upload.batch_id}.xlsx"


def test_a_file_that_is_too_large_is_told_before_it_is_sent(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("wb") as target:
        target.truncate(uploads.LARGEST + 1)
    page = opened("steward", size=DESK, language="en")
    page.goto("/console/deliveries/new/")
    page.set_input_files("input[type=file]", file)
    expect(page.locator("#id_file_large")).to_be_visible()
    checked(page)
    page.click("main button[type=submit]")
    assert page.url.endswith("/deliveries/new/")
    assert focused(page).startswith("File")


@SIZES
def test_the_past_replaces_the_whole_page_while_the_day_is_typed(
    opened: Open, family: Family, size: tuple[int, int]
) -> None:
    page = opened("ward", size=size, language="en", purpose="residence_registration")
    page.goto(f"/console/people/{family.father}/")
    page.click("#past summary")
    page.fill("#as-of", "01012020")
    page.keyboard.press("Tab")
    expect(page.locator("#past-banner")).to_contain_text("This page shows the past")
    expect(page.locator("#page-words")).to_contain_text("35 years old")
    expect(page.locator("#page-actions")).not_to_contain_text("Register a move")
    expect(page.locator("#page-aside")).not_to_contain_text("What needs doing?")
    expect(page.locator("#as-of")).to_have_value("01/01/2020")
    checked(page)
    tab_to(page, "Back to today", back=True)
    page.keyboard.press("Enter")
    expect(page.locator("#page-words")).to_contain_text("42 years old")


@SIZES
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_new_pages_are_accessible_with_a_very_long_name(
    opened: Open, family: Family, size: tuple[int, int], language: str
) -> None:
    long = a_person(LONG_NAME, "F", "1950-02-03", phone="+84987654321")
    page = opened("ward", size=size, language=language, purpose="residence_registration")
    person = f"/console/people/{long}/"
    for href in (
        "/console/case/",
        "/console/case/?purpose=data_correction",
        "/console/people/present/",
        "/console/people/999999/",
        person,
        f"{person}?as_of=2020-01-01",
        f"{person}?as_of=nonsense",
        f"{person}timeline/",
        f"{person}move/",
    ):
        page.goto(href)
        checked(page)
    page = opened("steward", size=size, language=language)
    for href in ("/console/deliveries/", "/console/deliveries/new/"):
        page.goto(href)
        checked(page)
