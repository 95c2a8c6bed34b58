"""The design system in a real browser: reachable, readable, and whole without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import PageMaker
from driving import (
    DESK,
    PHONE,
    assert_accessible,
    assert_focus_is_seen,
    assert_no_overflow,
    fill_by_keyboard,
    focused,
    tab_to,
    wait_until,
)
from playwright.sync_api import Dialog, Page, expect

PATHS = ["/design/?wrong", "/design/citizen/", "/design/sign-in/", "/design/dialog/"]
ENGLISH = {"dancu_language": "en"}


@pytest.fixture(scope="module")
def origin(serve_without_database: Callable[[str], str]) -> str:
    return serve_without_database("design_urls")


@pytest.fixture
def visit(make_page: PageMaker, origin: str) -> Callable[..., Page]:
    """Opens an address of the styleguide in English, in a page of its own."""

    def go(path: str = "/design/", **options: Any) -> Page:
        page, guard = make_page(origin=origin, **{"cookies": ENGLISH, **options})
        if "error" in path:
            guard.expect("409")
        page.goto(path)
        return page

    return go


@pytest.mark.parametrize(
    ("size", "dark"),
    [(DESK, False), (DESK, True), (PHONE, False)],
    ids=["desk", "desk-dark", "phone"],
)
@pytest.mark.parametrize("path", [*PATHS, "/design/error/"])
def test_every_element_is_accessible_and_fits(
    visit: Callable[..., Page], path: str, size: tuple[int, int], *, dark: bool
) -> None:
    page = visit(path, size=size, dark=dark, cookies=None)
    assert_no_overflow(page)
    assert_accessible(page)


@pytest.mark.parametrize("path", PATHS)
def test_long_names_fit_the_narrowest_phone_and_english(
    visit: Callable[..., Page], path: str
) -> None:
    page = visit(path, size=(320, 640))
    assert_no_overflow(page)


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_whole_without_scripts(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, scripts=False)
    expect(page.locator("h1")).to_be_visible()
    for hidden in page.locator(".needs-script").all():
        expect(hidden).to_be_hidden()


def test_the_skip_link_comes_first(visit: Callable[..., Page]) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    assert_focus_is_seen(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_slash_goes_to_the_search_but_not_while_typing(visit: Callable[..., Page]) -> None:
    page = visit()
    page.keyboard.press("/")
    search = page.locator("#top-search")
    expect(search).to_be_focused()
    page.keyboard.type("Đức 1/1985?")
    expect(search).to_have_value("Đức 1/1985?")
    expect(page.locator("dialog#keys")).to_be_hidden()


def test_the_keys_are_explained_and_escape_leaves(visit: Callable[..., Page]) -> None:
    page = visit()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_j_and_k_walk_the_list_and_enter_opens(visit: Callable[..., Page]) -> None:
    page = visit()
    for key, name in [("j", "Công"), ("j", "Đỗ Thị Ánh"), ("j", "Ya Ka"), ("k", "Đỗ Thị Ánh")]:
        page.keyboard.press(key)
        assert focused(page).startswith(name)
    assert_focus_is_seen(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_g_and_a_letter_go_to_a_place(visit: Callable[..., Page]) -> None:
    page = visit("/design/?wrong")
    page.keyboard.press("g")
    with page.expect_navigation(url=re.compile(r"/design/$")):
        page.keyboard.press("h")


def test_errors_take_the_focus_and_lead_to_the_field(visit: Callable[..., Page]) -> None:
    page = visit("/design/?wrong")
    assert focused(page).startswith("There are")
    tab_to(page, "Nhập họ")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_a_form_is_filled_by_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit("/design/sign-in/")
    fill_by_keyboard(page, {"Personal identification number": "001085012315", "Password": "mật"})
    expect(page.locator("#id_pid")).to_have_value("001085012315")
    expect(page.locator("#id_password")).to_have_value("mật")


def test_leaving_an_unsaved_form_is_asked_about(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#id_name").fill("Trần Văn Đức")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", answer)
    page.goto("/design/citizen/")
    assert asked == ["beforeunload"]


def test_the_menu_of_a_phone_opens_without_scripts(visit: Callable[..., Page]) -> None:
    page = visit(size=PHONE, scripts=False)
    nav = page.get_by_role("navigation", name="Main")
    expect(nav).to_be_hidden()
    page.get_by_role("link", name="Menu").click()
    expect(nav).to_be_visible()
    page.get_by_role("link", name="Close the menu").click()
    expect(nav).to_be_hidden()


def test_the_account_menu_closes_by_escape(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator(".menu__button").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()


def test_progress_runs_to_its_end_and_stops_asking(visit: Callable[..., Page]) -> None:
    page = visit()
    bar = page.locator("#batch")
    expect(bar).to_contain_text("100%")
    expect(bar).not_to_have_attribute("hx-get", re.compile("."))


@pytest.mark.parametrize("typed", ["29022004", "29-2-2004", "29.02.2004", "29/2/2004", "29 2 2004"])
def test_the_slider_and_the_date_agree(visit: Callable[..., Page], typed: str) -> None:
    page = visit()
    page.locator("#slider").fill(typed)
    page.keyboard.press("Tab")
    expect(page.locator("#slider")).to_have_value("29/02/2004")
    expect(page.locator("[data-words]")).to_have_text("29/02/2004")
    slider = page.locator("[data-range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#slider")).to_have_value("01/03/2004")
    wait_until(page, lambda: "at=01%2F03%2F2004" in page.url)


def test_what_is_no_date_is_left_as_typed(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#slider").fill("31022004")
    page.keyboard.press("Tab")
    expect(page.locator("#slider")).to_have_value("31022004")


def test_a_strip_that_is_cut_shows_the_tab_at_hand(visit: Callable[..., Page]) -> None:
    page = visit(size=(320, 640))
    strip = page.locator(".tabs").first
    assert strip.evaluate("e => e.scrollWidth > e.clientWidth")
    assert "gradient" in strip.evaluate("e => getComputedStyle(e).backgroundImage")
    strip.evaluate(
        """e => { for (const a of e.querySelectorAll("a")) a.removeAttribute("aria-current");
           e.querySelector("li:last-child a").setAttribute("aria-current", "page");
           document.dispatchEvent(new Event("DOMContentLoaded")); }"""
    )
    assert strip.evaluate("e => e.scrollLeft > 0")


def test_the_menu_of_a_narrow_page_opens_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit(size=PHONE)
    tab_to(page, "Actions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Đăng ký chuyển nơi thường trú")).to_be_visible()
    assert_accessible(page)
    assert_no_overflow(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Đăng ký chuyển nơi thường trú")).to_be_hidden()


def test_a_panel_opens_beside_and_gives_the_focus_back(visit: Callable[..., Page]) -> None:
    page = visit()
    link = page.get_by_role("link", name="Open beside")
    link.click()
    panel = page.locator("#side")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", name="Trần Văn Đức")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()


def test_filters_fold_away_on_a_phone_until_asked_for(visit: Callable[..., Page]) -> None:
    page = visit(size=PHONE)
    expect(page.locator("#filter-name")).to_be_visible()  # One filter is in force.
    page.locator(".filters summary").click()
    expect(page.locator("#filter-name")).to_be_hidden()


def test_all_lines_are_chosen_at_once(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_label("Select all").check()
    boxes = page.locator("tbody input[name=person]")
    assert boxes.count() == 4
    assert all(box.is_checked() for box in boxes.all())


def test_the_language_changes_and_the_page_stays(visit: Callable[..., Page]) -> None:
    page = visit("/design/sign-in/", cookies=None)
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    assert page.url.endswith("/design/sign-in/")


def test_paper_shows_the_matter_only(visit: Callable[..., Page]) -> None:
    page = visit(dark=True)
    page.emulate_media(media="print")
    expect(page.locator(".topbar")).to_be_hidden()
    expect(page.get_by_role("heading", name="Trần Văn Đức")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_an_answer_that_fails_is_told(make_page: PageMaker, origin: str) -> None:
    page, guard = make_page(origin=origin, cookies=ENGLISH)
    guard.expect("500")
    guard.expect("/design/progress/0/")
    page.route("**/progress/0/", lambda route: route.fulfill(status=500, body="no"))
    page.goto("/design/")
    expect(page.locator("#messages")).to_contain_text("The answer did not come")
