"""A ward officer at a door with a phone: from the street to the home, confirmed by keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from driving import PHONE, assert_accessible, assert_no_overflow, picture, tab_to
from playwright.sync_api import Page

from dancu.kernel.clock import FixedClock, today
from dancu.places import queries as places
from dancu.population import dictionary
from dancu.quality import examining, scoring
from tests.console.cast import LONG_NAME, a_family, a_person, client_of, make_accounts, prepare, say


@pytest.fixture
def _dirty(transactional_db: object) -> Iterator[None]:
    cache.clear()
    prepare()
    family = a_family()
    make_accounts(family)
    a_person(LONG_NAME, "F", "1990-01-01")
    say(family.son, "C06", sex="F")
    at = timezone.now()
    examining.examine_all(clock=FixedClock(at), lanes=0)
    scoring.snapshot(day=today(at))
    yield
    dictionary.forget()
    places.forget()


def checked(page: Page, name: str) -> None:
    assert_accessible(page)
    assert_no_overflow(page)
    if folder := os.environ.get("DANCU_PICTURES"):
        picture(page, Path(folder) / f"ward-{name}.png")


@pytest.mark.usefixtures("_dirty")
def test_a_home_is_mended_at_its_door(make_page: Callable[..., tuple[Page, object]]) -> None:
    client = client_of("ward", purpose="data_correction", case="LS-1")
    cookies = {"dancu_session": client.cookies["dancu_session"].value, "dancu_language": "vi"}
    page, _guard = make_page(size=PHONE, cookies=cookies)
    page.goto("/console/ward/")
    checked(page, "streets")
    tab_to(page, "Lê Lợi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ward/street/**")
    checked(page, "street")
    page.get_by_role("link", name="Nguyễn Văn Hòa").first.click()
    page.wait_for_url("**/ward/homes/**")
    checked(page, "home")
    tab_to(page, "Quá 365 ngày chưa xác nhận: Số thuê bao di động")
    page.keyboard.press("Space")
    tab_to(page, "Xác nhận mục đã đánh dấu")
    page.keyboard.press("Enter")
    page.wait_for_selector("main [role=status], [role=status]")
    assert "Đã đóng" in page.locator("body").inner_text()
    checked(page, "confirmed")
    page.goto("/console/ward/rules/")
    checked(page, "rules")
    page.goto("/console/ward/rules/pid_against_sex/")
    checked(page, "rule")
    page.goto("/console/ward/passed/")
    checked(page, "passed")
    page.goto("/console/ward/street/?street=nowhere")
    checked(page, "nobody")
