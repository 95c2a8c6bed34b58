"""An officer's evening, without a mouse, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from driving import (
    DESK,
    PHONE,
    assert_accessible,
    assert_no_overflow,
    fill_by_keyboard,
    focused,
    tab_to,
    wait_until,
)
from playwright.sync_api import Page

from dancu.places import queries as places
from dancu.population import dictionary
from dancu.population.models import Person
from tests.console.cast import (
    Family,
    a_family,
    at_work,
    client_of,
    make_accounts,
    prepare,
    say,
)

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
Open = Callable[..., Page]


@pytest.fixture
def family(transactional_db: object) -> Iterator[Family]:
    """The family, and everybody's account, as a server sees them."""
    prepare()
    found = a_family()
    make_accounts(found)
    yield found
    dictionary.forget()
    places.forget()


@pytest.fixture
def opened(make_page: Callable[..., tuple[Page, object]], family: Family) -> Open:
    """Opens a page as one of the cast, who has a case open."""

    def open_as(
        username: str, *, size: tuple[int, int], language: str = "en", purpose: str = ""
    ) -> Page:
        client = client_of(username, purpose=purpose) if purpose else at_work(username)
        session = client.cookies["dancu_session"].value
        cookies = {"dancu_session": session, "dancu_language": language}
        return make_page(size=size, cookies=cookies)[0]

    return open_as


def checked(page: Page) -> None:
    """Axe finds nothing and nobody has to scroll sideways."""
    assert_accessible(page)
    assert_no_overflow(page)


def press_until(page: Page, key: str, words: str) -> None:
    """Press a key until something with these words has the focus."""
    for _attempt in range(60):
        page.keyboard.press(key)
        if words in focused(page):
            return
    raise AssertionError(f"{key} does not reach {words!r}")


@SIZES
def test_find_look_back_and_move_without_a_mouse(
    opened: Open, family: Family, size: tuple[int, int]
) -> None:
    page = opened("province", size=size)
    page.goto("/console/")
    checked(page)
    page.keyboard.press("/")
    page.keyboard.type("tran thi thu huong")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/?s=*")
    page.wait_for_selector("#results [data-open]")
    checked(page)
    page.keyboard.press("/")
    press_until(page, "ArrowDown", "Trần Thị Thu Hương")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{family.mother}/")
    checked(page)

    tab_to(page, "Date of birth")
    page.keyboard.press("Enter")
    page.wait_for_selector("#side:not([data-empty])")
    assert "DC01-7" in page.locator("#side").inner_text()
    checked(page)
    page.keyboard.press("Escape")
    assert page.locator("#side").get_attribute("data-empty") is not None

    page.goto(f"/console/people/{family.mother}/move/")
    checked(page)
    tab_to(page, "House number")
    page.keyboard.type("9 Hàm Nghi")
    fill_by_keyboard(
        page,
        {
            "Ward, commune": "Phường Bến Thành, Thành phố Hồ Chí Minh",
            "Number of the paper": "CT01-99",
        },
    )
    tab_to(page, "Check the move")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=confirmed]")
    checked(page)
    tab_to(page, "Confirm and register")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{family.mother}/")
    assert "is registered" in page.locator("#messages").inner_text()
    assert Person.objects.get(pk=family.mother).commune == "26743"

    tab_to(page, "Look back in time")
    page.keyboard.press("Enter")
    slider = page.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_selector("text=This page shows the past")
    wait_until(page, lambda: "12/3A Lê Lợi" in page.locator("#residence").inner_text())
    assert "as_of=01%2F05%2F2018" in page.url
    checked(page)


@SIZES
def test_a_birth_is_registered_in_the_household(
    opened: Open, family: Family, size: tuple[int, int]
) -> None:
    page = opened("registrar", size=size)
    page.goto(f"/console/people/{family.mother}/birth/")
    checked(page)
    fill_by_keyboard(page, {"Full name of the child": "Nguyễn Minh Khôi"})
    tab_to(page, "Male")
    page.keyboard.press("Space")
    fill_by_keyboard(
        page,
        {
            "Date of birth": "20/10/2026",
            "Place of birth": "Bệnh viện Từ Dũ",
            "Ward, commune of birth": "Phường Sài Gòn, Thành phố Hồ Chí Minh",
        },
    )
    tab_to(page, "Check the declaration")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=confirmed]")
    checked(page)
    tab_to(page, "Confirm and register")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{family.mother}/family/")
    assert "Nguyễn Minh Khôi" in page.locator("main").inner_text()
    checked(page)


@SIZES
def test_an_auditor_reads_who_looked(opened: Open, family: Family, size: tuple[int, int]) -> None:
    at_work("ward").get(f"/console/people/{family.mother}/")
    page = opened("auditor", size=size)
    page.goto("/console/access-log/")
    if size == PHONE:
        tab_to(page, "Filters")
        page.keyboard.press("Enter")
    fill_by_keyboard(page, {"Personal identification number": family.mother_pid})
    page.keyboard.press("Enter")
    page.wait_for_url("**/access-log/?s=*")
    assert family.mother_pid not in page.url
    assert "Looked at the record" in page.locator("main").inner_text()
    checked(page)


def test_results_come_while_one_types(opened: Open, family: Family) -> None:
    page = opened("ward", size=DESK)
    page.goto("/console/people/")
    page.keyboard.press("/")
    page.keyboard.type("huong")
    page.wait_for_selector("#results [data-open]")
    assert "Trần Thị Thu Hương" in page.locator("#results").inner_text()
    assert page.evaluate("document.activeElement.name") == "q"


def test_what_was_typed_is_there_again_after_going_back(opened: Open, family: Family) -> None:
    page = opened("ward", size=DESK)
    page.goto("/console/people/")
    page.keyboard.press("/")
    for typed, found in (("huong", "Trần Thị Thu Hương"), (family.father_pid, "Nguyễn Văn Hòa")):
        page.keyboard.press("Control+a")
        page.keyboard.type(typed)
        wait_until(page, lambda found=found: found in page.locator("#results").inner_text())
    assert family.father_pid not in page.url
    page.click("#results a[data-open]")
    page.wait_for_url(f"**/people/{family.father}/")
    page.go_back()
    page.wait_for_selector("#results [data-open]")
    assert "Nguyễn Văn Hòa" in page.locator("#results").inner_text()
    assert page.input_value("#people-search") == family.father_pid
    assert family.father_pid not in page.url


@pytest.mark.parametrize("language", ["vi", "en"])
@SIZES
def test_every_page_is_accessible(
    opened: Open, family: Family, size: tuple[int, int], language: str
) -> None:
    statement = say(family.mother, "BHXH", birth_date="1988-02-09")
    page = opened("province", size=size, language=language)
    mother = f"/console/people/{family.mother}/"
    for href in (
        "/console/case/",
        "/console/help/",
        "/console/people/present/",
        mother,
        f"{mother}timeline/",
        f"{mother}family/",
        f"{mother}papers/",
        f"{mother}print/",
        f"{mother}facts/birth_date/",
        f"{mother}stay/",
        f"{mother}head/",
    ):
        page.goto(href)
        checked(page)
    page = opened("province", size=size, language=language, purpose="data_correction")
    for href in (
        mother,
        f"{mother}facts/permanent_residence/correct/",
        f"{mother}facts/guardian_pid/correct/",
        f"{mother}facts/birth_date/conflict/{statement}/",
        f"{mother}number/",
    ):
        page.goto(href)
        checked(page)


def test_the_search_and_the_facts_work_without_scripts(
    make_page: Callable[..., tuple[Page, object]], family: Family
) -> None:
    session = at_work("ward").cookies["dancu_session"].value
    cookies = {"dancu_session": session, "dancu_language": "en"}
    page = make_page(size=DESK, scripts=False, cookies=cookies)[0]
    page.goto("/console/people/")
    page.fill("#people-search", "tran thi thu huong 1988")
    page.keyboard.press("Enter")
    page.click("#results a[data-open]")
    page.click("#facts a:has-text('Date of birth')")
    assert "DC01-7" in page.locator("main").inner_text()
