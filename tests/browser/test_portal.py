"""A mother's journeys: at a desk, on a phone, with the keyboard alone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from driving import (
    DESK,
    PHONE,
    assert_accessible,
    assert_no_overflow,
    fill_by_keyboard,
    focused,
    tab_to,
)
from playwright.sync_api import Page, expect

from dancu.identity.services import create_account
from dancu.population import dictionary
from dancu.population.models import CorrectionRequest
from dancu.population.services.requests import request_correction
from tests.portal import cast
from tests.portal.cast import Cast

PASSWORD = "lua-nep-thom-84"
FOR_EVERYBODY = ("/", "/privacy/", "/accessibility/")
PAGES = (
    "/",
    "/?number=shown",
    "/my-data/",
    "/my-data/permanent_residence/",
    "/my-data/birth_date/",
    "/my-data/download/",
    "/my-household/",
    "/who-looked/",
    "/requests/",
    "/requests/new/",
    "/requests/new/birth_date/",
    "/requests/new/ethnicity/",
    "/requests/new/hometown/",
    "/requests/new/pid/",
    "/account/",
)


@pytest.fixture
def family(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """A family as of an hour ago, looked at by officers, with one request that waits."""
    cast.prepare()
    now = timezone.now()
    monkeypatch.setattr(cast, "AT", now - timedelta(hours=1))
    people = cast.family()
    cast.some_looks(people)
    request_correction(
        attribute_name="phone",
        value="0912345678",
        reason="Tôi đã đổi số điện thoại.",
        actor=cast.citizen(people.mother),
        at=now - timedelta(minutes=30),
    )
    create_account(
        username="mother",
        password=PASSWORD,
        at=now,
        name="Nguyễn Thị Minh Anh",
        person_id=people.mother,
    )
    yield people
    dictionary.forget()


def cookies() -> dict[str, str]:
    from dancu.identity.models import Account

    client = Client()
    client.force_login(Account.objects.get(username="mother"))
    return {"dancu_session": client.cookies["dancu_session"].value}


def check(page: Page) -> None:
    assert_accessible(page)
    assert_no_overflow(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_serves_everybody(family: Cast, make_page, size: tuple[int, int]) -> None:
    stranger, _guard = make_page(size=size)
    for address in FOR_EVERYBODY:
        stranger.goto(address)
        check(stranger)
    page, _guard = make_page(size=size, cookies=cookies())
    for address in PAGES:
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        check(page)
    page.goto("/who-looked/")
    page.locator(".event__title a").first.click()
    check(page)
    page.get_by_role("link", name="Báo lần xem này").click()
    check(page)


def test_four_times_as_large_nothing_is_lost(family: Cast, make_page) -> None:
    page, _guard = make_page(size=(320, 640), cookies=cookies())
    for address in (*FOR_EVERYBODY, *PAGES):
        page.goto(address)
        assert_no_overflow(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_dark_pages_and_english_ones_read_as_well(family: Cast, make_page, dark: bool) -> None:  # noqa: FBT001
    given = {**cookies(), "dancu_language": "en"}
    page, _guard = make_page(size=PHONE, dark=dark, cookies=given)
    for address in ("/", "/my-data/", "/who-looked/", "/requests/new/"):
        page.goto(address)
        check(page)


def test_with_the_keyboard_alone_a_mistake_is_found_and_sent(family: Cast, make_page) -> None:
    page, _guard = make_page(size=DESK)
    page.goto("/")
    tab_to(page, "Tôi là người dân")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    fill_by_keyboard(page, {"Tên đăng nhập": "mother", "Mật khẩu": PASSWORD})
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Xin chào")
    tab_to(page, "Dữ liệu của tôi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-data/")
    tab_to(page, ": Dân tộc")  # Its details,
    tab_to(page, ": Dân tộc")  # and its correction.
    assert focused(page).startswith("Sửa")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ethnicity/")
    tab_to(page, "Ghi thế nào mới đúng?")
    page.keyboard.type("Tày")
    tab_to(page, "Vì sao bạn biết là sai?")
    page.keyboard.type("Giấy khai sinh ghi dân tộc Tày.")
    tab_to(page, "Tiếp tục")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Bạn xem đã đúng chưa?")
    check(page)
    tab_to(page, "Gửi")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Đề nghị của bạn")
    expect(page.locator("main")).to_contain_text("Trả lời chậm nhất lúc")
    check(page)
    assert CorrectionRequest.objects.count() == 2


def test_without_scripts_everything_works(family: Cast, make_page) -> None:
    page, guard = make_page(size=PHONE, scripts=False)
    guard.expect("scripts")
    page.goto("/sign-in/")
    page.get_by_label("Tên đăng nhập").fill("mother")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Hiện cả số").click()
    expect(page.locator("main")).to_contain_text("079 190 000 123")
    page.locator("main").get_by_role("link", name="Ai đã xem dữ liệu của tôi").click()
    page.get_by_label("Cơ quan").select_option("Công an phường Bến Thành")
    page.get_by_role("button", name="Xem").click()
    expect(page.locator(".event")).to_have_count(1)
    page.locator(".event__title a").click()
    page.get_by_role("link", name="Báo lần xem này").click()
    page.get_by_label("Tôi không có việc gì với cơ quan này").check()
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.locator("#messages")).to_contain_text("Đã gửi báo cáo")


def test_what_is_wrong_with_an_answer_gets_the_focus(family: Cast, make_page) -> None:
    page, guard = make_page(size=PHONE, cookies=cookies())
    guard.expect("422")
    page.goto("/requests/new/birth_date/")
    page.get_by_label("Ghi thế nào mới đúng?").fill("31/02/1985")
    page.get_by_label("Vì sao bạn biết là sai?").fill("Khai sinh ghi vậy.")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert "31/02/1985" in focused(page)
    check(page)


def test_a_file_is_downloaded_on_a_phone(family: Cast, make_page) -> None:
    page, _guard = make_page(size=PHONE, cookies=cookies())
    page.goto("/my-data/")
    page.get_by_role("link", name="Tải dữ liệu của tôi").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải về").click()
    assert download.value.suggested_filename.startswith("du-lieu-cua-toi-")


def test_signing_out_everywhere_ends_the_session(family: Cast, make_page) -> None:
    page, _guard = make_page(size=PHONE, cookies=cookies())
    page.goto("/account/")
    page.get_by_role("button", name="Đăng xuất khỏi mọi máy").click()
    page.goto("/my-data/")
    page.wait_for_url("**/sign-in/**")
