"""The one-stop desk in a browser: scan, Enter, done; and whoever holds the paper checks it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driving import DESK, PHONE, assert_accessible, assert_no_overflow, focused, picture
from playwright.sync_api import Page

from dancu.onestop.models import Extract, StepRecord
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.population.models import Pid
from tests.console.cast import (
    LONG_NAME,
    Family,
    a_family,
    a_person,
    at_work,
    client_of,
    make_accounts,
    prepare,
    say,
)

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])
Open = Callable[..., Page]


@pytest.fixture
def family(transactional_db: object) -> Iterator[Family]:
    """The family and everybody's account; another source disagrees about the mother."""
    prepare()
    found = a_family()
    make_accounts(found)
    say(found.mother, "BHXH", marital_status="CHUA_KET_HON")
    yield found
    dictionary.forget()
    places.forget()


@pytest.fixture
def opened(make_page: Callable[..., tuple[Page, object]], family: Family) -> Open:
    """Opens a page as one of the cast."""

    def open_as(username: str, *, size: tuple[int, int], language: str) -> Page:
        client = at_work(username) if username != "desk" else client_of(username)
        session = client.cookies["dancu_session"].value
        cookies = {"dancu_session": session, "dancu_language": language}
        page, guard = make_page(size=size, cookies=cookies)
        guard.expect("404")  # type: ignore[attr-defined]
        guard.expect("422")  # type: ignore[attr-defined]
        return page

    return open_as


def checked(page: Page, name: str) -> None:
    """Axe finds nothing and nobody has to scroll sideways; a picture where one is wanted."""
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"{name}.png")


def scan(page: Page, line: str) -> None:
    """Type as a hand scanner does, into whatever has the focus, with Enter at the end."""
    page.keyboard.type(line)
    page.keyboard.press("Enter")


@LANGUAGES
@SIZES
def test_scan_enter_done(
    opened: Open, family: Family, size: tuple[int, int], language: str
) -> None:
    mark = f"{language}-{size[0]}"
    page = opened("desk", size=size, language=language)
    page.goto("/console/one-stop/")
    checked(page, f"one-stop-start-{mark}")
    scan(page, "H29.26740-261122-0007")
    page.wait_for_selector("#id_card")
    checked(page, f"one-stop-citizen-{mark}")
    scan(page, f"{family.mother_pid}||TRAN THI THU HUONG|02091988|Nữ|1 Lê Lợi|15032022")
    page.wait_for_selector("#residence")
    assert "12/3A Lê Lợi" in page.locator("main").inner_text()
    checked(page, f"one-stop-answer-{mark}")
    page.keyboard.press("Enter")
    page.wait_for_selector("#messages")
    assert StepRecord.objects.get().succeeded == 1
    assert page.evaluate("document.activeElement.id") == "id_dossier", focused(page)
    checked(page, f"one-stop-recorded-{mark}")
    page.click("form[action$='/extract/'] button")
    page.wait_for_selector("svg[viewBox], main svg")
    checked(page, f"one-stop-extract-{mark}")
    number = Extract.objects.get().number
    page.goto(f"/console/one-stop/extracts/{number}/withdraw/")
    checked(page, f"one-stop-withdraw-{mark}")


@LANGUAGES
@SIZES
def test_nobody_found_and_a_paper_in_the_end(
    opened: Open, family: Family, size: tuple[int, int], language: str
) -> None:
    mark = f"{language}-{size[0]}"
    page = opened("desk", size=size, language=language)
    page.goto("/console/one-stop/")
    scan(page, "H29.26740-261122-0008")
    page.wait_for_selector("#id_card")
    scan(page, "079188999999||TRAN THI THU HUONG|02091988|Nữ|1 Lê Lợi|15032022")
    page.wait_for_selector("a[href$='/steps/']")
    assert page.evaluate("document.activeElement.id") == "id_card", focused(page)
    assert page.input_value("#id_card") == ""  # The next scan begins anew.
    checked(page, f"one-stop-nobody-{mark}")
    page.click("main a[href$='/steps/']")
    page.wait_for_selector("input[name=step]")
    page.check("input[name=step][value='5']")
    page.locator("form:has(input[name=step]) button[type=submit]").click()
    page.wait_for_selector("#id_reason_1_error")
    checked(page, f"one-stop-lacking-{mark}")
    for number, reason in ((1, "not_found"), (2, "no_device"), (3, "no_reader")):
        page.select_option(f"select[name=reason_{number}]", reason)
    page.select_option("select[name=reason_4]", "no_other_means")
    page.check("input[name=paper][value=ct07]")
    page.locator("form:has(input[name=step]) button[type=submit]").click()
    page.wait_for_selector("#messages")
    assert StepRecord.objects.get().paper == "ct07"
    checked(page, f"one-stop-paper-{mark}")


@SIZES
def test_a_long_name_without_household(opened: Open, family: Family, size: tuple[int, int]) -> None:
    alone = a_person(LONG_NAME, "F", "1944", permanent_residence=None, marital_status=None)
    pid = Pid.objects.get(person_id=alone).pid
    page = opened("desk", size=size, language="vi")
    page.goto("/console/one-stop/")
    scan(page, "H29.26740-261122-0009")
    page.wait_for_selector("#id_card")
    scan(page, f"{pid}||{LONG_NAME}|00001944|Nữ||")
    page.wait_for_selector("#residence")
    assert LONG_NAME in page.locator("main").inner_text()
    checked(page, f"one-stop-long-{size[0]}")
    page.click("form[action$='/extract/'] button")
    page.wait_for_selector("main svg")
    checked(page, f"one-stop-long-extract-{size[0]}")


@LANGUAGES
@SIZES
def test_whoever_holds_the_paper_and_whoever_leads(
    opened: Open,
    make_page: Callable[..., tuple[Page, object]],
    family: Family,
    size: tuple[int, int],
    language: str,
) -> None:
    mark = f"{language}-{size[0]}"
    desk = client_of("desk")
    desk.post("/console/one-stop/", {"dossier": "0000123"})
    line = f"{family.mother_pid}||TRAN THI THU HUONG|02091988|Nữ||"
    href = desk.post("/console/one-stop/", {"card": line})["Location"]
    made = desk.post(f"{href}extract/")["Location"]
    found = desk.get(made).content.decode()
    path = found.split("http://testserver", 1)[1].split("<", 1)[0].replace("&amp;", "&")
    desk.post(f"{href}steps/", {"step": "1"})

    page, _guard = make_page(size=size, cookies={"dancu_language": language})
    page.goto("/extract/")
    checked(page, f"extract-form-{mark}")
    page.goto(path)
    page.wait_for_selector("#figures")
    checked(page, f"extract-genuine-{mark}")
    page.fill("input[name=permanent_residence]", "1 Lê Lợi")
    page.keyboard.press("Enter")
    page.wait_for_selector(".badge--danger")
    checked(page, f"extract-altered-{mark}")
    page.goto(path[:-4])
    checked(page, f"extract-unknown-{mark}")

    page = opened("province", size=size, language=language)
    page.goto("/console/one-stop/measure/")
    checked(page, f"one-stop-measure-{mark}")
    page.click("main a[href*='one-stop/dossiers/']")
    page.wait_for_selector("main table")
    assert "0000123" in page.locator("main").inner_text()
    checked(page, f"one-stop-dossiers-{mark}")
